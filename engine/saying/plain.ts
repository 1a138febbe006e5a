/** Nothing a value becomes is longer, in characters: half a minute. */
export const longestSaid = 500

/**
 * A text made safe to read aloud: one line, single spaces, no emoji, control characters or markup, the signs in
 * `symbols` in words (`R&D` -> `R and D`). Over 500 characters it ends with the last whole sentence, or word, before
 * that. Empty when nothing is left, undefined for what is not a text. `first` rewrites what the symbols take part in,
 * `$12.50`.
 */
export function plainWords(
  value: unknown,
  symbols: Record<string, string>,
  first: (text: string) => string = (text) => text,
): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = inWords(first(shown(value.slice(0, longestSaid * 4))), symbols).replace(/\s+/g, ' ').trim()
  return plain.length > longestSaid ? upToLastSentence(plain.slice(0, longestSaid)) : plain
}

const shown = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}\u{fe0f}\u{20e3}]/gu, ' ')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}<>[\]{}|\\^~`_*]/gu, ' ')
    // The joiners between letters are spelling in some scripts.
    .replace(/(?<![\p{L}\p{M}])[\u{200c}\u{200d}]|(?![\u{200c}\u{200d}])[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')

const inWords = (text: string, symbols: Record<string, string>): string =>
  text.replace(/[^\p{L}\p{N}\s]/gu, (sign, at: number) => {
    const name = Object.hasOwn(symbols, sign) ? symbols[sign] : undefined
    if (name === undefined) return sign
    const before = at === 0 || /[\s("'„“‚‘]/.test(text.charAt(at - 1)) ? '' : ' '
    const after = /[\p{L}\p{N}]/u.test(text.charAt(at + sign.length)) ? ' ' : ''
    return `${before}${name}${after}`
  })

function upToLastSentence(text: string): string {
  const sentence = /^.*[.!?](?= |$)/su.exec(text)?.[0]
  if (sentence) return sentence
  const space = text.lastIndexOf(' ')
  return (space > 0 ? text.slice(0, space) : text).replace(/[\ud800-\udbff]$/, '')
}
