import type { HoursTable } from '../../engine/survival.ts'
import { openVariable } from './conditions.ts'
import { Extension, safe } from './extension.ts'

type Span = HoursTable['week'][number][number]

const day = 24 * 60
const TIME = 'CALLWRIGHT_TIME'
const MINUTE = 'CALLWRIGHT_MINUTE'

/** The extension, to be called by Gosub, that finds out whether it is open now. */
export const hoursExtension = (name: string): string => `hours_${safe(name, /^[a-z0-9_]+$/)}`

/**
 * The context that finds out whether it is open. Asterisk's own GotoIfTime knows no years, so days are compared as
 * dates; hours across midnight belong to the day on which they begin.
 */
export function hoursContext(context: string, tables: Record<string, HoursTable>, timezone: string): string {
  const zone = safe(timezone, /^[A-Za-z0-9_+/-]+$/)
  return [`[${context}]`, ...Object.entries(tables).flatMap(([name, table]) => hours(name, table, zone))].join('\n')
}

function hours(name: string, table: HoursTable, zone: string): string[] {
  const at = (format: string): string => `\${STRFTIME(\${${TIME}},${zone},${format})}`
  const spans = [...table.week, ...Object.values(table.days)].flat()
  const open = openVariable(name)
  const on = `Gosub(${hoursExtension(name)}_on,1(${at('%Y%m%d')},${at('%u')}))`
  const now = new Extension(hoursExtension(name))
    .set(TIME, '${EPOCH}')
    .set(MINUTE, `$[${at('%H')} * 60 + ${at('%M')}]`)
    .add(on)
  if (spans.some(({ to }) => to > day)) {
    // Yesterday at noon, also where a day has 23 hours or 25.
    now.when(open, '1', 'known')
      .set(TIME, `$[\${${TIME}} - \${${MINUTE}} * 60 - 43200]`)
      .set(MINUTE, `$[\${${MINUTE}} + ${day}]`)
      .add(on)
  }
  now.add('Return()', 'known')
  return [`; ${name}: special days are known until ${safe(table.until, /^[0-9-]+$/)}`, now.text(), onDay(name, table)]
}

/** Whether the minute is in the hours that begin on a day: its date, and its weekday from 1, Monday. */
function onDay(name: string, table: HoursTable): string {
  const open = openVariable(name)
  const there = new Extension(`${hoursExtension(name)}_on`)
  const dates = Object.keys(table.days).map((date) => safe(date, /^[0-9]{8}$/))
  for (const date of dates) there.when('ARG1', date, `d${date}`)
  there.add('Goto(w${ARG2})')
  const row = (spans: Span[], label: string): unknown => there.set(open, within(spans), label).add('Return()')
  for (const [i, spans] of table.week.entries()) row(spans, `w${i + 1}`)
  for (const date of dates) row(table.days[date]!, `d${date}`)
  return there.text()
}

function within(spans: Span[]): string {
  if (spans.length === 0) return '0'
  const minute = `\${${MINUTE}}`
  return `$[${spans.map(({ from, to }) => `(${minute} >= ${from} & ${minute} < ${to})`).join(' | ')}]`
}
