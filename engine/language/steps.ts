import type { z } from 'zod'
import { namesInOrder } from '../order.ts'
import { isName } from '../expressions/cel.ts'
import { properName, properStepName } from '../steps/fields.ts'
import { stepKinds } from '../steps/index.ts'
import type { FieldPath, Parts, StepKind, Way } from '../steps/step.ts'
import { stepsAtEdge } from './header.ts'
import { reportIssues, withoutIssues } from './issues.ts'
import { didYouMean, nearest } from '../did-you-mean.ts'
import { wordMeant } from './foreign.ts'
import type { Path, Source } from './parse.ts'
import { baseName } from './step-names.ts'
import { textPath } from './text-path.ts'
import { withText, type Translations } from './translations.ts'

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
  /** The file in which the step stands, and where in it; and where one of its fields does. */
  source: Source
  path: Path
  at(field: FieldPath): Path
}

/** The steps of a file that could be read, and what is known of the others. */
export type ReadSteps = {
  source: Source
  list: ReadStep[]
  /** Every name that a way of this file can lead to, with the step it enters. */
  entries: Map<string, string>
  /** Answers that steps set which could not be read. */
  alsoSet: Set<string>
  /** Steps that hold a mistake. */
  unread: Set<string>
  /** Whether every step was read without a mistake. */
  whole: boolean
  /** Whether the name of an answer is missing, or is none: it may be any that is unknown elsewhere. */
  unnamed: boolean
}

/** Reads all steps of a file and reports what is wrong with each by itself. `file`: its name, when steps call it. */
export function readSteps(source: Source, translations: Translations, file?: string): ReadSteps {
  const steps: ReadSteps = {
    source, list: [], entries: new Map(), alsoSet: new Set(),
    unread: new Set(), whole: source.whole, unnamed: false,
  }
  const bodies = (source.data as { steps?: unknown } | null)?.steps
  if (file === undefined)
    for (const name of stepsAtEdge(source.data)) {
      steps.entries.set(name, name)
      steps.whole = false
    }
  if (!isMapping(bodies)) return steps
  for (const name of namesInOrder(bodies)) {
    if (!hasProperName(source, name)) steps.whole = false
    const body = bodies[name]
    const list = Array.isArray(body) ? body : undefined
    if (list?.length === 0)
      source.report(['steps', name], 'bad-value', `"${name}" is an empty list`, {
        suggestion: 'write at least one step: - say: Hello',
      })
    const full = file === undefined ? name : `${file}/${name}`
    const first = list ? `${full}/1` : full
    steps.entries.set(name, first)
    // A way to the name as it should be is no mistake of its own.
    const proper = properStepName(name)
    if (proper !== name && !(proper in bodies)) steps.entries.set(proper, first)
    for (const [i, one] of (list ?? [body]).entries()) {
      const standing = list
        ? { source, name: `${full}/${i + 1}`, path: ['steps', name, i] }
        : { source, name: full, path: ['steps', name] }
      const read = readStep(standing, one, translations)
      if (!read || read.broken) {
        steps.whole = false
        steps.unread.add(full)
        namesSet(one, steps.alsoSet)
        steps.unnamed ||= lacksName(one)
      }
      if (read) steps.list.push({ ...read, follows: list && i + 1 < list.length ? `${full}/${i + 2}` : undefined })
    }
  }
  return steps
}

const isMapping = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data)

/** What ways lead to beside steps. */
const ownWays = new Map([
  ['hang-up', 'hang-up is the end of every call and no name for a step'],
  ['return', 'return leads back from a call and is no name for a step'],
])

function hasProperName(source: Source, name: string): boolean {
  const own = ownWays.get(name)
  if (/^[a-z][a-z0-9-]*$/.test(name) && own === undefined) return true
  const proper = properStepName(name)
  const detail = own ?? `"${name}" cannot be the name of a step`
  const suggestion =
    own === undefined && /^[a-z]/.test(proper)
      ? `write ${proper}`
      : 'use small letters, digits and hyphens, a letter first'
  source.report(['steps', name], 'bad-value', detail, { key: true, suggestion })
  return false
}

type Standing = Pick<ReadStep, 'source' | 'name' | 'path'>
type Read = Omit<ReadStep, 'follows'>

function readStep({ source, name, path }: Standing, raw: unknown, translations: Translations): Read | undefined {
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
  const fields = kind.value ? body : { ...(inner as object), ...beside }
  return readFields({ source, name, kind, path, at }, fields, translations)
}

function readFields(
  standing: Standing & Pick<ReadStep, 'kind' | 'at'>,
  raw: object,
  translations: Translations,
): Read | undefined {
  const { source, kind, at } = standing
  let right: unknown = raw
  let parsed = kind.schema.safeParse(right)
  const broken = !parsed.success
  if (!parsed.success) {
    reportIssues(source, parsed.error, { schema: kind.schema, what: kind.kind, at: (path) => at(path as FieldPath) })
    right = withoutIssues(raw, parsed.error)
    parsed = kind.schema.safeParse(right)
  }
  if (!parsed.success) return undefined
  for (const { path, text, in: only } of kind.parts(parsed.data).texts ?? []) {
    const both = only === undefined ? translations.of(textPath(standing, path), text, source, at(path)) : text
    if (both !== text) right = withText(right, path, both)
  }
  const fields = right === raw ? parsed.data : kind.schema.parse(right)
  return { ...standing, fields, parts: kind.parts(fields), ways: kind.ways(fields), broken }
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
  const guess = words.find((word) => wordMeant(word, stepKinds.keys())) ?? words[0]
  if (guess === undefined)
    source.report(path, 'unknown-kind', `"${baseName(name)}" is empty`, { suggestion: 'write say: Hello' })
  else {
    source.report([...path, guess], 'unknown-kind', `there is no step kind "${guess}"`, {
      key: true,
      suggestion: didYouMean(wordMeant(guess, stepKinds.keys()) ?? guess, stepKinds.keys()),
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

/** Whether a step that must say under which name it keeps an answer does not. */
function lacksName(raw: unknown): boolean {
  if (!isMapping(raw)) return false
  return [...stepKinds.values()].some((kind) => {
    if (!(kind.kind in raw) || !required(kind).includes('into')) return false
    const inner = raw[kind.kind]
    const into = (isMapping(inner) ? inner.into : undefined) ?? raw.into
    return typeof into !== 'string' || !isName(properName(into))
  })
}

const shapeOf = (kind: StepKind): Record<string, z.ZodType> => (kind.schema as unknown as z.ZodObject).shape
const fieldsOf = (kind: StepKind): string[] => Object.keys(shapeOf(kind))
const required = (kind: StepKind): string[] =>
  Object.entries(shapeOf(kind))
    .filter(([, field]) => !field.safeParse(undefined).success)
    .map(([name]) => name)
