import type { Clock } from '../ports.ts'

/** After how long work is tried again, in milliseconds; doubles up to the second while nothing comes of it. */
const [first, longest] = [30_000, 600_000]

/** How long to wait after so many tries in vain. */
export const doubled = (inVain: number): number => Math.min(longest, first * 2 ** inVain)

/** What came of a try: all is done, some of it, or nothing. */
export type Outcome = 'all' | 'some' | 'nothing'

/** Work that is tried again until all of it is done; never twice at a time. */
export class Retries {
  private readonly clock: Clock
  private readonly work: () => Promise<Outcome>
  /** Undefined: no try is due. */
  private cancel: (() => void) | undefined
  private running: Promise<void> | undefined
  private stopped = false
  private inVain = 0

  /** `work` never rejects. */
  constructor(clock: Clock, work: () => Promise<Outcome>) {
    this.clock = clock
    this.work = work
  }

  /** There is work, or it may succeed now. */
  soon(): void {
    this.inVain = 0
    void this.now()
  }

  /** Works now, and is there when that is over. */
  now(): Promise<void> {
    return (this.running ??= this.run().finally(() => (this.running = undefined)))
  }

  /** There is work that has failed just now. */
  later(): void {
    if (!this.running && !this.cancel && !this.stopped) this.wait()
  }

  stop(): void {
    this.stopped = true
    this.cancel?.()
  }

  private async run(): Promise<void> {
    this.cancel?.()
    this.cancel = undefined
    const outcome = await this.work()
    if (outcome !== 'nothing') this.inVain = 0
    if (!this.stopped && outcome !== 'all') this.wait()
  }

  private wait(): void {
    this.cancel = this.clock.after(doubled(this.inVain++), () => void this.now())
  }
}
