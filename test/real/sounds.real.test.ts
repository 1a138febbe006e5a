import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { soundFile } from '../../cli/page.ts'
import { createPromptsApp } from '../../console/prompts.ts'
import { realClock } from '../../engine/clock.ts'
import { startAsterisk } from '../asterisk/asterisk.ts'
import { MUSIC_ON_HOLD_TONE } from '../asterisk/config.ts'
import { freePort } from '../asterisk/ports.ts'
import { provision } from '../asterisk/provision.ts'
import { Phone } from '../phone/phone.ts'
import { KnownSounds } from '../phone/sounds.ts'
import { LogBook } from '../telephony/recorder.ts'
import { needsAsterisk } from './needs-asterisk.ts'
import { compileText, prompts, Station } from './station.ts'

const TOKEN = 'a-token-for-asterisk-alone'
const hears = { text: 'Press 1 to go on.', language: 'en' }
const then = { text: 'You have gone on, from far away.', language: 'en' }
const FLOW = compileText(`
hotline: Far away
numbers: ["300"]
languages: [en]
queues: { desk: { said: somebody } }
start: menu
steps:
  menu:
    menu:
      say: ${hears.text}
      keys: { 1: { go: on } }
      otherwise: agent
  on:
    say: ${then.text}
    next: menu
  agent:
    queue: desk
`)

