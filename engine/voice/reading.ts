import { packFor } from '../saying/index.ts'

/** The longest text spoken in one part; some 70 seconds. */
export const longestText = 1000
/** espeak reads words into a buffer of 160 bytes; nothing a person says is nearly as long. */
const longestWord = 40

/**
 * A text as it is given to a voice: plain words and signs of sentences, whatever a stranger put in. Controls, emoji
 * and every sign that some voice takes for markup or phonemes (`<speak>`, `[[h@]]`) are gone. Empty when there is
 * nothing to say. `cut`: it was over 1,000 characters and ends with the last whole sentence (or word) before that.
 */
export function reading(text: string, language: string): { text: string; cut: boolean } {
  // A text far too long is shortened before any work is done on it.
  const plain = plainText(text.slice(0, longestText * 4))
  const cut = plain.length > longestText || text.length > longestText * 4
  const short = plain.length > longestText ? upToLastSentence(plain.slice(0, longestText)) : plain
  if (!/[\p{L}\p{N}*#+%&@€$]/u.test(short)) return { text: '', cut }
  return { text: packFor(language)?.aloud?.(short) ?? short, cut }
}

function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}\u{fe0f}\u{20e3}]/gu, ' ')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/(?![\u{200c}\u{200d}])[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
    .replace(/[<>[\]{}|\\^~`_]/g, ' ')
    .replace(new RegExp(`[\\p{L}\\p{M}\\p{N}]{${longestWord}}`, 'gu'), '$& ')
    .replace(/\s+/g, ' ')
    .trim()
}

function upToLastSentence(text: string): string {
  const sentence = /^.*[.!?](?= |$)/su.exec(text)?.[0]
  if (sentence) return sentence
  const space = text.lastIndexOf(' ')
  return (space > 0 ? text.slice(0, space) : text).replace(/[\ud800-\udbff]$/, '')
}
