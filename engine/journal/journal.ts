import type { Log } from '../ports.ts'
import type { Entry, Store } from './store.ts'

/** What a session asks of the journal. */
export interface CallJournal {
  /** Keeps an entry; `then` runs when it is kept, or cannot be. Orders of a call leave no earlier than that. */
  write(entry: () => Entry, then: () => void): void
}

/** For lines whose calls nobody takes up again. */
export const noJournal: CallJournal = { write: (_entry, then) => then() }

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
 * Writes what happens to calls before the orders that follow leave. All that happens in one turn of the event loop is
 * one commit, so that hundreds of calls cost few. A store that fails costs no call: they go on, and the newest row of
 * each is written when the store works again.
 */
export class Journal implements CallJournal {
  private readonly store: Store
  private readonly log: Log
  private readonly now: () => number
  private waiting: { entry: Entry; go: () => void }[] = []
  /** The newest entry of each call that could not be kept. */
  private readonly owed = new Map<string, Entry>()
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

  write(entry: () => Entry, then: () => void): void {
    this.waiting.push({ entry: entry(), go: then })
    this.flushing ??= setImmediate(() => this.flush())
  }

  /** Writes what waits, now. */
  flush(): void {
    clearImmediate(this.flushing)
    this.flushing = undefined
    const batch = this.waiting.splice(0)
    if (batch.length > 0 || this.owed.size > 0) this.keep(batch.map(({ entry }) => entry))
    for (const { go } of batch) go()
  }

  close(): void {
    clearTimeout(this.retry)
    this.retry = undefined
    this.flush()
    clearTimeout(this.retry)
  }

  private keep(entries: Entry[]): void {
    // A store that fails may take its time to say so, and all callers wait meanwhile.
    if (this.retry) return this.owe(entries)
    const began = performance.now()
    try {
      this.store.write([...this.owed.values(), ...entries])
      this.counts.commits++
      this.counts.entries += entries.length + this.owed.size
      this.owed.clear()
      if (this.counts.failing !== undefined) this.log.info({}, 'the journal works again; nothing that matters is missing from it')
      this.counts.failing = undefined
    } catch (error) {
      this.owe(entries)
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

  private owe(entries: Entry[]): void {
    for (const entry of entries) {
      const { id } = entry.call.facts
      const before = this.owed.get(id)
      const earlier = entry.earlier ?? before?.earlier
      const heard = [...(before?.heard ?? []), ...(entry.heard ?? [])]
      this.owed.set(id, { ...entry, ...(earlier ? { earlier } : {}), ...(heard.length > 0 ? { heard } : {}) })
    }
  }
}
