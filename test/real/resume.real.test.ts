import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAsterisk, type Asterisk } from '../asterisk/asterisk.ts'
import { AGENT_PASSWORD } from '../asterisk/config.ts'
import { Phone } from '../phone/phone.ts'
import { KnownSounds } from '../phone/sounds.ts'
import { needsAsterisk } from './needs-asterisk.ts'

/** An engine that is killed and started again: the callers on the line notice no more than a prompt that begins anew. */
describe('callwright run, killed and started again', function () {
  this.timeout(60_000)
  let folder: string
  let asterisk: Asterisk | undefined
  let engine: ChildProcess | undefined
  const phones: Phone[] = []

  const callwright = (...args: string[]): ChildProcess =>
    spawn(process.execPath, ['cli/callwright.mjs', ...args], {
      env: {
        PATH: process.env.PATH ?? '', HOME: folder, CALLWRIGHT_DATA: join(folder, 'data'), CONSOLE_PORT: '0',
        ...(asterisk ? { AMI_PORT: String(asterisk.ami.port) } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  async function start(until: RegExp): Promise<ChildProcess> {
    const process = callwright('run')
    let told = ''
    await new Promise<void>((resolve, reject) => {
      for (const stream of [process.stdout!, process.stderr!])
        stream.on('data', (data: Buffer) => {
          told += data.toString()
          if (globalThis.process.env.SHOW) console.log(performance.now() | 0, data.toString().trimEnd())
          if (until.test(told)) resolve()
        })
      process.once('exit', () => reject(new Error(`it ended:\n${told}`)))
    })
    return process
  }

  async function kill(): Promise<void> {
    const ended = once(engine!, 'exit')
    engine!.kill('SIGKILL')
    await ended
  }

  before(async function () {
    const installation = await needsAsterisk(this)
    folder = mkdtempSync(join(tmpdir(), 'callwright-resume-'))
    const [code] = await once(callwright('dialplan', 'flows', '--to', join(folder, 'asterisk')), 'close')
    assert.equal(code, 0)
    const text = (name: string): string => readFileSync(join(folder, 'asterisk', name), 'utf8')
    asterisk = await startAsterisk(installation, {
      agents: 1,
      config: {
        'extensions.conf': text('extensions.conf'),
        'manager.conf': text('manager.conf'),
        'queues.conf': text('queues.conf').replaceAll(/^; member = /gm, 'member = '),
      },
    })
    engine = await start(/is connected\.[^]*Ctrl-C ends it/)
  })
  after(async () => {
    await Promise.all(phones.map((phone) => phone.close()))
    if (engine && engine.exitCode === null && engine.signalCode === null) await kill()
    await asterisk?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('a caller in a menu hears it again, and the key pressed then counts', async () => {
    const { sip } = asterisk!
    const agent = await Phone.open({ server: sip, register: { user: 'agent1', password: AGENT_PASSWORD } })
    const phone = await Phone.open({ server: sip, sounds: await KnownSounds.fromFolder(join(folder, 'data/prompts')) })
    phones.push(agent, phone)
    await agent.registered()
    const call = await phone.dial('200', { from: '+61255501234' })
    await call.hearsAnything()
    await new Promise((resolve) => setTimeout(resolve, 700))
    const playing = call.playings().at(-1)!.names[0]!
    await call.hears(playing)
    const killed = performance.now()
    await kill()
    engine = await start(/is connected/)
    await call.hears(playing)
    const begun = call.playings().filter(({ names }) => names.includes(playing))
    assert.equal(begun.length, 2, call.transcript())
    assert.ok(begun[1]!.began - killed < 10_000)
    if (process.env.SHOW) console.log(`began again after ${Math.round(begun[1]!.began - killed)} ms`)
    await call.press('1')
    await call.hangUp()
  })
})
