import { namesInOrder } from '../order.ts'
import { isName } from '../expressions/cel.ts'
import { properName, properStepName } from '../steps/fields.ts'
import { stepKinds } from '../steps/index.ts'
import type { FieldPath, Parts, StepKind, Way } from '../steps/step.ts'
import { stepsAtEdge } from './header.ts'
import { fieldsOf, kindOf, reportNoStep, required, type Standing } from './kinds.ts'
import { isLanguage } from './languages.ts'
import type { Path, Source } from './parse.ts'
import { readFields } from './read-fields.ts'
import type { Translations } from './translations.ts'

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
  const names = namesInOrder(bodies)
  for (const name of names) {
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
        ? { source, name: `${full}/${i + 1}`, path: ['steps', name, i], names }
        : { source, name: full, path: ['steps', name], names }
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

type Read = Omit<ReadStep, 'follows'>

function readStep(standing: Standing, raw: unknown, translations: Translations): Read | undefined {
  const { source, name, path } = standing
  const body = typeof raw === 'string' && stepKinds.has(raw) ? { [raw]: null } : raw
  if (!isMapping(body)) return void reportNoStep(standing, body)
  const kind = kindOf(standing, body)
  if (!kind) return undefined
  const { [kind.kind]: inner, ...beside } = body
  const value = valueBehind(kind, inner)
  const isBehind = value !== undefined || !kind.value
  if (isBehind && !isMapping(inner)) {
    const fields = required(kind).map((field) => `${field}: ...`)
    return void source.report([...path, kind.kind], 'bad-value', `${kind.kind} needs its fields`, {
      suggestion: `write ${kind.kind}: { ${fields.join(', ') || '...'} }`,
    })
  }
  const at = ([first, ...rest]: FieldPath): Path => {
    const field = first === kind.kind && value !== undefined ? value : first
    if (field === undefined) return isBehind ? [...path, kind.kind] : path
    const isBeside = !isBehind || (typeof field === 'string' && Object.hasOwn(beside, field))
    return isBeside ? [...path, field, ...rest] : [...path, kind.kind, field, ...rest]
  }
  for (const field of isBehind ? Object.keys(beside) : [])
    if (Object.hasOwn(inner as object, field))
      source.report([...path, field], 'bad-value', `"${field}" is given twice`, {
        key: true,
        suggestion: `keep the one inside ${kind.kind}`,
      })
  const fields = isBehind ? { ...asFields(kind, inner as Record<string, unknown>, value), ...beside } : body
  const names = value === undefined ? undefined : fieldsOf(kind).map((field) => (field === kind.kind ? value : field))
  const read = readFields({ source, name, path, kind, at, names }, fields, translations)
  return read && { source, name, path, kind, at, ...read }
}

/**
 * What the value of a kind is called where its fields stand behind it, `callback: { queue: bookings, say: ... }`.
 * Undefined where they do not: `say: { en: Hello, de: Hallo }` is a value.
 */
function valueBehind(kind: StepKind, inner: unknown): string | undefined {
  if (kind.valueName === undefined || !isMapping(inner)) return undefined
  const names = Object.keys(inner)
  const isField = (name: string): boolean => name === kind.valueName || fieldsOf(kind).includes(name)
  if (!names.some(isField) && names.some(isLanguage)) return undefined
  return Object.hasOwn(inner, kind.kind) ? kind.kind : kind.valueName
}

/** Fields by the names that they have beside the kind. */
function asFields(kind: StepKind, inner: Record<string, unknown>, value: string | undefined): object {
  if (value === undefined || value === kind.kind || !Object.hasOwn(inner, value)) return inner
  const { [value]: given, ...others } = inner
  return { [kind.kind]: given, ...others }
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
