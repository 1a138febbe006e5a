import { mostKeys, type CallContext } from '../call/context.ts'
import type { ActionData } from '../steps/step.ts'
import { entryOver, isLateEnd } from './entry.ts'
import type { Ordering } from './orders.ts'
import type { ParamsOf, Seen } from './seen.ts'

type Changes = {
  [T in Exclude<ActionData['type'], Ordering>]: (seen: Seen, params: ParamsOf<ActionData, T>) => Partial<CallContext>
}

export const nothingWrong: CallContext['wrong'] = { last: undefined, silence: 0, mistake: 0, short: 0 }

/** Actions that only change what the call knows. */
export const changes: Changes = {
  'keep-key': ({ context: { keys, lateEnd }, event }) => {
    if (isLateEnd({ context: { keys, lateEnd }, event })) return { lateEnd: undefined }
    return keys.length >= mostKeys ? {} : { keys: [...keys, event.key!], lateEnd: undefined }
  },
  'drop-keys': () => ({ keys: [], lateEnd: undefined }),
  'take-key': ({ context: { keys } }) => ({ keys: keys.slice(1) }),
  'skip-keys': ({ context: { keys } }, { keys: skipped }) => {
    const other = keys.findIndex((one) => !skipped.includes(one))
    return { keys: other < 0 ? [] : keys.slice(other) }
  },
  'begin-input': () => ({ wrong: nothingWrong, digits: '', closed: false }),
  'count-silence': ({ context }) => counted(context, 'silence'),
  'count-mistake': ({ context }) => counted(context, 'mistake'),
  'count-short': ({ context }) => counted(context, 'short'),
  'take-digit': ({ context: { keys, digits } }, { end }) => {
    const [key = '', ...rest] = keys
    if (key === end) return { keys: rest, closed: true }
    return { keys: rest, digits: key === '*' ? '' : digits + key }
  },
  'hold-answer': ({ event }) => ({ answer: { well: event.how === 'ok', data: event.data ?? null } }),
  'take-answer': ({ context: { answers, answer } }, { into }) => ({
    answer: undefined,
    ...(into === undefined ? {} : { answers: { ...answers, [into]: answer?.data } }),
  }),
  'hold-recording': ({ context: { recording }, event }) =>
    recording ? { recording: { ...recording, ms: event.ms ?? event.recorded ?? 0 } } : {},
  'drop-recording': () => ({ recording: undefined }),
  'keep-recording': ({ context: { answers, recording } }, { into }) => ({
    recording: undefined,
    answers: { ...answers, [into]: recording?.name ?? '' },
  }),
  'keep-answer': (seen, { into, ...ended }) => {
    const { answers, digits, lost } = seen.context
    const known = { answers: { ...answers, [into]: digits }, lost: lost.filter((name) => name !== into) }
    return { ...entryOver(seen, ended), ...known, digits: '', closed: false }
  },
  'refuse-entry': (seen, ended) => ({ ...entryOver(seen, ended), keys: [] }),
}

const counted = ({ wrong }: CallContext, what: 'silence' | 'mistake' | 'short'): Partial<CallContext> => ({
  wrong: { ...wrong, last: what, [what]: wrong[what] + 1 },
  digits: '',
  closed: false,
})
