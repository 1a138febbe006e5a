import type { CallEvent, QueueEnd, RecordEnd, TransferEnd } from '../../engine/call/events.ts'
import type { Order } from '../../engine/ports.ts'
import type { Found, RecordingFile } from '../recordings.ts'
import type { Arrival } from './translate.ts'

/** An order to record, with the file to record to. */
export type RecordOrder = Extract<Order, { type: 'record' }> & { file: RecordingFile }

/** An order that sends the caller away, to come back later. */
export type HandOff = Extract<Order, { type: 'queue' | 'transfer' }> | RecordOrder

/** The event that a caller's return after `ms` milliseconds means. */
export function endOf(order: HandOff, back: Arrival, ms: number): CallEvent {
  // An agent sent the caller to the hotline again.
  if (back.why === 'entry') return ended(order, order.type === 'record' ? 'failed' : 'answered')
  if (order.type === 'queue' && back.why === 'queue-left') return ended(order, queueEnd(back.status))
  if (order.type === 'transfer' && back.why === 'transfer-ended') return ended(order, transferEnd(back.status))
  if (order.type === 'record' && back.why === 'recorded')
    return { type: 'recorded', id: order.id, ...recorded(order, back.status, ms) }
  return ended(order, 'failed')
}

export function ended(order: HandOff, how: QueueEnd | TransferEnd | RecordEnd): CallEvent {
  switch (order.type) {
    case 'queue':
      return { type: 'queue-left', id: order.id, how: how as QueueEnd }
    case 'transfer':
      return { type: 'transfer-ended', id: order.id, how: how as TransferEnd }
    case 'record':
      return { type: 'recorded', id: order.id, how: how as RecordEnd, ms: 0 }
  }
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

/** Milliseconds that a caller who hangs up `ms` milliseconds after an order has spoken into a recording. */
export const spokenAtHangUp = (order: HandOff | undefined, ms: number): number =>
  order?.type === 'record' ? recorded(order, 'HANGUP', ms).ms : 0

/** What became of a recording; of one in which nothing is said the file is removed. */
function recorded({ file, silence }: RecordOrder, status: string, ms: number): { how: RecordEnd; ms: number } {
  const end = recordEnd(status, file.look(), ms, silence)
  if (end.how === 'nothing-said') file.remove()
  return end
}

/** The tone before, and what a message and a turn of the dialplan take. Milliseconds. */
const aroundIt = 700

/**
 * From Asterisk's RECORD_STATUS (apps/app_record.c), what is found of the file, and the milliseconds since the order.
 * Where the file cannot be read the time must do: when it ended by a silence and took hardly longer than that,
 * nothing was said.
 */
export function recordEnd(
  status: string,
  found: Found,
  passed: number,
  silence: number,
): { how: RecordEnd; ms: number } {
  const ended = ['DTMF', 'SILENCE', 'TIMEOUT', 'HANGUP'].includes(status)
  if (!ended || found.state === 'missing') return { how: 'failed', ms: 0 }
  const onlySilence = status === 'SILENCE' && passed < seconds(silence) * 1000 + 2 * aroundIt
  const said = (found.state === 'there' ? found.said : undefined) ?? !onlySilence
  if (!said) return { how: 'nothing-said', ms: 0 }
  return { how: 'recorded', ms: found.state === 'there' ? found.ms : Math.max(0, passed - aroundIt) }
}

/** Asterisk counts silence and the longest time in whole seconds, and takes 0 for no limit. */
export const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000))
