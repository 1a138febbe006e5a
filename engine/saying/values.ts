import { DateTime } from 'luxon'
import type { Moment } from './pack.ts'

/** A point in time and how exactly it is known. */
export type Day = { at: DateTime; hasTime: boolean }

const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|[+-]\d{2}:?\d{2})?)?$/i
const clock = /^([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?$/

/** Plain numbers from 1973 to 2286 are taken as milliseconds since 1970; smaller ones are no dates but numbers. */
const earliest = 1e11
const latest = 1e13

/**
 * The date in a value: `2026-11-24`, `2026-11-24T09:30` (as read on the clock in `zone`), the same with an offset or
 * `Z` (turned into `zone`), a Date or anything with `getTime` or `toMillis`, or milliseconds. Else undefined.
 */
export function dayOf(value: unknown, { zone }: Moment): Day | undefined {
  if (typeof value === 'string') return writtenDay(value.trim(), zone)
  const ms = millisOf(value)
  if (ms === undefined) return undefined
  const at = DateTime.fromMillis(ms, { zone })
  return at.isValid ? { at, hasTime: true } : undefined
}

function writtenDay(text: string, zone: string): Day | undefined {
  const parts = iso.exec(text)
  if (!parts) return undefined
  const [, day, time, offset = ''] = parts
  const at = DateTime.fromISO(time ? `${day}T${time}${offset.toUpperCase()}` : `${day}`, { zone })
  return at.isValid ? { at, hasTime: time !== undefined } : undefined
}

function millisOf(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') {
    const ms = Number(value)
    return ms >= earliest && ms < latest ? ms : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const ms =
    'getTime' in value && typeof value.getTime === 'function'
      ? value.getTime()
      : 'toMillis' in value && typeof value.toMillis === 'function'
        ? value.toMillis()
        : undefined
  return typeof ms === 'number' && Number.isFinite(ms) ? ms : undefined
}

/** Hours (0 to 23) and minutes of a value: of a date with a time, or of `9:30` by itself. Else undefined. */
export function timeOf(value: unknown, when: Moment): { hour: number; minute: number } | undefined {
  const parts = typeof value === 'string' ? clock.exec(value.trim()) : null
  if (parts) {
    const [hour, minute] = [Number(parts[1]), Number(parts[2])]
    if (hour === 24 && minute > 0) return undefined
    return { hour: hour % 24, minute }
  }
  const day = dayOf(value, when)
  return day?.hasTime ? { hour: day.at.hour, minute: day.at.minute } : undefined
}

/** Whether the year must be said: it is another year, and more than half a year away. */
export function needsYear(at: DateTime, { now, zone }: Moment): boolean {
  const today = DateTime.fromMillis(now, { zone })
  return at.year !== today.year && Math.abs(at.diff(today, 'days').days) > 183
}

/** The amount in a value, at most three decimals; numbers may come as text. Undefined beyond 15 digits. */
export function amountOf(value: unknown): number | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  const amount =
    typeof value === 'number' || typeof value === 'bigint'
      ? Number(value)
      : /^[+-]?\d+(\.\d+)?$/.test(text)
        ? Number(text)
        : Number.NaN
  return Math.abs(amount) < 1e15 ? Number(amount.toFixed(3)) : undefined
}

/** No number that is dialled, keyed in or printed on a card is longer. */
const mostDigits = 40

/** A country code, as ITU-T E.164 gives them out: one digit, two, or three. No code begins like another. */
const countryCode = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)/

/** The country code of a telephone number in the international form, `+61255501234`; undefined when it has none. */
export const countryCodeOf = (number: string): string | undefined =>
  number.startsWith('+') ? countryCode.exec(number.slice(1))?.[0] : undefined

/**
 * What is to be said one by one, in groups: four digits and fewer are one group, else threes, the last of two to four.
 * Behind a `+` the country code is a group of its own. `+`, `*` and `#` come out as themselves, letters in capitals;
 * spaces, dots, hyphens, slashes and brackets are only layout. Undefined when there is no digit or something else in
 * it, or more than 40 signs.
 */
export function singly(value: unknown): string[][] | undefined {
  const whole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
  const text = typeof value === 'string' ? value : whole && value >= 0 ? String(value) : ''
  if (text.length > mostDigits * 4) return undefined
  const plain = text.replace(/[\s./()-]/g, '').toUpperCase()
  const signs = [...plain]
  if (signs.length > mostDigits) return undefined
  if (!signs.some((sign) => /\d/.test(sign)) || signs.some((sign) => !/[\d+*#\p{L}]/u.test(sign))) return undefined
  if (!plain.startsWith('+')) return inThrees(signs)
  const code = countryCodeOf(plain)
  const [first = [], ...others] =
    code === undefined ? inThrees(signs.slice(1)) : [[...code], ...inThrees(signs.slice(1 + code.length))]
  return [['+', ...first], ...others]
}

function inThrees(signs: string[]): string[][] {
  const groups: string[][] = []
  let from = 0
  for (; signs.length - from > 4; from += 3) groups.push(signs.slice(from, from + 3))
  return from < signs.length ? [...groups, signs.slice(from)] : groups
}
