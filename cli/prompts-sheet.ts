import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { recordables, sameWords, type Recordable } from '../engine/language/recordings.ts'
import { spokenMs } from '../engine/saying/length.ts'
import { count } from './check.ts'
import type { Good } from './prompts.ts'
import { writeWhole } from './write-whole.ts'

/** A text on a sheet: its number, its name, and the text as it stood there. */
export type Numbered = { number: number; name: string; text: string }

/** The folder of a hotline's recordings. */
export const audioOf = ({ file }: Pick<Good, 'file'>): string => join(dirname(file), 'audio')

const sheetFile = (hotline: Good, language: string): string =>
  join(audioOf(hotline), `sheet-${language}.txt`)

/** `callwright prompts --record-sheet LANGUAGE`: writes what a speaker is to read, what is not recorded or `all`. */
export function writeSheet(hotline: Good, language: string, { all = false }: { all?: boolean }): void {
  const { flow } = hotline.compiled
  if (!flow.languages.includes(language))
    throw new Error(`${hotline.name} does not speak "${language}": name one of ${flow.languages.join(', ')}`)
  const here = recordables(hotline.compiled).filter((one) => one.language === language)
  const texts = numbered(here, sheetOf(hotline, language))
  const isRecorded = ({ name }: { name: string }): boolean => !all && flow.recordings[language]?.[name] !== undefined
  const wanted = texts.filter((one) => !isRecorded(one))
  const to = sheetFile(hotline, language)
  mkdirSync(dirname(to), { recursive: true })
  writeWhole(to, sheetText({ hotline, language, wanted, recorded: texts.filter(isRecorded) }))
  const minutes = Math.ceil(wanted.reduce((sum, { text }) => sum + spokenMs([{ text, language }]), 0) / 60_000)
  const told = `${count(wanted.length, 'text')} to be read, about ${count(minutes, 'minute')}`
  const none = `every text has a recording in ${language}; --all writes a sheet for all of them.`
  console.log(`${to}: ${wanted.length === 0 ? none : `${told}; ${texts.length - wanted.length} recorded already.`}`)
}

/** The numbers that were given out with a sheet; none when there is none. */
export function sheetOf(hotline: Good, language: string): Numbered[] {
  const file = sheetFile(hotline, language)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return [...text.matchAll(/^(\d+) (\S+)\.wav\r?\n[ \t]+(.*?)\r?$/gm)].map(([, number, name = '', words = '']) =>
    ({ number: Number(number), name: nameFrom(name), text: words }))
}

/** The name of a text as that of a file in a single folder, and back. No name of a text has an underscore. */
const fileNameOf = (name: string): string => name.replaceAll('/', '_')
export const nameFrom = (fileName: string): string => fileName.replaceAll('_', '/')

/** A text keeps its number as long as it stays the same, so that an old sheet never stands for a new text. */
function numbered(texts: Recordable[], before: Numbered[]): OnSheet[] {
  let last = Math.max(0, ...before.map(({ number }) => number))
  return texts.map((one) => {
    const known = before.find(({ name, text }) => name === one.name && sameWords(text, one.text))
    return { ...one, number: known?.number ?? ++last }
  })
}

type OnSheet = Recordable & { number: number }
type Sheet = { hotline: Good; language: string; wanted: OnSheet[]; recorded: OnSheet[] }

function sheetText({ hotline, language, wanted, recorded }: Sheet): string {
  const name = new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language
  const digits = String(Math.max(0, ...[...wanted, ...recorded].map(({ number }) => number))).length
  const blocks = (texts: OnSheet[]): string[] => texts.map(({ number, name: text, text: words, within }) => [
    `${String(number).padStart(Math.max(2, digits), '0')} ${fileNameOf(text)}.wav`,
    `    ${words}`,
    ...(within === undefined ? [] : [`    (part of: ${within})`]),
    '',
  ].join('\n'))
  return [
    `${hotline.compiled.flow.title}: texts to be recorded in ${name}`,
    '',
    'Read each text as it stands, in a quiet room, near the microphone, as if to one person. Save each in a file of',
    'its own, with its number or its name: "01.wav" or "01 welcome.wav". WAV, MP3, FLAC and Ogg will do. What stands',
    '[in brackets] is said by a voice: read only the words above it.',
    '',
    `Then: callwright prompts ${dirname(hotline.file)} --import FOLDER --language ${language}`,
    '',
    ...blocks(wanted),
    ...(recorded.length === 0 ? [] : ['Recorded already:', '', ...blocks(recorded)]),
  ].join('\n')
}
