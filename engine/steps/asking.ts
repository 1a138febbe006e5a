import { does, when, type ActionData, type Ask, type Compiling, type StateData } from './step.ts'

/**
 * The states that every step asking for keys has in common. What happens with a key is the kind's own: it gives the
 * state `keyed` and those behind it, and sends the call to `wrong` or `short` when the answer does not fit. `first` is
 * what it does with keys pressed before.
 *
 *     ready --> asking --prompt-finished--> listening --wait--> silent --> asking
 *       |          |                            |                  \-- tries spent --> otherwise
 *       +-- key ---+----------- key ------------+--> keyed --> wrong, short --> asking
 */
export function asking(
  ask: Ask,
  wait: number,
  tries: number,
  c: Compiling,
  keyed: Record<string, StateData>,
  first: ActionData[] = [],
): StateData {
  const again = (count: 'count-silence' | 'count-mistake' | 'count-short'): StateData => ({
    entry: does({ type: count }),
    always: [{ guard: when({ type: 'tries-spent', params: { tries } }), ...c.go('otherwise') }, { target: 'asking' }],
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
          'prompt-finished': { target: 'listening' },
          // Without barge-in a key during the prompt is no answer; it is not kept for later either.
          'key-pressed': ask.bargeIn
            ? onKey({ target: 'keyed', actions: [keepKey, does({ type: 'stop-playback' })] }, 'asking')
            : {},
        },
      },
      listening: {
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
  c: Compiling,
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

type AskTexts = (string | Record<string, string>)[] | undefined
