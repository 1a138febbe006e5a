import { DateTime } from 'luxon'
import { spansOn, type Hours } from './hours.ts'
import type { HoursTable } from './survival.ts'

/** How far ahead special days are written down. */
const months = 13

/** Opening hours as a table of weekdays and of the days that are different, from yesterday on. */
export function tableOf(hours: Hours, now: number, zone: string): HoursTable {
  const first = DateTime.fromMillis(now, { zone }).startOf('day').minus({ days: 1 })
  const last = first.plus({ months })
  const days: HoursTable['days'] = {}
  for (let day = first; day <= last; day = day.plus({ days: 1 })) {
    const spans = spansOn(hours, day).filter(({ from, to }) => from < to)
    if (JSON.stringify(spans) !== JSON.stringify(hours.week[day.weekday - 1])) days[day.toFormat('yyyyMMdd')] = spans
  }
  return { week: hours.week, days, until: last.toISODate()! }
}
