import { stepKinds } from '../steps/index.ts'
import type { StepKind } from '../steps/step.ts'
import { hotlineSchema } from './header.ts'
import { jsonOf, manualOf, type Json } from './manual.ts'

/**
 * The JSON Schema (draft 7) of a hotline's file, for editors: completion, hover and first mistakes while typing. It is
 * made from the schemas that the checker uses, so a new kind is in it by itself; what is told of a kind is its manual.
 * What no schema can say (ways that lead nowhere, missing translations) remains the checker's.
 */
export function flowSchema(): Json {
  const schema = jsonOf(hotlineSchema)
  const kinds = [...stepKinds.values()]
  const properties = schema.properties as Record<string, Json>
  properties.steps = {
    ...properties.steps,
    additionalProperties: {
      anyOf: [{ $ref: '#/definitions/step' }, { type: 'array', minItems: 1, items: { $ref: '#/definitions/step' } }],
    },
  }
  const whole = {
    ...schema,
    title: 'A hotline of Callwright',
    definitions: {
      step: { anyOf: kinds.map(({ kind }) => ({ $ref: `#/definitions/${kind}` })) },
      ...Object.fromEntries(kinds.map((kind) => [kind.kind, stepSchema(kind)])),
    },
  }
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...(forEditors(whole) as Json) }
}

/**
 * A step as it may be written: its value behind the kind, or its fields behind or beside it. Examples stand in what is
 * shown of it, and not under `examples`: there editors take them for values to fill in.
 */
function stepSchema(kind: StepKind): Json {
  const { text, fields: told, examples } = manualOf(kind)
  const description = `${kind.summary}\n\n${text}`.trim()
  const shown = [description, ...examples.map((example) => `\`\`\`yaml\n${example}\`\`\``)]
  const manual = { title: kind.kind, description, markdownDescription: shown.join('\n\n') }
  const { required: _, ...fields } = jsonOf(kind.schema)
  const properties = fields.properties as Record<string, Json>
  for (const { name, says, leftOut } of told)
    properties[name] = { ...properties[name], description: leftOut ? `${says} Default: ${leftOut}.` : says }
  const value = kind.value ? orBehind(kind, properties) : { ...fields, properties }
  const step = {
    ...fields,
    ...manual,
    properties: { ...properties, [kind.kind]: { ...value, ...manual } },
    required: [kind.kind],
  }
  // A kind that needs nothing behind it stands alone: `hang-up`.
  const alone = kind.value && kind.schema.safeParse({ [kind.kind]: null }).success
  return alone ? { anyOf: [{ const: kind.kind, ...manual }, step] } : step
}

/** The value of a kind, or all its fields behind it, `callback: { queue: bookings, say: ... }`. */
function orBehind({ kind, valueName }: StepKind, { [kind]: value, ...others }: Record<string, Json>): Json {
  if (valueName === undefined) return value!
  const behind = { ...others, [valueName]: value }
  return { anyOf: [value, { type: 'object', properties: behind, required: [valueName], additionalProperties: false }] }
}

/**
 * With each description twice: in Markdown for the editors that read it, and without its marks for the others. Links
 * lead from page to page, not from an editor.
 */
function forEditors(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (name, value: unknown) => {
    const { description, markdownDescription = description } = (typeof value === 'object' ? (value ?? {}) : {}) as Json
    if (name === '$schema') return undefined
    if (typeof description !== 'string') return value
    const withoutLinks = (text: string): string => text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    return {
      ...(value as Json),
      description: withoutLinks(description).replaceAll('`', ''),
      markdownDescription: withoutLinks(markdownDescription as string),
    }
  })
}
