import { existsSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createApp } from '../console/app.ts'
import type { AsteriskState, HotlineState } from '../console/deps.ts'
import { Backends } from '../engine/backends/backends.ts'
import type { CallNote } from '../engine/call/notes.ts'
import { Sessions } from '../engine/call/sessions.ts'
import { realClock } from '../engine/clock.ts'
import { RecentCalls } from '../engine/history.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import type { Log } from '../engine/ports.ts'
import { Espeak } from '../engine/voice/espeak.ts'
import { Voices } from '../engine/voice/voices.ts'
import { AsteriskLine } from '../telephony/asterisk.ts'
import { Simulator } from '../telephony/simulator.ts'
import { count, inShort } from './check.ts'
import { LiveHotlines } from './live.ts'
import { takeLock } from './lock.ts'
import { createLog } from './log.ts'
import { keptSecret, readSettings, type Settings } from './settings.ts'

const day = 86_400_000
/** Sounds with values in them that nobody has heard for so long are removed. */
const unheardFor = 7 * day

/** `callwright run`: answers calls until SIGINT or SIGTERM. */
export async function run(): Promise<void> {
  const settings = readSettings()
  const log = createLog()
  const lock = takeLock(settings.data)
  if ('heldBy' in lock) throw new Error(`another Callwright (process ${lock.heldBy}) is running here; end it, or give this one a CALLWRIGHT_DATA of its own`)
  const hotlines = readHotlines(settings.flows, settings.flowEnv)
  tellOf(hotlines)
  const voices = new Voices({ provider: new Espeak(), folder: settings.prompts, clock: realClock, log })
  const live = new LiveHotlines(hotlines, { voices, clock: realClock, log })
  const backends = new Backends({ allow: settings.backendsAllow, log })
  const sessions = new Sessions({ flowFor: (called, line) => live.flowFor(called, line), clock: realClock, voice: voices, backends, history: new RecentCalls(), log })
  sessions.watch((note) => logNote(log, note))
  const stopping = new AbortController()
  const browser = new Simulator({ name: 'browser', clock: realClock, wantsSound: true })
  await sessions.answer(browser)
  const asterisk = await asteriskLine(settings, log)
  const app = createApp({
    dial: (called, perceive) => browser.dial({ called }, perceive),
    watch: (listener) => sessions.watch(listener),
    hotlines: () => hotlines.map((hotline) => hotlineState(hotline)),
    asterisk: () => asteriskState(asterisk),
    soundFile: (id) => soundFile(settings.prompts, id),
    clock: realClock,
    log,
    hosts: [...settings.console.hosts, settings.console.host],
    until: stopping.signal,
    ...(settings.console.token ? { token: settings.console.token } : {}),
  })
  const server = await listen(createServer(app), settings.console)
  console.log(`Dial in the browser: ${urlOf(server)}${settings.console.token && process.stdout.isTTY ? `#token=${encodeURIComponent(settings.console.token)}` : ''}`)
  const signalled = nextSignal()
  // Asterisk is connected while prompts are made: each hotline answers there as soon as its own are ready.
  if (asterisk.line) await onTheTelephone(asterisk, sessions, settings)
  else console.log(asterisk.why)
  const prepared = prepare(live).then(() => voices.forget(unheardFor)).catch((error: unknown) => log.warn({ err: error }, 'old sounds could not be removed'))
  await Promise.race([prepared, signalled])
  console.log('Ctrl-C ends it.')
  const tidying = setInterval(() => void voices.forget(unheardFor).catch((error: unknown) => log.warn({ err: error }, 'old sounds could not be removed')), day)
  const signal = await signalled
  clearInterval(tidying)
  console.log(`\n${signal}: hanging up and ending.`)
  stopping.abort()
  live.close()
  await sessions.close()
  voices.close()
  await backends.close()
  lock.release()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

function tellOf(hotlines: Hotline[]): void {
  for (const hotline of hotlines) {
    for (const mistake of hotline.mistakes) console.error(`${mistake.warning ? 'warning: ' : ''}${mistake.pretty()}\n`)
    console.log(hotline.compiled ? inShort(hotline) : `${hotline.name} does not answer: ${count(hotline.mistakes.length, 'mistake')}, see above`)
  }
}

async function prepare(live: LiveHotlines): Promise<void> {
  const tty = process.stdout.isTTY
  const from = Date.now()
  await live.prepare((done, of) => {
    if (tty) process.stdout.write(`\rMaking prompts: ${done} of ${of}`)
  })
  console.log(`${tty ? '\r' : ''}${count(live.promptsReady, 'prompt')} ready after ${((Date.now() - from) / 1000).toFixed(1)} s.`)
}

type Connection = { line: AsteriskLine; where: string } | { line?: undefined; why: string; refused?: boolean }

/** The line to Asterisk, if one is named or lets us in. */
async function asteriskLine(settings: Settings, log: Log): Promise<Connection> {
  const { ami, prompts, promptsOnAsterisk, transfers } = settings
  const secret = keptSecret(settings)
  const host = ami.host ?? '127.0.0.1'
  const where = `${host}:${ami.port}`
  if (!secret) {
    const there = ami.host !== undefined || (await answers(host, ami.port))
    return there
      ? { refused: true, why: `There is an Asterisk at ${where}, but no secret for it: set AMI_SECRET, or run "npx callwright dialplan" and include what it writes.` }
      : { why: 'No Asterisk is set up, so no telephone rings here; "npx callwright dialplan" connects one.' }
  }
  const line = new AsteriskLine({
    host, port: ami.port, user: ami.user, secret, transfers, log, clock: realClock,
    ...(promptsOnAsterisk ? { promptsOnAsterisk: { ours: prompts, theirs: promptsOnAsterisk } } : {}),
  })
  return { line, where }
}

/** Takes calls on Asterisk, and says whether it lets us in. */
async function onTheTelephone({ line, where }: Extract<Connection, { line: AsteriskLine }>, sessions: Sessions, settings: Settings): Promise<void> {
  const closed = settings.promptsOnAsterisk === undefined ? closedTo(settings.prompts) : undefined
  if (closed) console.log(`Only you can read ${closed}: unless Asterisk runs as you, let its user in, or set CALLWRIGHT_PROMPTS to a folder that it can read.`)
  await sessions.answer(line)
  for (const until = Date.now() + 2000; line.state === 'connecting' && Date.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 20))
  console.log(line.state === 'up' ? `On the telephone: Asterisk at ${where} is connected.` : `On the telephone: not yet. Asterisk at ${where} ${line.state === 'refused' ? 'refuses our login' : 'does not answer'}; trying again.`)
}

/** The first folder on the way to these prompts that only we may enter: neither everybody nor another group. */
function closedTo(folder: string): string | undefined {
  const parts = folder.split('/').map((_, i, all) => all.slice(0, i + 1).join('/') || '/')
  return parts.find((part) => {
    const found = statSync(part, { throwIfNoEntry: false })
    return found && !(found.mode & 0o001) && !(found.mode & 0o010 && found.gid !== process.getgid?.())
  })
}

/** Whether something listens there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 })
    const say = (yes: boolean): void => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => say(true)).once('error', () => say(false)).once('timeout', () => say(false))
  })
}

function asteriskState(connection: Connection): AsteriskState {
  const { line } = connection
  if (!line) return { state: connection.refused ? 'refused' : 'off', words: connection.why }
  switch (line.state) {
    case 'up': return { state: 'up', words: `Connected to Asterisk at ${connection.where}.` }
    case 'refused': return { state: 'refused', words: 'Asterisk refuses our login: check AMI_SECRET and manager.conf. Trying again.' }
    default: return { state: 'connecting', words: `Asterisk at ${connection.where} does not answer. Trying again.` }
  }
}

const hotlineState = ({ name, compiled, mistakes }: Hotline): HotlineState => ({
  name,
  title: compiled?.flow.title ?? name,
  numbers: compiled?.flow.numbers ?? [],
  languages: compiled?.flow.languages ?? [],
  live: compiled !== undefined,
  mistakes: mistakes.map((mistake) => mistake.message),
})

function soundFile(folder: string, id: string): string | undefined {
  const file = join(folder, `${id}.wav`)
  return /^[0-9a-f]{32}$/.test(id) && existsSync(file) ? file : undefined
}

/** Listens; when the port is taken and nobody asked for just this one, the next free one is taken. */
async function listen(server: Server, at: Settings['console']): Promise<Server> {
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(at.host)
  if (!loopback && (at.token ?? '').length < 12) throw new Error(`CONSOLE_HOST=${at.host} lets others in: set CONSOLE_TOKEN as well, to a random word of 12 characters or more`)
  for (let port = at.port; ; port++) {
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, at.host, resolve))
      return server
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      server.removeAllListeners('error')
      if (code !== 'EADDRINUSE') throw new Error(`the page cannot be opened at ${at.host}:${port}: ${message}`, { cause: error })
      if (at.portGiven || port >= at.port + 20) throw new Error(`port ${port} is taken: set CONSOLE_PORT to another`, { cause: error })
    }
  }
}

function urlOf(server: Server): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) return String(address)
  const host = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address.address) ? 'localhost' : address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}/`
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
}

/** A call in the log: that it came, where it went, that it ended. Never a number, a key or an answer. */
function logNote(log: Log, note: CallNote): void {
  const { call } = note
  switch (note.type) {
    case 'arrived': return log.info({ call, hotline: note.hotline, line: note.facts.line }, `call for ${note.hotline}`)
    case 'queued': return log.info({ call, queue: note.queue }, `waits in the queue ${note.queue}`)
    case 'agent': return log.info({ call }, 'an agent answers')
    case 'transferred': return log.info({ call }, 'is transferred')
    case 'trouble': return log.warn({ call }, note.words)
    case 'ended': return log.info({ call, outcome: note.outcome, by: note.by }, `ended by the ${note.by}: ${note.outcome}`)
  }
}
