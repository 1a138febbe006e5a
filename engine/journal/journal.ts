import type { Log } from '../ports.ts'
import type { Entry, Store } from './store.ts'

/** What a session asks of the journal. */
export interface CallJournal {
  /**
   * Keeps an entry; `then` runs when it is kept, or cannot be. Orders of a call leave no earlier than that. While `may`
   * says no, because another process may have the call now, the entry waits, and so does `then`. Default: it may.
   */
  write(entry: () => Entry, then: () => void, may?: () => boolean): void
  /** Writes what waits and may be written, now. */
  flush(): void
}

/** For lines whose calls nobody takes up again. */
export const noJournal: CallJournal = { write: (_entry, then) => then(), flush() {} }

/**
 * How the journal does. Milliseconds. `took`: all commits together; `failing`: since when nothing can be kept;
 * `owed`: calls whose newest entry is not kept yet.
 */
export type JournalState = {
  entries: number
  commits: number
  took: number
  slowest: number
  failing: number | undefined
  owed: number
}

/** A store that has failed is asked again after so long, in milliseconds. */
const retryAfter = 1000
/**
 * So many calls that have ended are remembered while the store fails: hours of them. Each is reduced to what the history
 * needs and what was heard, some 3 KB; with one row of some 5 KB for each running call, 500 calls and 5,000 ended ones
 * hold 20 MB at most, and are made up for in one commit of 0.2 s.
 */
export const mostEndedOwed = 5000

const always = (): boolean => true

type Owed = { entry: Entry; may: () => boolean }

/**
 * Writes what happens to calls before the orders that follow leave. All that happens in one turn of the event loop is
 * one commit, so that hundreds of calls cost few. A store that fails costs no call: they go on, and the newest row of
 * each is written when the store works again.
 */
export class Journal implements CallJournal {
  private readonly store: Store
  private readonly log: Log
  private readonly now: () => number
  private waiting: (Owed & { go: () => void })[] = []
  /** The newest entry of each call that could not be kept, by the call's id; the one that has ended first, first. */
  private readonly owed = new Map<string, Owed>()
  private endedOwed = 0
  private forsaken = false
  private flushing: NodeJS.Immediate | undefined
  private retry: NodeJS.Timeout | undefined
  private readonly counts: Omit<JournalState, 'owed'> = { entries: 0, commits: 0, took: 0, slowest: 0, failing: undefined }

  constructor(store: Store, log: Log, now: () => number = Date.now) {
    this.store = store
    this.log = log
    this.now = now
  }

  get state(): JournalState {
    return { ...this.counts, owed: this.owed.size }
  }

  write(entry: () => Entry, then: () => void, may = always): void {
    this.waiting.push({ entry: entry(), go: then, may })
    this.flushing ??= setImmediate(() => this.flush())
  }

  /** Whether a call has ended, though the store does not know it yet. */
  owesEndOf(call: string): boolean {
    return this.owed.get(call)?.entry.call.endedAt !== undefined
  }

  flush(): void {
    clearImmediate(this.flushing)
    this.flushing = undefined
    const [batch, later]: [typeof this.waiting, typeof this.waiting] = [[], []]
    for (const one of this.waiting) (one.may() ? batch : later).push(one)
    this.waiting = later
    if (batch.length > 0 || this.owed.size > 0) this.keep(batch)
    for (const { go } of batch) go()
  }

  /** Another process has the calls, and writes what becomes of them: from here on nothing is written. */
  forsake(): void {
    this.forsaken = true
    this.waiting = []
    this.owed.clear()
  }

  close(): void {
    clearTimeout(this.retry)
    this.retry = undefined
    this.flush()
    clearTimeout(this.retry)
  }

  private keep(batch: readonly Owed[]): void {
    if (this.forsaken) return
    // A store that fails may take its time to say so, and all callers wait meanwhile.
    if (this.retry) return this.owe(batch)
    const late = [...this.owed.values()].filter(({ may }) => may())
    const entries = [...late, ...batch].map(({ entry }) => entry)
    if (entries.length === 0) return
    const began = performance.now()
    try {
      this.store.write(entries)
      this.counts.commits++
      this.counts.entries += entries.length
      for (const { entry } of late) this.settle(entry)
      if (this.counts.failing !== undefined) this.log.info({}, 'the journal works again; nothing that matters is missing from it')
      this.counts.failing = undefined
    } catch (error) {
      this.owe(batch)
      if (this.counts.failing === undefined)
        this.log.error({ err: error }, 'the journal cannot be written: calls go on, but would not survive a restart; see to the disk of the data folder')
      this.counts.failing ??= this.now()
      this.retry = setTimeout(() => {
        this.retry = undefined
        this.flush()
      }, retryAfter).unref()
    }
    const took = performance.now() - began
    this.counts.took += took
    this.counts.slowest = Math.max(this.counts.slowest, took)
  }

  private owe(batch: readonly Owed[]): void {
    for (const { entry, may } of batch) {
      const { id } = entry.call.facts
      const before = this.owed.get(id)?.entry
      const earlier = entry.earlier ?? before?.earlier
      const heard = [...(before?.heard ?? []), ...(entry.heard ?? [])]
      const newest = { ...entry, ...(earlier ? { earlier } : {}), ...(heard.length > 0 ? { heard } : {}) }
      if (before) this.settle(before)
      this.owed.set(id, { entry: entry.call.endedAt === undefined ? newest : endOf(newest), may })
      if (entry.call.endedAt !== undefined && ++this.endedOwed > mostEndedOwed) this.forgetOne()
    }
  }

  private settle({ call: { facts, endedAt } }: Entry): void {
    this.owed.delete(facts.id)
    if (endedAt !== undefined) this.endedOwed--
  }

  private forgetOne(): void {
    for (const { entry } of this.owed.values()) if (entry.call.endedAt !== undefined) return this.settle(entry)
  }
}

/** Of a call that is over nobody goes on. */
const endOf = ({ earlier: _earlier, ...entry }: Entry): Entry => ({
  ...entry,
  call: { ...entry.call, state: { value: '', context: {}, lost: [] }, pending: { deadlines: {} } },
})
