import { z } from 'zod'
import { milliseconds } from '../engine/duration.ts'
import { duration, mapping, written } from '../engine/steps/fields.ts'
import { endings } from './conversation.ts'
import { leftKinds } from './left.ts'

// Messages are `what is wrong; what to write`, as for the fields of steps.

/** A text that is compared or shown; numbers are taken as written. */
const text = (error: string) =>
  written(/\S/, error).refine((one) => one.length <= 8000, 'the text is too long; write the first words of it')

const keys = z
  .preprocess(
    (raw) => (typeof raw === 'number' ? String(raw) : raw),
    z.string({ error: 'must be keys of a telephone; write for instance 1 or "4711#"' }),
  )
  .transform((raw) => raw.replaceAll(/\s/g, ''))
  .pipe(
    z
      .string()
      .regex(
        /^[0-9*#]{1,200}$/,
        'must be keys of a telephone; write 0-9, "*" and "#", in quotes when there is a * or #',
      ),
  )

const name = (what: string) => z.string({ error: `must be ${what}` }).regex(/^[A-Za-z][\w-]*$/, `must be ${what}`)

/** A number as it stands in the file, or `withheld`. */
const callerNumber = written(
  /^(?:withheld|[+\dA-Za-z*#][\dA-Za-z*# ()/-]{0,31})$/,
  'must be a telephone number, or withheld; write "+61255501234"',
)

/** How long ago a call was: at most as long as calls are remembered. */
const ago = z
  .unknown()
  .transform((raw, ctx): number => {
    const ms = milliseconds(String(raw))
    if (ms !== undefined && ms > 0 && ms <= 7 * 86_400_000) return ms
    const message =
      ms === undefined
        ? `${typeof raw === 'object' ? 'this' : `"${String(raw)}"`} is not a time`
        : ms > 0
          ? `${String(raw)} is more than calls are remembered`
          : 'now is not before'
    ctx.addIssue({
      code: 'custom',
      message,
      params: { code: 'bad-duration', suggestion: 'write 20h, 30m or 3d, at most 7d' },
    })
    return z.NEVER
  })
  .describe('How long before this call')

const earlier = mapping(
  {
    ago,
    outcome: name('an outcome; write for instance gave-up').default('finished'),
    language: z.string({ error: 'must be a language; write for instance en' }).optional(),
    step: z.string({ error: 'must be the name of a step; write for instance main' }).optional(),
  },
  'write { ago: 20h, outcome: gave-up }',
)

/** The fields of a test but for its conversation. */
export const testSchema = mapping(
  {
    test: text('must be a text; write what is tested').describe('What is tested, in a few words'),
    at: z.string({ error: 'must be a time; write Mo 2026-11-23 10:00' }).optional(),
    caller: callerNumber.optional(),
    dials: written(/\S/, 'must be one of the numbers of the hotline; write for instance "100"').optional(),
    before: z
      .union(
        [
          z.array(earlier, { error: 'must be an earlier call; write { ago: 20h, outcome: gave-up }' }).max(100, 'must be 100 calls or fewer; more are not remembered'),
          earlier.transform((one) => [one]),
        ],
        {
          error: 'must be an earlier call; write { ago: 20h, outcome: gave-up }',
        },
      )
      .optional(),
    switches: z
      .array(name('the name of a switch; write for instance outage'), { error: 'must be the switches that are on; write [outage]' })
      .optional()
      .describe('The switches that are on; all others are off'),
    backends: z
      .record(z.string(), z.unknown(), { error: 'must be what backends answer; write { clinic/slots: { json: ... } }' })
      .optional(),
    inbox: z
      .literal('failed', { error: 'must be failed; leave it out when what callers leave can be kept' })
      .optional(),
    call: z
      .array(z.unknown(), { error: 'must be a list; write - hears: Welcome' })
      .min(1, 'must hold at least one line; write - hears: Welcome')
      .describe('What the caller hears and does, line by line'),
  },
  'write - test: WHAT IS TESTED, and below it call:',
)

/** What a backend answers, when it is more than a word. */
export const answerSchema = mapping(
  {
    json: z.unknown().optional().describe('The answer, as the backend would give it'),
    status: z
      .number({ error: 'must be a status of HTTP; write for instance 500' })
      .int('must be a status of HTTP; write for instance 500')
      .min(100, 'must be a status of HTTP; write for instance 500')
      .max(599, 'must be a status of HTTP; write for instance 500')
      .optional(),
    after: duration.optional(),
  },
  'write { json: ... }, { status: 500 } or failed',
)

const told = z
  .union([z.string(), z.number(), z.boolean()], { error: 'must be a text; put it in quotes' })
  .transform(String)
const tell = z.record(z.string(), told, { error: 'must be what the agent sees; write { postcode: "2600" }' }).optional()
const nothing = (word: string) => z.null({ error: `must stand alone; write - ${word}` })

/** The lines of a conversation by their word, each with its fields. */
export const turnSchemas = {
  hears: mapping({ hears: text('must be a text; write the words, in quotes when they hold a colon') }),
  presses: mapping({ presses: keys }),
  waits: mapping({ waits: duration }),
  queued: mapping({
    queued: name('the name of a queue; write for instance bookings'),
    tell,
  }),
  transferred: mapping({ transferred: written(/\d/, 'must be a telephone number; write "+61 2 6205 0000"') }),
  speaks: mapping({ speaks: duration }),
  left: mapping({
    left: z.enum(leftKinds, { error: `must be one of ${leftKinds.join(', ')}; write left: voicemail` }),
    box: name('the name of a box; write for instance bookings').optional(),
    queue: name('the name of a queue; write for instance bookings').optional(),
    number: written(/\d/, 'must be a telephone number; write "+61 2 6205 0000"').optional(),
    score: z.number({ error: 'must be a number; write for instance 4' }).optional(),
    to: written(/\d/, 'must be a telephone number; write "+61 2 6205 0000"').optional(),
    text: text('must be a text; write the words, in quotes when they hold a colon').optional(),
    tell,
  }),
  asked: mapping({ asked: text('must be what is asked; write clinic/slots'), json: z.unknown().optional() }),
  agent: mapping({
    agent: z.enum(['answers', 'hangs-up'], { error: 'must be answers or hangs-up; write agent: answers' }),
  }),
  'hangs-up': mapping({ 'hangs-up': nothing('hangs-up') }),
  'hung-up': mapping({
    'hung-up': z.union([z.null(), name('an outcome; write for instance gave-up')], {
      error: 'must be an outcome; write for instance gave-up',
    }),
  }),
  outcome: mapping({ outcome: name('an outcome; write for instance booked') }),
  'nobody-there': mapping({ 'nobody-there': nothing('nobody-there') }),
  busy: mapping({ busy: nothing('busy') }),
  'no-answer': mapping({ 'no-answer': nothing('no-answer') }),
  failed: mapping({ failed: nothing('failed') }),
}

/** Words that may stand alone. */
export const bareWords = ['hangs-up', 'hung-up', ...endings]
