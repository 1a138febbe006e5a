/** Enough of a text to know it by, in characters. */
const enough = 60

const months = 'Jan|Jän|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez'
/** A sentence's end: no full stop behind an abbreviation (`Dr. Lang`, `9 a.m.`) or in a date (`24. November`). */
const end = new RegExp(`(?<![\\s.]\\p{L}{0,3})[.!?]+["'”“»]*(?=\\s|$)(?!(?<=\\d\\.) (?:${months}))`, 'gu')

/** The first sentences of a text: all that come to their end within 60 characters, the first in any case. */
export function beginningOf(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  const ends = [...plain.matchAll(end)].map((found) => found.index + found[0].length)
  const last = plain.length <= enough ? plain.length : (ends.findLast((at) => at <= enough) ?? ends[0] ?? plain.length)
  return plain.slice(0, last)
}
