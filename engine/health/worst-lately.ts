import type { Clock } from '../ports.ts'

/** The greatest value of the last while; how long ago is right to a sixtieth of that while. */
export class WorstLately {
  private readonly clock: Pick<Clock, 'steady'>
  private readonly slotMs: number
  private slots: { number: number; worst: number }[] = []

  /** `whileMs`: how far back, in milliseconds. */
  constructor(clock: Pick<Clock, 'steady'>, whileMs: number) {
    this.clock = clock
    this.slotMs = whileMs / 60
  }

  add(value: number): void {
    const number = this.now()
    const last = this.slots.at(-1)
    if (last?.number === number) last.worst = Math.max(last.worst, value)
    else this.slots.push({ number, worst: value })
    this.forget()
  }

  /** 0 when there was none. */
  get value(): number {
    this.forget()
    return Math.max(0, ...this.slots.map(({ worst }) => worst))
  }

  private forget(): void {
    const oldest = this.now() - 60
    this.slots = this.slots.filter(({ number }) => number > oldest)
  }

  private now(): number {
    return Math.floor(this.clock.steady() / this.slotMs)
  }
}
