import { z } from 'zod'
import { stepKinds } from '../steps/index.ts'
import type { StepKind } from '../steps/step.ts'
import { hotlineSchema } from './header.ts'

type Json = Record<string, unknown>

/**
 * The JSON Schema (draft 7) of a hotline's file, for editors: completion, hover and first mistakes while typing. It is
 * made from the schemas that the checker uses, so a new kind is in it by itself. What no schema can say (ways that
 * lead nowhere, missing translations) remains the checker's.
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
  return {
    ...schema,
    title: 'A hotline of Callwright',
    definitions: {
      step: { anyOf: kinds.map(({ kind }) => ({ $ref: `#/definitions/${kind}` })) },
      ...Object.fromEntries(kinds.map((kind) => [kind.kind, stepSchema(kind)])),
    },
  }
}

/** A step as it may be written: its value behind the kind, or its fields behind or beside it. */
function stepSchema(kind: StepKind): Json {
  const fields = jsonOf(kind.schema)
  if (kind.value) {
    const step = { ...fields, description: kind.summary, required: [kind.kind] }
    // A kind that needs nothing behind it stands alone: `hang-up`.
    return kind.schema.safeParse({ [kind.kind]: null }).success
      ? { anyOf: [{ const: kind.kind, description: kind.summary }, step] }
      : step
  }
  const { required: _, ...beside } = fields
  return {
    ...beside,
    description: kind.summary,
    properties: { ...(fields.properties as Json), [kind.kind]: { ...beside, description: kind.summary } },
    required: [kind.kind],
  }
}

function jsonOf(schema: z.ZodType): Json {
  const { $schema, ...json } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as Json
  return $schema === undefined ? json : { $schema, ...json }
}
