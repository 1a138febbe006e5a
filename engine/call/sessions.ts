import type { Compiled } from '../language/compile.ts'
import type { BackendPort, CallRecord, Clock, History, Line, LineListener, Log, Voice } from '../ports.ts'
import type { CallEvent, CallFacts } from './events.ts'
import type { CallNote } from './notes.ts'
import { Session } from './session.ts'

/** What the engine needs to answer calls. */
export type EngineOptions = {
  /** The flow that answers a number on a line; undefined when no hotline has it, or not yet. */
  flowFor(called: string, line: Line): Compiled | undefined
  clock: Clock
  voice: Voice
  /** Default: there are none, and every request fails. */
  backends?: BackendPort
  history: History
  log: Log
}

const noBackends: BackendPort = { request: async () => ({ how: 'failed', words: 'no backend can be reached from here' }) }

/** All running calls, by id, and the lines on which they come in. */
export class Sessions {
  private readonly options: EngineOptions
  private readonly sessions = new Map<string, Session>()
  private readonly watchers = new Set<(note: CallNote) => void>()
  private readonly lines: Line[] = []

  constructor(options: EngineOptions) {
    this.options = options
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
    }
    await line.open(listener)
  }

  /** Tells of everything that happens to calls; the function returned ends it. */
  watch(watcher: (note: CallNote) => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** Takes no more calls. Those under way go to the line's fallback. */
  async close(): Promise<void> {
    for (const session of this.sessions.values()) session.letGo()
    await Promise.all(this.lines.map((line) => line.close()))
  }

  private arrived(line: Line, facts: CallFacts): void {
    const { flowFor, history, log } = this.options
    if (this.sessions.has(facts.id)) return log.warn({ call: facts.id }, 'this call has arrived already; it goes on where it is')
    const compiled = flowFor(facts.called, line)
    if (!compiled) {
      log.error({ call: facts.id, called: facts.called }, `no hotline answers ${facts.called} (yet): see the messages at the start, or give the number to one under numbers:`)
      return line.order(facts.id, { type: 'fall-back' })
    }
    const session = new Session(line, facts, compiled, {
      clock: this.options.clock,
      voice: this.options.voice,
      backends: this.options.backends ?? noBackends,
      log,
      note: (note) => this.note(note),
      over: (record) => this.over(record),
    })
    this.sessions.set(facts.id, session)
    session.start(facts.caller === '' ? [] : history.of(facts.caller, this.options.clock.now()))
  }

  private happened(callId: string, event: CallEvent): void {
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
