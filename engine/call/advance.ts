import { initialTransition, transition, type AnyMachineSnapshot, type AnyStateMachine } from 'xstate'
import type { CallRecord } from '../ports.ts'
import type { CallContext } from './context.ts'
import type { Effect } from './effects.ts'
import type { CallEvent, CallFacts } from './events.ts'

/** A call between two events: what XState needs to go on. */
export type Snapshot = AnyMachineSnapshot
/** What came of an event: the next snapshot, and what the world is asked to do, in order. */
export type Advanced = { snapshot: Snapshot; effects: Effect[] }

/** Begins a call. `at`: when it came in, in milliseconds since 1970; `switches`: those of the hotline that are on. */
export function begin(
  machine: AnyStateMachine,
  facts: CallFacts,
  earlier: CallRecord[],
  at: number,
  switches: readonly string[] = [],
): Advanced {
  const [arriving] = initialTransition(machine, undefined as never)
  return advanced(transition(machine, arriving, { type: 'call-started', facts, earlier, switches, at }) as unknown as Transition)
}

/** One event in, the next snapshot and the effects out. Touches nothing and knows no clock: `at` is when it happened. */
export function advance(machine: AnyStateMachine, snapshot: Snapshot, event: CallEvent, at: number): Advanced {
  // An answer to something that is no longer wanted: the end of a prompt that has been replaced by another.
  const wanted = event.type === 'request-answered' ? snapshot.context.request : snapshot.context.effect
  if ('id' in event && event.id !== wanted) return { snapshot, effects: [] }
  const named = event.type === 'timer-fired' ? { type: event.timer } : event
  return advanced(transition(machine, snapshot, { ...named, at }) as unknown as Transition)
}

/** A call as it was when it was written down. */
export function restored(machine: AnyStateMachine, context: object, value: unknown): Snapshot {
  return machine.resolveState({ value: value as never, context })
}

/** The step, as it runs, in which a call that was written down is. */
export const placeOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? (Object.keys(value)[0] ?? '') : String(value)

/** The call is over because the caller has hung up, and for nothing else. */
export const callerHasGone = ({ value }: Snapshot): boolean => value === '$ended'

/** It answers something that is no longer under way, as an agent who takes a call that has left the queue. */
export const isLate = (snapshot: Snapshot, event: CallEvent): boolean =>
  'id' in event && event.type !== 'request-answered' && event.id !== (snapshot.context as CallContext).effect

/** What is keyed now is not to be seen. */
export const isSecret = (snapshot: Snapshot): boolean => snapshot.hasTag('secret')

/** Goes to the question of a step whose secret answer is not known any more. */
export function askAgain(machine: AnyStateMachine, snapshot: Snapshot, step: string, at: number): Advanced {
  return advanced(transition(machine, snapshot, { type: askAgainAt(step), at }) as unknown as Transition)
}

/** The event that asks for a secret again. */
export const askAgainAt = (step: string): string => `ask-again ${step}`

type Transition = [Snapshot, { type: string; params?: { id?: string; delay?: number; sendId?: string; effect?: Effect } }[]]

function advanced([snapshot, actions]: Transition): Advanced {
  return { snapshot, effects: actions.flatMap(({ type, params }) => toEffect(type, params ?? {})) }
}

function toEffect(type: string, params: NonNullable<Transition[1][number]['params']>): Effect[] {
  // A delay of a state comes as an event to be raised later, and its end as the cancelling of that.
  if (type === 'xstate.raise') return [{ type: 'start-timer', timer: params.id!, ms: params.delay! }]
  if (type === 'xstate.cancel') return [{ type: 'cancel-timer', timer: params.sendId! }]
  return params.effect ? [params.effect] : []
}