/** An Asterisk on another machine: it does not see the folder of the prompts, and fetches them from the engine. */
describe('prompts that Asterisk fetches', function () {
  this.timeout(60_000)
  let station: Station | undefined
  let server: Server
  let base: string
  let log: LogBook
  /** Paths asked for, without the token. */
  let asked: string[]

  before(async function () {
    await needsAsterisk(this)
  })
  beforeEach(async () => {
    log = new LogBook()
    asked = []
    const app = createPromptsApp({ token: TOKEN, soundFile: (id) => soundFile(prompts, id), clock: realClock, log })
    server = createServer((request, response) => {
      asked.push(request.url!.split('/').at(-1)!)
      app(request, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prompts/`
  })
  afterEach(async () => {
    await station?.close()
    station = undefined
    server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  })

  async function open(promptsAt: string): Promise<Station> {
    const opened = await Station.open({ flows: [FLOW], promptsOnAsterisk: '/nowhere/prompts', promptsAt, log })
    if ('none' in opened) throw new Error(opened.none)
    station = opened
    await station.until(() => station!.soundsState?.way, 5000, 'it was not found out how Asterisk gets at the prompts')
    return station
  }

  /** A call through both prompts. */
  async function wholeCall(from: string): Promise<void> {
    const call = await (await station!.phone()).dial('300', { from })
    await call.hears(await station!.learn(hears))
    await call.press('1')
    await call.hears(await station!.learn(then))
    await call.hangUp()
  }

  it('are heard, each fetched once; what was removed from its cache is fetched again', async () => {
    const own = await open(`${base}${TOKEN}/`)
    assert.deepEqual(own.soundsState, { way: 'http', words: `Asterisk fetches prompts from ${base}.` })
    await wholeCall('1001')
    const fetched = asked.length
    await wholeCall('1002')
    assert.equal(asked.length, fetched)
    const cache = join(own.asterisk.configFolder, '../spool')
    for (const name of readdirSync(cache)) if (name.startsWith('bucket-')) rmSync(join(cache, name))
    await wholeCall('1003')
    assert.ok(asked.length > fetched)
    assert.ok(!log.lines.join('\n').includes(TOKEN))
  })

  it('are heard from its cache when the engine can be reached no longer', async () => {
    await open(`${base}${TOKEN}/`)
    await wholeCall('1001')
    server.closeAllConnections()
    server.close()
    await wholeCall('1002')
  })

  it('are not heard with a wrong token: callers come to the fallback, and the admin is told', async () => {
    const own = await open(`${base}a-wrong-token-for-asterisk/`)
    assert.equal(own.soundsState?.way, 'none')
    await log.says(/^error: Asterisk can play no prompts: it does not see the folder \/nowhere\/prompts, and cannot fetch them/)
    await log.says(/^warn: a prompt was asked for with a wrong token/)
    const call = await (await own.phone()).dial('300', { from: '1003' })
    await call.hears({ tone: MUSIC_ON_HOLD_TONE }, { within: 10_000 })
    assert.ok(!/wrong-token/.test(log.lines.join('\n')))
    await call.hangUp()
  })
})

/** The same as an admin has it: `callwright run`, no setting for it, and a folder that Asterisk does not see. */
describe('callwright run with an Asterisk that does not see the prompts', function () {
  this.timeout(60_000)
  const undo: (() => unknown)[] = []

  before(async function () {
    await needsAsterisk(this)
  })
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  })

  it('says that it fetches them from the page, and so does callwright status; the phone hears them, at once after a restart', async () => {
    const installation = await provision(() => {})
    if ('none' in installation) throw new Error(installation.none)
    const folder = mkdtempSync(join(tmpdir(), 'callwright-fetches-'))
    undo.push(() => rmSync(folder, { recursive: true, force: true }))
    const env = { PATH: process.env.PATH ?? '', HOME: folder, CALLWRIGHT_DATA: join(folder, 'data'), CONSOLE_PORT: String(await freePort('tcp')), PROMPTS_ON_ASTERISK: '/nowhere' }
    const callwright = (args: string[], more = {}): ChildProcess =>
      spawn(process.execPath, ['cli/callwright.mjs', ...args], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = async (child: ChildProcess): Promise<string> => {
      const chunks = child.stdout!.toArray()
      await once(child, 'close')
      return Buffer.concat(await chunks).toString()
    }
    await said(callwright(['dialplan', 'flows/hello', '--to', join(folder, 'asterisk')]))
    const text = (name: string): string => readFileSync(join(folder, 'asterisk', name), 'utf8')
    const asterisk = await startAsterisk(installation, {
      config: Object.fromEntries(['extensions.conf', 'manager.conf', 'queues.conf'].map((name) => [name, text(name)])),
    })
    undo.push(() => asterisk.stop())
    const more = { AMI_PORT: String(asterisk.ami.port), CALLWRIGHT_FLOWS: 'flows/hello' }
    const start = async (): Promise<ChildProcess> => {
      const engine = callwright(['run'], more)
      undo.push(() => kill(engine))
      await saysOf(engine, /Asterisk fetches prompts from http:\/\/127\.0\.0\.1:\d+\/prompts\/\. It does not see the sounds[^]*To do: copy/, /Ctrl-C ends it/)
      return engine
    }
    const heard = async (): Promise<void> => {
      const known = await KnownSounds.fromFolder(join(folder, 'data/prompts'))
      const listener = await Phone.open({ server: asterisk.sip, sounds: known })
      undo.push(() => listener.close())
      const call = await listener.dial('200', { from: '1001' })
      await call.hearsAnything()
      await call.hangUp()
    }
    const engine = await start()
    await heard()
    const status = await said(callwright(['status'], more))
    assert.match(status, /Asterisk fetches prompts from/)
    assert.match(status, /copy the sounds of survival to \/nowhere\/survival/)
    assert.ok(!status.includes(readFileSync(join(folder, 'data/prompts-token'), 'utf8').trim()))
    await kill(engine)
    await start()
    await heard()
  })

  async function kill(engine: ChildProcess): Promise<void> {
    if (engine.exitCode !== null || engine.signalCode !== null) return
    const ended = once(engine, 'exit')
    engine.kill('SIGKILL')
    await ended
  }

  /** Resolves when a process has said all of this. */
  async function saysOf(child: ChildProcess, ...words: RegExp[]): Promise<void> {
    let told = ''
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout!, child.stderr!])
        stream.on('data', (data: Buffer) => {
          told += data.toString()
          if (words.every((one) => one.test(told))) resolve()
        })
      child.once('exit', () => reject(new Error(`it ended:\n${told}`)))
    })
  }
})
