import type { Timer } from './deeds.ts'
import type { CallEvent } from './events.ts'

/** Something that has happened. `timer`: the one that has run out. */
export type Happened = { event: CallEvent; timer?: Timer | undefined }

/** Who takes the events of a call. */
export type Taking = {
  /** Not while another engine may have the call, nor when it is over. */
  mayTake(): boolean
  /** Takes one; `done` is to be called when all that follows from it has been done, at once or later. */
  take(happened: Happened, done: () => void): void
}

/** The events of one call, taken one at a time, in their order. */
export class EventQueue {
  private readonly taking: Taking
  private waiting: Happened[] = []
  private busy = false

  constructor(taking: Taking) {
    this.taking = taking
  }

  add(happened: Happened): void {
    // Nobody is left for whom a timer, run out while this waited, could be taken.
    if (happened.event.type === 'caller-hung-up') this.waiting = this.waiting.filter(({ timer }) => timer === undefined)
    this.waiting.push(happened)
    this.goOn()
  }

  /** Does something that is no event. What comes back from within it waits until `done` is called. */
  first(run: (done: () => void) => void): void {
    this.busy = true
    run(() => {
      this.busy = false
      this.goOn()
    })
  }

  /** Takes what waits and may be taken. */
  goOn(): void {
    // A line may answer an order at once, from within the order: such an event waits for its turn.
    if (this.busy) return
    this.busy = true
    while (this.taking.mayTake()) {
      const next = this.waiting.shift()
      if (!next) break
      let [done, gone] = [false, false]
      this.taking.take(next, () => {
        done = true
        if (!gone) return
        this.busy = false
        this.goOn()
      })
      // The journal has it in a moment, and then it goes on.
      if (!done) {
        gone = true
        return
      }
    }
    this.busy = false
  }
}
