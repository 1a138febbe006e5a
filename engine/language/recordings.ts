import type { Prompt } from '../call/effects.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Said } from '../steps/step.ts'
import type { Beside, Recording } from './beside.ts'
import type { Compiled } from './compile.ts'
import type { Flow } from './flow.ts'
import { languageMeant } from './languages.ts'
import { mostMistakes } from './limits.ts'
import { FlowError } from './mistakes.ts'
import { parseYaml, type Source } from './parse.ts'
import { spoken } from './speech.ts'
import { hasWords, type NamedText } from './translations.ts'

type Saying = Pick<Compiled, 'flow' | 'said'>

/** Words that are the same in every call, and so can be recorded. */
export type Recordable = {
  /** That of the text, as `textPath` gives it; with `.1`, `.2` ... for the words of one with values in it. */
  name: string
  language: string
  text: string
  /** Of words with values around them: the whole text, `Your code is [code].` */
  within?: string
}

/**
 * Everything in a flow that can be recorded, language by language: the flow's own texts in its order, then the words
 * that the engine has by itself. Each once, however often it is said.
 */
export function recordables({ flow, said }: Saying): Recordable[] {
  const once = new Map<string, Recordable>()
  for (const language of flow.languages)
    for (const one of said.flatMap((say) => recordablesIn(say, language, flow)))
      if (!once.has(keyOf(one))) once.set(keyOf(one), one)
  const rank = ({ language, name }: Recordable): number =>
    flow.languages.indexOf(language) * 2 + (name.startsWith('phrases/') ? 1 : 0)
  return [...once.values()].sort((a, b) => rank(a) - rank(b))
}

/** Puts a value into words. */
type Wording = Parameters<typeof spoken>[2]

/** `Your code is [code].` */
const byName: Wording = ({ value }) => `[${value}]`

/** Everything that is said, in each language. `value`: what stands for values; default: their names, `[code]`. */
export const textsSaid = ({ flow, said }: Saying, value: Wording = byName): Prompt =>
  flow.languages.flatMap((language) => said.flatMap((say) => spoken(say, language, value, flow)))

function recordablesIn(say: Said[], language: string, flow: Flow): Recordable[] {
  return spoken(say, language, byName, flow).flatMap((part): Recordable[] => {
    const { name, text, pieces } = part
    if (name === undefined) return []
    if (!pieces) return /[\p{L}\p{N}]/u.test(text) ? [{ name, language: part.language, text }] : []
    return pieces.flatMap((piece) => {
      if (!('name' in piece) || piece.name === undefined) return []
      return [{ name: piece.name, language: part.language, text: piece.text.replace(/^[\p{P}\s]+/u, ''), within: text }]
    })
  })
}

const keyOf = ({ language, name }: { language: string; name: string }): string => `${language}/${name}`

/** The file beside the recordings that tells for which text each was made: by language and name. */
export const recordedFile = 'audio/recorded.yaml'

export type RecordedTexts = { source: Source; textOf(one: { language: string; name: string }): string | undefined }

/** Reads that file. What cannot be read of it is nothing but mistakes. */
export function recordedTexts(beside: Pick<Beside, 'text' | 'called'>): RecordedTexts {
  const source = parseYaml(beside.text(recordedFile) ?? '{}', beside.called(recordedFile))
  const known = source.data as Record<string, Record<string, unknown> | null> | null | undefined
  return {
    source,
    textOf({ language, name }) {
      const text = known?.[language]?.[name]
      return typeof text === 'string' ? text : undefined
    },
  }
}

/** Whether a voice would say both alike: a comma or a capital letter is no reason to record anew. */
export const sameWords = (a: string, b: string): boolean => wordsOf(a) === wordsOf(b)

/** Whether a recording of one of two texts serves the other: whole texts of the same words in the same language. */
export const areTwins = (a: Recordable, b: Recordable): boolean =>
  a.language === b.language && a.name !== b.name && !a.within && !b.within && sameWords(a.text, b.text)

const wordsOf = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join(' ')

