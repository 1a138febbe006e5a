/** A stretch of a text: words, or a value put in and said in a certain way. `at`: characters from the start. */
export type Piece = { words: string } | { value: string; way?: string; at: number; wayAt?: number }

/** A mistake inside a text; `at` is counted in characters from its start. */
export type TemplateMistake = { at: number; detail: string; suggestion: string }

/**
 * Splits `Your number is {{ booking.number | digits }}.` into words and values. The bar before a way of saying is
 * the last single `|`; `||` is CEL's "or". Braces inside a quoted CEL string do not end the value.
 */
export function parseTemplate(text: string): { pieces: Piece[]; mistakes: TemplateMistake[] } {
  const pieces: Piece[] = []
  const mistakes: TemplateMistake[] = []
  let from = 0
  for (;;) {
    const open = text.indexOf('{{', from)
    const words = text.slice(from, open < 0 ? undefined : open)
    if (words.includes('}}'))
      mistakes.push({ at: from + words.indexOf('}}'), detail: '"}}" without "{{"', suggestion: 'write {{ name }}' })
    if (words) pieces.push({ words })
    if (open < 0) return { pieces, mistakes }
    const { close, bar } = scanValue(text, open + 2)
    if (close < 0) {
      mistakes.push({ at: open, detail: '"{{" is never closed', suggestion: 'write {{ name }}' })
      return { pieces, mistakes }
    }
    pieces.push(piece(text, open, bar, close))
    from = close + 2
  }
}

function piece(text: string, open: number, bar: number, close: number): Piece {
  const inner = text.slice(open + 2, bar < 0 ? close : bar)
  const at = open + 2 + (inner.length - inner.trimStart().length)
  if (bar < 0) return { value: inner.trim(), at }
  const way = text.slice(bar + 1, close)
  return { value: inner.trim(), at, way: way.trim(), wayAt: bar + 1 + (way.length - way.trimStart().length) }
}

function scanValue(text: string, from: number): { close: number; bar: number } {
  let quote = ''
  let bar = -1
  for (let i = from; i < text.length; i++) {
    const c = text[i]!
    if (quote) {
      if (c === '\\') i++
      else if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '|' && text[i + 1] === '|') i++
    else if (c === '|') bar = i
    else if (c === '}' && text[i + 1] === '}') return { close: i, bar }
  }
  return { close: -1, bar }
}

/** The CEL of a text that is nothing but one `{{ }}` without a way of saying: such a value keeps its type. */
export function onlyValue(text: string): string | undefined {
  const { pieces } = parseTemplate(text.trim())
  const [first] = pieces
  return pieces.length === 1 && first && 'value' in first && first.way === undefined ? first.value : undefined
}
