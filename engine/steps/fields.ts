import { z } from 'zod'
import { milliseconds } from '../duration.ts'
import { isName, taken } from '../expressions/cel.ts'
import { namesInOrder } from '../order.ts'
import { timeMeant } from './spelt.ts'

// Messages are `what is wrong; what to write`. One that begins with "must" gets the name of its field in front.

/** Named fields and no others. What is said of an unknown one is the list of those there are, to choose from. */
export const mapping = <S extends z.ZodRawShape>(shape: S, example?: string) =>
  z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : `must be a mapping${example ? `; ${example}` : ''}`,
  })

/** `Größe ändern` as a step may be called: `groesse-aendern`. */
export const properStepName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[äöü]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue' })[letter]!)
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** The name of a step: small letters, digits and hyphens. */
export const stepName = z
  .string({ error: 'must be the name of a step; write for instance main' })
  .superRefine((name, ctx) => {
    if (/^[a-z][a-z0-9-]*$/.test(name)) return
    const hangUp = /^hang\W?up$/i.test(name)
    const [, list] = /^([a-z][a-z0-9-]*)\/\d+$/.exec(name) ?? []
    if (list !== undefined)
      return ctx.addIssue({
        code: 'custom',
        message: 'a part of a list has no name of its own',
        params: { suggestion: `write ${list}, or make this part a step by itself` },
      })
    ctx.addIssue({
      code: 'custom',
      message: hangUp ? `the end of a call is called hang-up` : 'a step is named with small letters, digits and hyphens, a letter first',
      params: { suggestion: hangUp ? 'write hang-up' : `write ${/^[a-z]/.test(properStepName(name)) ? properStepName(name) : 'for instance main-menu'}` },
    })
  })
  .describe('Where the call goes: a step, or `hang-up`.')
  .meta({ title: 'a step' })

/** What is said at one go; ten minutes of it. */
export const words = z
  .string({ error: 'must be a text; put it in quotes' })
  .regex(/\S/, 'the text is empty; write what is said')
  .max(8000, 'the text is longer than ten minutes; write what is said')

/** What is said: a text in the first language, or texts by language. */
export const text = z
  .union([words, z.record(z.string(), words)], {
    error: 'must be a text, or texts by language; write Hello, or { en: Hello, de: Hallo }',
  })
  .describe('What is said: a text, or one for each language. Values stand in {{ }}.')
  .meta({ title: 'a text' })

/** One text or several, said one after the other each time the same thing happens again. */
export const texts = z
  .union(
    [
      z.array(text).min(1, 'the list is empty; write at least one text, or leave the field out'),
      text.transform((one) => [one]),
    ],
    {
      error: 'must be a text or a list of texts; write ["I did not hear a key.", "Still there?"]',
    },
  )
  .describe('Said the first time, the second time, ...; the last one is said again when there are no more.')
  .meta({ title: 'a text, or a list of them' })

/** A text that may be written as a number, without quotes. */
export const written = (pattern: RegExp, error: string) =>
  z
    .preprocess((raw) => (typeof raw === 'number' ? String(raw) : raw), z.string({ error }).regex(pattern, error))
    .meta({ type: ['string', 'integer'] })

/** The longest time that a call waits for anything. */
const longest = 24 * 3_600_000

