import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { Backends } from '../engine/backends/backends.ts'
import { Sessions } from '../engine/call/sessions.ts'
import { realClock } from '../engine/clock.ts'
import type { Health } from '../engine/health/health.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import { KeptSwitches } from '../engine/kept-switches.ts'
import type { Log } from '../engine/ports.ts'
import type { Voices } from '../engine/voice/voices.ts'
import { Simulator } from '../telephony/simulator.ts'
import { count, inShort } from './check.ts'
import { healthOf } from './health-of.ts'
import { Ends, type End } from './ends.ts'
import { familyOf, KeptCalls } from './kept-calls.ts'
import { leftHere, recordingTrouble } from './left.ts'
import { LiveHotlines } from './live.ts'
import { hasStandby, Locks, type Lock } from './lock.ts'
import { createLog } from './log.ts'
import { logNote } from './log-note.ts'
import { hotlineState, listen, recordingFile, soundFile, urlOf } from './page.ts'
import { tellPlace } from './place.ts'
import { fetchedAhead, PromptsServed } from './prompts-served.ts'
import { mustMayWrite } from './right-user.ts'
import { readSettings, type Settings } from './settings.ts'
import { asteriskLine, asteriskState, onTheTelephone, settled, type Connection } from './telephone.ts'
import { SurvivalUpkeep } from './survival-upkeep.ts'
import { openVoices } from './voices-file.ts'
import { outliveMistakes } from './unexpected.ts'
import { watchFlows } from './watch.ts'

const hour = 3_600_000
/** How long the page waits for Asterisk at the start, in milliseconds: callers come first. */
const patience = 500
/** Sounds that no hotline needs, such as those with values in them, are removed when nobody has heard them for so long. */
const unheardFor = 7 * 24 * hour

/** Exit codes beside 0 and 1. `handed over`: calls were under way and Asterisk leads them on. */
const exitCodes = { handedOver: 3, replaced: 4 }

/** `callwright run`: answers calls until it is ended; stands by when another engine works here. */
export async function run(): Promise<void> {
  const settings = readSettings()
  const log = createLog()
  outliveMistakes(log)
  const ends = new Ends()
  const hotlines = readHotlines(settings.flows, settings.flowEnv)
  let waited = false
  const waiting = (pid: number): void => {
    mustMayWrite(settings.data)
    waited = true
    tellOf(hotlines, log)
    log.info({}, `Another Callwright (process ${pid}) works with ${settings.data}: this one stands by, and takes over when that one is gone.`)
  }
  const lock = await new Locks(settings.data, { clock: realClock, log }).await(waiting, ends.signal)
  if (!lock) return
  const engine = new Engine(settings, log, { hotlines, voices: await openVoices(settings, log), lock, ends })
  try {
    await engine.start({ told: waited })
    // What was saved while this one stood by has not been noticed.
    if (waited) await engine.reload()
    process.exitCode = await engine.end(await ends.first)
  } catch (error) {
    await engine.end('SIGINT')
    throw error
  } finally {
    lock.release()
  }
}

/** Everything that runs while calls are answered. */
class Engine {
  private readonly settings: Settings
  private readonly log: Log
  private readonly lock: Lock
  private readonly ends: Ends
  private readonly kept: KeptCalls
  private readonly voices: Voices
  private readonly live: LiveHotlines
  private readonly backends: Backends
  private readonly sessions: Sessions
  private readonly switches: KeptSwitches
  private readonly left: ReturnType<typeof leftHere>
  private readonly health: Health
  private readonly served: PromptsServed
  private asterisk: Connection | undefined
  private survival: SurvivalUpkeep | undefined
  /** Until when calls under way may go on. */
  private drainsUntil: number | undefined
  private readonly page = new AbortController()
  private readonly stops: (() => void)[] = []
  private server: Server | undefined

