/** How often a caller waited for a prompt to be spoken, and how long at most, in milliseconds. */
export type Waits = { count: number; longest: number }

/** What is shorter than a packet of sound nobody notices. Milliseconds. */
const unnoticed = 20

/** The waits of one call for prompts that were not there yet. */
export class VoiceWaits {
  private waits: Waits
  private since: number | undefined

  constructor(before: Waits = { count: 0, longest: 0 }) {
    this.waits = before
  }

  /** From now on the caller waits, or does not. `at`: by the steady clock. */
  now(waits: boolean, at: number): void {
    const ms = this.since === undefined ? 0 : at - this.since
    if (ms >= unnoticed) this.waits = { count: this.waits.count + 1, longest: Math.max(this.waits.longest, ms) }
    this.since = waits ? at : undefined
  }

  /** Empty when there was none. */
  get all(): { waits?: Waits } {
    return this.waits.count > 0 ? { waits: this.waits } : {}
  }
}
