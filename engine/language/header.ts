import type { VoiceChoice } from '../call/effects.ts'
import type { Backend, Switch } from './flow.ts'
import { z } from 'zod'
import { isZone, parseHours, type Hours } from '../hours.ts'
import { namesInOrder } from '../order.ts'
import { duration, inputFields, mapping, stepName, text, written } from '../steps/fields.ts'
import { dialled } from '../steps/keys.ts'
import type { InputDefaults, Text } from '../steps/step.ts'
import { reportIssues, withoutIssues } from './issues.ts'
import { readLanguages } from './languages.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Source } from './parse.ts'
import { switches } from './switches.ts'

/** What stands above the steps. What cannot be read is left at its default, so that the rest can be checked. */
export type Header = {
  title: string
  numbers: string[]
  languages: string[]
  timezone: string
  currency: string | undefined
  hours: Record<string, Hours>
  switches: Record<string, Switch>
  queues: Record<string, { said?: Text | undefined }>
  /** By language. */
  voices: Record<string, VoiceChoice>
  backends: Record<string, Backend>
  input: InputDefaults
  otherwise: string | undefined
  failed: string | undefined
  /** The longest allowed way to a person, in milliseconds. */
  toAPerson: number | undefined
  start: string | undefined
}

const language = z.string({ error: 'must be a language; write for instance en' })
const number = dialled(
  written(
    /^(?=.*\w)[+\dA-Za-z*#][\dA-Za-z*# ()/-]{0,31}$/,
    'must be a telephone number; write "100" or "+61 2 5124 7700"',
  ),
)
const queueName = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}$/,
    'a queue is named with letters, digits, - and _; use the name that it has in Asterisk',
  )
// Read in conditions as `hours.bookings`, where a hyphen would be a minus.
const hoursName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'opening hours are named with small letters, digits and _; write for instance night_shift')
const queue = z.union(
  [z.null(), mapping({ said: text.optional().describe('Who will answer, in the nominative: the bookings team.') })],
  {
    error: 'must be { said: ... }; write { said: the bookings team }',
  },
)
const backendName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a backend is named with small letters, digits and hyphens; write for instance clinic')
const backend = mapping(
  {
    url: z.string({ error: 'must be an address; write "{{ env.CLINIC_URL }}" or https://host/path' }).describe('Its address, written out or whole from one setting of the admin: "{{ env.CLINIC_URL }}".'),
    timeout: duration.default(5000).describe('How long an answer may take. Default 5s.'),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/, 'is not the name of a header; write for instance Authorization'), z.string({ error: 'must be a text' })).default({})
      .describe('Sent with every request: { Authorization: "Bearer {{ env.CLINIC_TOKEN }}" }.'),
  },
  'write { url: "{{ env.CLINIC_URL }}", timeout: 3s }',
)
const voiceName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a voice is named with small letters, digits and hyphens; write for instance espeak-ng')
const voiceNames = z.union([voiceName.transform((name) => [name]), z.array(voiceName).min(1).max(9)], {
  error: 'must be the name of a voice, or several, the best one first; write [kokoro, espeak-ng]',
})
const voice = z.union(
  [
    voiceNames.transform((by): VoiceChoice => ({ by })),
    mapping(
      {
        by: voiceNames.optional().describe('The names of voices as the admin has them, the best one first.'),
        pace: z
          .number({ error: 'must be a number; write 0.9 for a tenth slower' })
          .min(0.5, 'is too slow; write 0.5 or more')
          .max(2, 'is too quick; write 2 or less')
          .optional()
          .describe('How quick: 1 is the voice\'s own pace, 0.9 a tenth slower. Default 1.'),
      },
      'write { by: [kokoro, espeak-ng], pace: 0.9 }',
    ),
  ],
  { error: 'must be the name of a voice; write { en: kokoro, de: { by: [thorsten, espeak-ng], pace: 0.9 } }' },
)
const listOf = (what: string) => ({ error: `must be a list; write ${what}` })

