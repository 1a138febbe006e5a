import type { Way } from '../steps/step.ts'
import { hangUpEnd, sorryEnd } from './flow.ts'
import type { Header } from './header.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Path, Source } from './parse.ts'
import { baseName, type ReadStep, type ReadSteps } from './steps.ts'

/** Where each way of each step leads: by step, then by what happened. */
export type WayMap = Map<string, Map<string, string>>

/** Where the call begins, where every way leads, and whether every one of them leads somewhere. */
export type Ways = { start: string | undefined; map: WayMap; whole: boolean }

/** Finds where every way leads; a way to nowhere is a mistake. */
export function resolveWays(source: Source, header: Header, steps: ReadSteps): Ways {
  const ways: Ways = { start: undefined, map: new Map(), whole: steps.whole }
  const unknown = new Set<string>()
  const known = (path: Path, name: string | undefined): string | undefined => {
    const to = name === undefined || name === 'hang-up' ? name && hangUpEnd : steps.entries.get(name)
    if (name === undefined || to !== undefined) return to
    // Several ways of a step may have their target from the same field.
    const id = path.join('/')
    if (!unknown.has(id))
      source.report(path, 'unknown-step', `no step is called "${name}"`, {
        suggestion: isHangUp(name) ? 'write hang-up' : didYouMean(name, steps.entries.keys(), `add a step "${name}:" under steps:`),
      })
    unknown.add(id)
    return undefined
  }
  ways.start = known(['start'], header.start)
  const otherwise = known(['defaults', 'input', 'otherwise'], header.otherwise)
  const failed = known(['defaults', 'failed'], header.failed)
  // A default that is wrong is one mistake, not one for each step that relies on it.
  const otherwiseGiven = source.has(['defaults', 'input', 'otherwise'])

  for (const step of steps.list) {
    const resolved = new Map<string, string>()
    ways.map.set(step.name, resolved)
    for (const way of step.ways) {
      const to = way.to === undefined ? defaultEnd(way, step, { otherwise, failed }) : known(step.at(way.path), way.to)
      if (to !== undefined) resolved.set(way.what, to)
      else ways.whole = false
      const excused = step.broken || way.to !== undefined || (way.orElse === 'otherwise' && otherwiseGiven)
      if (to === undefined && !excused) reportNoWayOn(source, step, way, [...steps.entries.keys()])
    }
  }
  return ways
}

/** `hangup`, `hang up`: what people write for hang-up. */
const isHangUp = (name: string): boolean => /^hang.?up$/i.test(name)

function defaultEnd(
  way: Way,
  step: ReadStep,
  defaults: { otherwise: string | undefined; failed: string | undefined },
): string | undefined {
  switch (way.orElse) {
    case 'following':
      return step.follows
    case 'otherwise':
      return defaults.otherwise
    // A step that fails is not tried again by its own failure.
    case 'failed':
      return defaults.failed === undefined || baseName(defaults.failed) === baseName(step.name)
        ? sorryEnd
        : defaults.failed
    case 'hang-up':
      return hangUpEnd
    default:
      return undefined
  }
}

function reportNoWayOn(source: Source, step: ReadStep, way: Way, names: string[]): void {
  const name = baseName(step.name)
  if (way.orElse === 'otherwise') {
    return source.report(
      step.path,
      'no-way-on',
      `"${name}" does not say where the call goes when all tries are spent`,
      {
        key: true,
        suggestion: 'add otherwise: NAME here, or for all under defaults: { input: { otherwise: NAME } }',
      },
    )
  }
  const below = names[names.indexOf(name) + 1]
  const field = way.what.startsWith('key ') ? 'go' : way.what
  const what = way.what === 'next' ? 'where the call goes next' : `where the call goes by "${way.what}"`
  source.report(
    way.what === 'next' ? step.path : step.at(way.path.slice(0, -1)),
    'no-way-on',
    `"${name}" does not say ${what}`,
    {
      key: true,
      suggestion: `add ${below === undefined ? '' : `${field}: ${below}, or `}${field}: hang-up`,
    },
  )
}

/** Steps that nothing leads to, and loops in which nobody asks the caller. */
export function checkWays(source: Source, steps: ReadSteps, ways: Ways): void {
  // With a way missing from the picture it may be the one that leads to a step.
  if (ways.whole && ways.start !== undefined) reportUnreached(source, steps, ways.map, ways.start)
  const byName = new Map(steps.list.map((step, i) => [step.name, { step, i }]))
  for (const loop of loops(steps, ways.map)) {
    const known = loop.flatMap((name) => byName.get(name) ?? []).sort((a, b) => a.i - b.i)
    const first = known[0]!.step
    const at = loop.indexOf(first.name)
    const shown = [...loop.slice(at), ...loop.slice(0, at), first.name]
      .map(baseName)
      .filter((name, i, all) => name !== all[i - 1] || all.length === 2)
    source.report(
      first.path,
      'endless-loop',
      `a caller who presses nothing goes round for ever: ${shown.join(' -> ')}`,
      {
        key: true,
        suggestion: 'lead one of these ways to an agent, or to hang-up',
      },
    )
  }
}

function reportUnreached(source: Source, steps: ReadSteps, map: WayMap, start: string): void {
  const reached = new Set<string>()
  const next = [start]
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    next.push(...(map.get(name)?.values() ?? []))
  }
  for (const step of steps.list) {
    // Of a list that nothing leads to, the first step is told; of one that stops half way, the first that is left out.
    const before = step.name.replace(/\d+$/, (n) => String(Number(n) - 1))
    if (!reached.has(step.name) && (before === step.name || step.name.endsWith('/1') || reached.has(before))) {
      source.report(
        step.path,
        'unreachable-step',
        step.name.endsWith('/1') || before === step.name
          ? `no way leads to "${baseName(step.name)}"`
          : `no way leads to this part of "${baseName(step.name)}"`,
        { key: true, warning: true, suggestion: 'lead a way to it, or remove it' },
      )
    }
  }
}

/** Circles that a call can run through without a key from the caller; each once, in the order of its ways. */
function loops(steps: ReadSteps, map: WayMap): string[][] {
  const edges = new Map(
    steps.list.map(({ name, kind }) => [
      name,
      [...(map.get(name) ?? [])]
        .filter(([what]) => (kind.role === 'asks' ? what === 'otherwise' : what !== 'answered'))
        .map(([, to]) => to),
    ]),
  )
  const found: string[][] = []
  const done = new Set<string>()
  for (const { name: root } of steps.list) {
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
