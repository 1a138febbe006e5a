import type { Compiled } from './compile.ts'
import { hangUpEnd, sorryEnd, type Flow, type Step } from './flow.ts'
import { silentMs, turnsOf } from './turns.ts'

/** The longest that a caller who presses nothing is kept from a person, and the steps that take it. */
export type ToAPerson = { ms: number; path: string[] }

/**
 * The longest time to a queue or a transfer for a caller who presses nothing, in spoken milliseconds, over all
 * branches, opening hours and languages. Undefined when silence never leads to a person. Such ways have no circles:
 * the checker refuses those.
 */
export function longestToAPerson(compiled: Compiled): ToAPerson | undefined {
  const { flow } = compiled
  const turns = turnsOf(compiled)
  const known = new Map<string, ToAPerson | undefined>()
  const order = inOrderOfNeed(flow)
  for (const name of order) {
    const step = flow.steps.get(name)!
    const here = silentMs(turns.get(name)!, flow.languages)
    if (isPerson(step)) {
      known.set(name, { ms: here, path: [name] })
      continue
    }
    const longest = unpressed(step)
      .flatMap((to) => known.get(to) ?? [])
      .reduce<ToAPerson | undefined>((most, one) => (!most || one.ms > most.ms ? one : most), undefined)
    known.set(name, longest && { ms: here + longest.ms, path: [name, ...longest.path] })
  }
  return known.get(flow.start)
}

/** Whether any key or condition leads from here to a person. */
export function reachesAPerson(flow: Flow, from: string): boolean {
  const seen = new Set<string>()
  const next = [from]
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    const step = flow.steps.get(name)
    if (!step || seen.has(name)) continue
    if (isPerson(step)) return true
    seen.add(name)
    next.push(...step.ways.values())
  }
  return false
}

const isPerson = (step: Step): boolean => step.kind.role === 'leaves' && step.ways.size > 0

/** Where a step leads a caller who presses nothing. */
function unpressed({ kind, fields, ways }: Step): string[] {
  const pressed = new Set(kind.ways(fields as never).flatMap((way) => (way.pressed ? [way.what] : [])))
  return [...ways].filter(([what]) => !pressed.has(what)).map(([, to]) => to)
}

/** Steps in such an order that every step comes after those it leads to; without recursion, for flows of any length. */
function inOrderOfNeed(flow: Flow): string[] {
  const order: string[] = []
  const seen = new Set<string>([hangUpEnd, sorryEnd])
  for (const root of flow.steps.keys()) {
    const path: { name: string; to: string[] }[] = []
    const enter = (name: string): void => {
      const step = flow.steps.get(name)
      if (!step || seen.has(name)) return
      seen.add(name)
      path.push({ name, to: isPerson(step) ? [] : unpressed(step) })
    }
    enter(root)
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const to = top.to.pop()
      if (to !== undefined) enter(to)
      else order.push(path.pop()!.name)
    }
  }
  return order
}
