import { milliseconds } from '../duration.ts'

/** A count and its unit: `[30, 'minute']`. */
export type Count = [number, 'day' | 'hour' | 'minute' | 'second']

const written = /^(?:\d{1,12}(?:\.\d{1,9})?(?:ms|s|m|h|d)\s*)+$/
const part = (unit: string): string => `(?:(\\d+(?:[.,]\\d+)?)${unit})?`
const iso = new RegExp(`^P(?=.)${part('W')}${part('D')}(?:T(?=.)${part('H')}${part('M')}${part('S')})?$`, 'i')
/** Longer than any duration that is one. */
const longest = 40

const [minute, hour, day] = [60, 3600, 86_400]
/** A hundred years, in seconds. */
const most = 36_525 * day

/**
 * The length of time in a value, in one or two counts as a person says it: seconds only under 10 minutes, minutes only
 * under 2 days, hours only under 10 days, each rounded; one hour more than a day is 25 hours. A number is in seconds, a
 * text has its units (`90s`, `2h 5m`) or is in ISO 8601 (`PT1H30M`; without years and months, which differ in length).
 * Undefined when it is none, is negative or over a hundred years.
 */
export function spanOf(value: unknown): Count[] | undefined {
  const exact = secondsOf(value)
  if (exact === undefined || !(exact >= 0 && exact <= most)) return undefined
  const seconds = rounded(exact)
  if (seconds < 2 * day) {
    const minutes = Math.floor((seconds % hour) / minute)
    return counts([Math.floor(seconds / hour), 'hour'], [minutes, 'minute'], [seconds % minute, 'second'])
  }
  return counts([Math.floor(seconds / day), 'day'], [Math.floor((seconds % day) / hour), 'hour'])
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string' || value.length > longest) return undefined
  const text = value.trim()
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text)
  if (written.test(text)) {
    const pieces = text.match(/[\d.]+[a-z]+/g) ?? []
    return pieces.reduce((sum, piece) => sum + (milliseconds(piece) ?? Number.NaN), 0) / 1000
  }
  const parts = iso.exec(text)?.slice(1).map((count) => Number((count ?? '0').replace(',', '.')))
  if (!parts) return undefined
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
  return (weeks * 7 + days) * day + hours * hour + minutes * minute + seconds
}

/** Each step looks at what the one before has made of it: 47 hours, 59 minutes and 50 seconds are 2 days. */
function rounded(exact: number): number {
  const to = (seconds: number, unit: number) => Math.round(seconds / unit) * unit
  let seconds = to(exact, 1)
  if (seconds >= 10 * minute) seconds = to(seconds, minute)
  if (seconds >= 2 * day) seconds = to(seconds, hour)
  return seconds >= 10 * day ? to(seconds, day) : seconds
}

/** Without what is nothing; no time at all is 0 of the smallest. */
function counts(...all: Count[]): Count[] {
  const some = all.filter(([count]) => count > 0)
  return some.length > 0 ? some : all.slice(-1)
}
