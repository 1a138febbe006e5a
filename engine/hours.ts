import { DateTime, IANAZone } from 'luxon'
import { daysTogether } from './days-together.ts'
import { isHolidayRegion, meantRegion, publicHolidays, regionsNear } from './holidays.ts'

export { isHolidayRegion } from './holidays.ts'

/** Open from one minute after midnight to another, the latter excluded. Past 1440 it is the next day's morning. */
export type Span = { from: number; to: number }

/** Opening hours, checked. Plain data. Times are those of the clock on the wall. */
export type Hours = {
  /** By day of the week, Monday first. */
  week: Span[][]
  /** Instead of the week and the holidays on a day, by ISO date. */
  except: Record<string, Span[]>
  /** Closed on the public holidays of this region, as `AU-ACT`. */
  holidays?: string
}

/** A mistake in opening hours; `path` leads from these to what is wrong, `suggestion` says what to write instead. */
export type HoursMistake = {
  path: (string | number)[]
  message: string
  suggestion?: string
  /** The name at the path is wrong, not what stands behind it. */
  key?: true
}

const dayMinutes = 1440
/** Whoever is open for longer over midnight has written closing before opening. A watch by night takes 16 hours. */
const longestNight = 16 * 60
const example = 'write for instance "Mo-Fr: 07:00-19:00"'
/** Which day of the week a name stands for, Monday 0; German names too. */
const dayNumbers = new Map(
  Object.entries({ mo: 0, tu: 1, we: 2, th: 3, fr: 4, sa: 5, su: 6, di: 1, mi: 2, do: 3, so: 6 }),
)

/**
 * Reads opening hours from plain YAML: days (`Mo-Fr`, `Mo, We-Fr`, also `Di`, `Mi`, `Do`, `So`) with their times
 * (`07:00-19:00`, `08:00-12:00, 13:00-17:00`, `22:00-06:00` across midnight, `24h`, `closed`), `holidays` and
 * `except`. A day that is not named is closed. All mistakes come at once, in the order of the file.
 */
export function parseHours(raw: unknown): { hours: Hours } | { mistakes: HoursMistake[] } {
  const mistakes: HoursMistake[] = []
  const hours: Hours = { week: [[], [], [], [], [], [], []], except: {} }
  const named = new Set<number>()
  const table = tableOf(raw)
  if (!table) {
    return { mistakes: [{ path: [], message: 'opening hours are days and their times', suggestion: example }] }
  }
  for (const [key, value] of Object.entries(table)) {
    if (key === 'holidays') readHolidays(value, hours, mistakes)
    else if (key === 'except') readExceptions(value, hours, mistakes)
    else readDays(key, value, hours, named, mistakes)
  }
  if (named.size === 0 && mistakes.length === 0) {
    mistakes.push({ path: [], message: 'no day of the week has opening hours', suggestion: example })
  }
  return mistakes.length > 0 ? { mistakes } : { hours }
}

/**
 * Whether it is open at a time (milliseconds since 1970) on the clocks of a zone. An exception goes before a holiday,
 * a holiday before the week. Hours across midnight belong to the day on which they begin: what began before a holiday
 * goes on into it, and on a holiday nothing begins. When clocks go back, an hour that comes twice counts twice.
 */
export function isOpen(hours: Hours, at: number, zone: string): boolean {
  const today = DateTime.fromMillis(at, { zone })
  if (!today.isValid) throw new RangeError(`no time zone is called "${zone}"; write one as Australia/Canberra`)
  const minute = today.hour * 60 + today.minute
  const covers = (day: DateTime, sought: number) =>
    spansOn(hours, day).some(({ from, to }) => from <= sought && sought < to)
  return covers(today, minute) || covers(today.minus({ days: 1 }), minute + dayMinutes)
}

/** Whether there is an IANA time zone of this name: `Australia/Canberra`, `Europe/Berlin`, `UTC`. */
export function isZone(zone: string): boolean {
  return IANAZone.isValidZone(zone)
}

