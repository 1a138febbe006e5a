import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { areTwins, recordables, sameWords, type Recordable } from '../engine/language/recordings.ts'
import { spokenMs } from '../engine/saying/length.ts'
import { count } from './check.ts'
import { recordedOf } from './prompts-recorded.ts'
import type { Good } from './prompts.ts'
import { writeWhole } from './write-whole.ts'

/**
 * A text on a sheet: its number, its name, and the text as it stands there. `before`: that of an earlier sheet, if the
 * text has changed since and was not recorded anew.
 */
export type Numbered = { number: number; name: string; text: string; before?: string }

/** The folder of a hotline's recordings. */
export const audioOf = ({ file }: Pick<Good, 'file'>): string => join(dirname(file), 'audio')

const sheetFile = (hotline: Good, language: string): string =>
  join(audioOf(hotline), `sheet-${language}.txt`)

/**
 * `callwright prompts --record-sheet LANGUAGE`: writes what a speaker is to read: what has no recording, or one that is
 * to be made anew; or `all`.
 */
export async function writeSheet(hotline: Good, language: string, { all = false }: { all?: boolean }): Promise<void> {
  const { flow } = hotline.compiled
  if (!flow.languages.includes(language))
    throw new Error(`${hotline.name} does not speak "${language}": name one of ${flow.languages.join(', ')}`)
  const here = recordables(hotline.compiled).filter((one) => one.language === language)
  const recordings = await recordedOf(hotline, here)
  const texts = numbered(here, sheetOf(hotline, language)).map((one, i): OnSheet => {
    const states = recordings.get(here[i]!)?.states
    return { ...one, isRecorded: states?.length === 0, ...(states?.length ? { again: states.join(', ') } : {}) }
  })
  const recorded = texts.filter(({ isRecorded }) => isRecorded && !all)
  const wanted = texts.filter((one) => !recorded.includes(one))
  const to = sheetFile(hotline, language)
  mkdirSync(dirname(to), { recursive: true })
  writeWhole(to, sheetText({ hotline, language, wanted, recorded }))
  const read = wanted.filter((one) => twinOf(one, wanted) === undefined)
  const minutes = Math.ceil(read.reduce((sum, { text }) => sum + spokenMs([{ text, language }]), 0) / 60_000)
  const again = wanted.filter((one) => one.again !== undefined).length
  const told = `${count(read.length, 'text')} to be read, about ${count(minutes, 'minute')}`
  const anew = again > 0 && !all ? `, ${again} of them anew` : ''
  const none = `every text has a recording in ${language}; --all writes a sheet for all of them.`
  console.log(`${to}: ${wanted.length === 0 ? none : `${told}${anew}; ${recorded.length} recorded already.`}`)
}

/** The numbers that were given out with a sheet; none when there is none. */
export function sheetOf(hotline: Good, language: string): Numbered[] {
  const file = sheetFile(hotline, language)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const blocks = text.matchAll(/^(\d+) (\S+)\.wav\r?\n[ \t]+(.*?)\r?$((?:\n[ \t]+\(.*\)\r?$)*)/gm)
  return [...blocks].map(([, number, name = '', words = '', notes = '']) => {
    const before = /^[ \t]+\(earlier: (.*)\)\r?$/m.exec(notes)?.[1]
    return { number: Number(number), name: nameFrom(name), text: words, ...(before === undefined ? {} : { before }) }
  })
}

/** The name of a text as that of a file in a single folder, and back. No name of a text has an underscore. */
const fileNameOf = (name: string): string => name.replaceAll('/', '_')
export const nameFrom = (fileName: string): string => fileName.replaceAll('_', '/')

/** A text keeps its number, whatever becomes of its words: a speaker may be at work with an earlier sheet. */
function numbered(texts: Recordable[], onSheet: Numbered[]): Omit<OnSheet, 'isRecorded'>[] {
  let last = Math.max(0, ...onSheet.map(({ number }) => number))
  return texts.map((one) => {
    const known = onSheet.find(({ name }) => name === one.name)
    const before = known && !sameWords(known.text, one.text) ? known.text : known?.before
    return { ...one, number: known?.number ?? ++last, ...(before === undefined ? {} : { before }) }
  })
}

/** `again`: why its recording is to be made anew. */
type OnSheet = Recordable & { number: number; isRecorded: boolean; again?: string; before?: string }
type Sheet = { hotline: Good; language: string; wanted: OnSheet[]; recorded: OnSheet[] }

/** The text before this one whose recording serves it, too. */
const twinOf = (text: OnSheet, all: OnSheet[]): OnSheet | undefined =>
  all.slice(0, all.indexOf(text)).find((one) => areTwins(one, text))

function sheetText({ hotline, language, wanted, recorded }: Sheet): string {
  const name = new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language
  const digits = String(Math.max(0, ...[...wanted, ...recorded].map(({ number }) => number))).length
  const shown = ({ number }: OnSheet): string => String(number).padStart(Math.max(2, digits), '0')
  const blocks = (texts: OnSheet[]): string[] => texts.map((text) => {
    const twin = twinOf(text, texts)
    const notes = [
      ...(text.within === undefined ? [] : [`part of: ${text.within}`]),
      ...(text.again === undefined ? [] : [`to be recorded anew: ${text.again}`]),
      ...(text.before === undefined || text.isRecorded ? [] : [`earlier: ${text.before}`]),
      ...(twin === undefined || text.isRecorded ? [] : [`the same as ${shown(twin)}: one recording serves both`]),
    ]
    return [
      `${shown(text)} ${fileNameOf(text.name)}.wav`, `    ${text.text}`, ...notes.map((note) => `    (${note})`), '',
    ].join('\n')
  })
  return [
    `${hotline.compiled.flow.title}: texts to be recorded in ${name}`,
    '',
    'Read each text as it stands, in a quiet room, near the microphone, as if to one person. Save each in a file of',
    'its own, with its number or its name: "01.wav" or "01 welcome.wav". WAV, MP3, FLAC and Ogg will do. What stands',
    '[in brackets] is said by a voice, and what stands (in parentheses) is a note: read only the words above it.',
    '',
    `Then: callwright prompts ${dirname(hotline.file)} --import FOLDER --language ${language}`,
    '',
    ...blocks(wanted),
    ...(recorded.length === 0 ? [] : ['Recorded already:', '', ...blocks(recorded)]),
  ].join('\n')
}
