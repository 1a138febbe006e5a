type Origin = { taken: number; waiting: Set<() => void> }

/** Places for requests, by origin: no more than `most` at once to one origin; who comes later waits in a row. */
export class Places {
  private readonly most: number
  private readonly origins = new Map<string, Origin>()

  constructor(most: number) {
    this.most = most
  }

  /** Runs `start` once there is a place. The function returned leaves the row, or gives the place back. */
  take(name: string, start: () => void): () => void {
    let origin = this.origins.get(name)
    if (!origin) this.origins.set(name, (origin = { taken: 0, waiting: new Set() }))
    const at = origin
    let state: 'waiting' | 'there' | 'gone' = 'waiting'
    const come = (): void => {
      state = 'there'
      at.taken++
      start()
    }
    at.waiting.add(come)
    this.admit(name, at)
    return () => {
      if (state === 'there') process.nextTick(() => this.free(name, at))
      else if (at.waiting.delete(come)) this.admit(name, at)
      state = 'gone'
    }
  }

  /** A tick after the request has closed: only then does its connection wait for the next. */
  private free(name: string, at: Origin): void {
    at.taken--
    this.admit(name, at)
  }

  private admit(name: string, at: Origin): void {
    for (const come of at.waiting) {
      if (at.taken >= this.most) break
      at.waiting.delete(come)
      come()
    }
    if (at.taken === 0 && at.waiting.size === 0 && this.origins.get(name) === at) this.origins.delete(name)
  }
}
