import { speakable, upToLastSentence } from './speakable.ts'

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
  const shown = speakable(value.slice(0, longestSaid * 4)).replaceAll('*', ' ')
  const plain = inWords(first(shown), symbols).replace(/\s+/g, ' ').trim()
  return plain.length > longestSaid ? upToLastSentence(plain.slice(0, longestSaid)) : plain
}

const inWords = (text: string, symbols: Record<string, string>): string =>
  text.replace(/[^\p{L}\p{N}\s]/gu, (sign, at: number) => {
    const name = Object.hasOwn(symbols, sign) ? symbols[sign] : undefined
    if (name === undefined) return sign
    const before = at === 0 || /[\s("'„“‚‘]/.test(text.charAt(at - 1)) ? '' : ' '
    const after = /[\p{L}\p{N}]/u.test(text.charAt(at + sign.length)) ? ' ' : ''
    return `${before}${name}${after}`
  })
