/** Bytes of a flow file. A hotline of 1,000 steps in three languages has about 300,000. */
export const mostBytes = 500_000
/** Names, values and lines in a flow file, roughly counted. A hotline of 1,000 steps has about 20,000. */
export const mostParts = 40_000
/** Nested levels. The deepest that the language needs is nine. */
export const mostLevels = 24
/** Mistakes that are told of one file; nobody reads more. */
export const mostMistakes = 500

/**
 * Why a text is not even parsed, if so. Some texts of a few hundred kilobytes keep a YAML parser busy for many seconds
 * or take its whole stack; they are told by a look at their characters, within a few milliseconds. `at`: where, in
 * characters from the start.
 */
export function tooMuch(text: string): { at: number; detail: string; suggestion: string } | undefined {
  const smaller = 'split it into several hotlines'
  // U+FFFD is what bytes of another encoding become; every second byte of UTF-16 is 0.
  const strange = /\ufffd|[^\n\0]\0[^\n\0]\0/.exec(text)
  if (strange)
    return { at: strange.index, detail: 'the file is not saved as UTF-8', suggestion: 'save it as UTF-8 in your editor' }
  if (Buffer.byteLength(text) > mostBytes)
    return { at: 0, detail: `the file has more than ${mostBytes} bytes`, suggestion: smaller }
  let parts = 0
  let level = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '\n' || c === ',' || c === '?' || c === '!') parts++
    else if (c === '*' || c === '&') parts += 20
    else if (c === '-' || c === ':') parts += text[i + 1] === ' ' ? 1 : 0
    else if (c === '"') parts += 0.5
    else if (c === '[' || c === '{') {
      parts++
      level++
    } else if (c === ']' || c === '}') {
      // One that closes nothing is a mistake by itself; many of them take the parser long.
      if (level === 0) parts++
      level = Math.max(0, level - 1)
    } else continue
    if (parts > mostParts)
      return { at: 0, detail: `the file has more than ${mostParts} names and values`, suggestion: smaller }
    // Brackets may stand in texts, one or the other without its partner; more of them than this are no text.
    if (level > 4 * mostLevels)
      return { at: i, detail: 'brackets are nested too deep', suggestion: 'close each [ with ], each { with }' }
  }
  const deep = tooDeep(text)
  if (deep !== undefined)
    return { at: deep, detail: 'the lines are indented too deep', suggestion: 'put part of it in a step of its own' }
  const marks = /(?:[-?:][ \t]+){24}/.exec(text)
  return marks
    ? { at: marks.index, detail: 'lists are nested too deep', suggestion: 'write one "- " for each step' }
    : undefined
}

/** Where lines are indented further and further, if they are. */
function tooDeep(text: string): number | undefined {
  const indents: number[] = []
  for (const { index, 1: indent = '' } of text.matchAll(/^( *)[^\s]/gm)) {
    while (indents.length > 0 && indents.at(-1)! >= indent.length) indents.pop()
    if (indents.push(indent.length) > 4 * mostLevels) return index
  }
  return undefined
}
