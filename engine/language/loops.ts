import type { Inlined } from './calls.ts'
import { sorryEnd } from './flow.ts'
import { shownName } from './step-names.ts'
import type { ReadStep } from './steps.ts'
import type { WayMap } from './ways.ts'

/** A way of a loop: from a step, by what happens there. */
type Edge = { from: string; what: string; to: string }

/**
 * Where nobody wrote a way and `defaults` would lead the caller back to where they come from without a key, the call
 * ends with words of regret instead: a message that cannot be recorded is not answered with the queue that nobody
 * attends. What an author writes is left as it is written.
 */
export function openDefaults({ list, map }: Inlined): void {
  const byName = new Map(list.map((step) => [step.name, step]))
  const isDefault = ({ from, what }: Edge): boolean => {
    const step = byName.get(from)
    const way = step?.ways.find((one) => one.what === what)
    if (!step || !way || way.to !== undefined) return false
    // A menu or question that is asked again for ever is the author's mistake.
    return way.orElse === 'failed' || (way.orElse === 'otherwise' && step.kind.role !== 'asks')
  }
  // Each round opens one loop at least.
  for (;;) {
    const closing = loops(list, map).flatMap((loop) => loop.findLast((edge) => isDefault(edge)) ?? [])
    if (closing.length === 0) return
    for (const { from, what } of closing) map.get(from)?.set(what, sorryEnd)
  }
}

/** Tells of circles in which a caller who presses nothing is never asked. */
export function reportLoops({ list, map }: Inlined): void {
  const byName = new Map(list.map((step, i) => [step.name, { step, i }]))
  for (const loop of loops(list, map)) {
    const known = loop.flatMap(({ from }) => byName.get(from) ?? []).sort((a, b) => a.i - b.i)
    const first = known[0]!.step
    const at = loop.findIndex(({ from }) => from === first.name)
    const round = [...loop.slice(at), ...loop.slice(0, at)]
    const shown = [...round.map(stepAndWay), shownName(first.name)].filter((one, i, all) => one !== all[i - 1] || all.length === 2)
    first.source.report(first.path, 'endless-loop', `a caller who presses nothing goes round for ever: ${shown.join(' -> ')}`, {
      key: true,
      suggestion: 'lead one of these ways elsewhere: to an agent, or to hang-up',
    })
  }
}

/** `agent (nobody-there)`: a step, and the way by which it is left when that is not simply the next. */
const stepAndWay = ({ from, what }: Edge): string => `${shownName(from)}${what === 'next' ? '' : ` (${what})`}`

/** Circles that a call can run through without a key from the caller; each once, in the order of its ways. */
function loops(steps: readonly ReadStep[], map: WayMap): Edge[][] {
  const edges = new Map(
    steps.map(({ name, ways }) => [
      name,
      [...(map.get(name) ?? [])]
        .filter(([what]) => what !== 'answered' && !ways.some((way) => way.what === what && way.pressed))
        .map(([what, to]): Edge => ({ from: name, what, to })),
    ]),
  )
  const found: Edge[][] = []
  const done = new Set<string>()
  for (const { name: root } of steps) {
    if (done.has(root)) continue
    // Depth first without recursion: a flow of thousands of steps must not exhaust the stack.
    const path: { name: string; next: number; taken?: Edge }[] = [{ name: root, next: 0 }]
    const onPath = new Set([root])
    while (path.length > 0) {
      const top = path.at(-1)!
      const edge = edges.get(top.name)?.[top.next++]
      if (edge === undefined) {
        onPath.delete(top.name)
        done.add(top.name)
        path.pop()
        continue
      }
      top.taken = edge
      if (onPath.has(edge.to)) found.push(path.slice(path.findIndex(({ name }) => name === edge.to)).map(({ taken }) => taken!))
      else if (!done.has(edge.to) && edges.has(edge.to)) {
        onPath.add(edge.to)
        path.push({ name: edge.to, next: 0 })
      }
    }
  }
  return found
}