/** The fields of a hotline's file. */
export const hotlineSchema = mapping(
  {
    hotline: z
      .string({ error: 'must be the name of the hotline; write for instance City waste desk' })
      .trim()
      .min(1, 'must be the name of the hotline; write for instance City waste desk')
      .describe('The name of the hotline, as people call it.'),
    numbers: z
      .array(number, listOf('["100"]'))
      .min(1, 'must hold at least one number; write ["100"]')
      .describe('The numbers that this hotline answers.'),
    languages: z
      .array(language, listOf('[en, de]'))
      .min(1, 'must hold at least one language; write [en]')
      .max(20, 'must be 20 languages or fewer; leave some out')
      .default(['en'])
      .describe('The languages spoken; the first until the caller chooses.'),
    timezone: z
      .string({ error: 'must be a time zone; write for instance Australia/Canberra' })
      .optional()
      .describe('IANA name of the time zone. Default: that of the machine.'),
    currency: z
      .string({ error: 'must be a currency; write for instance AUD' })
      .refine((code) => Intl.supportedValuesOf('currency').includes(code), 'is not the code of a currency; write for instance AUD or EUR')
      .optional()
      .describe('ISO 4217 code of the currency of amounts that name none: {{ fee | money }}. Default: none is said.'),
    'opening-hours': z
      .record(hoursName, z.unknown(), { error: 'must be a mapping; write { office: { Mo-Fr: 09:00-17:00 } }' })
      .optional()
      .describe('Opening hours by name.'),
    switches: switches.optional(),
    queues: z
      .record(queueName, queue, { error: 'must be a mapping; write { bookings: { said: the bookings team } }' })
      .optional()
      .describe('Queues by their name in Asterisk.'),
    voices: z
      .record(language, voice, { error: 'must be a mapping; write { en: kokoro, de: [thorsten, espeak-ng] }' })
      .optional()
      .describe('Who speaks what is not recorded, by language. Default: whom the admin has chosen.'),
    backends: z
      .record(backendName, backend, { error: 'must be a mapping; write { clinic: { url: "{{ env.CLINIC_URL }}" } }' })
      .optional()
      .describe('Servers that steps may ask, by name.'),
    defaults: mapping(
      {
        input: mapping(
          {
            wait: inputFields.wait.describe(
              'Silence allowed before the first key, from the end of the prompt. Default: `5s`.',
            ),
            'between-keys': duration.optional().describe('Silence allowed between two keys. Default: `2s`.'),
            tries: inputFields.tries.describe('How often the caller is asked, 1 to 9. Default: 3.'),
            otherwise: stepName
              .optional()
              .describe('Where the call goes when all tries of a menu or a question are spent.'),
          },
          'write { wait: 5s, tries: 3, otherwise: agent }',
        ).optional(),
        failed: stepName.optional().describe('Where the call goes when something fails.'),
      },
      'write { input: { tries: 3, otherwise: agent }, failed: agent }',
    ).optional(),
    limits: mapping(
      {
        'to-a-person': duration
          .optional()
          .describe('The longest that a caller who presses nothing may be kept from a person, in spoken time.'),
      },
      'write { to-a-person: 90s }',
    ).optional(),
    start: stepName.describe('The first step.'),
    steps: z
      .record(z.string(), z.unknown(), {
        error: 'must be a mapping of steps; write { welcome: { say: Hello, next: hang-up } }',
      })
      .describe('The steps by name.'),
  },
  'write "hotline: NAME" in the first line, then numbers:, start: and steps:',
)

/** What looks like a step and stands below the steps where a field of the hotline does: at the left edge. */
export function stepsAtEdge(data: unknown): string[] {
  const names = typeof data === 'object' && data !== null ? namesInOrder(data) : []
  const below = names.slice(names.indexOf('steps') + 1)
  return names.includes('steps') ? below.filter((name) => !(name in hotlineSchema.shape) && /^[a-z][a-z0-9-]*$/.test(name)) : []
}

