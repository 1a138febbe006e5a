import type { Way } from '../steps/step.ts'
import type { CalledFile } from './called-files.ts'
import { hangUpEnd, returnEnd, sorryEnd } from './flow.ts'
import type { Header } from './header.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Path } from './parse.ts'
import type { Inlined } from './calls.ts'
import { reportLoops } from './loops.ts'
import { baseName, ownName } from './step-names.ts'
import type { ReadStep, ReadSteps } from './steps.ts'

/** Where each way of each step leads: by step, then by what happened. */
export type WayMap = Map<string, Map<string, string>>

/** Where the call begins, where every way leads, and whether every one of them leads somewhere. */
export type Ways = { start: string | undefined; map: WayMap; whole: boolean }

/** The steps of a flow, file by file: the hotline's own, those that are called, and the names of all that could be. */
export type Files = { hotline: ReadSteps; called: ReadonlyMap<string, CalledFile>; callable: string[] }

/** Finds where every way leads; a way to nowhere is a mistake. */
export function resolveWays(header: Header, files: Files): Ways {
  const { source } = files.hotline
  const all = [files.hotline, ...files.called.values()]
  const ways: Ways = { start: undefined, map: new Map(), whole: all.every(({ whole }) => whole) }
  ways.start = leadsTo(files, files.hotline, ['start'], { to: header.start })
  const defaults = {
    otherwise: leadsTo(files, files.hotline, ['defaults', 'input', 'otherwise'], { to: header.otherwise }),
    failed: leadsTo(files, files.hotline, ['defaults', 'failed'], { to: header.failed }),
  }
  // A default that is wrong is one mistake, not one for each step that relies on it.
  const otherwiseGiven = source.has(['defaults', 'input', 'otherwise'])

  for (const steps of all)
    for (const step of steps.list) {
      const resolved = new Map<string, string>()
      ways.map.set(step.name, resolved)
      for (const way of step.ways) {
        const given = way.to !== undefined
        const to = given ? leadsTo(files, steps, step.at(way.path), way) : defaultEnd(way, step, defaults)
        if (to !== undefined) resolved.set(way.what, to)
        else ways.whole = false
        const excused = step.broken || way.to !== undefined || (way.orElse === 'otherwise' && otherwiseGiven)
        if (to === undefined && !excused) reportNoWayOn(steps, step, way)
      }
    }
  return ways
}

/**
 * What a way of a file leads to: a step of its own, else one of the hotline's; in a call also the first step of another
 * file. Undefined when there is none, and reported if nothing else tells of it.
 */
function leadsTo(files: Files, steps: ReadSteps, path: Path, way: Pick<Way, 'to' | 'back'>): string | undefined {
  const { to: name, back } = way
  if (name === undefined) return undefined
  const end = back === undefined ? ends.get(name) : undefined
  const to = steps.entries.get(name) ?? files.hotline.entries.get(name) ?? end
  const file = back === undefined ? undefined : files.called.get(name)
  if (to !== undefined) return to
  if (file) return file.start === undefined ? undefined : startOf(file, file.start)
  const names = [...new Set([...steps.entries.keys(), ...files.hotline.entries.keys()])]
  if (back === undefined)
    steps.source.report(path, 'unknown-step', `no step is called "${name}"`, {
      suggestion: isHangUp(name)
        ? 'write hang-up'
        : didYouMean(name, [...names, ...ends.keys()], `add a step "${name}:" under steps:`),
    })
  else
    steps.source.report(path, 'unknown-step', `there is no step "${name}" and no file ${name}.yaml beside it`, {
      suggestion: didYouMean(
        name,
        [...names, ...files.callable],
        `add a step "${name}:" under steps:, or write ${name}.yaml`,
      ),
    })
  return undefined
}

/** The first step of a file that is called. */
function startOf({ source, entries }: CalledFile, start: string): string | undefined {
  const to = entries.get(start)
  if (to === undefined)
    source.report(['start'], 'unknown-step', `no step of this file is called "${start}"`, {
      suggestion: didYouMean(start, entries.keys(), `add a step "${start}:" under steps:`),
    })
  return to
}

/** What every way may lead to. */
const ends = new Map([['hang-up', hangUpEnd], ['return', returnEnd]])

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

function reportNoWayOn({ source, entries }: ReadSteps, step: ReadStep, way: Way): void {
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
  const steps = [...entries]
  const [below] = steps[steps.findIndex(([, first]) => baseName(first) === name) + 1] ?? []
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

/** Steps that nothing leads to, and loops in which nobody asks the caller; `written`: the steps as in their files. */
export function checkWays(written: ReadStep[], run: Inlined): void {
  // With a way missing from the picture it may be the one that leads to a step.
  if (run.whole && run.start !== undefined)
    reportUnreached(written, new Set([...reachedFrom(run.start, run.map)].map(ownName)))
  reportLoops(run)
}

/** The steps that a call can come to. */
export function reachedFrom(start: string, map: WayMap): Set<string> {
  const reached = new Set<string>()
  const next = [start]
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    next.push(...(map.get(name)?.values() ?? []))
  }
  return reached
}

function reportUnreached(steps: ReadStep[], reached: Set<string>): void {
  for (const step of steps) {
    // Of a list that nothing leads to, the first step is told; of one that stops half way, the first that is left out.
    const before = step.name.replace(/\d+$/, (n) => String(Number(n) - 1))
    const whole = step.name.endsWith('/1') || before === step.name
    if (!reached.has(step.name) && (whole || reached.has(before))) {
      const [detail, suggestion] = whole
        ? [`no way leads to "${baseName(step.name)}"`, 'lead a way to it, or remove it']
        : [`no way leads to this part of "${baseName(step.name)}"`, 'remove it, or let the part above go on to it without a way of its own']
      step.source.report(step.path, 'unreachable-step', detail, { key: true, warning: true, suggestion })
    }
  }
}
