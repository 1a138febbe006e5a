import type { CallJournal } from '../journal/journal.ts'
import type { StoredCall } from '../journal/store.ts'
import type { Compiled } from '../language/compile.ts'
import type { BackendPort, CallRecord, Clock, History, Inbox, Line, LineListener, Log, Switches, Voice } from '../ports.ts'
import { fixedSwitches } from '../switches.ts'
import type { CallEvent, CallFacts } from './events.ts'
import type { CallNote } from './notes.ts'
import { Session } from './session.ts'

/** What the engine needs to answer calls. */
export type EngineOptions = {
  /** The flow that answers a number on a line, or will in a moment; undefined when no hotline has it, or not yet. */
  flowFor(called: string, line: Line): Compiled | undefined | Promise<Compiled | undefined>
  clock: Clock
  voice: Voice
  /** Default: there are none, and every request fails. */
  backends?: BackendPort
  /** Default: what callers leave is noted and goes nowhere. */
  inbox?: Inbox
  /** Default: nobody turns any. */
  switches?: Switches
  /** Default: nothing is kept, and no call outlives this process. */
  journal?: CallJournal
  history: History
  log: Log
}

const noBackends: BackendPort = { request: async () => ({ how: 'failed', words: 'no backend can be reached from here' }) }

/** All running calls, by id, and the lines on which they come in. */
export class Sessions {
  private readonly options: EngineOptions
  private readonly sessions = new Map<string, Session>()
  /** Calls whose flow will be there in a moment. */
  private readonly awaited = new Set<string>()
  private readonly watchers = new Set<(note: CallNote) => void>()
  private readonly lines: Line[] = []
  private ending = false
  private readonly switches: Switches
  private readonly unwatchSwitches: () => void

  constructor(options: EngineOptions) {
    this.options = options
    this.switches = options.switches ?? fixedSwitches()
    this.unwatchSwitches = this.switches.watch((hotline) => {
      for (const session of this.sessions.values()) session.switched(hotline)
    })
  }

  /** How many calls are running. */
  get count(): number {
    return this.sessions.size
  }

  /** Answers the calls of a line from now on. */
  async answer(line: Line): Promise<void> {
    this.lines.push(line)
    const listener: LineListener = {
      callArrived: (facts) => this.arrived(line, facts),
      happened: (callId, event) => this.happened(callId, event),
      heard: (callId, heard) => this.sessions.get(callId)?.heard(heard),
      silence: (callId, when) => this.sessions.get(callId)?.silence(when),
      drives: () => this.goOn(),
    }
    await line.open(listener)
  }

  /**
   * Goes on with a call that another process had, on a line that is not open yet. False when the line knows no way to:
   * then the call is over for us.
   */
  resume(line: Line, stored: StoredCall, earlier: CallRecord[], compiled: Compiled): boolean {
    if (!line.adopt) return false
    line.adopt(stored.facts.id, stored.pending.away)
    const session = this.begun(line, stored.facts, compiled)
    try {
      session.resume(stored, earlier)
    } catch (error) {
      this.options.log.error({ call: stored.facts.id, step: stored.step, err: error }, 'nobody can go on with this call; the line leads the caller on')
      session.letGo()
      return false
    }
    // They may have been turned while nobody had the call.
    session.switched(compiled.flow.name)
    return true
  }

  /** Whether this call is running here. */
  has(call: string): boolean {
    return this.sessions.has(call)
  }

  /** Another engine has the calls: nothing is ordered, told or kept of them any more. */
  forsake(): void {
    for (const session of this.sessions.values()) session.forsake()
    for (const line of this.lines) line.forsake?.()
    this.sessions.clear()
  }

  /** Tells of everything that happens to calls; the function returned ends it. */
  watch(watcher: (note: CallNote) => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** From now on callers who come in are left to their line. Calls under way go on. */
  takeNoMore(): void {
    this.ending = true
  }

  /** Takes no more calls. Those under way go to the line's fallback. */
  async close(): Promise<void> {
    this.unwatchSwitches()
    for (const session of this.sessions.values()) session.letGo()
    // While the lines are still theirs.
    this.options.journal?.flush()
    await Promise.all(this.lines.map((line) => line.close()))
  }

  /** What has waited for a line to drive its calls goes on. */
  private goOn(): void {
    this.options.journal?.flush()
    for (const session of this.sessions.values()) session.goOn()
  }

  private arrived(line: Line, facts: CallFacts): void {
    const { flowFor, log } = this.options
    if (this.sessions.has(facts.id)) return log.warn({ call: facts.id }, 'this call has arrived already; it goes on where it is')
    const flow = flowFor(facts.called, line)
    if (!(flow instanceof Promise)) return this.answered(line, facts, flow)
    this.awaited.add(facts.id)
    void flow.then((soon) => this.awaited.delete(facts.id) && this.answered(line, facts, soon))
  }

  private answered(line: Line, facts: CallFacts, compiled: Compiled | undefined): void {
    const { history, log } = this.options
    if (this.ending) {
      log.info({ call: facts.id }, 'this engine is ending and takes no new calls; the line leads the caller on')
      return line.order(facts.id, { type: 'fall-back' })
    }
    if (!compiled) {
      log.error({ call: facts.id, called: facts.called }, `no hotline answers ${facts.called} (yet): see the messages at the start, or give the number to one under numbers:`)
      return line.order(facts.id, { type: 'fall-back' })
    }
    const session = this.begun(line, facts, compiled)
    session.start(facts.caller === '' ? [] : history.of(facts.caller, this.options.clock.now()))
  }

  private begun(line: Line, facts: CallFacts, compiled: Compiled): Session {
    const { journal } = this.options
    const session = new Session(line, facts, compiled, {
      clock: this.options.clock,
      voice: this.options.voice,
      backends: this.options.backends ?? noBackends,
      inbox: this.options.inbox ?? { keep: async () => {} },
      switches: this.switches,
      ...(journal ? { journal } : {}),
      log: this.options.log,
      note: (note) => this.note(note),
      over: (record) => this.over(record),
    })
    this.sessions.set(facts.id, session)
    return session
  }

  private happened(callId: string, event: CallEvent): void {
    if (event.type === 'caller-hung-up' || event.type === 'line-lost') this.awaited.delete(callId)
    this.sessions.get(callId)?.happened(event)
  }

  private over(record: CallRecord): void {
    this.sessions.delete(record.id)
    this.options.history.keep(record)
  }

  private note(note: CallNote): void {
    for (const watcher of this.watchers) {
      try {
        watcher(note)
      } catch (error) {
        this.options.log.error({ call: note.call, err: error }, 'a watcher of calls failed; the call goes on')
      }
    }
  }
}
