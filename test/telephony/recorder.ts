import type { CallEvent, CallFacts } from '../../engine/call/events.ts'
import type { LineListener, Log } from '../../engine/ports.ts'

/** A listener that notes what a line tells, and lets a test wait for it. `onEvent` answers at once, as the engine does. */
export class Recorder implements LineListener {
  readonly arrivals: CallFacts[] = []
  readonly events: { call: string; at: number; event: CallEvent }[] = []
  onCall: (facts: CallFacts) => void = () => {}
  onEvent: (call: string, event: CallEvent) => void = () => {}
  private waiting = new Set<() => void>()
  private read = new Map<string, number>()

  callArrived(facts: CallFacts): void {
    this.arrivals.push(facts)
    this.onCall(facts)
    this.wake()
  }

  happened(call: string, event: CallEvent): void {
    this.events.push({ call, at: performance.now(), event })
    this.onEvent(call, event)
    this.wake()
  }

  /** The call that came as number `index`, from 0. */
  async arrives(index = 0, within = 5000): Promise<CallFacts> {
    await this.until(() => this.arrivals.length > index, within, () => `call ${index} did not arrive`)
    return this.arrivals[index]!
  }

  /** The next event of a call not read before. */
  async next(call: string, within = 5000): Promise<CallEvent> {
    const index = this.read.get(call) ?? 0
    const own = (): CallEvent[] => this.events.filter((one) => one.call === call).map(({ event }) => event)
    await this.until(() => own().length > index, within, () => `nothing happened to ${call} after ${JSON.stringify(own())}`)
    this.read.set(call, index + 1)
    return own()[index]!
  }

  of(call: string): CallEvent[] {
    return this.events.filter((one) => one.call === call).map(({ event }) => event)
  }

  async until(holds: () => boolean, within: number, what: () => string): Promise<void> {
    const deadline = performance.now() + within
    while (!holds()) {
      const left = deadline - performance.now()
      if (left <= 0) throw new Error(`${what()} within ${within} ms`)
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          this.waiting.delete(done)
          resolve()
        }
        const timer = setTimeout(done, left)
        this.waiting.add(done)
      })
    }
  }

  private wake(): void {
    for (const done of this.waiting) done()
  }
}

/** Keeps what is logged; a test can wait for a line. */
export class LogBook implements Log {
  readonly lines: string[] = []
  readonly facts: object[] = []
  private waiting = new Set<() => void>()
  info = (facts: object, words: string): void => this.keep('info', facts, words)
  warn = (facts: object, words: string): void => this.keep('warn', facts, words)
  error = (facts: object, words: string): void => this.keep('error', facts, words)

  async says(what: RegExp, within = 5000): Promise<string> {
    const deadline = setTimeout(() => this.waiting.forEach((wake) => wake()), within)
    try {
      const end = performance.now() + within
      for (;;) {
        const line = this.lines.find((one) => what.test(one))
        if (line !== undefined) return line
        if (performance.now() >= end) throw new Error(`not logged within ${within} ms: ${what}; but:\n${this.lines.join('\n')}`)
        await new Promise<void>((resolve) => this.waiting.add(resolve))
        this.waiting.clear()
      }
    } finally {
      clearTimeout(deadline)
    }
  }

  private keep(level: string, facts: object, words: string): void {
    this.facts.push(facts)
    this.lines.push(`${level}: ${words}`)
    for (const wake of this.waiting) wake()
  }
}
