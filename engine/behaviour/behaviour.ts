import { assign, enqueueActions } from 'xstate'
import type { CallContext } from '../call/context.ts'
import type { Flow } from '../language/flow.ts'
import { changes, nothingWrong } from './changes.ts'
import { guardsOf } from './guards.ts'
import { ordersOf, type Ordering } from './orders.ts'
import { perform, Say, type Enqueue } from './say.ts'
import type { Seen } from './seen.ts'

/** What the guards and actions of compiled flows do: everything that the data of the states only names. */
export function behaviour(flow: Flow): object {
  const orders = ordersOf(flow)
  const ordering = (name: Ordering) =>
    enqueueActions((({ context, event, enqueue }: Seen & { enqueue: Enqueue }, params: never) => {
      orders[name](new Say(flow, { context, event }, enqueue), { context, event }, params)
    }) as never)
  return {
    guards: guardsOf(flow),
    actions: {
      ...Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, assign(change as never)])),
      ...Object.fromEntries((Object.keys(orders) as Ordering[]).map((name) => [name, ordering(name)])),
      arrive: assign((({ event }: Seen) => arrived(flow, event)) as never),
      switched: assign((({ event }: Seen) => ({ switches: event.switches! })) as never),
      enter: enqueueActions((({ enqueue }: { enqueue: Enqueue }, { step, shown }: { step: string; shown: string }) => {
        enqueue.assign({ step: shown })
        perform(enqueue, { type: 'enter', step })
      }) as never),
      perform: () => {},
    },
  }
}

const arrived = (flow: Flow, event: Seen['event']): CallContext => ({
  facts: event.facts!,
  earlier: event.earlier!,
  startedAt: event.at,
  switches: event.switches!,
  language: flow.languages[0],
  step: '',
  lost: [],
  answers: {},
  notes: [],
  keys: [],
  digits: '',
  closed: false,
  lateEnd: undefined,
  wrong: nothingWrong,
  recording: undefined,
  request: 0,
  answer: undefined,
  effect: 0,
})
