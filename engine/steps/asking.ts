import type { Question } from '../survival.ts'
import { does, when, type ActionData, type Ask, type Said, type StateData, type Surviving, type Wording } from './step.ts'

/**
 * The states that every step asking for keys has in common. What happens with a key is the kind's own: it gives the
 * state `keyed` and those behind it, and sends the call to `wrong` or `short` when the answer does not fit.
 *
 *     ready --> asking --prompt-finished--> listening --wait--> silent --> asking
 *       |          |                            |                  \-- tries spent --> otherwise
 *       +-- key ---+----------- key ------------+--> keyed --> wrong, short --> asking
 *
 * A prompt that could not be played leads from `asking` to `silent` at once.
 */
export function asking(
  { ask, wait, tries, spent, first = [] }: Asking,
  keyed: Record<string, StateData>,
): StateData {
  const again = (count: 'count-silence' | 'count-mistake' | 'count-short'): StateData => ({
    entry: does({ type: count }),
    always: [{ guard: when({ type: 'tries-spent', params: { tries } }), ...spent }, { target: 'asking' }],
  })
  const keepKey = does({ type: 'keep-key' })
  return {
    entry: [does({ type: 'begin-input' }), ...(ask.bargeIn ? first : [does({ type: 'drop-keys' })])],
    initial: 'ready',
    states: {
      ready: { always: [{ guard: when({ type: 'keys-waiting' }), target: 'keyed' }, { target: 'asking' }] },
      asking: {
        entry: does({ type: 'ask', params: ask }),
        on: {
          // Whoever has heard no question is not left to wait for what they do not know of.
          'prompt-finished': [{ guard: when({ type: 'unheard' }), target: 'silent' }, { target: 'listening' }],
          // Without barge-in a key during the prompt is no answer; it is not kept for later either.
          'key-pressed': ask.bargeIn
            ? onKey({ target: 'keyed', actions: [keepKey, does({ type: 'stop-playback' })] }, 'asking')
            : {},
        },
      },
      listening: {
        tags: ['listens'],
        after: { [wait]: { target: 'silent' } },
        on: { 'key-pressed': onKey({ target: 'keyed', actions: [keepKey] }) },
      },
      silent: again('count-silence'),
      wrong: again('count-mistake'),
      short: again('count-short'),
      ...keyed,
    },
  }
}

/**
 * `wait`: silence allowed before the first key, in milliseconds. `spent`: where the call goes after so many `tries`.
 * `first`: what is done with keys pressed before.
 */
export type Asking = { ask: Ask; wait: number; tries: number; spent: StateData; first?: ActionData[] }

/**
 * What a key does: `then`, but for an end key that comes after an entry was complete without it. A prompt that this
 * key has stopped, in the state `playing`, begins again: the line stops prompts by itself.
 */
export function onKey(then: StateData, playing?: string): StateData[] {
  const keep = does({ type: 'keep-key' })
  const late = playing
    ? { target: playing, reenter: true, actions: [keep, does({ type: 'stop-playback' })] }
    : { actions: [keep] }
  return [{ guard: when({ type: 'late-end' }), ...late }, then]
}

/** What is said when things went wrong: the author's texts, or those of the language. */
export function ladders(
  step: { 'no-input'?: AskTexts; 'no-match'?: AskTexts },
  c: Wording,
  /** The phrases of a language for silence, and for what does not fit. */
  nothing: 'noInput' | 'noEntry',
  wrong: 'noMatch' | 'notAccepted',
): Pick<Ask, 'silence' | 'mistake'> {
  const own = (texts: AskTexts) => texts?.map((text) => c.said(text))
  return {
    silence: own(step['no-input']) ?? [c.phrase((p) => p[nothing][0]), c.phrase((p) => p[nothing][1])],
    mistake: own(step['no-match']) ?? [c.phrase((p) => p[wrong][0]), c.phrase((p) => p[wrong][1])],
  }
}

/** What is asked while no engine runs: the same, as long and as often. */
export const questionOf = (
  { prompt, silence, mistake, short, bargeIn }: Ask,
  { wait, tries }: { wait?: number | undefined; tries?: number | undefined },
  s: Surviving,
  otherwise = s.go('otherwise'),
): Question<Said[]> => ({
  prompt, silence: silence.map(alone), mistake: mistake.map(alone), short: short.map(alone), bargeIn,
  wait: wait ?? s.input.wait, tries: tries ?? s.input.tries, otherwise,
})
const alone = (said: Said): Said[] => [said]

type AskTexts = (string | Record<string, string>)[] | undefined
