import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAsterisk, type Asterisk } from '../asterisk/asterisk.ts'
import { AGENT_PASSWORD, MUSIC_ON_HOLD_TONE } from '../asterisk/config.ts'
import { Phone } from '../phone/phone.ts'
import { KnownSounds } from '../phone/sounds.ts'
import { needsAsterisk } from './needs-asterisk.ts'

/** What an admin does: `callwright dialplan`, its files included, `callwright run`; and then it is killed. */
describe('callwright run on Asterisk', function () {
  this.timeout(60_000)
  let folder: string
  let asterisk: Asterisk | undefined
  let engine: ChildProcess | undefined
  const phones: Phone[] = []

  const callwright = (args: string[], env: Record<string, string>): ChildProcess =>
    spawn(process.execPath, ['cli/callwright.mjs', ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: folder, CALLWRIGHT_DATA: join(folder, 'data'), CONSOLE_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  before(async function () {
    const installation = await needsAsterisk(this)
    folder = mkdtempSync(join(tmpdir(), 'callwright-run-'))
    const written = callwright(['dialplan', 'flows', '--to', join(folder, 'asterisk')], {})
    const [code] = await once(written, 'close')
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
  })
  after(async () => {
    await Promise.all(phones.map((phone) => phone.close()))
    if (engine && engine.exitCode === null && engine.signalCode === null) {
      const ended = once(engine, 'exit')
      engine.kill('SIGKILL')
      await ended
    }
    await asterisk?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('answers with the secret that dialplan has left; killed, the caller goes on in the menu with Asterisk alone, and comes to an agent', async () => {
    const { ami, sip } = asterisk!
    engine = callwright(['run'], { AMI_PORT: String(ami.port) })
    let told = ''
    await new Promise<void>((resolve, reject) => {
      for (const stream of [engine!.stdout!, engine!.stderr!])
        stream.on('data', (data: Buffer) => {
          told += data.toString()
          if (/is connected\.[^]*Ctrl-C ends it/.test(told)) resolve()
        })
      engine!.once('exit', () => reject(new Error(`it ended:\n${told}`)))
    })
    const agent = await Phone.open({ server: sip, register: { user: 'agent1', password: AGENT_PASSWORD } })
    const phone = await Phone.open({ server: sip, sounds: await KnownSounds.fromFolder(join(folder, 'data/prompts')) })
    phones.push(agent, phone)
    await agent.registered()
    const call = await phone.dial('200', { from: '+61255501234' })
    await call.hearsAnything()
    await call.press('1')
    await call.hearsAnything({ since: performance.now() + 50 })
    const ended = once(engine, 'exit')
    engine.kill('SIGKILL')
    await ended
    // At most three seconds later Asterisk says what the menu says.
    const killed = performance.now()
    while (!call.playings().some(({ names, began }) => began > killed && names.some((name) => name.startsWith('survival/')))) {
      assert.ok(performance.now() - killed < 15_000, call.transcript())
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await call.press('0')
    await call.hears({ tone: MUSIC_ON_HOLD_TONE }, { within: 20_000 })
    const ringing = await agent.rings({ within: 10_000 })
    assert.equal(ringing.callerId.number, '+61255501234')
    await ringing.answer()
    await ringing.speak({ tone: 940 })
    await call.hears({ tone: 940 })
    await call.hangUp()
  })
})
