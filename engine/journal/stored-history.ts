import type { CallRecord, History, Log } from '../ports.ts'
import type { Store } from './store.ts'

/** Earlier calls as the journal has them: the same after a restart. */
export class StoredHistory implements History {
  private readonly store: Store
  private readonly log: Log
  private readonly keepMs: number

  /** `keepMs`: how long a call is remembered, in milliseconds. */
  constructor(store: Store, keepMs: number, log: Log) {
    this.store = store
    this.log = log
    this.keepMs = keepMs
  }

  of(caller: string, now: number): CallRecord[] {
    try {
      return this.store.callsOf(caller, now - this.keepMs)
    } catch (error) {
      // Who is not recognised is served all the same.
      this.log.error({ err: error }, 'earlier calls cannot be read from the journal')
      return []
    }
  }

  /** The journal has it already. */
  keep(): void {}
}
