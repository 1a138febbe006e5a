import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { z } from 'zod'
import { realClock } from '../engine/clock.ts'
import { didYouMean } from '../engine/did-you-mean.ts'
import { reportIssues } from '../engine/language/issues.ts'
import type { FlowError } from '../engine/language/mistakes.ts'
import { parseYaml, unreadable, type Source } from '../engine/language/parse.ts'
import type { Log } from '../engine/ports.ts'
import { mapping } from '../engine/steps/fields.ts'
import { voiceName } from '../engine/voice/kinds/options.ts'
import type { VoiceProvider } from '../engine/voice/provider.ts'
import { Voices } from '../engine/voice/voices.ts'
import { makeFolder, type Settings } from './settings.ts'

/** The voice that needs no description, and stands last in every order. */
const espeak = 'espeak-ng'
/** Written instead of a voice's description: it is not to speak. */
const isOff = (raw: unknown): boolean => raw === 'off' || raw === false

/** A kind of voice: what may be written of it, and the voice made from that. */
type Kind = { schema: z.ZodType; make: (given: unknown) => VoiceProvider }

const kindOf = <S extends z.ZodType>(schema: S, Voice: new (given: z.input<S>) => VoiceProvider): Kind => ({
  schema,
  make: (given) => new Voice(given as z.input<S>),
})

/** Each is loaded when it is wanted: an engine is to start quickly. */
const kinds: Record<string, () => Promise<Kind>> = {
  [espeak]: async () => {
    const { Espeak, espeakOptions } = await import('../engine/voice/kinds/espeak.ts')
    return kindOf(espeakOptions, Espeak)
  },
  google: async () => {
    const { Google, googleOptions } = await import('../engine/voice/kinds/google.ts')
    return kindOf(googleOptions, Google)
  },
  'openai-speech': async () => {
    const { OpenAiSpeech, openAiSpeechOptions } = await import('../engine/voice/kinds/openai-speech.ts')
    return kindOf(openAiSpeechOptions, OpenAiSpeech)
  },
  command: async () => {
    const { CommandVoice, commandOptions } = await import('../engine/voice/kinds/command.ts')
    return kindOf(commandOptions, CommandVoice)
  },
}

const orderOf = z
  .string()
  .regex(/^([a-z]{2,3}(-[A-Za-z0-9]{1,8})*|otherwise)$/, 'is no language; write for instance en, or otherwise')
const member = z.string({ error: 'must be the name of a voice; write espeak-ng' })
const list = 'must be a list of voices, the best one first; write [kokoro, espeak-ng]'

const fileSchema = mapping(
  {
    voices: z
      .record(voiceName, z.unknown(), {
        error: 'must be a mapping; write { kokoro: { kind: openai-speech, url: ... } }',
      })
      .default({}),
    order: z
      .record(orderOf, z.array(member, { error: list }).min(1, list), {
        error: 'must be a mapping; write { en: [kokoro, espeak-ng] }',
      })
      .default({}),
  },
  'write voices: { ... } and order: { ... }',
)

/** The voices of an engine, as the admin has described them. */
export type VoicesRead = {
  voices: VoiceProvider[]
  order: Record<string, string[]>
  last: string
  mistakes: FlowError[]
}

/** Reads the admin's file. With a mistake in it nothing of it holds, and espeak-ng speaks alone. */
export async function readVoices({ voices: file }: Pick<Settings, 'voices'>): Promise<VoicesRead> {
  const source = file === undefined ? undefined : sourceOf(file)
  const read = await described(source)
  const mistakes = source?.mistakes ?? []
  if (mistakes.length > 0) for (const voice of read.voices) voice.close?.()
  return { ...(mistakes.length > 0 ? await described(undefined) : read), last: espeak, mistakes }
}

