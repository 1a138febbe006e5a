import type { Compiled } from '../language/compile.ts'
import type { Flow, Step } from '../language/flow.ts'
import { baseName } from '../language/step-names.ts'

/** The steps of two flows, name by name: which is which, whatever it is called. */
export type Pairs = {
  /** In the order of the new flow. */
  same: { old: string; now: string }[]
  gone: string[]
  added: string[]
}

/** Steps by the name that their author gave them. */
export function byName({ steps }: Flow): Map<string, Step[]> {
  const named = new Map<string, Step[]>()
  for (const step of steps.values()) {
    const name = baseName(step.name)
    named.set(name, [...(named.get(name) ?? []), step])
  }
  return named
}

/** Finds which step is which. One that has another name and the same content, or the same words, was renamed. */
export function pairUp(old: Compiled, now: Compiled): Pairs {
  const before = byName(old.flow)
  const after = byName(now.flow)
  const names = new Map<string, string>(
    [...after.keys()].filter((name) => before.has(name)).map((name) => [name, name]),
  )
  for (const likeness of [contentOf, wordsAndKinds]) {
    const left = [...before]
      .filter(([name]) => ![...names.values()].includes(name))
      .map(([name, steps]) => ({ name, like: likeness(old, steps) }))
    for (const [name, steps] of after) {
      if (names.has(name)) continue
      const like = likeness(now, steps)
      const found = like === undefined ? -1 : left.findIndex((one) => one.like === like)
      if (found >= 0) names.set(name, left.splice(found, 1)[0]!.name)
    }
  }
  const paired = new Set(names.values())
  return {
    same: [...after.keys()].flatMap((name) => (names.has(name) ? [{ old: names.get(name)!, now: name }] : [])),
    gone: [...before.keys()].filter((name) => !paired.has(name)),
    added: [...after.keys()].filter((name) => !names.has(name)),
  }
}

/** All that happens at a step, but not what it is called and where it leads. */
const contentOf = ({ machine }: Compiled, steps: Step[]): string => {
  const { states } = machine.config as { states: Record<string, unknown> }
  return JSON.stringify(
    steps.map(({ name }) => states[name]),
    (field, value: unknown) => {
      if (field === 'id') return undefined
      if (field === 'target' && String(value).startsWith('#')) return '#'
      return isNamed(value) ? undefined : value
    },
  )
}

/** Entering and leaving name the step. */
const isNamed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ['enter', 'leave'].includes(String((value as { type?: unknown }).type))

/** The kinds and texts of a step that says something. */
function wordsAndKinds(_: Compiled, steps: Step[]): string | undefined {
  const texts = steps.flatMap(({ parts }) => parts.texts ?? []).map(({ text }) => text)
  return texts.length === 0 ? undefined : JSON.stringify([steps.map(({ kind }) => kind.kind), texts])
}

/** The steps of two lists, side by side: as many as possible of the same kind, and in their order. */
export function sideBySide(old: Step[], now: Step[]): [Step | undefined, Step | undefined][] {
  const score = old.map(() => now.map(() => 0))
  const at = (i: number, j: number): number => score[i]?.[j] ?? 0
  const match = (a: Step, b: Step): number =>
    a.kind !== b.kind ? 0 : JSON.stringify(a.fields) === JSON.stringify(b.fields) ? 3 : 2
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const both = match(old[i]!, now[j]!)
      score[i]![j] = Math.max(at(i + 1, j), at(i, j + 1), both > 0 ? both + at(i + 1, j + 1) : 0)
    }
  }
  const pairs: [Step | undefined, Step | undefined][] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    const [a, b] = [old[i], now[j]]
    const both = a && b ? match(a, b) : 0
    if (both > 0 && at(i, j) === both + at(i + 1, j + 1)) pairs.push([old[i++], now[j++]])
    else if (a && (!b || at(i + 1, j) >= at(i, j + 1))) pairs.push([old[i++], undefined])
    else pairs.push([undefined, now[j++]])
  }
  return pairs
}
