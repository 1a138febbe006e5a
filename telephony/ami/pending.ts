import { TelephonyError } from '../../engine/errors.ts'
import type { AmiMessage } from './message.ts'

type Waiting = {
  /** For an action whose answer is a list: the rows so far. */
  rows?: AmiMessage[]
  /** By the clock that goes forward alone. */
  due: number
  answered(messages: AmiMessage[]): void
  failed(error: TelephonyError): void
}

/** The actions sent on one connection whose answers are still out. Each ends once: answered, refused, overdue or lost. */
export class PendingActions {
  private readonly waiting = new Map<string, Waiting>()

  add(id: string, waiting: Waiting): void {
    this.waiting.set(id, waiting)
  }

  /** Takes what belongs to an action; false if the message is none's. */
  take(message: AmiMessage): boolean {
    const id = message.actionid
    const one = id === undefined ? undefined : this.waiting.get(id)
    if (id === undefined || !one) return false
    if (message.event !== undefined) {
      if (!/^complete$/i.test(message.eventlist ?? '')) one.rows?.push(message)
      else this.end(id)?.answered(one.rows ?? [])
    } else if (/^error$/i.test(message.response ?? '')) {
      this.end(id)?.failed(new TelephonyError('action-refused', message.message ?? 'Asterisk refused the action'))
    } else if (!one.rows) this.end(id)?.answered([message])
    return true
  }

  /** Ends what was due before `now`. */
  giveUp(now: number): void {
    for (const [id, { due }] of this.waiting) {
      if (due <= now) this.end(id)?.failed(new TelephonyError('no-answer', 'Asterisk did not answer in time'))
    }
  }

  lose(reason: string): void {
    const lost = new TelephonyError('link-lost', `the connection to Asterisk ended: ${reason}`)
    for (const id of this.waiting.keys()) this.end(id)?.failed(lost)
  }

  private end(id: string): Waiting | undefined {
    const one = this.waiting.get(id)
    this.waiting.delete(id)
    return one
  }
}
