import { z } from 'zod'
import { milliseconds } from '../duration.ts'
import { isName, taken } from '../expressions/cel.ts'
import { namesInOrder } from '../order.ts'

/** The name of a step: small letters, digits and hyphens. */
export const stepName = z
  .string({ error: 'must be the name of a step' })
  .regex(/^[a-z][a-z0-9-]*$/, 'a step is named with small letters, digits and hyphens, a letter first')
  .describe('The name of a step, or `hang-up`.')

/** What is said: a text in the first language, or texts by language. */
export const text = z
  .union([z.string().min(1, 'the text is empty'), z.record(z.string(), z.string({ error: 'must be a text' }).min(1, 'the text is empty'))], {
    error: 'must be a text, or texts by language: { en: Hello, de: Hallo }',
  })
  .describe('What is said: a text, or one for each language. Values stand in {{ }}.')

/** One text or several, said one after the other each time the same thing happens again. */
export const texts = z
  .union([z.array(text), text.transform((one) => [one])], { error: 'must be a text or a list of texts' })
  .describe('Said the first time, the second time, ...; the last one is said again when there are no more.')

/** One key of a telephone. */
export const key = z.coerce.string().regex(/^[0-9*#]$/, 'a key is one of 0-9, * and #')

/** `5s`, `800ms`, `2m`, `72h`; milliseconds after parsing. */
export const duration = z.unknown().transform((raw, ctx): number => {
  const ms = typeof raw === 'string' ? milliseconds(raw) : undefined
  if (ms !== undefined) return ms
  const bare = typeof raw === 'number' || (typeof raw === 'string' && /^[\d.]+$/.test(raw))
  ctx.addIssue({
    code: 'custom',
    message: bare ? `${String(raw)} has no unit` : `"${String(raw)}" is not a time`,
    params: { code: 'bad-duration', suggestion: bare ? `write ${String(raw)}s, or ms, m, h, d` : 'write 5s, 800ms, 2m or 72h' },
  })
  return z.NEVER
}).describe('A time with its unit: 5s, 800ms, 2m, 72h.')

/** A condition in CEL. */
export const condition = z.union([z.string().min(1), z.boolean().transform(String)], { error: 'must be a condition, for instance: postcode == "2600"' })
  .describe('A condition in CEL: postcode == "2600" && caller.known')

/** The name of an answer: a CEL identifier, so no hyphens. */
export const answerName = z.string({ error: 'must be a name' }).superRefine((name, ctx) => {
  if (isName(name)) return
  const proper = name.replaceAll('-', '_').toLowerCase()
  ctx.addIssue({
    code: 'custom',
    message: taken.has(name) ? `"${name}" means something else already` : `"${name}" cannot be the name of an answer`,
    params: { suggestion: isName(proper) && proper !== name ? `write ${proper}` : 'use small letters, digits and _, for instance booking_number' },
  })
})

/** `4` or `4-10`: how many digits. */
export const digitCount = z.unknown().transform((raw, ctx): { least: number; most: number } => {
  const [, a, b] = /^(\d{1,2})(?:\s*-\s*(\d{1,2}))?$/.exec(String(raw)) ?? []
  const least = Number(a)
  const most = Number(b ?? a)
  if (a !== undefined && least >= 1 && most >= least && most <= 64) return { least, most }
  ctx.addIssue({ code: 'custom', message: 'must be a number of digits', params: { suggestion: 'write 4, or 4-10 for between four and ten' } })
  return z.NEVER
}).describe('How many digits: 4, or 4-10.')

/** A mapping whose order counts, as a list of its entries, each with its name in `key`. */
export function inOrder<V extends z.ZodType>(name: z.ZodType<string>, value: V) {
  const record = z.record(name as z.ZodString, value)
  return z.unknown().transform((raw, ctx): (z.output<V> & { key: string })[] => {
    const parsed = record.safeParse(raw, { error: (issue) => (issue.code === 'invalid_type' ? 'must be a mapping' : undefined) })
    if (!parsed.success) {
      for (const issue of parsed.error.issues) ctx.issues.push({ ...issue, input: raw } as never)
      return z.NEVER
    }
    const data = parsed.data as Record<string, object>
    return namesInOrder(raw as object).map((key) => ({ ...data[key], key }) as z.output<V> & { key: string })
  })
}

const yesNo = z.boolean({ error: 'must be true or false' })

/** Whether a key cuts the prompt short. */
export const bargeIn = yesNo.describe('Whether a key cuts the prompt short.')
export const flag = yesNo

/** The fields of every step that asks for keys. */
export const inputFields = {
  wait: duration.optional().describe('Silence allowed before the first key, counted from the end of the prompt. VoiceXML 2.1 calls it timeout. Default 5s.'),
  tries: z.number({ error: 'must be a whole number' }).int('must be a whole number').min(1, 'must be 1 or more').max(9, 'must be 9 or less').optional()
    .describe('How often the caller is asked before the call goes on by `otherwise`. Default 3.'),
  'no-input': texts.optional().describe('Said when no key was pressed, before the prompt is said again.'),
  'no-match': texts.optional().describe('Said when the key or the answer does not fit, before the prompt is said again.'),
  otherwise: stepName.optional().describe('Where the call goes when all tries are spent. Default: defaults.input.otherwise.'),
  'barge-in': bargeIn.default(true),
}
