import { DateTime } from 'luxon'
import type { Compiled } from '../../engine/language/compile.ts'
import type { Answer } from '../stubs.ts'
import type { Course } from './course.ts'
import type { Predicates } from './predicates.ts'
import { Shapes, type Shape } from './shapes.ts'

/** Answers that are tried for one request, and those of which they are chosen. */
const mostAnswers = 40
const mostTried = 2000

/** When a call has come to a request: what the caller has answered, and when it is. */
type Moment = { answers: Record<string, unknown>; at: number; zone: string }

const shapesOf = new WeakMap<Compiled, Shapes>()

/**
 * What a backend may answer a step, so that every condition behind it is once true and once not, as far as that can be
 * read from what they compare: the plainest answer first, none at all last.
 */
export function answersFor({ compiled, step, context, now }: Course, predicates: Predicates): Answer[] {
  let shapes = shapesOf.get(compiled)
  if (!shapes) shapesOf.set(compiled, (shapes = new Shapes(compiled.flow)))
  const { into } = compiled.flow.steps.get(step)!.fields as { into?: string }
  const { answers } = context
  const values = valuesOf(shapes.of(into), '', { answers, at: now, zone: compiled.flow.timezone })
  // Those with which other conditions are true go first.
  const truths = new Set<string>()
  const isNew = (json: unknown): boolean => {
    const after = shapes.withTaken(into === undefined ? answers : { ...answers, [into]: json }, compiled.flow)
    const truth = predicates.truth({ ...context, answers: after }, now)
    return !truths.has(truth) && truths.add(truth).size > 0
  }
  const first = new Set(values.filter(isNew))
  const chosen = [...first, ...values.filter((json) => !first.has(json))].slice(0, mostAnswers)
  return [...chosen.map((json) => ({ status: 200, json, after: 0 })), { status: 'failed', after: 0 }]
}

/** A field that is not there. */
const missing = Symbol('missing')

/** What may stand where a flow reads this, the plainest first. `name`: that of the field, empty of a whole answer. */
function valuesOf(shape: Shape, name: string, moment: Moment): unknown[] {
  const { fields, item, least, sizes, optional, values, way } = shape
  const isList = item !== undefined || (sizes.length > 0 && values.length === 0)
  const isMapping = fields.size > 0 || (name === '' && values.length === 0 && way === undefined)
  const found = isList
    ? lists(item ? valuesOf(item, name, moment) : [name], [Math.max(1, least), 0, ...sizes])
    : isMapping
      ? mappings([...fields].map(([field, one]) => [field, valuesOf(one, field, moment)]))
      : single(shape, name, moment)
  return different(optional ? [...found, missing] : found)
}

/** Lists of each length; of the first length one of each item. */
function lists(items: unknown[], sizes: number[]): unknown[][] {
  const [usual] = items
  const [first = 1, ...others] = sizes
  const list = (n: number, item = usual): unknown[] => Array.from({ length: Math.min(n, 50) }, () => item)
  return [list(first), ...others.map((n) => list(n)), ...items.slice(1).map((item) => list(first, item))]
}

/**
 * Mappings with every value of every field: all of them together when those are few. Else what is plainest and what
 * meets no comparison, each also with one or two of the fields changed.
 */
function mappings(fields: [name: string, values: unknown[]][]): unknown[] {
  const all = fields.reduce((n, [, values]) => n * values.length, 1)
  const change = (from: unknown[][]): unknown[][] =>
    from.flatMap((one) => fields.flatMap(([, values], i) => values.map((value) => one.with(i, value))))
  const bases = [fields.map(([, values]) => values[0]), fields.map(([, values]) => values.at(-1))]
  const once = all <= mostAnswers ? [] : change(bases.toReversed())
  const found =
    all <= mostAnswers
      ? fields.reduce<unknown[][]>((so, [, values]) => values.flatMap((one) => so.map((all) => [...all, one])), [[]])
      : [...bases, ...once, ...change(once.slice(0, mostTried / 10))].slice(0, mostTried)
  return found.map((one) =>
    Object.fromEntries(fields.flatMap(([name], i) => (one[i] === missing ? [] : [[name, one[i]]]))),
  )
}

function single({ values, same, way, isMoment }: Shape, name: string, { answers, at, zone }: Moment): unknown[] {
  const keyed = same.flatMap((one) => (one.asNumber ? numbersAround(answers[one.name]) : (answers[one.name] ?? [])))
  const compared = [...keyed, ...values]
  const texts = compared.some((one) => typeof one === 'string')
  if (compared.length > 0) return texts ? [...compared, 'something else'] : compared
  // Soon, and in a week: with their place on earth, without which they are no moments.
  const now = DateTime.fromMillis(at, { zone })
  if (isMoment)
    return [{ hours: 1 }, { weeks: 1 }].map((ahead) => now.plus(ahead).toISO({ suppressMilliseconds: true }))
  const tomorrow = now.plus({ days: 1 })
  switch (way) {
    case 'date':
    case 'time':
      return [tomorrow.toFormat("yyyy-MM-dd'T'09:30")]
    case 'money':
      return [12.5]
    case 'number':
      return [3]
    case 'duration':
      return ['20m']
    case 'digits':
    case 'spell':
      return ['4711']
    default:
      return [name]
  }
}

/** A number that was keyed in, and one below it. */
function numbersAround(answer: unknown): number[] {
  const n = answer === undefined ? Number.NaN : Number(answer)
  return Number.isFinite(n) ? [n, n - 1] : []
}

function different(values: unknown[]): unknown[] {
  const known = new Set<string>()
  return values.filter((one) => {
    const text = one === missing ? 'missing' : JSON.stringify(one)
    return !known.has(text) && known.add(text)
  })
}
