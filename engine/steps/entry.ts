import { onKey } from './asking.ts'
import { does, when, type ActionData, type StateData } from './step.ts'

/** An entry of digits. `betweenKeys` in milliseconds; `check`: a condition that the digits must meet. */
export type Entry = { least: number; most: number; into: string; end: string; betweenKeys: number; check?: string | undefined }

/**
 * The states behind the first digit, for `asking`. An entry is complete with the most digits, with the end key, or when
 * no further key comes for `betweenKeys` (VoiceXML 2.0: interdigittimeout); `*` begins it again. `then` makes the
 * transition when it fits, of what is to be done on the way.
 */
export function entering(entry: Entry, then: (first: ActionData[]) => StateData): Record<string, StateData> {
  const { least, most, into, end, betweenKeys, check } = entry
  const ended = { end, betweenKeys }
  const refuse = does({ type: 'refuse-entry', params: ended })
  const keyed = { target: 'keyed', actions: [does({ type: 'keep-key' })] }
  const fits = { into, least, most, ...(check === undefined ? {} : { check }) }
  return {
    keyed: {
      entry: does({ type: 'take-digit', params: { end } }),
      always: [
        { guard: when({ type: 'entry-complete', params: { most } }), target: 'judging' },
        { guard: when({ type: 'keys-waiting' }), target: 'keyed', reenter: true },
        { guard: when({ type: 'nothing-keyed' }), target: 'listening' },
        { target: 'between' },
      ],
    },
    between: { tags: ['listens'], after: { [betweenKeys]: { target: 'judging' } }, on: { 'key-pressed': onKey(keyed) } },
    judging: {
      always: [
        {
          guard: when({ type: 'entry-fits', params: fits }),
          ...then([does({ type: 'keep-answer', params: { into, ...ended } })]),
        },
        { guard: when({ type: 'entry-too-short', params: { least } }), target: 'short', actions: [refuse] },
        { target: 'wrong', actions: [refuse] },
      ],
    },
  }
}

/** Before a question is asked there is nothing to end and nothing to begin again. */
export const beforeEntry = (end: string): ActionData[] => [does({ type: 'skip-keys', params: { keys: [end, '*'] } })]
