import type { CallContext } from '../call/context.ts'
import type { CallFacts } from '../call/events.ts'
import { Call, Caller, type Scope } from '../expressions/scope.ts'
import { isOpen } from '../hours.ts'
import type { Flow } from '../language/flow.ts'
import type { CallRecord } from '../ports.ts'

/** What every guard and action sees. `at` is when the event happened. */
export type Seen = {
  context: CallContext
  event: {
    type: string
    at: number
    key?: string
    how?: string
    failed?: boolean
    ms?: number
    recorded?: number
    facts?: CallFacts
    data?: unknown
    earlier?: CallRecord[]
    switches?: readonly string[]
  }
}

/** The parameters of the action or guard with this name. */
export type ParamsOf<D extends { type: string }, T extends D['type']> =
  Extract<D, { type: T }> extends { params: infer P } ? P : undefined

/** What expressions can read at this moment. */
export function scopeOf(flow: Flow, { context, event }: Seen): Scope {
  const hours = Object.defineProperties(
    {},
    Object.fromEntries(
      Object.entries(flow.hours).map(([name, table]) => [
        name,
        { enumerable: true, get: () => isOpen(table, event.at, flow.timezone) },
      ]),
    ),
  ) as Record<string, boolean>
  return {
    answers: context.answers,
    known: {
      caller: new Caller(context.facts.caller, context.earlier, event.at),
      call: new Call(context.facts.called, context.language, context.step, (event.at - context.startedAt) / 1000),
      now: new Date(event.at),
      hours,
      switches: Object.fromEntries(Object.keys(flow.switches).map((name) => [name, context.switches.includes(name)])),
      env: flow.env,
    },
  }
}