/** What is wrong with the recordings beside a flow. None of it keeps it from going live: a voice speaks instead. */
export function checkRecordings(compiled: Saying, beside: Beside, texts: NamedText[]): FlowError[] {
  const { recordings = [], misfits = [] } = beside
  if (recordings.length === 0 && misfits.length === 0) return []
  const known = recordables(compiled)
  return [
    ...misfits.map(({ file, ...more }) => warning('unusable-recording', file, more)),
    ...foreign(compiled.flow, beside),
    ...misnamed(recordings.filter(({ language }) => compiled.flow.languages.includes(language)), known, texts),
    ...outdated(compiled.flow, beside, known),
  ].slice(0, mostMistakes)
}

function foreign({ languages }: Flow, { recordings = [], called }: Beside): FlowError[] {
  const others = recordings.filter(({ language }) => !languages.includes(language))
  return [...new Set(others.map(({ language }) => language))].map((language) =>
    warning('unknown-language', called(`audio/${language}`), {
      detail: `the hotline does not speak "${language}", so nothing in this folder is heard`,
      suggestion: languageMeant(language, languages, 'add it to languages:') ?? 'remove the folder',
    }))
}

function misnamed(recordings: readonly Recording[], known: Recordable[], texts: NamedText[]): FlowError[] {
  const names = new Set(known.map(keyOf))
  const first = new Map<string, Recording>()
  return recordings.flatMap((recording) => {
    const { file, name } = recording
    const key = keyOf(recording)
    const other = first.get(key)
    if (!other) first.set(key, recording)
    if (!names.has(key)) return [warning('unknown-recording', file, reason(recording, known, texts))]
    const detail = `"${name}" is recorded twice; ${other?.file} is what callers hear`
    return other ? [warning('recording-twice', file, { detail, suggestion: 'keep one of the two' })] : []
  })
}

type Reason = { detail: string; suggestion: string }

/** Why nothing is said under the name of a recording, and what to do. */
function reason({ language, name }: Recording, known: Recordable[], texts: NamedText[]): Reason {
  const here = known.filter((one) => one.language === language)
  const pieces = here.filter((one) => one.within !== undefined && one.name.replace(/\.\d+$/, '') === name)
  if (pieces.length > 0) {
    const suggestion = `record its words by themselves: ${pieces.map((one) => one.name).join(', ')}`
    return { detail: `the text "${name}" has values in it`, suggestion }
  }
  const own = texts.find((one) => one.name === name)?.text
  const text = typeof own === 'string' ? own : own?.[language]
  if (text === undefined) {
    const suggestion = didYouMean(name, here.map((one) => one.name), 'see the names with "callwright prompts"')!
    return { detail: `nothing that is said is called "${name}"`, suggestion }
  }
  if (!hasWords(text))
    return { detail: `the text "${name}" is only a value`, suggestion: 'remove the recording; a voice says the value' }
  const same = here.find((one) => sameWords(one.text, text))
  if (same)
    return {
      detail: `the words of "${name}" are the same as those of "${same.name}"`,
      suggestion: `name the file ${same.name}; it serves both`,
    }
  const inside = here.find((one) => ` ${wordsOf(one.text)} `.includes(` ${wordsOf(text)} `))
  const suggestion = inside ? `record ${inside.name}, of which it is part` : 'remove the recording'
  return { detail: `"${name}" is never said by itself`, suggestion }
}

/** Recordings of texts that have changed since; and a file of these texts that cannot be read. */
function outdated(flow: Flow, beside: Beside, known: Recordable[]): FlowError[] {
  const { source, textOf } = recordedTexts(beside)
  if (source.mistakes.length > 0)
    return source.mistakes.map(({ code, place, detail, suggestion, line }) =>
      new FlowError({ code, place, detail, suggestion, line, warning: true }))
  for (const one of known) {
    const before = textOf(one)
    const isRecorded = flow.recordings[one.language]?.[one.name] !== undefined
    if (before === undefined || !isRecorded || sameWords(before, one.text)) continue
    const detail = `the text has changed since it was recorded; now it is "${one.text}"`
    const suggestion = 'record it anew, or correct the text here if the recording says it'
    source.report([one.language, one.name], 'outdated-recording', detail, { warning: true, suggestion })
  }
  return source.mistakes
}

function warning(code: FlowError['code'], file: string, more: Reason): FlowError {
  return new FlowError({ code, place: { file, line: 1, column: 1 }, ...more, warning: true })
}
