/**
 * The longest time in which a caller heard nothing, neither prompt nor music nor agent, and no key was awaited.
 * Times in milliseconds, by the clock that goes forward alone.
 */
export class DeadAir {
  longest: number
  /** When the longest began; undefined when there was none. */
  from: number | undefined
  private since: number | undefined

  constructor(longest = 0, from?: number) {
    this.longest = longest
    this.from = from
  }

  /** From then on nothing is to be heard; that may be to come. */
  quiet(from: number): void {
    this.since = Math.min(this.since ?? from, from)
  }

  /** For how long the caller has heard nothing at this time. */
  lasts(at: number): number {
    return this.since === undefined ? 0 : Math.max(0, at - this.since)
  }

  /** From then on something is to be heard, or it is the caller's turn. */
  over(until: number): void {
    if (this.since !== undefined && until - this.since > this.longest) {
      this.longest = until - this.since
      this.from = this.since
    }
    this.since = undefined
  }
}
