import type { CallEvent, QueueEnd, TransferEnd } from '../../engine/call/events.ts'
import type { Order } from '../../engine/ports.ts'
import type { Arrival } from './translate.ts'

/** An order that sends the caller away, to come back later. */
export type HandOff = Extract<Order, { type: 'queue' | 'transfer' }>

/** The event that a caller's return means. */
export function endOf(order: HandOff, back: Arrival): CallEvent {
  // An agent sent the caller to the hotline again.
  if (back.why === 'entry') return ended(order, 'answered')
  if (order.type === 'queue' && back.why === 'queue-left') return ended(order, queueEnd(back.status))
  if (order.type === 'transfer' && back.why === 'transfer-ended') return ended(order, transferEnd(back.status))
  return ended(order, 'failed')
}

export function ended(order: HandOff, how: QueueEnd | TransferEnd): CallEvent {
  return order.type === 'queue'
    ? { type: 'queue-left', id: order.id, how: how as QueueEnd }
    : { type: 'transfer-ended', id: order.id, how: how as TransferEnd }
}

/** Asterisk's QUEUESTATUS. `CONTINUE`: the agent hung up and the caller did not. */
export function queueEnd(status: string): QueueEnd {
  switch (status) {
    case 'CONTINUE':
      return 'answered'
    case 'TIMEOUT':
      return 'timed-out'
    case 'JOINEMPTY':
    case 'LEAVEEMPTY':
    case 'JOINUNAVAIL':
    case 'LEAVEUNAVAIL':
      return 'nobody-there'
    default:
      return 'failed'
  }
}

/** Asterisk's DIALSTATUS. */
export function transferEnd(status: string): TransferEnd {
  switch (status) {
    case 'ANSWER':
      return 'answered'
    case 'BUSY':
      return 'busy'
    case 'NOANSWER':
      return 'no-answer'
    default:
      return 'failed'
  }
}
