import type { z } from 'zod'
import { stepKinds } from '../steps/index.ts'
import type { FieldPath, Parts, StepKind, Way } from '../steps/step.ts'
import { namesInOrder } from '../order.ts'
import { schemaMistakes } from './issues.ts'
import { didYouMean, type FlowError } from './mistakes.ts'
import type { Path, Source } from './parse.ts'

/** A step as it was read; `broken` when its fields hold mistakes, so that nothing more can be said of it. */
export type ReadStep = {
  name: string
  kind: StepKind
  fields: unknown
  parts: Parts
  ways: Way[]
  /** The step after it in its list. */
  follows: string | undefined
  /** Where the step stands, and where one of its fields does. */
  path: Path
  at(field: FieldPath): Path
}

/** Steps that could be read; `entries` has every name that a way can lead to, with the step it enters. */
export type ReadSteps = ReadStep[] & { entries: Map<string, string>; broken: Set<string> }

/** Reads all steps; adds what is wrong to `mistakes`. */
export function readSteps(source: Source, mistakes: FlowError[]): ReadSteps {
  const steps: ReadSteps = Object.assign([], { entries: new Map<string, string>(), broken: new Set<string>() })
  const bodies = (source.data as { steps?: unknown } | null)?.steps
  if (typeof bodies !== 'object' || bodies === null || Array.isArray(bodies)) return steps
  for (const name of namesInOrder(bodies)) {
    const body = (bodies as Record<string, unknown>)[name]
    const path = ['steps', name]
    if (!/^[a-z][a-z0-9-]*$/.test(name) || name === 'hang-up') {
      const proper = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')
      mistakes.push(source.mistake(path, 'bad-value', name === 'hang-up' ? 'a step cannot be called hang-up' : `"${name}" cannot be the name of a step`, {
        key: true, suggestion: name === 'hang-up' || !/^[a-z]/.test(proper) ? 'use small letters, digits and hyphens' : `write ${proper}`,
      }))
    }
    const list = Array.isArray(body) ? body : undefined
    if (list?.length === 0) mistakes.push(source.mistake(path, 'bad-value', `"${name}" is an empty list`, { suggestion: 'write at least one step: - say: Hello' }))
    steps.entries.set(name, list ? `${name}/1` : name)
    for (const [i, one] of (list ?? [body]).entries()) {
      const stepName = list ? `${name}/${i + 1}` : name
      const read = readStep(source, mistakes, stepName, list ? [...path, i] : path, one)
      if (!read) steps.broken.add(stepName)
      else steps.push({ ...read, follows: list && i + 1 < list.length ? `${name}/${i + 2}` : undefined })
    }
  }
  return steps
}

function readStep(source: Source, mistakes: FlowError[], name: string, path: Path, raw: unknown): Omit<ReadStep, 'follows'> | undefined {
  const body = typeof raw === 'string' && stepKinds.has(raw) ? { [raw]: null } : raw
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const suggestion = typeof body === 'string' ? didYouMean(body, ['hang-up']) ?? `write say: ${body.slice(0, 40)}` : 'write for instance say: Hello'
    mistakes.push(source.mistake(path, 'unknown-kind', `"${name}" is not a step`, { suggestion }))
    return undefined
  }
  const kind = kindOf(source, mistakes, name, path, body)
  if (!kind) return undefined
  const inner = (body as Record<string, unknown>)[kind.kind]
  if (!kind.value && (typeof inner !== 'object' || inner === null || Array.isArray(inner))) {
    mistakes.push(source.mistake([...path, kind.kind], 'bad-value', `${kind.kind} needs its fields`, { suggestion: `write ${kind.kind}: { ${required(kind).map((f) => `${f}: ...`).join(', ')} }` }))
    return undefined
  }
  const beside: Record<string, unknown> = { ...body }
  if (!kind.value) delete beside[kind.kind]
  const at = (field: FieldPath): Path =>
    kind.value || (typeof field[0] === 'string' && field[0] in beside) ? [...path, ...field] : [...path, kind.kind, ...field]
  for (const field of kind.value ? [] : Object.keys(beside))
    if (field in (inner as object)) mistakes.push(source.mistake([...path, field], 'bad-value', `"${field}" is given twice`, { key: true, suggestion: `keep the one inside ${kind.kind}` }))
  const parsed = kind.schema.safeParse(kind.value ? body : { ...(inner as object), ...beside }, { reportInput: true })
  if (!parsed.success) {
    mistakes.push(...schemaMistakes(source, parsed.error, (p) => at(p as FieldPath), fieldsOf(kind), kind.kind))
    return undefined
  }
  return { name, kind, fields: parsed.data, parts: kind.parts(parsed.data), ways: kind.ways(parsed.data), path, at }
}

/** The kind of a step: the one word in it that is a kind, and of which all the others are fields. */
function kindOf(source: Source, mistakes: FlowError[], name: string, path: Path, body: object): StepKind | undefined {
  const words = Object.keys(body)
  const found = words.flatMap((word) => stepKinds.get(word) ?? [])
  const fitting = found.filter((kind) => found.every((other) => other === kind || fieldsOf(kind).includes(other.kind)))
  if (fitting.length === 1) return fitting[0]
  if (found.length > 1) {
    const [first, second] = found as [StepKind, StepKind]
    mistakes.push(source.mistake([...path, second.kind], 'unknown-kind', `"${name}" is both ${first.kind} and ${second.kind}`, { key: true, suggestion: 'make it a list of steps: one "- " for each' }))
    return undefined
  }
  const guess = words.map((word) => ({ word, hint: didYouMean(word, stepKinds.keys()) })).find(({ hint }) => hint?.startsWith('did you mean'))
  const first = guess?.word ?? words[0]
  mistakes.push(source.mistake(first === undefined ? path : [...path, first], 'unknown-kind', first === undefined ? `"${name}" is empty` : `there is no step kind "${first}"`, {
    key: true, suggestion: guess?.hint ?? `there are: ${[...stepKinds.keys()].join(', ')}`,
  }))
  return undefined
}

const shapeOf = (kind: StepKind): Record<string, z.ZodType> => (kind.schema as unknown as z.ZodObject).shape
const fieldsOf = (kind: StepKind): string[] => Object.keys(shapeOf(kind))
const required = (kind: StepKind): string[] => Object.entries(shapeOf(kind)).filter(([, field]) => !field.safeParse(undefined).success).map(([name]) => name)
