/** A part of a text, and what it ends with: that tells how long to pause. */
export type TextPart = { text: string; end: 'sentence' | 'clause' | 'word' }

/** Where a text may be parted, the best places first. */
const places: [end: TextPart['end'], before: RegExp][] = [
  ['sentence', /[.!?]["'”“)]*\s+(?=\S)/gu],
  ['clause', /[,;:–—]\s+(?=\S)/gu],
  ['word', /\s+(?=\S)/gu],
]

/**
 * A text in parts of at most so many characters, each as long as it can be: up to the end of a sentence where there is
 * one in its second half, else of a clause, else of a word; a word that is too long is cut. Nothing is lost but the
 * spaces between parts.
 */
export function inParts(text: string, longest: number): TextPart[] {
  const parts: TextPart[] = []
  let rest = text.trim()
  while (rest.length > longest) {
    const { at, end } = placeIn(rest.slice(0, longest + 2), longest)
    parts.push({ text: rest.slice(0, at).trim(), end })
    rest = rest.slice(at).trim()
  }
  return rest ? [...parts, { text: rest, end: 'sentence' }] : parts
}

function placeIn(head: string, longest: number): { at: number; end: TextPart['end'] } {
  for (const [end, before] of places) {
    const ends = [...head.matchAll(before)].map((match) => match.index + match[0].length)
    const at = ends.findLast((one) => head.slice(0, one).trimEnd().length <= longest)
    if (at !== undefined && (at >= longest / 2 || end === 'word')) return { at, end }
  }
  // No half of a sign is left behind.
  const at = /[\ud800-\udbff]$/.test(head.slice(0, longest)) ? longest - 1 : longest
  return { at, end: 'word' }
}
