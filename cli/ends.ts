/** What ends an engine. `replaced`: another engine has taken over while this one was frozen. */
export type End = 'SIGINT' | 'SIGTERM' | 'replaced'

/** What has come to end this process; the first counts, a second hurries. */
export class Ends {
  readonly first: Promise<End>
  /** Whether somebody wants it to end at once. */
  hurried = false
  private readonly aborting = new AbortController()
  private told: (end: End) => void = () => {}

  constructor() {
    this.first = new Promise((resolve) => (this.told = resolve))
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.end(signal))
  }

  get signal(): AbortSignal {
    return this.aborting.signal
  }

  end(end: End): void {
    if (this.aborting.signal.aborted) this.hurried = true
    this.aborting.abort()
    this.told(end)
  }
}
