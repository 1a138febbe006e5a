import { parse } from 'yaml'
import { z } from 'zod'
import type { StepKind, Way } from '../steps/step.ts'

export type Json = Record<string, unknown>

/** What authors are told of a kind: on its page, and in their editors. */
export type Manual = {
  /** Paragraphs in Markdown; none, or several with an empty line between them. */
  text: string
  fields: FieldManual[]
  /** Steps in YAML, as they stand under `steps:`. */
  examples: string[]
  /** The steps of this kind among them, as data. */
  steps: unknown[]
}

export type FieldManual = {
  name: string
  /** What an author writes there: `a text`, `a time`. */
  written: string
  /** What it means. */
  says: string
  /** What holds when it is left out; undefined when it must be given, or when nobody has said it yet. */
  leftOut: string | undefined
  needed: boolean
  /** Whether the call goes on by it. */
  way: boolean
  /** The fields of each entry behind it, such as `go` of a key. */
  entries: FieldManual[]
}

/** What a kind tells of itself: in its schema, its ways and its texts. */
export function manualOf(kind: StepKind): Manual {
  const examples = kind.examples.map(unindented)
  const steps = examples.flatMap((text) => Object.values(parse(text) as Json).flat()).filter((step) => isOf(kind, step))
  const ends = new Map(steps.flatMap((step) => endsOf(kind, step)))
  const fields = fieldsIn(jsonOf(kind.schema)).map((field) => ({
    ...field,
    needed: !shapeOf(kind)[field.name]!.safeParse(undefined).success,
    leftOut: field.leftOut ?? ends.get(field.name),
  }))
  return { text: unindented(kind.manual ?? '').trim(), fields, examples, steps }
}

/** Where the call goes by a way that the author did not give. */
const elsewhere: Record<NonNullable<Way['orElse']>, string> = {
  following: 'the next step of the list',
  otherwise: '`defaults.input.otherwise`; one of the two must be given',
  failed: '`defaults.failed`, else words of regret and the end',
  'hang-up': 'the call ends',
}

/** By field, where a step's ways lead without it. */
function endsOf(kind: StepKind, step: unknown): [string, string][] {
  const ways = kind.ways(kind.schema.parse(fieldsOf(kind, step)))
  return ways.flatMap(({ path, orElse }) => (path.length === 1 && orElse ? [[String(path[0]), elsewhere[orElse]]] : []))
}

const shapeOf = (kind: StepKind): Record<string, z.ZodType> => (kind.schema as unknown as z.ZodObject).shape

const isOf = (kind: StepKind, step: unknown): boolean =>
  (typeof step === 'string' ? step === kind.kind : Object.hasOwn(step as Json, kind.kind)) &&
  kind.schema.safeParse(fieldsOf(kind, step)).success

/** A step's fields, wherever they stand. */
function fieldsOf(kind: StepKind, step: unknown): Json {
  const body = typeof step === 'string' ? { [step]: null } : (step as Json)
  if (kind.value) return body
  const { [kind.kind]: inner, ...beside } = body
  return { ...(inner as Json), ...beside }
}

function fieldsIn(schema: Json): FieldManual[] {
  const required = (schema.required ?? []) as string[]
  return Object.entries((schema.properties ?? {}) as Record<string, Json>).map(([name, field]) => {
    const [, says = '', leftOut] = /^(.*?)(?: Default:? (.*?)\.?)?$/s.exec((field.description ?? '') as string) ?? []
    return {
      name,
      written: writtenAs(field),
      says,
      leftOut,
      needed: required.includes(name),
      way: field.title === 'a step',
      entries: alternatives((field.items ?? field.additionalProperties ?? {}) as Json).flatMap(fieldsIn),
    }
  })
}

const alternatives = (schema: Json): Json[] => (schema.anyOf as Json[] | undefined) ?? [schema]

/** In words for authors: the title of a schema, else what its type says. */
function writtenAs(schema: Json): string {
  const values = (schema.enum ?? (schema.const === undefined ? [] : [schema.const])) as unknown[]
  if (typeof schema.title === 'string') return schema.title
  if (values.length > 0) return values.map((value) => `\`${String(value)}\``).join(' or ')
  switch (schema.type) {
    case 'boolean':
      return '`true` or `false`'
    case 'integer':
    case 'number':
      return 'a number'
    case 'array':
      return 'a list'
    case 'null':
      return 'nothing'
    default:
      return 'a word'
  }
}

/** A text without the indentation that all its lines have, and without an empty line at its ends. */
function unindented(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n')
  const least = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)))
  return `${lines.map((line) => line.slice(least)).join('\n')}\n`
}

/** What an author may write, as a JSON Schema (draft 7). */
export function jsonOf(schema: z.ZodType): Json {
  const options = { io: 'input', target: 'draft-7', unrepresentable: 'any' } as const
  const { $schema: _, ...json } = z.toJSONSchema(schema, options) as Json
  return json
}