/** The times of opening that begin on a day. */
export function spansOn(hours: Hours, day: DateTime): Span[] {
  const date = day.toISODate() ?? ''
  const exception = hours.except[date]
  if (exception) return exception
  const spans = hours.week[day.weekday - 1] ?? []
  if (!hours.holidays || spans.length === 0) return spans
  const closing = publicHolidays(hours.holidays, day.year).get(date)
  return closing === undefined ? spans : spans.map(({ from, to }) => ({ from, to: Math.min(to, closing) }))
}

function tableOf(raw: unknown): Record<string, unknown> | undefined {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? { ...raw } : undefined
}

function readHolidays(value: unknown, hours: Hours, mistakes: HoursMistake[]): void {
  const region = typeof value === 'string' ? value.trim() : ''
  if (isHolidayRegion(region)) {
    hours.holidays = region
    return
  }
  const meant = meantRegion(region)
  const near = regionsNear(region)
  const choice = near.length > 0 ? `there are ${near.join(', ')}` : 'write country and state, as AU-ACT or DE-BY'
  const message = region ? `there is no holiday calendar "${region}"` : 'the holiday calendar is not named'
  mistakes.push({ path: ['holidays'], message, suggestion: meant ? didYouMean(meant) : choice })
}

function readExceptions(value: unknown, hours: Hours, mistakes: HoursMistake[]): void {
  const table = tableOf(value)
  if (!table) {
    const message = 'exceptions are dates and their times'
    mistakes.push({ path: ['except'], message, suggestion: 'write for instance "2026-12-24: 07:00-12:00"' })
    return
  }
  for (const [date, times] of Object.entries(table)) {
    const path = ['except', date]
    if (!isDate(date)) {
      const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(date) ?? []
      const meant = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`
      const suggestion = isDate(meant) ? didYouMean(meant) : 'write dates as 2026-12-24'
      mistakes.push({ path, message: `there is no date "${date}"`, suggestion, key: true })
      continue
    }
    const spans = readTimes(times, path, mistakes)
    if (spans) hours.except[date] = spans
  }
}

function readDays(key: string, value: unknown, hours: Hours, named: Set<number>, mistakes: HoursMistake[]): void {
  const days = daysIn(key)
  const spans = readTimes(value, [key], mistakes)
  if (!days) {
    const meant = meantDays(key)
    const choice = 'write days as Mo-Fr or Mo, We-Fr; besides there are holidays and except'
    const suggestion = meant ? didYouMean(meant) : choice
    mistakes.push({ path: [key], message: `"${key}" is no day of the week`, suggestion, key: true })
  } else if (days.some((day) => named.has(day))) {
    const message = `"${key}" has a day that stands above already`
    mistakes.push({ path: [key], message, suggestion: 'put all times of a day on one line: 08:00-12:00, 13:00-17:00', key: true })
  }
  for (const day of days ?? []) {
    named.add(day)
    if (spans) hours.week[day] = spans
  }
}

/** The days in `Mo, We-Fr`; a range may run over the end of the week, `Sa-Mo`. Undefined when they are none. */
function daysIn(key: string): number[] | undefined {
  const days: number[] = []
  for (const part of key.split(',')) {
    const names = part.split(/[-–]/).map((name) => dayNumbers.get(name.trim().toLowerCase()))
    const [first, last] = [names[0], names.at(-1)]
    if (first === undefined || last === undefined || names.length > 2) return undefined
    for (let day = first; day !== last; day = (day + 1) % 7) days.push(day)
    days.push(last)
  }
  return days
}

/** `Monday - Friday` -> `Mo-Fr`: a day's name begins with its short form, in English and in German. */
function meantDays(key: string): string | undefined {
  const together = daysTogether(key)
  if (together !== undefined) return together
  const short = key.replace(/\p{L}+\.?/gu, (name) => name.slice(0, 1).toUpperCase() + name.slice(1, 2).toLowerCase())
  const meant = short.trim().replace(/\s*[-–]\s*/g, '-')
  return daysIn(meant) ? meant : undefined
}

/** Undefined when there is a mistake in the times of a day. */
function readTimes(value: unknown, path: string[], mistakes: HoursMistake[]): Span[] | undefined {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string') && spansIn(value.join(','))) {
    const suggestion = `write "${value.join(', ')}"`
    return void mistakes.push({ path, message: 'the times of a day are one text, not a list', suggestion })
  }
  const text = typeof value === 'string' ? value.trim() : ''
  const spans = spansIn(text)
  const refuse = (message: string, suggestion: string): undefined => void mistakes.push({ path, message, suggestion })
  for (const [place, { from, to }] of spans?.entries() ?? []) {
    const before = spans![place - 1]
    if (before && from < before.to)
      return refuse(
        `the times in "${text}" overlap`,
        didYouMean(`${clock(before.from)}-${clock(Math.max(before.to, to))}`),
      )
    if (to > dayMinutes && to - from > longestNight) {
      const or = `if not, write ${clock(from)}-24:00, and 00:00-${clock(to)} for the day after`
      const meant = didYouMean(`${clock(to)}-${clock(from)}`)
      return refuse(`"${text}" goes on past midnight, for ${(to - from) / 60} hours`, `${meant} ${or}`)
    }
  }
  if (!spans) {
    const meant = meantTimes(text)
    const choice = 'write 07:00-19:00, or 08:00-12:00, 13:00-17:00, or 24h, or closed'
    const message = text ? `"${text}" are no times of opening` : 'the times are missing'
    mistakes.push({ path, message, suggestion: meant ? didYouMean(meant) : choice })
  }
  return spans
}

/** The spans in the times of a day, the earliest first; `closed` is none. Undefined when they are no times. */
function spansIn(text: string): Span[] | undefined {
  if (text === 'closed') return []
  if (text === '24h') return [{ from: 0, to: dayMinutes }]
  const spans: Span[] = []
  for (const part of text.split(',')) {
    const [from, to, ...more] = part.split(/[-–]/).map(minutesOf)
    if (from === undefined || to === undefined || more.length > 0) return undefined
    if (from === to || from === dayMinutes) return undefined
    spans.push({ from, to: to > from ? to : to + dayMinutes })
  }
  return spans.sort((one, other) => one.from - other.from)
}

/** Minutes after midnight as a time of the clock; past midnight, that of the next day. */
function clock(minutes: number): string {
  const [hour, minute] = [Math.floor(minutes / 60) % 24 || (minutes === dayMinutes ? 24 : 0), minutes % 60]
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')
}

function minutesOf(clock: string): number | undefined {
  const [, hour, minute] = /^\s*(\d{1,2}):([0-5]\d)\s*$/.exec(clock) ?? []
  const minutes = Number(hour) * 60 + Number(minute)
  return minutes <= dayMinutes ? minutes : undefined
}

/** `7-19`, `7.30 bis 19 Uhr` or `7am-7pm` -> `07:00-19:00`, `07:30-19:00`; `geschlossen` -> `closed`. */
function meantTimes(text: string): string | undefined {
  if (/^(off|shut|none|geschlossen|zu)$/i.test(text)) return 'closed'
  if (/^(open|always|24\/7|24 ?h(ours)?|offen)$/i.test(text)) return '24h'
  const meant = text
    .replace(/(?<![\d:.])(\d{1,2})(?:[.:](\d\d))?\s*(?:am|a\.m\.|(pm|p\.m\.))/gi, (_, hour, minute = '00', after) => {
      return `${(Number(hour) % 12) + (after === undefined ? 0 : 12)}:${minute}`
    })
    .replace(/(?<![\d:])(\d{1,2})(?:[.:h](\d\d))?\s*(?:h|Uhr)?(?![\d:])/gi, (_, hour: string, minute?: string) => {
      return `${hour.padStart(2, '0')}:${minute ?? '00'}`
    })
    .replace(/\s*(?:-|–|to|bis)\s*/g, '-')
  return spansIn(meant) ? meant : undefined
}

function didYouMean(meant: string): string {
  return `did you mean "${meant}"?`
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid
}
