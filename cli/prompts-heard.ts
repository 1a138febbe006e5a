import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import { openReader, type HeardCount } from '../engine/journal/reader.ts'
import { textsSaid } from '../engine/language/recordings.ts'
import { pauseMs, spokenMs } from '../engine/saying/length.ts'
import { count } from './check.ts'
import { journalFile, readSettings } from './settings.ts'

/** From this share of callers who hang up on, a prompt is said to lose callers. */
const manyHangUp = 0.03
/** A prompt this long is worth a look when hardly anybody hears it to its end. Milliseconds. */
const long = 6000
const hardlyAnybody = 0.2
/** Of fewer nothing can be said. */
const fewest = 10

/** What all callers heard of one prompt. */
export type PromptHeard = {
  hotline: string
  step: string
  language: string
  /** The names of its texts. */
  texts: string[]
  played: number
  toTheEnd: number
  keyed: number
  hungUp: number
  stopped: number
  failed: number
  /** Half of those who pressed a key, or hung up, did so within so many milliseconds. */
  keyedWithin: number
  hungUpWithin: number
  /** Its length on average, in milliseconds; undefined when none had a sound. */
  of: number | undefined
  /** How many pressed a key in each tenth of a second. */
  keyedAt: Map<number, number>
}

/** The words of a text, by hotline, language and name; undefined when they are not known. */
export type WordsOf = (hotline: string, language: string, name: string) => string | undefined

/** `callwright prompts --heard`: where callers cut prompts short or hang up, the worst first. */
export function promptsHeard(path: string): void {
  const settings = readSettings()
  const hotlines = readHotlines(path, settings.flowEnv)
  const journal = openReader(journalFile(settings))
  try {
    const names = new Set(hotlines.map(({ name }) => name))
    const heard = summed(journal.heard()).filter(({ hotline }) => names.has(hotline))
    console.log(heardInWords(heard, wordsOf(hotlines), settings.callsDays))
  } finally {
    journal.close()
  }
}

/** One row a prompt. */
export function summed(counts: readonly HeardCount[]): PromptHeard[] {
  const prompts = new Map<string, HeardCount[]>()
  for (const row of counts) {
    const prompt = [row.hotline, row.step, row.language, ...row.texts].join('\n')
    const rows = prompts.get(prompt)
    if (rows) rows.push(row)
    else prompts.set(prompt, [row])
  }
  return [...prompts.values()].map((rows) => {
    const { hotline, step, language, texts } = rows[0]!
    const those = (how: HeardCount['how']): HeardCount[] => rows.filter((row) => row.how === how)
    const number = (how: HeardCount['how']): number => total(those(how))
    const measured = rows.filter(({ of }) => of !== null)
    const of = measured.reduce((sum, row) => sum + row.of! * row.count, 0) / total(measured)
    return {
      hotline, step, language, texts,
      played: total(rows),
      toTheEnd: number('end'), keyed: number('key'), hungUp: number('hang-up'), stopped: number('stopped'), failed: number('failed'),
      keyedWithin: median(those('key')), hungUpWithin: median(those('hang-up')),
      of: measured.length > 0 ? Math.round(of) : undefined,
      keyedAt: new Map(those('key').map(({ tenth, count: many }) => [tenth, many])),
    }
  })
}

const total = (rows: readonly HeardCount[]): number => rows.reduce((sum, row) => sum + row.count, 0)

/** In milliseconds, to a tenth of a second. */
function median(rows: readonly HeardCount[]): number {
  let left = Math.ceil(total(rows) / 2)
  const middle = rows.toSorted((a, b) => a.tenth - b.tenth).find((row) => (left -= row.count) <= 0)
  return (middle?.tenth ?? 0) * 100
}

