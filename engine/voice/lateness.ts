import type { Clock } from '../ports.ts'

/** For how long nobody waits for a voice that kept a caller waiting, in milliseconds; doubles up to the second. */
const [first, longest] = [1000, 60_000]

/** Whether a voice keeps callers waiting. It may still be asked: what it makes in the background is there later. */
export class Lateness {
  private readonly clock: Clock
  private rest: { until: number; pause: number } | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** No caller is to wait for it now. */
  get now(): boolean {
    return this.rest !== undefined && this.clock.steady() < this.rest.until
  }

  /** A caller has waited for it in vain. Whether that is news. */
  late(): boolean {
    const { rest, now } = this
    // Several callers who waited together: that is one time.
    if (now) return false
    const pause = Math.min(longest, rest ? rest.pause * 2 : first)
    this.rest = { until: this.clock.steady() + pause, pause }
    return !rest
  }

  /** It has spoken as quickly as it should. */
  inTime(): void {
    this.rest = undefined
  }
}