  constructor(settings: Settings, log: Log, { hotlines, voices, lock, ends }: { hotlines: Hotline[]; voices: Voices; lock: Lock; ends: Ends }) {
    this.settings = settings
    this.log = log
    this.lock = lock
    this.ends = ends
    this.kept = new KeptCalls(settings, { clock: realClock, log, answering: () => this.live.live })
    this.voices = voices
    for (const { recordings } of hotlines) voices.know(recordings)
    this.served = new PromptsServed(settings, { clock: realClock, log })
    const preparing = fetchedAhead(voices, () => this.asterisk?.line)
    this.live = new LiveHotlines(hotlines, { voices: preparing, clock: realClock, log, onLive: (hotline) => this.kept.keepFlow(hotline) })
    this.backends = new Backends({ allow: settings.backendsAllow, log })
    this.switches = new KeptSwitches(settings.data, { clock: realClock, log })
    this.left = leftHere(settings, { clock: realClock, log })
    this.health = healthOf({ live: this.live, voices, kept: this.kept, sending: this.left.sending, asterisk: () => this.asterisk, survival: () => this.survival, stopping: () => ends.signal.aborted, drainsUntil: () => this.drainsUntil })
    const { journal, history } = this.kept
    this.sessions = new Sessions({
      flowFor: (called, line) => this.live.flowFor(called, line),
      clock: realClock, voice: this.health.counting(this.voices), backends: this.backends, inbox: this.left.inbox, switches: this.switches,
      history, journal, log,
    })
    this.sessions.watch((note) => logNote(log, note))
    this.sessions.watch((note) => this.health.noted(note))
  }

  /** `told`: how the flows are has been said. */
  async start({ told }: { told: boolean }): Promise<void> {
    const { settings, log, sessions, live } = this
    const browser = new Simulator({ name: 'browser', clock: realClock, wantsSound: true })
    this.kept.resume(sessions, browser)
    await sessions.answer(browser)
    const asterisk = await asteriskLine(settings, log, this.served.options, {
      family: familyOf(settings.data),
      instance: randomBytes(6).toString('hex'),
      aloneInFamily: () => this.lock.alone(),
      onTakeOver: () => {
        if (asterisk.line) this.kept.resume(sessions, asterisk.line)
        this.survival?.tellSwitches()
      },
      onStoodDown: () => {
        log.error({}, 'another engine has taken over the calls of this Asterisk while this one was frozen; this one ends')
        this.kept.forsake()
        sessions.forsake()
        this.ends.end('replaced')
      },
    })
    this.asterisk = asterisk
    this.survival = new SurvivalUpkeep({ line: asterisk.line, live, switches: this.switches, inbox: this.left.inbox, settings, clock: realClock, log })
    this.stops.push(() => this.survival?.stop())
    // Callers who are on the line from before a restart wait for this: nothing that takes time stands before it.
    const telephone = asterisk.line && onTheTelephone(asterisk, sessions, log, recordingTrouble(live.all, settings))
    if (asterisk.line) await settled(asterisk.line, patience)
    if (!told) tellOf(live.all, log)
    const prepared = prepare(live, log).then(() => this.forgetSounds())
    await this.open(browser, asterisk)
    this.survival.lookAtDialplan()
    if (!asterisk.line) log.info({}, asterisk.why)
    await telephone
    const reload = (): void => void this.reload().catch((error: unknown) => log.error({ err: error }, 'the flows could not be read'))
    process.on('SIGHUP', reload)
    this.stops.push(watchFlows(settings.flows, realClock, reload), () => process.off('SIGHUP', reload), this.left.tidy())
    void this.kept.tidy()
    const tidying = setInterval(() => void this.forgetSounds(), hour)
    this.stops.push(() => clearInterval(tidying))
    await Promise.race([prepared, this.ends.first])
    this.backends.trust()
    log.info({}, 'Ctrl-C ends it.')
  }

  /** Ends everything; the exit code. */
  async end(by: End): Promise<number> {
    const { sessions, live } = this
    this.page.abort()
    live.close()
    sessions.takeNoMore()
    const handedOver = by === 'replaced' ? 0 : await this.handOver(by)
    for (const stop of this.stops) stop()
    await sessions.close()
    this.voices.close()
    this.kept.close()
    await this.backends.close()
    await this.left.close()
    this.health.close()
    this.served.close()
    this.server?.closeAllConnections()
    if (this.server) await new Promise((resolve) => this.server!.close(resolve))
    return by === 'replaced' ? exitCodes.replaced : handedOver > 0 ? exitCodes.handedOver : 0
  }