/** What is wrong with the admin's file, and which voices there are. */
export async function describedIn(settings: Pick<Settings, 'voices'>): Promise<{ mistakes: FlowError[]; names: string[] }> {
  const { voices, mistakes } = await readVoices(settings)
  for (const voice of voices) voice.close?.()
  return { mistakes, names: voices.map(({ name }) => name) }
}

/** The voices as described; what is wrong with the file is said in the log. */
export async function openVoices(settings: Settings, log: Log): Promise<Voices> {
  const { mistakes, ...described } = await readVoices(settings)
  for (const mistake of mistakes) log.error({}, `${mistake.pretty()}\n`)
  if (mistakes.length > 0)
    log.error(
      {},
      `${settings.voices} holds mistakes: nothing of it is used, and ${espeak} speaks alone; mend it and restart`,
    )
  for (const { name, limits } of described.voices)
    if (limits.price === 'paid') log.info({ voice: name }, `the voice ${name} is paid by the character`)
  makeFolder(settings.data)
  return new Voices({ ...described, folder: settings.prompts, clock: realClock, log })
}

async function described(source: Source | undefined): Promise<Pick<VoicesRead, 'voices' | 'order'>> {
  const { voices: given, order } = source ? fields(source) : { voices: {}, order: {} }
  const voices: VoiceProvider[] = []
  for (const [name, raw] of Object.entries(espeak in given ? given : { ...given, [espeak]: { kind: espeak } })) {
    const voice = isOff(raw) ? undefined : await voiceOf(name, raw, source)
    if (voice) voices.push(voice)
  }
  if (source?.mistakes.length === 0) checkOrder(source, order, voices)
  return { voices, order }
}

function sourceOf(file: string): Source {
  const inside = relative('.', file)
  const called = inside.startsWith('..') ? file : inside
  try {
    return parseYaml(readFileSync(file, 'utf8'), called)
  } catch {
    return unreadable(called)
  }
}

function fields(source: Source): z.output<typeof fileSchema> {
  if (source.data === undefined) return { voices: {}, order: {} }
  const read = fileSchema.safeParse(source.data)
  if (!read.success) reportIssues(source, read.error, { schema: fileSchema, what: 'the file', at: (path) => path })
  return read.data ?? { voices: {}, order: {} }
}

async function voiceOf(name: string, raw: unknown, source: Source | undefined): Promise<VoiceProvider | undefined> {
  const at = ['voices', name]
  const { kind, ...rest } = (typeof raw === 'object' && raw !== null ? raw : {}) as { kind?: unknown }
  if (kind === undefined) {
    const suggestion = `write kind: ${Object.keys(kinds).join(', ').replace(/, ([^,]*)$/, ' or $1')}`
    return void source?.report(at, 'missing-field', `the voice ${name} needs a kind`, { key: true, suggestion })
  }
  const known = Object.keys(kinds)
  const load = known.includes(String(kind)) ? kinds[String(kind)] : undefined
  if (!load) {
    const suggestion = didYouMean(String(kind), known)
    return void source?.report([...at, 'kind'], 'bad-value', `there is no kind of voice "${String(kind)}"`, { suggestion })
  }
  const { schema, make } = await load()
  const given = { ...rest, name }
  const { error } = schema.safeParse(given)
  if (!error) return make(given)
  if (source) reportIssues(source, error, { schema, what: name, at: (path) => [...at, ...path] })
  return undefined
}

/** Every name in an order is that of a voice, and some voice is left. */
function checkOrder(source: Source, order: Record<string, string[]>, voices: VoiceProvider[]): void {
  const known = voices.map(({ name }) => name)
  if (known.length === 0) {
    const suggestion = `describe one, or leave out "${espeak}: off"`
    source.report(['voices'], 'bad-value', 'no voice is left to speak', { suggestion })
  }
  for (const [language, names] of Object.entries(order))
    for (const [i, name] of names.entries())
      if (!known.includes(name)) {
        const suggestion = didYouMean(name, known)
        source.report(['order', language, i], 'bad-value', `there is no voice "${name}"`, { suggestion })
      }
}

