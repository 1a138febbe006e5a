import type { Clock } from './ports.ts'

/** The machine's. */
export const realClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Time that passes when it is told to: for tests, and for a call at the terminal where nobody wants to wait. */
export class VirtualClock implements Clock {
  private time: number
  /** By how much the clock on the wall has been set. */
  private ahead = 0
  private readonly due: { at: number; order: number; run: () => void }[] = []
  private timers = 0

  constructor(start = Date.now()) {
    this.time = start
  }

  now(): number {
    return this.time + this.ahead
  }

  steady(): number {
    return this.time
  }

  /** Somebody sets the clock on the wall, by so many milliseconds, forwards or back. No time passes. */
  set(ms: number): void {
    this.ahead += ms
  }

  after(ms: number, run: () => void): () => void {
    const one = { at: this.time + Math.max(0, ms), order: this.timers++, run }
    this.due.push(one)
    return () => {
      const at = this.due.indexOf(one)
      if (at >= 0) this.due.splice(at, 1)
    }
  }

  /** Timers not yet run. */
  get pending(): number {
    return this.due.length
  }

  /** Milliseconds to the next timer; undefined when there is none. */
  get untilNext(): number | undefined {
    const next = this.next()
    return next && next.at - this.time
  }

  /** Lets time pass; what falls due runs in its order, at its time. */
  pass(ms: number): void {
    const end = this.time + ms
    for (let next = this.next(); next && next.at <= end; next = this.next()) {
      this.due.splice(this.due.indexOf(next), 1)
      this.time = next.at
      next.run()
    }
    this.time = end
  }

  private next() {
    return this.due.reduce<(typeof this.due)[number] | undefined>(
      (first, one) => (!first || one.at < first.at || (one.at === first.at && one.order < first.order) ? one : first), undefined)
  }
}
