import { packFor } from '../saying/index.ts'
import type { Said, Text, Wording } from '../steps/step.ts'
import type { Flow, Step } from './flow.ts'
import { phraseName, textPath } from './text-path.ts'

/** What a step may ask for when it puts together what is said; `toInput` as `leadingToInput` finds it. */
export const wordingOf = (flow: Flow, step: Step, toInput: ReadonlySet<string>): Wording => ({
  said: (text, only) => ({ ...said(flow, text, only), ...nameOf(step, text) }),
  phrase: (words, only, field) => ({ ...phrase(flow, words, only), ...(field ? { name: textPath(step, field) } : {}) }),
  input: flow.input,
  queueSaid: (queue) => flow.queues[queue]?.said,
  leadsToInput: (what) => toInput.has(step.ways.get(what) ?? ''),
})

function said(flow: Flow, text: Text, only?: string): Said {
  const texts =
    typeof text === 'string' ? Object.fromEntries((only ? [only] : flow.languages).map((tag) => [tag, text])) : text
  return only ? { texts, in: only } : { texts }
}

/** The name of a text of a step. Two texts with the same words may share one. */
function nameOf(step: Step, text: Text): { name: string } | undefined {
  const found = step.parts.texts?.find((one) => one.text === text)
  return found && { name: textPath(step, found.path) }
}

/** A built-in phrase in all languages of a hotline, named by its words in the first. */
export function phrase(flow: Flow, words: Parameters<Wording['phrase']>[0], only?: string): Said {
  const texts = Object.fromEntries((only ? [only] : flow.languages).map((tag) => [tag, words(packFor(tag)!, tag)]))
  const name = phraseName(words(packFor(flow.languages[0])!, flow.languages[0]))
  return only ? { texts, in: only, name } : { texts, name }
}

/** The steps from which every way comes to a menu or a question before anything that is not to be cut short. */
export function leadingToInput({ steps }: Flow): Set<string> {
  const found = new Set<string>()
  const before = new Map<string, string[]>()
  for (const { name, ways } of steps.values()) {
    for (const to of ways.values()) {
      if (!before.has(to)) before.set(to, [])
      before.get(to)!.push(name)
    }
  }
  const next = [...steps.values()].filter(({ kind }) => kind.role === 'asks' || kind.asksFirst).map(({ name }) => name)
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    found.add(name)
    for (const one of before.get(name) ?? []) {
      const { kind, ways } = steps.get(one)!
      if (!found.has(one) && kind.role === 'passes' && [...ways.values()].every((to) => found.has(to))) next.push(one)
    }
  }
  return found
}