/** Reads everything above the steps and reports what is wrong there. */
export function readHeader(source: Source): Header {
  const parsed = hotlineSchema.safeParse(source.data)
  let right = source.data
  if (!parsed.success) {
    const edge = stepsAtEdge(source.data)
    const instead = (name: string) => (edge.includes(name) ? `put two spaces before ${name}: to make it a step` : undefined)
    reportIssues(source, parsed.error, { schema: hotlineSchema, what: 'a hotline', at: (path) => path, instead })
    right = withoutIssues(right, parsed.error)
  }
  const fields = typeof right === 'object' && right !== null ? (right as Record<string, unknown>) : {}
  // A field that is wrong or missing does not keep the others from being used to check the rest of the file.
  const field = <K extends keyof typeof hotlineSchema.shape>(
    name: K,
  ): z.output<(typeof hotlineSchema.shape)[K]> | undefined => {
    if (source.has([name]) && !Object.hasOwn(fields, name)) return undefined
    const alone = hotlineSchema.shape[name].safeParse(fields[name])
    return alone.success ? (alone.data as never) : undefined
  }
  const input = field('defaults')?.input
  return {
    title: field('hotline') ?? '',
    numbers: field('numbers') ?? [],
    languages: readLanguages(source, field('languages') ?? []),
    timezone: readZone(source, field('timezone')),
    currency: field('currency'),
    hours: readHours(source, field('opening-hours') ?? {}),
    switches: readSwitches(source, field('switches') ?? {}),
    voices: readVoices(field('voices') ?? {}),
    queues: Object.fromEntries(namesGiven(source, 'queues').map((name) => [name, field('queues')?.[name] ?? {}])),
    backends: field('backends') ?? {},
    input: { wait: input?.wait ?? 5000, betweenKeys: input?.['between-keys'] ?? 2000, tries: input?.tries ?? 3 },
    otherwise: input?.otherwise,
    failed: field('defaults')?.failed,
    toAPerson: field('limits')?.['to-a-person'],
    start: field('start'),
  }
}

/** What is written under a field, right or wrong: a queue with a mistake in it is no unknown queue. */
function namesGiven(source: Source, field: string): string[] {
  const given = (source.data as Record<string, unknown> | null)?.[field]
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? namesInOrder(given) : []
}

/** Switches that hold a mistake are known by name all the same: only the mistake itself is to be reported. */
const readSwitches = (source: Source, right: Record<string, Switch>): Record<string, Switch> =>
  Object.fromEntries(namesGiven(source, 'switches').map((name) => [name, right[name] ?? { for: name, starts: 'off' }]))

function readZone(source: Source, zone: string | undefined): string {
  if (zone !== undefined && isZone(zone)) return zone
  // Node lists no second names of zones, and Canberra is one.
  const zones = [...Intl.supportedValuesOf('timeZone'), 'Australia/Canberra', 'UTC']
  if (zone !== undefined)
    source.report(['timezone'], 'bad-value', `there is no time zone "${zone}"`, {
      suggestion: didYouMean(zones.find((one) => one.toLowerCase().endsWith(`/${zone.trim().toLowerCase()}`)) ?? zone, zones, 'write continent and city, for instance Europe/Berlin'),
    })
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function readHours(source: Source, raw: Record<string, unknown>): Record<string, Hours> {
  const read: Record<string, Hours> = {}
  for (const [name, value] of Object.entries(raw)) {
    const result = parseHours(value)
    if ('hours' in result) read[name] = result.hours
    else
      for (const m of result.mistakes)
        source.report(['opening-hours', name, ...m.path], 'bad-value', m.message, { suggestion: m.suggestion, key: m.key ?? false })
  }
  // Hours that hold a mistake are known by name all the same: only the mistake itself is to be reported.
  for (const name of namesGiven(source, 'opening-hours')) read[name] ??= { week: [], except: {} }
  return read
}

const readVoices = (voices: Record<string, { by?: readonly string[] | undefined; pace?: number | undefined }>): Record<string, VoiceChoice> =>
  Object.fromEntries(Object.entries(voices).map(([tag, { by, pace }]) => [tag, { ...(by ? { by } : {}), ...(pace === undefined ? {} : { pace }) }]))