/** `5s`, `800ms`, `2m`, `1.5h`, at most a day; milliseconds after parsing. */
export const duration = z
  .unknown()
  .transform((raw, ctx): number => {
    const ms = typeof raw === 'string' ? milliseconds(raw) : undefined
    if (ms !== undefined && ms > 0 && ms <= longest) return ms
    const bare = typeof raw === 'number' || (typeof raw === 'string' && /^[\d.]+$/.test(raw))
    const message =
      ms === 0
        ? `${String(raw)} is no time at all`
        : ms !== undefined
        ? `${String(raw)} is more than a day`
        : bare
          ? `${String(raw)} has no unit`
          : `${shown(raw)} is not a time`
    const meant = typeof raw === 'string' ? timeMeant(raw) : undefined
    const suggestion =
      ms === 0 ? 'write for instance 5s' : ms !== undefined ? 'write 24h or less' : bare ? `write ${String(raw)}s, or ms, m, h` : `write ${meant ?? '5s, 800ms, 2m or 1h'}`
    ctx.addIssue({ code: 'custom', message, params: { code: 'bad-duration', suggestion } })
    return z.NEVER
  })
  .describe('A time with its unit: 5s, 800ms, 2m, 1h.')
  .meta({ title: 'a time', type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$', examples: ['5s'] })

const shown = (raw: unknown): string => (typeof raw === 'string' ? `"${raw}"` : raw === null ? 'nothing' : 'this')

/** A condition in CEL. */
export const condition = z
  .union([z.string().min(1), z.boolean().transform(String)], {
    error: 'must be a condition; write for instance postcode == "2600"',
  })
  .describe('A condition in CEL: postcode == "2600" && caller.known')
  .meta({ title: 'a condition' })

/** The name of an answer: a CEL identifier, so no hyphens. */
export const answerName = z
  .string({ error: 'must be a name; write for instance booking_number' })
  .superRefine((name, ctx) => {
    if (isName(name)) return
    const proper = properName(name)
    ctx.addIssue({
      code: 'custom',
      message: taken.has(name) ? `"${name}" means something else already` : `"${name}" cannot be the name of an answer`,
      params: {
        suggestion:
          isName(proper) && proper !== name
            ? `write ${proper}`
            : 'use small letters, digits and _, for instance booking_number',
      },
    })
  })
  .meta({ title: 'a name' })

/** `booking-number` as the name of an answer: `booking_number`. */
export const properName = (name: string): string => name.replaceAll(/[- ]/g, '_').toLowerCase()

/** `4` or `4-10`: how many digits. */
export const digitCount = z
  .unknown()
  .transform((raw, ctx): { least: number; most: number } => {
    const [, a, b] = /^(\d{1,2})(?:\s*-\s*(\d{1,2}))?$/.exec(String(raw)) ?? []
    const least = Number(a)
    const most = Number(b ?? a)
    if (a !== undefined && least >= 1 && most >= least && most <= 64) return { least, most }
    ctx.addIssue({
      code: 'custom',
      message: 'must be a number of digits',
      params: { suggestion: most >= 1 && most < least && least <= 64 ? `write ${most}-${least}` : 'write 4, or 4-10 for four to ten, at most 64' },
    })
    return z.NEVER
  })
  .describe('How many digits: 4, or 4-10.')
  .meta({ title: 'digits', type: ['integer', 'string'], pattern: '^\\d{1,2}\\s*(-\\s*\\d{1,2})?$', examples: ['4-10'] })

/** A mapping whose order counts, as a list of its entries, each with its name in `key`. */
export function inOrder<V extends z.ZodType>(name: z.ZodType<string>, value: V, example: string) {
  type Entry = z.output<V> & { key: string }
  const record = z.record(name as z.ZodString, value, {
    error: (issue) => (issue.code === 'invalid_type' ? `must be a mapping; ${example}` : undefined),
  })
  return z.unknown().transform((raw, ctx): Entry[] => {
    const parsed = record.safeParse(raw)
    if (parsed.success)
      return namesInOrder(raw as object).map((key) => ({ ...(parsed.data[key] as object), key }) as Entry)
    for (const issue of parsed.error.issues) ctx.issues.push({ ...issue, input: raw } as never)
    return z.NEVER
  }).meta(z.toJSONSchema(record, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as Record<string, unknown>)
}

/** `true` or `false`. */
export const flag = z.boolean({
  error: ({ input }) => {
    const [yes, no] = [/^(true|yes|y|on|ja|1)$/i, /^(false|no|n|off|nein|0)$/i].map((words) => words.test(String(input)))
    return `must be true or false; write ${yes ? 'true' : no ? 'false' : 'true or false'} without quotes`
  },
})

/** Whether a key cuts the prompt short. */
export const bargeIn = flag.describe('Whether a key cuts the prompt short. Default: `true`.')

const wholeNumber = 'must be a whole number from 1 to 9; write for instance 3'

/** The fields of every step that asks for keys. VoiceXML 2.0 calls `wait` timeout. */
export const inputFields = {
  wait: duration
    .optional()
    .describe(
      'Silence allowed before the first key, from the end of the prompt. Default: `defaults.input.wait`, else `5s`.',
    ),
  tries: z
    .number({ error: wholeNumber })
    .int(wholeNumber)
    .min(1, wholeNumber)
    .max(9, wholeNumber)
    .optional()
    .describe('How often the caller is asked, 1 to 9. Default: `defaults.input.tries`, else 3.'),
  'no-input': texts
    .optional()
    .describe('Said after silence, before the prompt is said again. Default: two texts of the language.'),
  'no-match': texts
    .optional()
    .describe('Said after a wrong key or answer, before the prompt is said again. Default: two texts of the language.'),
  otherwise: stepName
    .optional()
    .describe('Where the call goes when all tries are spent.'),
  'barge-in': bargeIn.default(true),
}
