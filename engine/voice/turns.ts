type Turn<T> = {
  urgent: boolean
  run: () => Promise<T>
  resolve: (value: T) => void
  reject: (why: unknown) => void
  /** How many still want it. */
  wanted: number
}

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

  /** `gone`: whoever asks does not want it any more. What nobody wants and has not begun is not done at all. */
  take(key: string, urgent: boolean, run: () => Promise<T>, gone?: AbortSignal): Promise<T> {
    const shared = this.promises.get(key)
    if (shared) {
      const turn = this.waiting.get(key)
      if (turn) this.want(key, turn, urgent, gone)
      return shared
    }
    const promise = new Promise<T>((resolve, reject) => {
      const turn = { urgent, run, resolve, reject, wanted: 0 }
      this.waiting.set(key, turn)
      this.want(key, turn, urgent, gone)
    })
    this.promises.set(key, promise)
    this.next()
    return promise
  }

  /** Lets nothing begin any more; what waits is rejected with `why`. */
  end(why: Error): void {
    for (const key of this.waiting.keys()) this.refuse(key, why)
  }

  private want(key: string, turn: Turn<T>, urgent: boolean, gone: AbortSignal | undefined): void {
    turn.urgent ||= urgent
    turn.wanted++
    const leave = (): void => {
      turn.wanted--
      if (turn.wanted > 0 || this.waiting.get(key) !== turn) return
      this.refuse(key, new Error('nobody waits for it any more'))
    }
    gone?.addEventListener('abort', leave, { once: true })
  }

  private refuse(key: string, why: Error): void {
    const turn = this.waiting.get(key)
    this.waiting.delete(key)
    this.promises.delete(key)
    turn?.reject(why)
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
