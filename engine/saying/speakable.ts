/**
 * A text without anything that is not read aloud, or that some voice takes for an order: emoji, controls, invisible
 * signs, and the signs of markup and phonemes (`<speak>`, `[[h@]]`). Every script stays. Spaces stand where something
 * was; they are not tidied.
 */
export function speakable(text: string): string {
  return (
    text
      .normalize('NFC')
      .replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}\u{fe0f}\u{20e3}]/gu, ' ')
      .replace(/[\p{Cc}\p{Zl}\p{Zp}<>[\]{}|\\^~`_]/gu, ' ')
      // The joiners between letters are spelling in some scripts.
      .replace(/(?<![\p{L}\p{M}])[\u{200c}\u{200d}]|(?![\u{200c}\u{200d}])[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
  )
}

/** A text that is too long, up to its last whole sentence; else to its last whole word; else as it is. */
export function upToLastSentence(text: string): string {
  const sentence = /^.*[.!?](?= |$)/su.exec(text)?.[0]
  if (sentence) return sentence
  const space = text.lastIndexOf(' ')
  return (space > 0 ? text.slice(0, space) : text).replace(/[\ud800-\udbff]$/, '')
}
