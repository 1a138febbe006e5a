import { nearest } from '../did-you-mean.ts'

/** `at`: counted from the start of the expression, when it is not where the reading of it has stopped. */
type Unexpected = { at?: number; detail: string; suggestion: string }

/** What a text is asked by, behind a dot. */
export const methods = [
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'size',
  'trim',
  'lowerAscii',
  'upperAscii',
  'split',
  'substring',
]

/** Words of other languages, and what CEL writes for them. */
const foreign: Record<string, string> = {
  and: '&&',
  or: '||',
  not: '!',
  is: '==',
  '=': '==',
  '&': '&&',
  '|': '||',
  '<>': '!=',
}

/** What cannot be read as an expression: what stands there in its place, and what was probably meant. */
export function unexpected(cel: string, at: number): Unexpected {
  const [, inside] = /^\s*\{\{(.*)\}\}\s*$/.exec(cel) ?? []
  if (inside !== undefined)
    return { at: 0, detail: 'a condition stands without braces', suggestion: `write ${inside.trim()}` }
  const curly = /[“”„‘’‚«»]/.exec(cel)
  if (curly)
    return { at: curly.index, detail: `${curly[0]} is no quotation mark here`, suggestion: 'use straight ones: "2600"' }
  const infix = wordBetween(cel)
  if (infix) return infix
  // The place of the error is behind a word that means nothing to CEL: `not known`, `a and b`, `a = b`.
  const bare = cel.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, (text) => ' '.repeat(text.length))
  const word = [...bare.matchAll(/\b(?:and|or|not|is)\b|<>|(?<![=!<>])=(?!=)|(?<!&)&(?!&)|(?<!\|)\|(?!\|)/gi)].find(
    ({ index }) => index <= at + 1,
  )
  if (word)
    return {
      at: word.index,
      detail: `"${word[0]}" means nothing in a condition`,
      suggestion: `write ${foreign[word[0].toLowerCase()]}`,
    }
  const age = /\b\d+(?:ms|s|m|h|d)\b/.exec(bare)
  if (age) return { at: age.index, detail: 'a time stands in quotes here', suggestion: `write "${age[0]}"` }
  if (/^(?![a-z])\p{L}/iu.test(cel.slice(at)))
    return { detail: `names are written without ${cel[at]}`, suggestion: 'use a-z, digits and _' }
  if (at >= cel.trimEnd().length)
    return { detail: 'the expression ends too early', suggestion: 'write what is missing, or close a bracket' }
  return { detail: `"${cel[at]}" cannot stand here`, suggestion: 'write for instance postcode == "2600"' }
}

/** `caller.number like "+61%"`, `postcode startsWith "26"`: what stands between two values elsewhere. */
function wordBetween(cel: string): Unexpected | undefined {
  const found = /([\w.[\]]+)\s+(like|starts_?with|ends_?with|contains|matches)\s+(["'])(.*?)\3/i.exec(cel)
  if (!found) return undefined
  const [, of = '', word = '', quote = '"', text = ''] = found
  const ends = [text.startsWith('%'), text.endsWith('%')]
  const like = ends[0] ? (ends[1] ? 'contains' : 'endsWith') : ends[1] ? 'startsWith' : undefined
  const method = /^like$/i.test(word) ? like : nearest(word, methods)
  const bare = /^like$/i.test(word) ? text.replaceAll(/^%|%$/g, '') : text
  const words = `${quote}${bare}${quote}`
  return {
    at: found.index + found[0].indexOf(word, of.length),
    detail: `"${word}" cannot stand between two values`,
    suggestion: `write ${method === undefined ? `${of} == ${words}` : `${of}.${method}(${words})`}`,
  }
}
