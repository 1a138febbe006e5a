const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Widths in parts of the letter size, somewhat wider than in most sans-serif fonts: which one is used is not known. */
const widths: [RegExp, number][] = [
  [/^[\p{M}\u200B-\u200F]/u, 0],
  [/^[iljtfrI.,:;'’|!()[\]{}/\s]/u, 0.36],
  [/^[mwMW@%—]/u, 0.95],
  [/^[A-Z\d_=+<>~#&?$]/u, 0.68],
  [/^[\p{Extended_Pictographic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u, 1.3],
]

/** About how wide a text is, in pixels. */
export function widthOf(text: string, size: number): number {
  let sum = 0
  for (const { segment } of graphemes.segment(text))
    sum += widths.find(([pattern]) => pattern.test(segment))?.[1] ?? 0.575
  return sum * size
}

/** Cuts a text to a width, with an ellipsis. */
export function cut(text: string, size: number, width: number): string {
  // No line has room for more, and measuring takes time.
  const shown = text.slice(0, 400)
  if (shown === text && widthOf(text, size) <= width) return text
  let kept = ''
  let room = width - widthOf('…', size)
  for (const { segment } of graphemes.segment(shown)) {
    room -= widthOf(segment, size)
    if (room < 0) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** A text in lines of a width, broken between words, at most so many; what does not fit ends in an ellipsis. */
export function wrap(text: string, size: number, width: number, most: number): string[] {
  const lines: string[] = []
  // A few lines hold no more than this.
  const words = text.slice(0, 1000).trim().split(/\s+/)
  let line = ''
  for (const [i, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer, size) <= width) {
      line = longer
      continue
    }
    const rest = [...(line === '' ? [] : [line]), ...words.slice(i)].join(' ')
    if (lines.length === most - 1) return [...lines, atWord(cut(rest, size, width))]
    if (line !== '') lines.push(line)
    line = cut(word, size, width)
    if (lines.length === most) return lines
    if (line !== word && lines.length === most - 1) return [...lines, line]
  }
  return line === '' ? lines : [...lines, line]
}

/** Rather a word less than half a word. */
const atWord = (text: string): string =>
  text.lastIndexOf(' ') > text.length / 2 ? `${text.slice(0, text.lastIndexOf(' '))}…` : text

/** Characters that are not text: of control, halves of characters, and marks that turn the direction of what follows. */
const noText =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]|\p{Surrogate}/gu

/** A text without what no page can show, in one line. */
export const plainText = (text: string): string => text.replaceAll(noText, '').replaceAll(/\s+/g, ' ').trim()

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A text as it may stand in XML, in an element or an attribute. */
export const escapeXml = (text: string): string => plainText(text).replaceAll(/[&<>"']/g, (sign) => entities[sign]!)
