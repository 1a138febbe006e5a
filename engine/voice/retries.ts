import type { Clock } from '../ports.ts'

/** After how long work is tried again, in milliseconds; doubles up to the second while nothing comes of it. */
const [first, longest] = [30_000, 600_000]

/** What came of a try: all is done, some of it, or nothing. */
export type Outcome = 'all' | 'some' | 'nothing'

/** Work that is tried again until all of it is done; never twice at a time. */
export class Retries {
  private readonly clock: Clock
  private readonly work: () => Promise<Outcome>
  private cancel = (): void => {}
  private running = false
  private stopped = false
  private pause = first

  /** `work` never rejects. */
  constructor(clock: Clock, work: () => Promise<Outcome>) {
    this.clock = clock
    this.work = work
  }

  /** There is work, or it may succeed now. */
  soon(): void {
    this.pause = first
    if (!this.running) void this.run()
  }

  stop(): void {
    this.stopped = true
    this.cancel()
  }

  private async run(): Promise<void> {
    this.cancel()
    this.running = true
    const outcome = await this.work()
    this.running = false
    if (this.stopped || outcome === 'all') return
    if (outcome === 'some') this.pause = first
    this.cancel = this.clock.after(this.pause, () => void this.run())
    this.pause = Math.min(longest, this.pause * 2)
  }
}