/** All prompts under three headings, those at which most is to be gained on top. */
export function heardInWords(heard: readonly PromptHeard[], words: WordsOf, days: number): string {
  if (heard.length === 0) return 'No prompt has been heard yet: call, and ask again.'
  const isLosing = ({ hungUp, played }: PromptHeard): boolean => hungUp >= manyHangUp * played
  const isTooLong = ({ of = 0, toTheEnd, played }: PromptHeard): boolean =>
    of >= long && played >= fewest && toTheEnd < hardlyAnybody * played
  const losing = heard.filter((one) => isLosing(one)).toSorted((a, b) => b.hungUp - a.hungUp)
  const tooLong = heard.filter((one) => !isLosing(one) && isTooLong(one)).toSorted((a, b) => unheard(b) - unheard(a))
  const others = heard.filter((one) => !isLosing(one) && !isTooLong(one)).toSorted((a, b) => b.played - a.played)
  const several = new Set(heard.map(({ hotline }) => hotline)).size > 1
  const under = (heading: string, prompts: PromptHeard[]): string[] =>
    prompts.length === 0 ? [] : ['', heading, ...prompts.flatMap((one) => ['', ...inWords(one, words, several)])]
  return [
    `What callers heard in the last ${count(days, 'day')}, the worst first.`,
    ...under('HERE CALLERS HANG UP WHILE SOMETHING IS SAID', losing),
    ...under('LONG, AND HARDLY ANYBODY HEARS THEM TO THE END', tooLong),
    ...under('ALL OTHERS, THE MOST PLAYED FIRST', others),
  ].join('\n')
}

/** Milliseconds that were made and not heard, because callers knew better. */
const unheard = ({ of = 0, keyed, keyedWithin }: PromptHeard): number => keyed * (of - keyedWithin)

function inWords(prompt: PromptHeard, words: WordsOf, several: boolean): string[] {
  const { hotline, step, language, texts, played, of } = prompt
  const said = texts.map((name) => words(hotline, language, name) ?? `(${name})`)
  const about = [...(several ? [hotline] : []), `step ${step}`, language, ...(of === undefined ? [] : [`${tenths(of)} s`])]
  const line = (number: number, what: string, more = ''): string[] =>
    number === 0 ? [] : [`  ${String(number).padStart(7)}  ${`${Math.round((number / played) * 100)} %`.padStart(5)}  ${what}${more}`]
  const half = (ms: number): string => `, half of them within ${tenths(ms)} s`
  const where = mostlyIn(prompt, words)
  return [
    about.join(', '),
    `  ${shortened(said.join(' '), 100) || '(words without a name)'}`,
    `  ${String(played).padStart(7)}         times begun`,
    ...line(prompt.hungUp, 'hung up', half(prompt.hungUpWithin)),
    ...line(prompt.keyed, 'pressed a key', half(prompt.keyedWithin)),
    ...(where === undefined ? [] : [`${' '.repeat(18)}most of them at about "${shortened(where, 60)}"`]),
    ...line(prompt.toTheEnd, 'heard it to the end'),
    ...line(prompt.stopped, 'were led on before its end'),
    ...line(prompt.failed, 'heard nothing: it could not be played, see the log'),
  ]
}

/**
 * The text of a prompt with several in which most of those who pressed a key did so. Where each begins is reckoned
 * from how long its words take; undefined where they are not all known.
 */
function mostlyIn({ hotline, language, texts, of, keyed, keyedAt }: PromptHeard, words: WordsOf): string | undefined {
  const said = texts.flatMap((name) => words(hotline, language, name) ?? [])
  if (said.length < 2 || said.length < texts.length || of === undefined || keyed === 0) return undefined
  const lengths = said.map((text) => spokenMs([{ text, language }]) + pauseMs)
  const whole = lengths.reduce((sum, ms) => sum + ms, 0)
  const pressed = lengths.map(() => 0)
  for (const [tenth, many] of keyedAt) {
    let left = ((tenth * 100) / of) * whole
    const at = lengths.findIndex((ms) => (left -= ms) < 0)
    pressed[at < 0 ? pressed.length - 1 : at]! += many
  }
  return said[pressed.indexOf(Math.max(...pressed))]
}

const tenths = (ms: number): string => (ms / 1000).toFixed(1)

const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 2).trimEnd()} …`

/** The words of all texts, values as `[account.name]`. A text that is only said in one language is found in any. */
export function wordsOf(hotlines: readonly Pick<Hotline, 'name' | 'compiled'>[]): WordsOf {
  const all = new Map<string, string>()
  for (const { name: hotline, compiled } of hotlines)
    for (const { name, language, text } of compiled ? textsSaid(compiled) : []) {
      if (name === undefined) continue
      all.set(`${hotline} ${language} ${name}`, text)
      if (!all.has(`${hotline} ${name}`)) all.set(`${hotline} ${name}`, text)
    }
  return (hotline, language, name) => all.get(`${hotline} ${language} ${name}`) ?? all.get(`${hotline} ${name}`)
}
