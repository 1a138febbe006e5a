/** How often each member is called, in ms. */
export const TICK_MS = 20
/** Members are spread over this many moments of a tick, so that 200 calls do not all send at once. */
const PHASES = 5
const STEP_MS = TICK_MS / PHASES
/** After a longer pause of the process, the ticks missed are left out instead of made up for. */
const MAKE_UP_STEPS = 10 * PHASES

/** One clock for all calls of the process. It runs while it has members and keeps step with real time. */
class Ticker {
  readonly #phases: Set<() => void>[] = Array.from({ length: PHASES }, () => new Set())
  #timer: NodeJS.Timeout | undefined
  #next = 0
  #step = 0

  /** Calls `tick` every 20 ms until the function returned is called. */
  every20ms(tick: () => void): () => void {
    const phase = this.#phases.reduce((least, other) => other.size < least.size ? other : least)
    phase.add(tick)
    if (this.#timer === undefined) {
      this.#next = performance.now() + STEP_MS
      this.#timer = setTimeout(this.#run, STEP_MS)
    }
    return () => {
      phase.delete(tick)
      if (this.#phases.some((members) => members.size > 0)) return
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  readonly #run = (): void => {
    const now = performance.now()
    if (now - this.#next > MAKE_UP_STEPS * STEP_MS) this.#next = now
    for (; this.#next <= now; this.#next += STEP_MS) {
      for (const tick of this.#phases[this.#step++ % PHASES]!) tick()
    }
    // A member may have been the last one and stopped the clock.
    if (this.#timer !== undefined) this.#timer = setTimeout(this.#run, Math.max(1, this.#next - performance.now()))
  }
}

/** The clock that all calls share. */
export const ticker = new Ticker()
