import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import { startAsterisk, type Asterisk } from '../asterisk/asterisk.ts'
import { Phone, type PhoneCall } from '../phone/phone.ts'
import { needsAsterisk } from './needs-asterisk.ts'

/** The pitch of the tone after which callers speak, and of what they say here. Hz. */
const beep = 1000
const voice = 700

const flow = `
hotline: Messages
numbers: ["100"]
languages: [en]
queues:
  desk: { said: the desk }
start: leave
steps:
  leave:
    voicemail: { say: Please speak., box: desk, review: false }
    failed: desk
    next: bye
  bye:
    - say: Goodbye then.
    - hang-up
  desk:
    queue: desk
    answered: bye
    timed-out: bye
    nobody-there: bye
`

/** What an admin does with what callers leave: `callwright run`, `callwright inbox`; and then the engine is killed. */
describe('what callers leave with callwright run', function () {
  this.timeout(60_000)
  let folder: string
  let asterisk: Asterisk | undefined
  let engine: ChildProcess | undefined
  let phone: Phone
  const settings = (): Record<string, string> => ({
    PATH: process.env.PATH ?? '', HOME: folder, CALLWRIGHT_FLOWS: join(folder, 'flows'), CALLWRIGHT_DATA: join(folder, 'data'), CONSOLE_PORT: '0',
  })
  const callwright = (...args: string[]): string =>
    execFileSync(process.execPath, ['cli/callwright.mjs', ...args], { env: settings(), encoding: 'utf8' })
  const recordings = (): string[] => readdirSync(join(folder, 'data/recordings'))

  before(async function () {
    const installation = await needsAsterisk(this)
    folder = mkdtempSync(join(tmpdir(), 'callwright-left-run-'))
    mkdirSync(join(folder, 'flows/messages'), { recursive: true })
    writeFileSync(join(folder, 'flows/messages/hotline.yaml'), flow)
    callwright('dialplan', '--to', join(folder, 'asterisk'))
    const text = (name: string): string => readFileSync(join(folder, 'asterisk', name), 'utf8')
    asterisk = await startAsterisk(installation, {
      agents: 1,
      config: {
        'extensions.conf': text('extensions.conf'),
        'manager.conf': text('manager.conf'),
        'queues.conf': text('queues.conf').replaceAll(/^; member = /gm, 'member = '),
      },
    })
    engine = await running()
    phone = await Phone.open({ server: asterisk.sip })
  })
  after(async () => {
    await Promise.all([phone].map((one) => one?.close()))
    await killed()
    await asterisk?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  async function running(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['cli/callwright.mjs', 'run'], {
      env: { ...settings(), AMI_PORT: String(asterisk!.ami.port) }, stdio: ['ignore', 'pipe', 'pipe'],
    })
    let told = ''
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data: Buffer) => {
          told += data.toString()
          if (/is connected\.[^]*Ctrl-C ends it/.test(told)) resolve()
        })
      child.once('exit', () => reject(new Error(`it ended:\n${told}`)))
    })
    return child
  }

  async function killed(): Promise<void> {
    if (!engine || engine.exitCode !== null || engine.signalCode !== null) return
    const ended = once(engine, 'exit')
    engine.kill('SIGKILL')
    await ended
  }

  /** A caller who has heard the tone and speaks. */
  async function speaking(): Promise<PhoneCall> {
    const call = await phone.dial('100', { from: '+61255501234' })
    await call.hears({ tone: beep }, { within: 10_000 })
    await call.speak({ tone: voice })
    await passes(1000)
    return call
  }

  it('a message is in the inbox with its sound, for nobody else to read, until it is erased', async () => {
    const call = await speaking()
    await call.press('#')
    await call.ended({ within: 15_000 })
    const [entry, ...more] = JSON.parse(callwright('inbox', 'voicemail', '--json')) as Record<string, unknown>[]
    assert.deepEqual(more, [])
    assert.deepEqual([entry!.hotline, entry!.box, entry!.caller], ['messages', 'desk', '+61255501234'])
    const seconds = (statSync(String(entry!.file)).size - 44) / 16_000
    assert.ok(seconds > 0.5 && seconds < 2, `${seconds} s`)
    assert.equal(statSync(join(folder, 'data/inbox/voicemail.jsonl')).mode & 0o777, 0o600)
    assert.equal(statSync(join(folder, 'data/recordings')).mode & 0o007, 0)
    callwright('inbox', 'done', String(entry!.id))
    assert.match(callwright('inbox'), /Nothing waits/)
    callwright('inbox', 'erase', String(entry!.id))
    assert.match(callwright('inbox'), /Nobody has left anything/)
    assert.ok(!existsSync(String(entry!.file)))
  })

  it('the engine is killed while a caller speaks: the recording goes on, Asterisk leads on, and what was said is not lost', async () => {
    const call = await speaking()
    const [file] = recordings()
    await killed()
    const before = statSync(join(folder, 'data/recordings', file!)).size
    await passes(5000)
    const after = statSync(join(folder, 'data/recordings', file!)).size
    assert.ok(after - before > 3 * 16_000, `it grew by ${after - before} bytes in 5 s`)
    call.mute()
    await call.press('#')
    // The step again, as Asterisk knows it: it cannot tell that something has been said already.
    await call.hears({ tone: beep }, { within: 20_000 })
    await call.hangUp()
    engine = await running()
    const [entry] = JSON.parse(callwright('inbox', 'voicemail', '--json')) as Record<string, unknown>[]
    assert.ok(String(entry!.file).endsWith(file!), JSON.stringify(entry))
  })
})
