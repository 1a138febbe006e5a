import { DateTime } from 'luxon'

/** When a call comes in that says nothing of it. */
export const usualTime = '2026-11-23 10:00'

const days = new Map(Object.entries({ mo: 1, tu: 2, we: 3, th: 4, fr: 5, sa: 6, su: 7, di: 2, mi: 3, do: 4, so: 7 }))
const dayNames = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']
const example = 'write Mo 2026-11-23 10:00'

/** What is wrong with a time, and what to write instead. */
export type NoTime = { wrong: string; suggestion: string }

/** `Mo 2026-11-23 10:00` on the clocks of a zone, in milliseconds since 1970. The day of the week may be left out. */
export function timeOf(text: string, zone: string): number | NoTime {
  const [, day, date, clock] = /^(?:([A-Za-z]+)\.? +)?(\d{4}-\d\d-\d\d)[ T]+(\d\d:\d\d)$/.exec(text.trim()) ?? []
  if (date === undefined) return { wrong: `"${text}" is not a time`, suggestion: example }
  const time = DateTime.fromISO(`${date}T${clock}`, { zone })
  if (!time.isValid) return { wrong: `there is no ${date} ${clock}`, suggestion: example }
  if (time.toFormat('HH:mm') !== clock)
    return {
      wrong: `there is no ${clock} on that day: the clocks go forward`,
      suggestion: `write ${time.toFormat('HH:mm')}`,
    }
  const right = dayNames[time.weekday - 1]!
  if (day !== undefined && days.get(day.slice(0, 2).toLowerCase()) !== time.weekday)
    return { wrong: `${date} is no ${day}`, suggestion: `write ${right} ${date} ${clock}` }
  return time.toMillis()
}

/** A time as it is written in a test: `Mo 2026-11-23 10:00`. */
export function writtenAt(at: number, zone: string): string {
  const time = DateTime.fromMillis(at, { zone })
  return `${dayNames[time.weekday - 1]!} ${time.toFormat('yyyy-MM-dd HH:mm')}`
}
