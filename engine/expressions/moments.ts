/** What a moment is asked for in CEL, by the words that people write for it; and how it is said. */
const parts: { asked: RegExp; method: string; counted?: string; said: 'time' | 'date' }[] = [
  { asked: /^(get)?(hours?|time|clock)$/i, method: 'getHours', said: 'time' },
  { asked: /^(get)?(minutes?|mins?)$/i, method: 'getMinutes', said: 'time' },
  { asked: /^(get)?(seconds?|secs?)$/i, method: 'getSeconds', said: 'time' },
  { asked: /^(get)?(week_?day|day_?of_?week|day|dow)$/i, method: 'getDayOfWeek', counted: 'Sunday is 0', said: 'date' },
  { asked: /^(get)?(date|day_?of_?month|dom)$/i, method: 'getDate', said: 'date' },
  { asked: /^(get)?(months?)$/i, method: 'getMonth', counted: 'January is 0', said: 'date' },
  { asked: /^(get)?(full)?(years?)$/i, method: 'getFullYear', said: 'date' },
]

/** What to write for `now.hour`: `moment` as it is written, `now`. */
export function partOfMoment(moment: string, name: string, zone: string): string {
  const { method, counted, said } = parts.find(({ asked }) => asked.test(name)) ?? parts[0]!
  return `write ${moment}.${method}("${zone}")${counted ? ` (${counted})` : ''}; in a text {{ ${moment} | ${said} }}`
}

/** CEL's name for a moment. */
export const momentType = 'google.protobuf.Timestamp'
