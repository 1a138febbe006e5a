import { z } from 'zod'
import { onlyValue } from '../expressions/template.ts'
import { answerName, mapping, stepName } from './fields.ts'
import { defineStep, does, type FieldPath, type Parts, type SetValue } from './step.ts'

/** A language by its RFC 5646 tag, one of those under `languages`. */
export const spokenLanguage = z
  .string({ error: 'must be a language; write for instance en' })
  .meta({ title: 'a language' })

const value = z.union([z.string(), z.number(), z.boolean()], {
  error: 'must be a text, a number, true or false; put a text in quotes',
})

/** Answers by name; `language` is what the caller hears from now on. */
export const answers = z
  .record(z.union([z.literal('language'), answerName]) as unknown as typeof answerName, value, {
    error: 'must be names with their values; write { matter: new booking }',
  })
  .describe('Values by name: `{ matter: new booking }`. `language` changes what is spoken.')
  .meta({ title: 'names and values' })

type Answers = z.output<typeof answers>

/** Keeps values under a name, for conditions, texts and the agent. */
export const set = defineStep({
  kind: 'set',
  summary: 'Keeps values under a name, for conditions, texts and the agent.',
  manual: `
    A text that is nothing but one \`{{ }}\` keeps the kind of its value: a number stays a number.
  `,
  examples: [
    `
    note:
      - set: { matter: missed collection, tries_so_far: 1, area: "{{ postcode }}", length: "{{ size(postcode) }}" }
      - say: Your area is {{ area | digits }}.
        next: agent
    `,
  ],
  value: true,
  role: 'passes',
  schema: mapping({ set: answers, next: stepName.optional() }),
  ways: (step) => [{ what: 'next', path: ['next'], to: step.next, orElse: 'following' }],
  parts: (step) => setParts(step.set, ['set']),
  compile: (step, c) => ({
    entry: does({ type: 'set', params: { values: setValues(step.set) } }),
    always: c.go('next'),
  }),
  survives: (step, s) => [{ act: 'go', go: s.go('next', setValues(step.set)) }],
})

/** What a `set` sets and reads; `path` is where it stands. */
export function setParts(values: Answers, path: FieldPath): Parts {
  const entries = Object.entries(values).map(([name, raw]) => ({ name, raw, path: [...path, name] }))
  const answersSet = entries.filter(({ name }) => name !== 'language')
  return {
    sets: answersSet.map(({ name, raw, path }) => ({ name, path, value: typeOf(raw) })),
    languages: entries
      .filter(({ name }) => name === 'language')
      .flatMap(({ raw, path }) => (String(raw).includes('{{') ? [] : [{ path, name: String(raw) }])),
    templates: entries.flatMap(({ raw, path }) => (typeof raw === 'string' ? [{ path, text: raw, kept: true as const }] : [])),
  }
}

/** Values as the machine carries them. */
export const setValues = (values: Answers): Record<string, SetValue> =>
  Object.fromEntries(Object.entries(values).map(([name, raw]) => [name, setValue(raw)]))

function setValue(raw: string | number | boolean): SetValue {
  if (typeof raw !== 'string' || !raw.includes('{{')) return { value: raw }
  const cel = onlyValue(raw)
  return cel === undefined ? { text: raw } : { cel }
}

function typeOf(
  raw: string | number | boolean,
): { type: 'text' | 'whole-number' | 'number' | 'yes-no' } | { cel: string } {
  if (typeof raw === 'number') return { type: Number.isInteger(raw) ? 'whole-number' : 'number' }
  if (typeof raw === 'boolean') return { type: 'yes-no' }
  const cel = onlyValue(raw)
  return cel === undefined ? { type: 'text' } : { cel }
}
