import type { Effect, LineEffect } from './effects.ts'
import type { CallEvent } from './events.ts'

/** What was ordered and has not come back: what a call needs, beside its snapshot, to go on after a restart. */
export type Pending = {
  /** The prompt that is being said, or the recording that is being played. */
  playing?: Extract<LineEffect, { type: 'play' | 'replay' }>
  /** The caller is with agents, on a transfer, or speaks into a recording. */
  away?: Extract<LineEffect, { type: 'queue' | 'transfer' | 'record' }>
  request?: Extract<Effect, { type: 'request' }>
  deliver?: Extract<Effect, { type: 'deliver' }>
  /** When each running timer fires: by the steady clock in a call that runs, in milliseconds since 1970 where it is kept. */
  deadlines: Record<string, number>
}

export const nothingPending: Pending = { deadlines: {} }

/** What is pending after an event and the orders that it led to, at the time `now`. */
export function pendingAfter(before: Pending, event: CallEvent | undefined, effects: readonly Effect[], now: number): Pending {
  const pending: Pending = { ...before, deadlines: { ...before.deadlines } }
  if (event) settle(pending, event)
  for (const effect of effects) order(pending, effect, now)
  return pending
}

/** The same, told by another clock: one that shows so many milliseconds more. */
export function pendingBy(pending: Pending, more: number): Pending {
  return { ...pending, deadlines: Object.fromEntries(Object.entries(pending.deadlines).map(([timer, due]) => [timer, due + more])) }
}

function settle(pending: Pending, event: CallEvent): void {
  switch (event.type) {
    case 'prompt-finished':
      if (pending.playing?.id === event.id) delete pending.playing
      return
    case 'queue-left':
    case 'transfer-ended':
    case 'recorded':
      if (pending.away?.id === event.id) delete pending.away
      return
    case 'request-answered':
      if (pending.request?.id === event.id) delete pending.request
      return
    case 'delivered':
      if (pending.deliver?.id === event.id) delete pending.deliver
      return
    case 'timer-fired':
      delete pending.deadlines[event.timer]
  }
}

function order(pending: Pending, effect: Effect, now: number): void {
  switch (effect.type) {
    case 'play':
    case 'replay':
      delete pending.away
      pending.playing = effect
      return
    case 'stop-playback':
      delete pending.playing
      return
    case 'queue':
    case 'transfer':
    case 'record':
      delete pending.playing
      pending.away = effect
      return
    case 'request':
      pending.request = effect
      return
    case 'deliver':
      pending.deliver = effect
      return
    case 'start-timer':
      pending.deadlines[effect.timer] = now + effect.ms
      return
    case 'cancel-timer':
      delete pending.deadlines[effect.timer]
  }
}
