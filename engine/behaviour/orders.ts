import { callKey, type CallContext } from '../call/context.ts'
import type { Flow } from '../language/flow.ts'
import type { ActionData, SetValue } from '../steps/step.ts'
import { ask } from './asked.ts'
import { leave, told } from './left.ts'
import { perform, Say } from './say.ts'
import type { ParamsOf, Seen } from './seen.ts'

/** Actions that ask something of the world. */
export type Ordering =
  | 'play' | 'ask' | 'stop-playback' | 'outcome' | 'queue' | 'transfer' | 'hang-up' | 'set' | 'leave' | 'note' | 'request'
  | 'record' | 'replay' | 'deliver'
export type Orders = { [T in Ordering]: (say: Say, seen: Seen, params: ParamsOf<ActionData, T>) => void }

/** What each of them does in this flow. */
export function ordersOf(flow: Flow): Orders {
  return {
    play: (say, _, { say: what, bargeIn }) => say.play(what, bargeIn),
    ask(say, { context: { wrong } }, ask) {
      const ladder = wrong.last === undefined ? [] : ask[wrong.last]
      const lead = wrong.last === undefined ? undefined : ladder[Math.min(wrong[wrong.last], ladder.length) - 1]
      say.play(lead === undefined ? ask.prompt : [lead, ...ask.prompt], ask.bargeIn)
    },
    'stop-playback': (say) => perform(say.enqueue, { type: 'stop-playback' }),
    outcome: (say, _, { name }) => perform(say.enqueue, { type: 'outcome', name }),
    queue(say, { context }, { queue, maxWait, tell }) {
      perform(say.enqueue, { type: 'queue', id: say.nextId(), queue, maxWait, tell: told(flow, context, tell) })
    },
    transfer: (say, _, { to, ring }) => perform(say.enqueue, { type: 'transfer', id: say.nextId(), to, ring }),
    request(say, { context }, { method, backend, rest, json, timeout }) {
      const id = say.nextId()
      say.enqueue.assign({ request: id, answer: undefined })
      const asked = ask(say, flow.backends[backend]!, rest, json)
      const idempotencyKey = `${callKey(context.facts, context.startedAt)}:${id}`
      const { timeout: usual } = flow.backends[backend]!
      perform(say.enqueue, {
        type: 'request', id, backend,
        asked: 'refused' in asked ? asked : { method, ...asked, timeout: timeout ?? usual, idempotencyKey },
      })
    },
    record(say, { context }, { longest, silence, end }) {
      const id = say.nextId()
      const name = recordingName(context, id)
      say.enqueue.assign({ recording: { name, ms: 0 } })
      perform(say.enqueue, { type: 'record', id, recording: name, longest, silence, end })
    },
    replay(say, { context }) {
      perform(say.enqueue, { type: 'replay', id: say.nextId(), recording: context.recording?.name ?? '', bargeIn: true })
    },
    deliver(say, { context }, what) {
      perform(say.enqueue, { type: 'deliver', id: say.nextId(), left: leave(say, context, what) })
    },
    note(say, { context }, { text }) {
      const noted = say.text(text).replaceAll(/\s+/g, ' ').trim()
      if (noted === '') return
      say.enqueue.assign({ notes: [...context.notes, noted] })
      perform(say.enqueue, { type: 'note', text: noted })
    },
    leave: (say, _, { step, way }) => perform(say.enqueue, { type: 'leave', step, way }),
    'hang-up': (say) => perform(say.enqueue, { type: 'hang-up' }),
    set(say, { context, event }, { values }) {
      const answers = { ...context.answers }
      let { language } = context
      for (const [name, given] of Object.entries(values)) {
        // One below the other, as they are written: what is set above can be read below.
        const value = set(new Say(flow, { context: { ...context, answers, language }, event }, say.enqueue), given)
        if (name !== 'language') answers[name] = value
        // A caller of whom no language is known, `{{ caller.language }}`, goes on in the one spoken.
        else if (value === '' || value === undefined) continue
        else if (flow.languages.includes(String(value))) language = String(value)
        else
          perform(say.enqueue, {
            type: 'trouble',
            words: `the hotline does not speak "${String(value)}"; it goes on in ${language}`,
          })
      }
      say.enqueue.assign({ answers, language })
    },
  }
}

/** Unique for ever, and safe as the name of a file: the call's id comes from the line. */
const recordingName = ({ facts, startedAt }: CallContext, id: number): string =>
  `${callKey(facts, startedAt).replaceAll(/[^A-Za-z0-9.-]/g, '-')}-${id}`

function set(say: Say, given: SetValue): unknown {
  if ('value' in given) return given.value
  return 'cel' in given ? say.value(given.cel) : say.text(given.text)
}
