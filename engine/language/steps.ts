import type { z } from 'zod'
import { namesInOrder } from '../order.ts'
import { isName } from '../expressions/cel.ts'
import { properName } from '../steps/fields.ts'
import { stepKinds } from '../steps/index.ts'
import type { FieldPath, Parts, StepKind, Way } from '../steps/step.ts'
import { reportIssues, withoutIssues } from './issues.ts'
import { didYouMean, nearest } from '../did-you-mean.ts'
import type { Path, Source } from './parse.ts'

/** A step as it was read. */
export type ReadStep = {
  name: string
  kind: StepKind
  fields: unknown
  parts: Parts
  ways: Way[]
  /** Some of its fields hold mistakes and were left out; the others are to be checked all the same. */
  broken: boolean
  /** The step after it in its list. */
  follows: string | undefined
  /** Where the step stands, and where one of its fields does. */
  path: Path
  at(field: FieldPath): Path
}

/** The steps that could be read, and what is known of the others. */
export type ReadSteps = {
  list: ReadStep[]
  /** Every name that a way can lead to, with the step it enters. */
  entries: Map<string, string>
  /** Answers that steps set which could not be read. */
  alsoSet: Set<string>
  /** Whether every step was read without a mistake. */
  whole: boolean
}

/** Reads all steps and reports what is wrong with each by itself. */
export function readSteps(source: Source): ReadSteps {
  const steps: ReadSteps = { list: [], entries: new Map(), alsoSet: new Set(), whole: true }
  const bodies = (source.data as { steps?: unknown } | null)?.steps
  if (!isMapping(bodies)) return steps
  for (const name of namesInOrder(bodies)) {
    if (!hasProperName(source, name)) steps.whole = false
    const body = bodies[name]
    const list = Array.isArray(body) ? body : undefined
    if (list?.length === 0)
      source.report(['steps', name], 'bad-value', `"${name}" is an empty list`, {
        suggestion: 'write at least one step: - say: Hello',
      })
    steps.entries.set(name, list ? `${name}/1` : name)
    // A way to the name as it should be is no mistake of its own.
    if (properOf(name) !== name && !(properOf(name) in bodies)) steps.entries.set(properOf(name), list ? `${name}/1` : name)
    for (const [i, one] of (list ?? [body]).entries()) {
      const read = readStep(source, list ? `${name}/${i + 1}` : name, list ? ['steps', name, i] : ['steps', name], one)
      if (!read || read.broken) {
        steps.whole = false
        namesSet(one, steps.alsoSet)
      }
      if (read) steps.list.push({ ...read, follows: list && i + 1 < list.length ? `${name}/${i + 2}` : undefined })
    }
  }
  return steps
}

const isMapping = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data)

/** `Claim menu` as a step may be called: `claim-menu`. */
const properOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

function hasProperName(source: Source, name: string): boolean {
  if (/^[a-z][a-z0-9-]*$/.test(name) && name !== 'hang-up') return true
  const proper = properOf(name)
  const detail =
    name === 'hang-up'
      ? 'hang-up is the end of every call and no name for a step'
      : `"${name}" cannot be the name of a step`
  const suggestion =
    name !== 'hang-up' && /^[a-z]/.test(proper)
      ? `write ${proper}`
      : 'use small letters, digits and hyphens, a letter first'
  source.report(['steps', name], 'bad-value', detail, { key: true, suggestion })
  return false
}

function readStep(source: Source, name: string, path: Path, raw: unknown): Omit<ReadStep, 'follows'> | undefined {
  const body = typeof raw === 'string' && stepKinds.has(raw) ? { [raw]: null } : raw
  if (!isMapping(body)) return void reportNoStep(source, name, path, body)
  const kind = kindOf(source, name, path, body)
  if (!kind) return undefined
  const inner = body[kind.kind]
  if (!kind.value && !isMapping(inner)) {
    const fields = required(kind)
      .map((field) => `${field}: ...`)
      .join(', ')
    return void source.report([...path, kind.kind], 'bad-value', `${kind.kind} needs its fields`, {
      suggestion: `write ${kind.kind}: { ${fields} }`,
    })
  }
  const { [kind.kind]: _, ...beside } = body
  const at = (field: FieldPath): Path =>
    kind.value || (typeof field[0] === 'string' && Object.hasOwn(beside, field[0]))
      ? [...path, ...field]
      : [...path, kind.kind, ...field]
  for (const field of kind.value ? [] : Object.keys(beside))
    if (Object.hasOwn(inner as object, field))
      source.report([...path, field], 'bad-value', `"${field}" is given twice`, {
        key: true,
        suggestion: `keep the one inside ${kind.kind}`,
      })
  return readFields(source, kind, kind.value ? body : { ...(inner as object), ...beside }, { name, path, at })
}

