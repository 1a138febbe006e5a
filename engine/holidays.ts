import HolidayCalendar from 'date-holidays'

/** Public holidays by region and year, as ISO date -> minute after midnight from which it is closed (0: all day). */
const calendars = new Map<string, Map<string, number>>()
/** A region's year takes 1 to 20 ms to work out, so it is kept; far more than a machine of many hotlines needs. */
const mostCalendars = 500

const world = new HolidayCalendar()

/**
 * The public holidays of a region in a year, as ISO date -> minute after midnight from which the day is a holiday.
 * That minute is 0 but for a few half days (Christmas Eve from 19:00 in South Australia). Source: date-holidays.
 */
export function publicHolidays(region: string, year: number): ReadonlyMap<string, number> {
  const name = `${region} ${year}`
  const known = calendars.get(name)
  if (known) return known
  const days = new Map<string, number>()
  for (const { date, start, end } of new HolidayCalendar(region, { types: ['public'] }).getHolidays(year)) {
    const [, day = '', hour, minute, offset] = /^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):\d\d( -\d{4})?/.exec(date) ?? []
    const from = offset ? 0 : Number(hour) * 60 + Number(minute)
    const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000))
    for (let more = 0; more < length; more++) {
      const iso = new Date(Date.parse(`${day}T00:00:00Z`) + more * 86_400_000).toISOString().slice(0, 10)
      days.set(iso, Math.min(from, days.get(iso) ?? from))
    }
  }
  if (calendars.size >= mostCalendars) calendars.clear()
  calendars.set(name, days)
  return days
}

/** Whether there is a holiday calendar of this name: `AU`, `AU-ACT`, `DE-BY`, `DE-BY-A`. Capitals count. */
export function isHolidayRegion(region: string): boolean {
  const [country = '', state, part, ...rest] = region.split('-')
  if (rest.length > 0 || !Object.hasOwn(world.getCountries(), country)) return false
  if (state === undefined) return true
  if (!Object.hasOwn(world.getStates(country) ?? {}, state)) return false
  return part === undefined || Object.hasOwn(world.getRegions(country, state) ?? {}, part)
}

/** The region that was probably meant by one that does not exist: `de_by` or `Bayern` -> `DE-BY`. */
export function meantRegion(region: string): string | undefined {
  const written = region.trim().toUpperCase().replaceAll(/[_ /]+/g, '-')
  if (isHolidayRegion(written)) return written
  const name = region.trim().toLowerCase()
  const called = (names: Record<string, string>) => Object.keys(names).find((key) => names[key]?.toLowerCase() === name)
  const country = called(world.getCountries()) ?? called(world.getCountries('en'))
  if (country) return country
  for (const each of Object.keys(world.getCountries())) {
    const state = called(world.getStates(each) ?? {})
    if (state) return `${each}-${state}`
  }
  return undefined
}

/** What there is in the country a region begins with, for an error: `AU, AU-ACT, AU-NSW, ...`. Empty when unknown. */
export function regionsNear(region: string): string[] {
  const country = region.split(/[-_ ]/, 1)[0]?.toUpperCase() ?? ''
  if (!isHolidayRegion(country)) return []
  return [country, ...Object.keys(world.getStates(country) ?? {}).map((state) => `${country}-${state}`)]
}
