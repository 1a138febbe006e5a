/**
 * The longest time in which a caller heard nothing, neither prompt nor music nor agent, and no key was awaited.
 * Times in milliseconds.
 */
export class DeadAir {
  longest: number
  private since: number | undefined

  constructor(longest = 0) {
    this.longest = longest
  }

  /** From now on nothing is to be heard. */
  quiet(now: number): void {
    this.since ??= now
  }

  /** Something is to be heard, or it is the caller's turn. */
  over(now: number): void {
    if (this.since !== undefined) this.longest = Math.max(this.longest, now - this.since)
    this.since = undefined
  }
}
