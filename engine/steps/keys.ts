import { z } from 'zod'
import { digitsMeant, keyMeant } from './spelt.ts'

const noKey = 'must be a key of a telephone; write one of 0-9, "*" and "#"'

/** The name of a field that is a key: `3:`, `"#":`. Editors take the first for a number. */
export const keyName = z
  .string({ error: noKey })
  .superRefine((name, ctx) => {
    if (/^[0-9*#]$/.test(name)) return
    const meant = keyMeant(name)
    const [, first, last] = /^(\d)\s*(?:-|\.\.+|to|bis)\s*(\d)$/.exec(name) ?? []
    const suggestion =
      meant !== undefined
        ? `write ${meant}`
        : first !== undefined
          ? `write a line for each of the keys ${first} to ${last}`
          : /^\d+$/.test(name)
            ? 'callers press one key at a time: write one of 0-9, or ask for digits with collect'
            : 'write one of 0-9, "*" and "#"'
    const message = `no telephone has a key "${name}"`
    ctx.addIssue({ code: 'custom', message, params: { code: 'dead-key', suggestion } })
  })
  .meta({ title: 'a key', type: ['string', 'integer'], pattern: '^[0-9*#]$' })

/** One key of a telephone. */
export const key = z
  .preprocess((raw) => (typeof raw === 'number' ? String(raw) : raw), keyName)
  .meta({ title: 'a key', type: ['string', 'integer'] })

/** The key that ends an entry. */
export const endKey = key.superRefine((end, ctx) => {
  if (/^\d$/.test(end))
    ctx.addIssue({
      code: 'custom',
      message: `the key ${end} would end the entry and could never be part of it`,
      params: { code: 'dead-key', suggestion: 'write "#" or "*"' },
    })
})

/** A telephone number, as its digits are dialled. */
export const dialled = (number: z.ZodType<string>) =>
  number.superRefine((written, ctx) => {
    const zero = /\(0\)/.test(written)
    if (!zero && !/\d[ ()-]*[A-Z]{3}/.test(written)) return
    ctx.addIssue({
      code: 'custom',
      message: zero ? 'the (0) is dialled by nobody who dials the rest' : 'callers dial digits, not letters',
      params: { suggestion: `write "${zero ? written.replace(/ *\(0\) */, ' ') : digitsMeant(written)}"` },
    })
  })