  /** Sees that calls under way go on somewhere; how many of them Asterisk has to lead on. */
  private async handOver(by: End): Promise<number> {
    const { settings, sessions, log } = this
    if (hasStandby(settings.data, realClock)) {
      log.info({}, `${by}: ${count(sessions.count, 'call')} under way ${sessions.count === 1 ? 'goes' : 'go'} on with the engine that stands by.`)
      sessions.forsake()
      return 0
    }
    if (by === 'SIGINT' || sessions.count === 0) {
      log.info({}, `${by}: ending${sessions.count > 0 ? `; ${leftToAsterisk(sessions.count)}` : ''}.`)
      return sessions.count
    }
    log.info({}, `${by}: no new calls; ${count(sessions.count, 'call')} under way, for ${settings.drain / 1000} s at most. Once more ends it at once.`)
    this.drainsUntil = realClock.now() + settings.drain
    const until = realClock.steady() + settings.drain
    while (sessions.count > 0 && !this.ends.hurried && realClock.steady() < until) await new Promise((resolve) => setTimeout(resolve, 50))
    if (sessions.count > 0) log.warn({}, `${leftToAsterisk(sessions.count)}.`)
    return sessions.count
  }

  /** Reads the flows anew. Those with mistakes are refused, and the versions before go on. */
  async reload(): Promise<void> {
    const { settings, live } = this
    const hotlines = readHotlines(settings.flows, settings.flowEnv)
    for (const { recordings } of hotlines) this.voices.know(recordings)
    await live.reload(hotlines)
    await live.prepare()
    this.survival?.tellSwitches()
    this.survival?.lookAtDialplan()
  }

  private async open(browser: Simulator, asterisk: Awaited<ReturnType<typeof asteriskLine>>): Promise<void> {
    const { settings, sessions, switches, live, log, health } = this
    const { token, host, hosts } = settings.console
    const { createApp } = await import('../console/app.ts')
    const app = createApp({
      dial: (called, perceive) => browser.dial({ called }, perceive),
      watch: (listener) => sessions.watch(listener),
      hotlines: () => live.all.map((hotline) => hotlineState(hotline, switches)),
      turn: (hotline, name, how) => switches.turn(hotline, name, { ...how, by: 'the page' }),
      asterisk: () => asteriskState(asterisk, { todo: true }),
      left: (kinds) => this.left.inbox.list(kinds).entries,
      recordingFile: (recording) => recordingFile(settings.recordings, recording),
      soundFile: (id) => soundFile(settings.prompts, id),
      clock: realClock,
      log,
      hosts: [...hosts, host],
      until: this.page.signal,
      probed: health,
      promptsToken: this.served.token,
      ...(token ? { token } : {}),
      ...(settings.metricsToken ? { metricsToken: settings.metricsToken } : {}),
    })
    this.server = await listen(createServer(app), settings.console)
    await this.served.open(this.server)
    const url = urlOf(this.server)
    this.stops.push(tellPlace(settings.data, url, { clock: realClock, log }))
    log.info({}, `Dial in the browser: ${url}${token && process.stdout.isTTY ? `#token=${encodeURIComponent(token)}` : ''}`)
  }

  private async forgetSounds(): Promise<void> {
    const { voices, live, log, settings } = this
    try {
      for (const { compiled } of live.live) if (compiled) await voices.need(compiled.fixedPrompts, compiled.withValues)
      await voices.tidy({ unheardFor, mostBytes: settings.promptsMb * 1e6 })
    } catch (error) {
      log.warn({ err: error }, 'old sounds could not be removed')
    }
  }
}

function tellOf(hotlines: Hotline[], log: Log): void {
  for (const hotline of hotlines) {
    const about = { hotline: hotline.name }
    for (const mistake of hotline.mistakes) log[mistake.warning ? 'warn' : 'error'](about, `${mistake.pretty()}\n`)
    if (hotline.compiled) log.info(about, inShort(hotline))
    else log.error(about, `${hotline.name} does not answer: ${count(hotline.mistakes.length, 'mistake')}, see above`)
  }
}

const leftToAsterisk = (calls: number): string =>
  `${count(calls, 'call')} still under way: Asterisk leads ${calls === 1 ? 'it' : 'them'} on`

async function prepare(live: LiveHotlines, log: Log): Promise<void> {
  const tty = process.stdout.isTTY
  const from = Date.now()
  await live.prepare((done, of) => {
    if (tty) process.stdout.write(`\rMaking prompts: ${done} of ${of}`)
  })
  if (tty) process.stdout.write('\r')
  log.info({}, `${count(live.promptsReady, 'prompt')} ready after ${((Date.now() - from) / 1000).toFixed(1)} s.`)
}
