import type { CallNote } from '../engine/call/notes.ts'
import type { Flow } from '../engine/language/flow.ts'
import { ownName } from '../engine/language/step-names.ts'

/** The steps that calls have come to, and the ways by which they have left them. */
export class Walked {
  private readonly steps = new Map<string, Set<string>>()

  noted(note: CallNote): void {
    if (note.type === 'step') this.of(note.step)
    else if (note.type === 'way') this.of(note.step).add(note.way)
  }

  has(step: string, way?: string): boolean {
    const ways = this.steps.get(step)
    return ways !== undefined && (way === undefined || ways.has(way))
  }

  private of(step: string): Set<string> {
    let ways = this.steps.get(step)
    if (!ways) this.steps.set(step, (ways = new Set()))
    return ways
  }
}

/** What of a flow calls have walked. */
export type Coverage = {
  steps: { all: number; walked: number }
  ways: { all: number; walked: number }
  /** What nobody has walked: steps nobody has come to (no ways), and the ways left out of the others. */
  missing: { step: string; ways: string[] }[]
}

export function coverageOf(flow: Flow, walked: Walked): Coverage {
  const coverage: Coverage = { steps: { all: 0, walked: 0 }, ways: { all: 0, walked: 0 }, missing: [] }
  for (const [name, ways] of waysOf(flow)) {
    const left = [...ways].filter((way) => !walked.has(name, way))
    coverage.steps.all++
    coverage.ways.all += ways.size
    coverage.ways.walked += ways.size - left.length
    if (!walked.has(name)) coverage.missing.push({ step: name, ways: [] })
    else coverage.steps.walked++
    if (walked.has(name) && left.length > 0) coverage.missing.push({ step: name, ways: left })
  }
  return coverage
}

/** Every step with its ways, as its author has written it: a step that is called is walked when one call has walked it. */
function waysOf({ steps }: Flow): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { name, ways } of steps.values())
    found.set(ownName(name), new Set([...(found.get(ownName(name)) ?? []), ...ways.keys()]))
  return found
}

/** Of a hundred ways, how many were walked; 100 only when all were. */
export const percent = ({ ways: { all, walked } }: Coverage): number =>
  all === 0 ? 100 : Math.floor((100 * walked) / all)

/** `main: key 3; confirm: key 2, otherwise; and the steps times, elsewhere`, a line or nothing. */
export function neverWalked({ missing }: Coverage): string | undefined {
  const ways = missing
    .filter((one) => one.ways.length > 0)
    .map((one) => `${stepInWords(one.step)}: ${one.ways.join(', ')}`)
  const steps = missing.filter((one) => one.ways.length === 0).map((one) => stepInWords(one.step))
  const whole =
    steps.length === 0
      ? []
      : [`${ways.length > 0 ? 'and ' : ''}the step${steps.length === 1 ? '' : 's'} ${steps.join(', ')}`]
  return missing.length === 0 ? undefined : [...ways, ...whole].join('; ')
}

/** A step by its name; one of a list with its number in it. */
export const stepInWords = (name: string): string => name.replace(/\/(\d+)$/, ' ($1)')
