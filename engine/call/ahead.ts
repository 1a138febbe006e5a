import type { Compiled } from '../language/compile.ts'
import { advance, isSecret, placeOf, type Advanced, type Snapshot } from './advance.ts'
import type { CallContext } from './context.ts'
import type { Prompt } from './effects.ts'
import type { CallEvent } from './events.ts'

/** More is not made ahead of one step: what comes last is the least likely. */
const most = 10

/**
 * The prompts with values in them that the caller may hear next, as far as their values are known: the call is led on
 * by all that can happen while a prompt is heard, it ends, a key is pressed or none, and nothing of that is done.
 * `at`: now, in milliseconds since 1970.
 */
export function ahead({ flow, machine }: Pick<Compiled, 'flow' | 'machine'>, snapshot: Snapshot, at: number): Prompt[] {
  const found = new Map<string, Prompt>()
  const lead = (event: CallEvent, from = snapshot): Advanced => {
    const next = advance(machine, from, event, at)
    for (const effect of next.effects)
      if (effect.type === 'play' && effect.prompt.some(({ pieces }) => pieces)) found.set(JSON.stringify(effect.prompt), effect.prompt)
    return next
  }
  try {
    const heard = lead({ type: 'prompt-finished', id: (snapshot.context as CallContext).effect })
    for (const key of keysAt(flow, snapshot)) lead({ type: 'key-pressed', key })
    for (const effect of heard.effects)
      if (effect.type === 'start-timer') lead({ type: 'timer-fired', timer: effect.timer }, heard.snapshot)
  } catch {
    // What goes wrong is said when it happens.
  }
  return [...found.values()].slice(0, most)
}

/** The keys that are on offer and one that is not; all of them where the step does not tell which are. */
function keysAt({ steps }: Compiled['flow'], snapshot: Snapshot): string[] {
  const step = steps.get(placeOf(snapshot.value))
  // Only questions are worth it, and a key of a secret is nobody's guess.
  if (!step || step.kind.role === 'passes' || isSecret(snapshot)) return []
  const all = [...'0123456789*#']
  const offered = [...step.ways.keys()].flatMap((way) => (way.startsWith('key ') ? [way.slice(4)] : []))
  return offered.length === 0 ? all : [...offered, ...all.filter((key) => !offered.includes(key)).slice(0, 1)]
}