/** The name of a step in its author's words, without its number in a list. */
export const baseName = (name: string): string => name.replace(/\/\d+$/, '')

type Standing = Pick<ReadStep, 'name' | 'path' | 'at'>

function readFields(
  source: Source,
  kind: StepKind,
  raw: object,
  standing: Standing,
): Omit<ReadStep, 'follows'> | undefined {
  let parsed = kind.schema.safeParse(raw)
  const broken = !parsed.success
  if (!parsed.success) {
    reportIssues(source, parsed.error, {
      schema: kind.schema,
      what: kind.kind,
      at: (path) => standing.at(path as FieldPath),
    })
    parsed = kind.schema.safeParse(withoutIssues(raw, parsed.error))
  }
  if (!parsed.success) return undefined
  return {
    ...standing,
    kind,
    fields: parsed.data,
    parts: kind.parts(parsed.data),
    ways: kind.ways(parsed.data),
    broken,
  }
}

function reportNoStep(source: Source, name: string, path: Path, body: unknown): void {
  const text = typeof body === 'string' ? body : ''
  const kind = nearest(text, stepKinds.keys())
  source.report(
    path,
    'unknown-kind',
    body === null
      ? `"${baseName(name)}" is empty`
      : text
        ? `"${text.slice(0, 40)}" is not a step`
        : 'this is not a step',
    {
      suggestion:
        kind !== undefined
          ? `did you mean "${kind}"?`
          : `write say: ${text.length > 0 && text.length < 40 && !text.includes('\n') ? text : 'Hello'}`,
    },
  )
}

/** The kind of a step: the one word in it that is a kind, and of which all the others are fields. */
function kindOf(source: Source, name: string, path: Path, body: object): StepKind | undefined {
  const words = Object.keys(body)
  const found = words.flatMap((word) => stepKinds.get(word) ?? [])
  const fitting = found.filter((kind) => found.every((other) => other === kind || fieldsOf(kind).includes(other.kind)))
  if (fitting.length === 1) return fitting[0]
  const [first, second] = found
  if (first && second) {
    source.report(
      [...path, second.kind],
      'unknown-kind',
      `"${baseName(name)}" is both ${first.kind} and ${second.kind}`,
      {
        key: true,
        suggestion: 'make it a list of steps, with "- " before each',
      },
    )
    return undefined
  }
  const guess = words.find((word) => nearest(word, stepKinds.keys())) ?? words[0]
  if (guess === undefined)
    source.report(path, 'unknown-kind', `"${baseName(name)}" is empty`, { suggestion: 'write say: Hello' })
  else {
    source.report([...path, guess], 'unknown-kind', `there is no step kind "${guess}"`, {
      key: true,
      suggestion: didYouMean(guess, stepKinds.keys()),
    })
  }
  return undefined
}

/** The answers that a step with mistakes was meant to set: they are not unknown elsewhere. */
function namesSet(raw: unknown, into: Set<string>): void {
  if (typeof raw !== 'object' || raw === null) return
  for (const [field, value] of Object.entries(raw)) {
    const names = field === 'into' ? [value] : field === 'set' && isMapping(value) ? Object.keys(value) : []
    for (const name of names)
      for (const meant of typeof name === 'string' ? [name, properName(name)] : []) if (isName(meant)) into.add(meant)
    namesSet(value, into)
  }
}

const shapeOf = (kind: StepKind): Record<string, z.ZodType> => (kind.schema as unknown as z.ZodObject).shape
const fieldsOf = (kind: StepKind): string[] => Object.keys(shapeOf(kind))
const required = (kind: StepKind): string[] =>
  Object.entries(shapeOf(kind))
    .filter(([, field]) => !field.safeParse(undefined).success)
    .map(([name]) => name)
