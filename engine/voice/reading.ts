import { packFor } from '../saying/index.ts'
import { speakable, upToLastSentence } from '../saying/speakable.ts'

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

const plainText = (text: string): string =>
  speakable(text)
    .replace(new RegExp(`[\\p{L}\\p{M}\\p{N}]{${longestWord}}`, 'gu'), '$& ')
    .replace(/\s+/g, ' ')
    .trim()
