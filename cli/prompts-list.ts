import { dirname } from 'node:path'
import type { PromptPart } from '../engine/call/effects.ts'
import type { Flow } from '../engine/language/flow.ts'
import { recordables, type Recordable } from '../engine/language/recordings.ts'
import type { Voices } from '../engine/voice/voices.ts'
import { count } from './check.ts'
import { recordedOf } from './prompts-recorded.ts'
import type { Good } from './prompts.ts'

/** One line of the list. */
export type PromptRow = Recordable & {
  /** `recording`, the name of a voice, or `missing`. */
  source: string
  /** The voice that should have spoken, and has not. */
  insteadOf: string | undefined
  /** Its length in milliseconds, when that is known. */
  ms: number | undefined
  /** `ready`, `to be made` or what is wrong with it. */
  state: string
  /** What is to be done about that, in sentences. */
  todo: string[]
}

/** States. */
const [ready, toBeMade, withValue] = ['ready', 'to be made', 'said with its value']

/** A prompt of this one text, as a call would have it. */
export function partOf({ name, language, text }: Recordable, { recordings, voices }: Flow): PromptPart {
  const recording = recordings[language]?.[name]
  const voice = voices[language]
  return { text, language, name, ...(recording === undefined ? {} : { recording }), ...(voice ? { voice } : {}) }
}

/** Every prompt of a hotline, in the order of its flow; each recording is listened to. */
export async function rowsOf(hotline: Good, voices: Voices): Promise<PromptRow[]> {
  const rows = await spokenRows(hotline, voices)
  const recorded = await recordedOf(hotline, rows)
  return rows.map((row) => {
    const { ms, states, todo } = recorded.get(row) ?? { ms: undefined, states: [], todo: [] }
    if (ms !== undefined)
      return { ...row, source: 'recording', insteadOf: undefined, ms, state: states.join(', ') || ready, todo }
    return states.length > 0 ? { ...row, state: states.join(', '), todo } : row
  })
}

/** The same, without a look at the recordings. */
export function spokenRows({ compiled }: Good, voices: Voices): Promise<PromptRow[]> {
  const { fixedPrompts, flow } = compiled
  const fixed = new Set(fixedPrompts.flat().map(({ language, name }) => `${language}/${name}`))
  return Promise.all(recordables(compiled).map(async (one): Promise<PromptRow> => {
    const part = partOf(one, flow)
    const { voice, insteadOf, sound } = await voices.heardOf(part)
    const there = insteadOf === undefined ? ready : `in place of ${insteadOf}`
    // Its sound, when it is not there, is made of it in no time.
    const isThere = sound !== undefined || part.recording !== undefined
    const unmade = fixed.has(`${one.language}/${one.name}`) ? toBeMade : withValue
    const state = isThere ? there : voice === undefined ? `no voice speaks ${one.language}` : unmade
    return { ...one, source: voice ?? 'missing', insteadOf, ms: sound?.ms, state, todo: [] }
  }))
}

/** How many of these prompts are there, are to be made, and are said in a call, with a value. */
export function countRows(rows: readonly PromptRow[]): { there: number; toBeMade: number; withValue: number } {
  const number = (state: string): number => rows.filter((row) => row.state === state).length
  const missing = rows.filter(({ source }) => source === 'missing').length
  const [left, within] = [number(toBeMade), number(withValue)]
  return { there: rows.length - left - within - missing, toBeMade: left, withValue: within }
}

/** Each prompt that is spoken in place of another voice: how many, by whom, and which. */
export function standInsOf(rows: readonly PromptRow[]): string[] {
  const who = ({ source, insteadOf }: PromptRow): string => `by ${source} in place of ${insteadOf}`
  const standIns = rows.filter(({ insteadOf }) => insteadOf !== undefined)
  return [...new Set(standIns.map(who))].map((pair) => {
    const those = standIns.filter((row) => who(row) === pair)
    const names = those.map(({ language, name }) => `${language}/${name}`).join(', ')
    return `${count(those.length, 'prompt')} ${pair}: ${names}`
  })
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
  const { toBeMade: number, withValue: within } = countRows(rows)
  const [render, run] = [`"callwright prompts ${folder} --render"`, '"callwright run"']
  return [
    ...(number === 0 ? [] : [`${number} to be made: ${render} does so, and so does ${run}.`]),
    ...(within === 0 ? [] : [`${within} said with a value: in the call, when the value is known.`]),
    ...standInsOf(rows),
    ...(rows.every(({ insteadOf }) => insteadOf === undefined) ? [] : [`${render} tries again, and so does ${run}.`]),
  ]
}
