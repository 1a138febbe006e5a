type Turn<T> = { urgent: boolean; run: () => Promise<T>; resolve: (value: T) => void; reject: (why: unknown) => void }

/**
 * A queue for work of which only some may run at once. What is urgent goes first; what is asked for twice is done
 * once, and is urgent as soon as one of those who asked is in a hurry.
 */
export class Turns<T> {
  private readonly atOnce: number
  private readonly waiting = new Map<string, Turn<T>>()
  private readonly promises = new Map<string, Promise<T>>()
  private running = 0

  constructor(atOnce: number) {
    this.atOnce = atOnce
  }

  take(key: string, urgent: boolean, run: () => Promise<T>): Promise<T> {
    const shared = this.promises.get(key)
    if (shared) {
      const turn = this.waiting.get(key)
      if (turn && urgent) turn.urgent = true
      return shared
    }
    const promise = new Promise<T>((resolve, reject) => {
      this.waiting.set(key, { urgent, run, resolve, reject })
    })
    this.promises.set(key, promise)
    this.next()
    return promise
  }

  /** Lets nothing begin any more; what waits is rejected with `why`. */
  end(why: Error): void {
    for (const [key, { reject }] of this.waiting) {
      this.promises.delete(key)
      reject(why)
    }
    this.waiting.clear()
  }

  private next(): void {
    if (this.running >= this.atOnce) return
    const entries = [...this.waiting]
    const [key, turn] = entries.find(([, { urgent }]) => urgent) ?? entries[0] ?? []
    if (key === undefined || !turn) return
    this.waiting.delete(key)
    this.running++
    turn
      .run()
      .then(turn.resolve, turn.reject)
      .finally(() => {
        this.running--
        this.promises.delete(key)
        this.next()
      })
  }
}
