import { didYouMean, nearest } from '../did-you-mean.ts'
import { named, unfit, type Ast } from './operands.ts'

/** What is wrong with an expression; `at` is counted in characters from its start. */
export type ExpressionMistake = { at: number; detail: string; suggestion?: string | undefined; unknownName?: string }

/** What the names of a flow's expressions hold: `hours` the opening hours, `switches` the switches, `env` the settings. */
export type Fields = Readonly<Record<string, readonly string[]>>

/** What CEL says of an expression, in words for somebody who does not know CEL. */
export function mistakeOf(cel: string, error: unknown, fields: Fields): ExpressionMistake {
  const { summary, message, range, node } = error as { summary?: string; message: string; range?: { start: number }; node?: Ast }
  const said = (summary ?? message).split('\n')[0]!.replaceAll(/dyn<(\w+)>/g, '$1')
  const at = range?.start ?? 0
  for (const [pattern, words] of rules) {
    const found = pattern.exec(said)
    if (found) return { at, ...words(found, cel, at, fields, node) }
  }
  return {
    at,
    detail: said.charAt(0).toLowerCase() + said.slice(1),
    suggestion: 'write for instance postcode == "2600"',
  }
}

type Words = (
  found: RegExpExecArray,
  cel: string,
  at: number,
  fields: Fields,
  node: Ast | undefined,
) => Omit<ExpressionMistake, 'at'> & { at?: number }

const rules: [RegExp, Words][] = [
  [/^Unknown variable: (\w+)/, ([, name = '']) => ({ detail: `nothing sets "${name}"`, unknownName: name })],
  [
    /^Unterminated/,
    () => ({
      detail: 'a quotation mark is never closed',
      suggestion: 'write the same quotation mark before and after the text',
    }),
  ],
  [/^(?:Unexpected|Expected|Invalid)/, (_, cel, at) => unexpected(cel, at)],
  [
    /^no such overload: ([\w$<>, .]+?) (\S+) ([\w$<>, .]+)$/,
    ([, left = '', op = '', right = ''], cel, _at, _fields, node) => unfit(op, [left, right], node, cel),
  ],
  [
    /^no such overload: ([!-])(\w+)/,
    ([, op = '', type = '']) => ({
      detail: `${op} cannot stand before ${named(type)}`,
      suggestion: op === '!' ? 'compare it instead, for instance with == ""' : 'use a number',
    }),
  ],
  [
    /^found no matching overload for '(.*?)(\w+)\((.*)\)'/,
    ([, owner = '', name = '', types = '']) => call(owner, name, types),
  ],
  [
    /^No such key: (\w+)/,
    ([, name = ''], cel, at, fields) => {
      const [, of = ''] = /([\w.]+)\.\s*$/.exec(cel.slice(0, at)) ?? []
      const known = fields[of] ?? []
      return {
        detail: `${of || 'this'} has no "${name}"`,
        suggestion: known.length > 0 ? didYouMean(name, known) : missingField(of, name),
      }
    },
  ],
  [
    /^ternary|^Ternary/,
    () => ({
      detail: 'what stands before and after the colon must be of the same sort',
      suggestion: 'two texts, for instance',
    }),
  ],
  [
    /^cannot index/i,
    () => ({
      detail: 'only lists and mappings have [ ]',
      suggestion: 'use startsWith, contains or matches with a text',
    }),
  ],
  [
    /^exceeded max/i,
    () => ({
      detail: 'the expression is too long',
      suggestion: 'put parts of it in several branches, or in answers of their own with set',
    }),
  ],
]

function missingField(of: string, name: string): string {
  switch (of) {
    case 'hours':
      return `add ${name} under opening-hours:`
    case 'switches':
      return `add ${name} under switches:`
    case 'env':
      return `set it, and name it in FLOW_ENV: FLOW_ENV=${name}`
    default:
      return 'remove it'
  }
}

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

function unexpected(cel: string, at: number): ReturnType<Words> {
  const [, inside] = /^\s*\{\{(.*)\}\}\s*$/.exec(cel) ?? []
  if (inside !== undefined)
    return { at: 0, detail: 'a condition stands without braces', suggestion: `write ${inside.trim()}` }
  const curly = /[“”„‘’‚«»]/.exec(cel)
  if (curly)
    return { at: curly.index, detail: `${curly[0]} is no quotation mark here`, suggestion: 'use straight ones: "2600"' }
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
  if (/^\p{L}/u.test(cel.slice(at)))
    return { detail: `names are written without ${cel[at]}`, suggestion: 'use a-z, digits and _' }
  if (at >= cel.trimEnd().length)
    return { detail: 'the expression ends too early', suggestion: 'write what is missing, or close a bracket' }
  return { detail: `"${cel[at]}" cannot stand here`, suggestion: 'write for instance postcode == "2600"' }
}

const methods = [
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
const functions = ['size', 'int', 'double', 'string', 'bool', 'timestamp', 'duration', 'has']

function call(owner: string, name: string, types: string): ReturnType<Words> {
  const given = types === '' ? '()' : `(${types.split(', ').map(named).join(', ')})`
  const [, group] = /^\$(\w+)\.$/.exec(owner) ?? []
  if (group) return { detail: `${group}.${name} is not asked with brackets`, suggestion: `write ${group}.${name} without ( )` }
  if (name === 'calls') return { detail: `caller.calls${given} is not known`, suggestion: 'write caller.calls("72h")' }
  if (owner === 'Caller.' || owner === 'Call.' || owner === 'LastCall.')
    return {
      detail: `"${name}" is not asked with brackets`,
      suggestion: `write ${owner.toLowerCase()}${name} without ( )`,
    }
  const known = owner === '' ? functions : methods
  const meant = nearest(name, known)
  const detail = owner === '' ? `there is no ${name}${given}` : `${named(owner.slice(0, -1))} has no .${name}${given}`
  if (meant === name)
    return { detail, suggestion: owner === '' ? `give ${name} something else` : `write .${name}("...")` }
  return { detail, suggestion: didYouMean(name, known) }
}
