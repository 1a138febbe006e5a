import type { Way } from '../steps/step.ts'
import { hangUpEnd, sorryEnd } from './flow.ts'
import type { Header } from './header.ts'
import { didYouMean, type FlowError } from './mistakes.ts'
import type { Path, Source } from './parse.ts'
import type { ReadStep, ReadSteps } from './steps.ts'

/** Where each way of each step leads: by step, then by what happened. */
export type WayMap = Map<string, Map<string, string>>

/** Finds where every way leads; a way to nowhere is a mistake. */
export function resolveWays(source: Source, header: Header, steps: ReadSteps, mistakes: FlowError[]): WayMap {
  const known = (path: Path, name: string | undefined): string | undefined => {
    if (name === undefined) return undefined
    if (name === 'hang-up') return hangUpEnd
    const entry = steps.entries.get(name)
    if (entry !== undefined) return entry
    mistakes.push(source.mistake(path, 'unknown-step', `no step is called "${name}"`, { suggestion: didYouMean(name, steps.entries.keys()) }))
    return undefined
  }
  header.start = known(['start'], header.start)
  const otherwise = known(['defaults', 'input', 'otherwise'], header.otherwise)
  const failed = known(['defaults', 'failed'], header.failed)

  const map: WayMap = new Map()
  for (const step of steps) {
    const ways = new Map<string, string>()
    map.set(step.name, ways)
    const named = new Set<string>()
    for (const way of step.ways) {
      // A way that takes over the target of another names no step of its own.
      const first = way.to === undefined || !named.has(way.to)
      if (way.to !== undefined) named.add(way.to)
      const to = way.to !== undefined
        ? first ? known(step.at(way.path), way.to) : way.to === 'hang-up' ? hangUpEnd : steps.entries.get(way.to)
        : defaultEnd(way, step, { otherwise, failed })
      if (to !== undefined) ways.set(way.what, to)
      else if (way.to === undefined && !givenElsewhere(way, header)) mistakes.push(noWayOn(source, step, way, steps))
    }
  }
  return map
}

function defaultEnd(way: Way, step: ReadStep, defaults: { otherwise: string | undefined; failed: string | undefined }): string | undefined {
  switch (way.orElse) {
    case 'following': return step.follows
    case 'otherwise': return defaults.otherwise
    // A step that fails is not tried again by its own failure.
    case 'failed': return defaults.failed === undefined || baseName(defaults.failed) === baseName(step.name) ? sorryEnd : defaults.failed
    case 'hang-up': return hangUpEnd
    default: return undefined
  }
}

/** A default that names an unknown step is one mistake, not one for each step that relies on it. */
const givenElsewhere = (way: Way, header: Header): boolean => way.orElse === 'otherwise' && header.otherwise !== undefined

const baseName = (name: string): string => name.replace(/\/\d+$/, '')

function noWayOn(source: Source, step: ReadStep, way: Way, steps: ReadSteps): FlowError {
  const names = [...steps.entries.keys()]
  const below = names[names.indexOf(baseName(step.name)) + 1] ?? 'NAME'
  if (way.orElse === 'otherwise') {
    return source.mistake(step.path, 'no-way-on', `"${baseName(step.name)}" does not say where the call goes when all tries are spent`, {
      key: true, suggestion: 'add otherwise: NAME here, or for all under defaults: { input: { otherwise: NAME } }',
    })
  }
  const field = way.what.startsWith('key ') ? 'go' : way.what
  const what = way.what === 'next' ? 'where the call goes next' : `where the call goes by "${way.what}"`
  return source.mistake(way.what === 'next' ? step.path : step.at(way.path.slice(0, -1)), 'no-way-on', `"${baseName(step.name)}" does not say ${what}`, {
    key: true, suggestion: `add ${field}: ${below}, or ${field}: hang-up`,
  })
}

/** Steps that nothing leads to, and loops in which nobody asks the caller. */
export function checkWays(known: { source: Source; header: Header; steps: ReadSteps; wayMap: WayMap; mistakes: FlowError[] }): void {
  const { source, header, steps, wayMap, mistakes } = known
  // With a step missing from the picture nothing can be said of what leads where.
  if (steps.broken.size > 0 || header.start === undefined) return
  const reached = new Set<string>()
  const next = [header.start]
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    next.push(...(wayMap.get(name)?.values() ?? []))
  }
  for (const step of steps) {
    if (!reached.has(step.name) && (!step.name.includes('/') || step.name.endsWith('/1') || reached.has(step.name.replace(/\d+$/, '1'))))
      mistakes.push(source.mistake(step.path, 'unreachable-step', `no way leads to "${step.name}"`, { key: true, warning: true, suggestion: 'lead a way to it, or remove it' }))
  }
  for (const loop of loops(steps, wayMap)) {
    const first = steps.find((step) => loop.includes(step.name))!
    const at = loop.indexOf(first.name)
    const shown = [...loop.slice(at), ...loop.slice(0, at), first.name].map(baseName).filter((name, i, all) => name !== all[i - 1] || all.length === 2)
    mistakes.push(source.mistake(first.path, 'endless-loop', `a caller who presses nothing goes round for ever: ${shown.join(' -> ')}`, {
      key: true, suggestion: 'lead one of these ways to an agent, or to hang-up',
    }))
  }
}

/** Circles that a call can run through without a key from the caller; each once, in the order of its ways. */
function loops(steps: ReadSteps, wayMap: WayMap): string[][] {
  const unasked = (name: string): string[] => {
    const step = steps.find((one) => one.name === name)
    return [...(wayMap.get(name) ?? [])].filter(([what]) => (step?.kind.role === 'asks' ? what === 'otherwise' : what !== 'answered')).map(([, to]) => to)
  }
  const edges = new Map(steps.map((step) => [step.name, unasked(step.name)]))
  const found: string[][] = []
  const done = new Set<string>()
  for (const { name: root } of steps) {
    if (done.has(root)) continue
    // Depth first without recursion: a flow of thousands of steps must not exhaust the stack.
    const path: { name: string; next: number }[] = [{ name: root, next: 0 }]
    const onPath = new Set([root])
    while (path.length > 0) {
      const top = path.at(-1)!
      const to = edges.get(top.name)?.[top.next++]
      if (to === undefined) {
        onPath.delete(top.name)
        done.add(top.name)
        path.pop()
      } else if (onPath.has(to)) found.push(path.slice(path.findIndex((one) => one.name === to)).map((one) => one.name))
      else if (!done.has(to) && edges.has(to)) {
        onPath.add(to)
        path.push({ name: to, next: 0 })
      }
    }
  }
  return found
}
