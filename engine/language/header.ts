import { z } from 'zod'
import { isZone, parseHours, type Hours } from '../hours.ts'
import { languages as spoken, packFor } from '../saying/index.ts'
import { duration, inputFields, stepName, text } from '../steps/fields.ts'
import type { InputDefaults, Text } from '../steps/step.ts'
import { schemaMistakes } from './issues.ts'
import { didYouMean, type FlowError } from './mistakes.ts'
import type { Source } from './parse.ts'

/** What stands above the steps. What cannot be read is left at its default, so that the rest can be checked. */
export type Header = {
  title: string
  numbers: string[]
  languages: string[]
  timezone: string
  hours: Record<string, Hours>
  queues: Record<string, { said?: Text | undefined }>
  input: InputDefaults
  otherwise: string | undefined
  failed: string | undefined
  start: string | undefined
}

const language = z.string({ error: 'must be a language, for instance en' })
const number = z.coerce.string().regex(/^[+\dA-Za-z*#][\dA-Za-z*# ()/-]{0,31}$/, 'must be a telephone number, for instance "100" or "+61 2 5124 7700"')

/** The fields of a hotline's file. */
export const hotlineSchema = z.strictObject({
  hotline: z.string({ error: 'must be the name of the hotline' }).describe('The name of the hotline, as people call it.'),
  numbers: z.array(number, { error: 'must be a list of numbers: ["100"]' }).min(1, 'must hold at least one number').describe('The numbers that this hotline answers.'),
  languages: z.array(language, { error: 'must be a list of languages: [en, de]' }).min(1, 'must hold at least one language').default(['en'])
    .describe('The languages spoken; the first until the caller chooses.'),
  timezone: z.string({ error: 'must be a time zone, for instance Australia/Canberra' }).optional().describe('IANA name of the time zone. Default: that of the machine.'),
  'opening-hours': z.record(stepName, z.unknown(), { error: 'must be a mapping: { office: { Mo-Fr: 09:00-17:00 } }' }).optional().describe('Opening hours by name.'),
  queues: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'a queue is named with letters, digits, - and _'), z.union([z.null(), z.strictObject({ said: text.optional().describe('Who will answer, in the nominative: the bookings team.') })], { error: 'must be { said: ... }' }), { error: 'must be a mapping: { bookings: { said: the bookings team } }' })
    .optional().describe('Queues by their name in Asterisk.'),
  defaults: z.strictObject({
    input: z.strictObject({
      wait: inputFields.wait,
      'between-keys': duration.optional().describe('Silence allowed between two keys. Default 2s.'),
      tries: inputFields.tries,
      otherwise: stepName.optional().describe('Where the call goes when all tries of a menu or a question are spent.'),
    }, { error: 'must be a mapping: { wait: 5s, tries: 3, otherwise: agent }' }).optional(),
    failed: stepName.optional().describe('Where the call goes when something fails.'),
  }, { error: 'must be a mapping' }).optional(),
  start: stepName.describe('The first step.'),
  steps: z.record(z.string(), z.unknown(), { error: 'must be a mapping of steps' }).describe('The steps by name.'),
})

/** Reads everything above the steps; adds what is wrong to `mistakes`. */
export function readHeader(source: Source, mistakes: FlowError[]): Header {
  const parsed = hotlineSchema.safeParse(source.data)
  if (!parsed.success) mistakes.push(...schemaMistakes(source, parsed.error, (path) => path, Object.keys(hotlineSchema.shape), 'a hotline'))
  // Fields that are right are used even when others are wrong: the rest of the file is to be checked all the same.
  const field = <K extends keyof typeof hotlineSchema.shape>(name: K): z.output<(typeof hotlineSchema.shape)[K]> | undefined => {
    if (parsed.success) return parsed.data[name] as never
    const raw = typeof source.data === 'object' && source.data !== null ? (source.data as Record<string, unknown>)[name] : undefined
    const alone = hotlineSchema.shape[name].safeParse(raw)
    return alone.success ? (alone.data as never) : undefined
  }
  const input = field('defaults')?.input
  const timezone = field('timezone')
  if (timezone !== undefined && !isZone(timezone))
    mistakes.push(source.mistake(['timezone'], 'bad-value', `there is no time zone "${timezone}"`, { suggestion: didYouMean(timezone, Intl.supportedValuesOf('timeZone')) ?? 'write for instance Europe/Berlin' }))
  return {
    title: field('hotline') ?? '',
    numbers: field('numbers') ?? [],
    languages: spokenLanguages(source, field('languages') ?? [], mistakes),
    timezone: timezone !== undefined && isZone(timezone) ? timezone : Intl.DateTimeFormat().resolvedOptions().timeZone,
    hours: readHours(source, field('opening-hours') ?? {}, mistakes),
    queues: Object.fromEntries(Object.entries(field('queues') ?? {}).map(([name, queue]) => [name, queue ?? {}])),
    input: { wait: input?.wait ?? 5000, betweenKeys: input?.['between-keys'] ?? 2000, tries: input?.tries ?? 3 },
    otherwise: input?.otherwise,
    failed: field('defaults')?.failed,
    start: field('start'),
  }
}

function spokenLanguages(source: Source, tags: string[], mistakes: FlowError[]): string[] {
  for (const [i, tag] of tags.entries())
    if (!packFor(tag)) mistakes.push(source.mistake(['languages', i], 'unknown-language', `"${tag}" cannot be spoken yet`, { suggestion: didYouMean(tag, spoken) }))
  return tags
}

function readHours(source: Source, raw: Record<string, unknown>, mistakes: FlowError[]): Record<string, Hours> {
  const read: Record<string, Hours> = {}
  for (const [name, value] of Object.entries(raw)) {
    const result = parseHours(value)
    if ('hours' in result) read[name] = result.hours
    else for (const m of result.mistakes) mistakes.push(source.mistake(['opening-hours', name, ...m.path], 'bad-value', m.message, { suggestion: m.suggestion }))
  }
  // Hours that hold a mistake are known by name all the same: only the mistake itself is to be reported.
  for (const name of Object.keys(raw)) read[name] ??= { week: [], except: {} } as unknown as Hours
  return read
}
