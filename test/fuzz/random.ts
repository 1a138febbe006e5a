/** Numbers that look drawn by lot and are the same in every run: mulberry32, T. Ettinger 2017. */
export class Random {
  private state: number

  constructor(seed: number) {
    // Seeds that stand beside each other must not begin alike.
    this.state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  }

  /** A whole number from 0 to n - 1. */
  upTo(n: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n)
  }

  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)]!
  }
}
