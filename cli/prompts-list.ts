import { readFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import type { PromptPart } from '../engine/call/effects.ts'
import { besideOf } from '../engine/folder.ts'
import type { Flow } from '../engine/language/flow.ts'
import { recordables, recordedTexts, sameWords, type Recordable } from '../engine/language/recordings.ts'
import { flawInWords, flawsOf, takeOf } from '../engine/sound/recording.ts'
import type { Voices } from '../engine/voice/voices.ts'
import { count } from './check.ts'
import type { Good } from './prompts.ts'

/** Recordings that are looked at at the same time. */
const atOnce = 4

/** One line of the list. */
export type PromptRow = Recordable & {
  /** The hash of its recording. */
  recording: string | undefined
  /** `recording`, the name of a voice, or `missing`. */
  source: string
  /** Its length in milliseconds, when that is known. */
  ms: number | undefined
  /** `ready`, `to be made` or what is wrong with it. */
  state: string
  /** What is to be done about that, in sentences. */
  todo: string[]
}

/** A prompt of this one text, as a call would have it. */
export function partOf({ name, language, text }: Recordable, { recordings, voices }: Flow): PromptPart {
  const recording = recordings[language]?.[name]
  const voice = voices[language]
  return { text, language, name, ...(recording === undefined ? {} : { recording }), ...(voice ? { voice } : {}) }
}

/** Every prompt of a hotline, in the order of its flow. */
export async function rowsOf(hotline: Good, voices: Voices): Promise<PromptRow[]> {
  const all = recordables(hotline.compiled)
  const recordedFor = recordedTexts(besideOf(hotline.file, hotline.file)).textOf
  const rows: PromptRow[] = []
  const rest = all.entries()
  const lane = async (): Promise<void> => {
    for (const [i, one] of rest) {
      const row = await spokenRow(one, hotline, voices)
      const file = hotline.recordings.find(({ hash }) => hash === row.recording)?.file
      rows[i] = file === undefined ? row : await recordedRow(row, file, recordedFor(one))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return rows
}

/** As a voice says it. */
async function spokenRow(one: Recordable, { compiled }: Good, voices: Voices): Promise<PromptRow> {
  const part = partOf(one, compiled.flow)
  const { voice, sound } = await voices.heardOf(part)
  const made = sound ? 'ready' : one.within === undefined ? 'to be made' : 'said with its value'
  const state = voice === undefined && !sound ? `no voice speaks ${one.language}` : made
  return { ...one, recording: part.recording, source: voice ?? 'missing', ms: sound?.ms, state, todo: [] }
}

/** As its recording says it, when that can be played; `recordedFor`: the text for which it was made. */
async function recordedRow(row: PromptRow, file: string, recordedFor: string | undefined): Promise<PromptRow> {
  const inside = relative('.', file)
  const shown = inside.startsWith('..') ? file : inside
  const take = await readFile(file).then((content) => takeOf(content)).catch(({ message }: Error) => message)
  if (typeof take === 'string') {
    const [what, then = 'record it anew'] = take.split('; ')
    return { ...row, state: 'its recording cannot be played', todo: [`${shown}: ${what}; ${then}`] }
  }
  const flaws = flawsOf(take, row.text, row.language)
  const isOld = recordedFor !== undefined && !sameWords(recordedFor, row.text)
  const states = [...(isOld ? ['its text has changed'] : []), ...flaws.map(({ is }) => is)]
  const todo = [...(isOld ? [`it was recorded for: ${recordedFor}`] : []), ...flaws.map(flawInWords)]
  return {
    ...row, source: 'recording', ms: take.ms,
    state: states.join(', ') || (row.ms === undefined ? 'to be made' : 'ready'),
    todo: todo.map((words) => `${shown}: ${words}`),
  }
}

/** The list, its totals, and what is to be done. */
export function listInWords({ name, compiled, file }: Good, rows: PromptRow[]): string {
  const seconds = (ms: number | undefined): string => (ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`)
  const columns = [
    rows.map(({ language }) => language), rows.map((row) => row.name), rows.map(({ source }) => source),
    rows.map(({ ms }) => seconds(ms).padStart(7)), rows.map(({ state }) => state),
  ]
  const widths = columns.map((column) => Math.max(0, ...column.map(({ length }) => length)))
  const table = rows.map(({ text, within }, i) => {
    const cells = columns.map((column, n) => column[i]!.padEnd(widths[n]!))
    return [...cells, within === undefined ? text : `${text} (in: ${within})`].join('  ')
  })
  return [
    `${name}: ${compiled.flow.title}, ${count(rows.length, 'prompt')}`,
    ...table, '', ...totals(rows), ...hints(rows, dirname(file)), ...rows.flatMap(({ todo }) => todo), '',
  ].join('\n')
}

/** Of each language: "en: 12 prompts, 3 recorded, 9 by espeak-ng; 40 s in all". */
function totals(rows: PromptRow[]): string[] {
  return [...new Set(rows.map(({ language }) => language))].map((language) => {
    const here = rows.filter((row) => row.language === language)
    const by = (source: string): number => here.filter((row) => row.source === source).length
    const voices = new Set(here.map(({ source }) => source).filter((one) => one !== 'recording' && one !== 'missing'))
    const told = [
      count(here.length, 'prompt'),
      `${by('recording')} recorded`,
      ...[...voices].map((voice) => `${by(voice)} by ${voice}`),
      ...(by('missing') > 0 ? [`${by('missing')} missing`] : []),
    ]
    const ms = here.reduce((sum, row) => sum + (row.ms ?? 0), 0)
    return `${language}: ${told.join(', ')}; ${Math.round(ms / 1000)} s in all`
  })
}

function hints(rows: PromptRow[], folder: string): string[] {
  const number = rows.filter(({ state }) => state === 'to be made').length
  if (number === 0) return []
  return [`${number} to be made: "callwright prompts ${folder} --render" does so, and so does "callwright run".`]
}
