import type { LanguagePack, Moment, Way } from './pack.ts'

/**
 * How a language puts its values together from words that were spoken beforehand, so that nobody waits for a voice.
 * It is asked for what a voice is given, so for what `aloud` makes of a value: `24th of November`, `9 oh 5 p.m.`.
 */
export type Joining = {
  /** Words spoken as one, of up to four words: `24th of`, `November`, `p.m.`. */
  words: ReadonlySet<string>
  /** A number as it is written, `2600` or `3.5`: its words. Undefined when it is too long for that. */
  number(written: string): string[] | undefined
}

/**
 * What is said of a value, in words that can be spoken beforehand; between groups is a short pause. Undefined when it
 * holds something else.
 */
export function inPieces(aloud: string, { words, number }: Joining): string[][] | undefined {
  const groups: string[][] = []
  for (const group of aloud.replace(/,$/, '').split(/, /)) {
    const pieces: string[] = []
    for (let rest = group.split(' '); rest.length > 0; ) {
      const length = [4, 3, 2, 1].find((count) => count <= rest.length && words.has(rest.slice(0, count).join(' ')))
      const found = length ? [rest.slice(0, length).join(' ')] : /^\d/.test(rest[0]!) ? number(rest[0]!) : undefined
      if (!found) return undefined
      pieces.push(...found)
      rest = rest.slice(length ?? 1)
    }
    groups.push(pieces)
  }
  return groups
}

/**
 * What a voice says of a value between these words, which may change it: "in" 3 Tage, "am" 24. November. Undefined when
 * what it says cannot be told apart from the words.
 */
export function valueAloud(value: string, before: string, after: string, { aloud = (text) => text }: Pick<LanguagePack, 'aloud'>): string | undefined {
  const [lead, tail] = [before && `${before} `, after && (/^[.,:;!?]/.test(after) ? after : ` ${after}`)]
  const whole = aloud(`${lead}${value}${tail}`)
  const [start, end] = [aloud(before), aloud(after)]
  if (!whole.startsWith(start) || !whole.endsWith(end) || whole.length < start.length + end.length) return undefined
  return whole.slice(start.length, whole.length - end.length).trim()
}

/** Values that need, one with the other, every word that a way can need. Each way has some; `words` has none. */
function examplesOf(way: Way): unknown[] {
  switch (way) {
    case 'digits': return ['+', ...digits, ...signs].map((sign) => `${sign}${/\d/.test(sign) ? sign : '1'}`).concat('1*', '1#')
    case 'number': return numbers
    case 'money': return currencies.flatMap((currency, i) => (i === 0 ? amounts : [1, 2, 1.01, 2.02, 0.01, 0.02]).map((amount) => ({ amount, currency })))
    case 'date': return [...daysOf(2024), ...range(1900, 2099).map((year) => `${year}-${String((year % 12) + 1).padStart(2, '0')}-01`)]
    case 'time': return range(0, 23).flatMap((hour) => (hour === 9 ? range(0, 59) : [0, 1, 10]).map((minute) => `${hour}:${String(minute).padStart(2, '0')}`))
    case 'duration': return durations
    case 'spell': return [...letters, ...digits, ...spelt].flatMap((sign) => [`${sign}${sign}`])
    case 'words': return []
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)

const digits = [...'0123456789']
const signs = [...'*#']
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜßÉÈÊÇÀ']
const spelt = [...'-._@/+&#*']
const upTo99 = range(0, 99)
const hundreds = [100, 101, 200, 201, 300, 301, 400, 401, 500, 501, 600, 601, 700, 701, 800, 801, 900, 901]
const thousands = [1000, 1001, 2000, ...[...range(1, 99), ...hundreds].map((n) => n * 1000 + 100)]
const hundredths = range(1, 99).flatMap((n) => [n / 100, 1 + n / 100, 2 + n / 100])
const numbers = [...upTo99, ...hundreds, ...thousands, -1, ...hundredths, ...[...upTo99, ...hundreds].map((n) => n + 0.5)]
const currencies = ['AUD', 'EUR', 'GBP', 'CHF']
const amounts = [...upTo99, ...hundreds, ...thousands, -1, ...hundredths]
const durations = [
  ...range(0, 59),
  ...range(1, 59).flatMap((n) => [60 + n, 120 + n]),
  ...range(1, 9).map((n) => n * 60 + 1),
  ...range(1, 59).map((n) => `${n}m`),
  ...range(1, 47).flatMap((n) => [`${n}h`, `${n}h 1m`, `${n}h 2m`]),
  ...range(2, 99).flatMap((n) => [`${n}d`, `${n}d 1h`, `${n}d 2h`]),
]
const daysOf = (year: number): string[] =>
  range(0, 365).map((n) => new Date(Date.UTC(year, 0, 1 + n)).toISOString().slice(0, 10))

/** When the examples are said: a moment at which the days of 2024 need no year. */
const moment: Moment = { now: Date.UTC(2024, 5, 30), zone: 'UTC' }

const said = new Map<string, string[]>()

/** What a language says of the examples of a way; reckoned once. */
export function examplesSaid(pack: LanguagePack, way: Way): string[] {
  const key = `${pack.tag} ${way}`
  let texts = said.get(key)
  if (!texts) said.set(key, (texts = examplesOf(way).flatMap((value) => pack[way](value, moment) ?? [])))
  return texts
}
