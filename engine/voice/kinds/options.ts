import { z } from 'zod'
import { milliseconds } from '../../duration.ts'

// Fields of voices.yaml that several kinds of voices have. Messages are `what is wrong; what to write`.

/**
 * Named fields and no others. What is said of an unknown one is the list of those that are written, to choose from: in
 * the file the name stands before them.
 */
export const voiceOptions = <S extends z.ZodRawShape>(shape: S, example: string) =>
  z.strictObject(shape, {
    error: ({ code }) => {
      if (code !== 'unrecognized_keys') return `must be a mapping; write ${example}`
      return Object.keys(shape).filter((field) => field !== 'name').join(' ')
    },
  })

export const voiceName = z
  .string({ error: 'must be the name of a voice; write for instance thorsten' })
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a voice is named with small letters, digits and hyphens; write for instance thorsten')
  .describe('What flows call it.')

export const languageTag = z
  .string({ error: 'must be a language; write for instance de' })
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language; write for instance de or en-AU')

/** An address of a server that the admin trusts: private ones are as good as public ones. */
export const serverUrl = (example: string) =>
  z
    .string({ error: `must be an address; write for instance ${example}` })
    .regex(/^https?:\/\/[^\s/?#@]+[^\s?#@]*$/, `must be an address with nothing behind its path and no password; write for instance ${example}`)
    .refine((url) => URL.canParse(url), `must be an address; write for instance ${example}`)
    .transform((url) => url.replace(/\/+$/, ''))

/** How long one text may take, in milliseconds. */
export const timeout = (fallback: string) =>
  z
    .string({ error: 'must be a time with its unit; write for instance 10s' })
    .default(fallback)
    .transform((text, context) => {
      const ms = milliseconds(text)
      if (ms !== undefined && ms >= 100 && ms <= 120_000) return ms
      context.addIssue({ code: 'custom', message: 'must be a time from 100ms to 2m; write for instance 10s' })
      return z.NEVER
    })
    .describe(`How long one text may take before the next voice is asked. Default ${fallback}.`)

export const atOnce = z
  .number({ error: 'must be a number; write 2' })
  .int('must be a whole number; write 2')
  .min(1, 'must be at least 1; write 1')
  .max(32, 'must be 32 or less; write 4')
  .default(2)
  .describe('How many texts it is given at the same time. Default 2.')

export const modelVersion = z
  .union([z.string().max(100), z.number().transform(String)], { error: 'must be a text; write "2"' })
  .default('1')
  .describe('Of the model. Write another one when its sound has changed: everything is then spoken anew. Default 1.')
