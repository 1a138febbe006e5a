/**
 * What people write short, in full, for a voice that would spell it: `z. B.` as "zum Beispiel". The spaces within an
 * abbreviation may be missing. The full stop of one that ends the text ends the sentence, too.
 */
export function inFull(text: string, words: Record<string, string>): string {
  return text.replace(patternOf(words), (short, at: number, whole: string) => {
    const full = words[short.replaceAll(' ', '')] ?? short
    return short.endsWith('.') && /^\s*$/.test(whole.slice(at + short.length)) ? `${full}.` : full
  })
}

const patterns = new WeakMap<Record<string, string>, RegExp>()
function patternOf(words: Record<string, string>): RegExp {
  let pattern = patterns.get(words)
  if (!pattern) {
    const shorts = Object.keys(words).map((short) => short.replaceAll('.', '\\. ?').replace(/ \?$/, ''))
    pattern = new RegExp(`(?<![\\p{L}\\p{N}.])(?:${shorts.join('|')})(?!\\p{L})`, 'gu')
    patterns.set(words, pattern)
  }
  return pattern
}

/** Units behind a number, `5 km`, by what they are short for. */
export const unitsInFull = (text: string, units: Record<string, string>): string =>
  text.replace(/(?<=\d) ?(\p{L}+\.?)(?![\p{L}\d])/gu, (unit, short: string) =>
    Object.hasOwn(units, short) ? ` ${units[short]}` : unit,
  )

/** `Mo-Fr` and `9-17`, `7:00–19:00` with a word between: "Montag bis Freitag". */
export function rangesInFull(text: string, days: Record<string, string>, to: string): string {
  const day = `(${Object.keys(days).join('|')})\\.?`
  return text
    .replace(new RegExp(`(?<!\\p{L})${day} ?(?:[-–]|${to}) ?${day}(?!\\p{L})`, 'gu'), (_, a: string, b: string) => `${days[a]} ${to} ${days[b]}`)
    .replace(hours, `$1 ${to} $2`)
}

const clock = '\\d{1,2}(?:[:.]\\d\\d)?(?: ?(?:[ap]\\.?m\\.?|h))?'
const hours = new RegExp(`(?<![\\p{L}\\d.,:/-])(${clock}) ?[-–] ?(${clock})(?![\\d-])`, 'gu')

/** Telephone numbers that stand in a text, `+61 2 5124 7700` or `0800 123 456`, as `say` says them. */
export const dialled = (text: string, say: (number: string) => string | undefined): string =>
  text.replace(/(?<![\p{L}\d.,:])(?:\+\d|0\d|1[38]00 )[\d ()/-]*\d(?![.,:]?\d)/gu, (number) =>
    number.replaceAll(/\D/g, '').length < 6 ? number : (say(number) ?? number),
  )
