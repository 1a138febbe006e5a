import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Sessions } from '../engine/call/sessions.ts'
import type { Hotline } from '../engine/hotlines.ts'
import { Journal } from '../engine/journal/journal.ts'
import { eraseAll } from '../engine/journal/erasing.ts'
import { LastingStore, type FileState } from '../engine/journal/lasting-store.ts'
import type { FlowText, StoredCall } from '../engine/journal/store.ts'
import { StoredHistory } from '../engine/journal/stored-history.ts'
import { checkFlow } from '../engine/language/check.ts'
import type { Compiled } from '../engine/language/compile.ts'
import type { Clock, History, Line, Log } from '../engine/ports.ts'
import { runningIn } from './lock.ts'
import { journalFile, keptOnce, type Settings } from './settings.ts'

const hour = 3_600_000
const day = 24 * hour

/** The calls that are kept over restarts, and the flows on which they began. */
export class KeptCalls {
  readonly journal: Journal
  readonly history: History
  private readonly store: LastingStore
  private readonly settings: Pick<Settings, 'data' | 'callsDays'>
  private readonly log: Log
  private readonly clock: Clock
  private readonly answering: () => readonly Hotline[]
  private readonly closed = new AbortController()
  private cancel = (): void => {}

  /**
   * While the journal's file cannot be used calls are answered all the same; that is said. `answering`: the versions of
   * the hotlines that answer now.
   */
  constructor(
    settings: Pick<Settings, 'data' | 'callsDays'>,
    { clock, log, answering }: { clock: Clock; log: Log; answering: () => readonly Hotline[] },
  ) {
    this.settings = settings
    this.clock = clock
    this.log = log
    this.answering = answering
    this.store = new LastingStore(journalFile(settings), { clock, log, ours: () => isOurs(settings.data) })
    this.journal = new Journal(this.store, log, () => clock.now())
    this.history = new StoredHistory(this.store, settings.callsDays * day, log)
  }

  /** How the journal's file does. */
  get file(): FileState {
    return this.store.state
  }

  /** A version of a flow answers calls from now on. */
  keepFlow({ text }: Hotline): void {
    if (!text) return
    this.safely('the flow cannot be kept, so that calls on it would not survive a restart', () => this.store.keepFlow(text, this.clock.now()))
  }

  /** Goes on with the calls that a process before this one had on a line; where the line cannot, they are over. */
  resume(sessions: Pick<Sessions, 'has' | 'resume'>, line: Line): void {
    // What waits to be written may be the end of a call.
    this.journal.flush()
    const flows = new Map<string, Compiled | undefined>()
    this.safely('the calls of the process before cannot be read', () => {
      for (const { call, earlier } of this.store.live()) {
        const { line: name, id } = call.facts
        if (name !== line.name || sessions.has(id) || this.journal.owesEndOf(id)) continue
        if (!flows.has(call.flow)) flows.set(call.flow, this.flowOf(call))
        const compiled = line.adopt && flows.get(call.flow)
        if (!compiled || !sessions.resume(line, call, earlier, compiled)) this.lost(call)
      }
    })
  }

  /** Another engine has the calls, and this journal. */
  forsake(): void {
    this.journal.forsake()
  }

  /** Erases what is too old, now and once an hour. Resolves when the first time is over. */
  tidy(): Promise<void> {
    this.cancel = this.clock.after(hour, () => void this.tidy())
    return this.erase().catch((error: unknown) => this.closed.signal.aborted || this.log.error({ err: error }, 'old calls could not be erased')).then(() => {})
  }

  close(): void {
    this.cancel()
    this.closed.abort()
    this.journal.close()
    this.safely('the journal could not be closed', () => this.store.close())
  }

  private flowOf(call: StoredCall): Compiled | undefined {
    const answers = this.answering().find(({ compiled }) => compiled?.flow.hash === call.flow)?.compiled
    if (answers) return answers
    const text = this.store.flow(call.flow)
    const compiled = text && compiledFrom(text)
    if (!compiled)
      this.log.error({ hotline: call.hotline, flow: call.flow }, `a version of ${call.hotline} on which calls began is gone; Asterisk leads the callers on`)
    return compiled
  }

  private async erase(): Promise<void> {
    // Those that answer are in use, however long ago they began to.
    for (const hotline of this.answering()) this.keepFlow(hotline)
    const { callsDays } = this.settings
    const gone = await eraseAll(this.store, { before: this.clock.now() - callsDays * day }, this.closed.signal)
    if (gone > 0) this.log.info({ calls: gone }, `${gone} calls older than ${callsDays} days erased from the journal`)
  }

  private lost(call: StoredCall): void {
    const over = { ...call, endedAt: this.clock.now(), outcome: call.outcome || 'failed' }
    this.journal.write(() => ({ call: over, event: { type: 'lost' }, effects: [] }), () => {})
  }

  private safely(words: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.log.error({ err: error }, words)
    }
  }
}

/** A frozen process that wakes finds out from the engine that has taken its place. */
const isOurs = (data: string): boolean => [undefined, process.pid].includes(runningIn(data))

function compiledFrom({ name, file, texts, recordings = [], env }: FlowText): Compiled | undefined {
  const { '': text = '', ...beside } = texts
  const names = Object.keys(beside)
  return checkFlow(text, { name, file, env, beside: { names, text: (one) => beside[one], called: (one) => one, recordings } }).compiled
}

/** What all processes with this data folder have in common, made once; of one that cannot be written, nothing. */
export function familyOf(data: string): string {
  return keptOnce(join(data, 'engine.id'), () => randomBytes(8).toString('hex'))
}
