import { didYouMean, nearest } from '../did-you-mean.ts'
import type { ValueType } from './cel.ts'
import { momentType, partOfMoment } from './moments.ts'
import { named, unfit, type Ast } from './operands.ts'
import { typeOfNode } from './parts.ts'
import { methods, unexpected } from './unexpected.ts'

/** What is wrong with an expression; `at` is counted in characters from its start. */
export type ExpressionMistake = {
  at: number
  detail: string
  suggestion?: string | undefined
  unknownName?: string
  /** A setting that the admin has not allowed. */
  unknownSetting?: string
}

/**
 * What is known of a flow for what is said of its expressions. `fields`: what its names hold, `hours` the opening
 * hours, `switches` the switches, `env` the settings. `zone`: its time zone.
 */
export type Known = {
  fields: Readonly<Record<string, readonly string[]>>
  answers: ReadonlyMap<string, ValueType>
  zone: string
}

/** What CEL says of an expression, in words for somebody who does not know CEL. */
export function mistakeOf(cel: string, error: unknown, known: Known): ExpressionMistake {
  const { summary, message, range, node } = error as { summary?: string; message: string; range?: { start: number }; node?: Ast }
  const said = (summary ?? message).split('\n')[0]!.replaceAll(/dyn<(\w+)>/g, '$1')
  const at = range?.start ?? 0
  for (const [pattern, words] of rules) {
    const found = pattern.exec(said)
    if (found) return { at, ...words(found, cel, at, known, node) }
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
  known: Known,
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
    ([, left = '', op = '', right = ''], cel, _at, { zone }, node) => unfit(op, [left, right], node, cel, zone),
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
    ([, owner = '', name = '', types = ''], cel, _at, { zone }, node) =>
      owner === `${momentType}.` ? askedOfMoment(name, node, cel, zone) : call(owner, name, types),
  ],
  [/^has\(\) invalid argument/, (_, cel, _at, known, node) => hasOf(cel, node, known)],
  [
    /^No such key: (\w+)/,
    ([, name = ''], cel, at, { fields }) => {
      const [, dotted, indexed] = /([\w.]+)\.\s*$|^(\w+)\[/.exec(cel.slice(0, at) || cel) ?? []
      const of = dotted ?? indexed ?? ''
      const known = fields[of] ?? []
      return {
        detail: `${of || 'this'} has no "${name}"`,
        suggestion: didYouMean(name, known, of !== 'env' && known.length > 0 ? undefined : missingField(of, name)),
        ...(of === 'env' ? { unknownSetting: name } : {}),
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
  [/^cannot index/i, (_, cel, _at, _known, node) => noParts(cel, node)],
  [
    /^list index/i,
    (_, cel, _at, _known, node) => ({
      detail: 'what is in a list has numbers, not names',
      suggestion: `write size(${ownerOf(cel, node)}) to count, [0] for the first`,
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

/** `hours.office` of `hours.office.open`. */
function ownerOf(cel: string, node: Ast | undefined): string {
  const [owner] = Array.isArray(node?.args) ? (node.args as Ast[]) : []
  return owner ? cel.slice(owner.start, owner.end) : 'name'
}

/** `hours.office.open`, `postcode.length`, `visits[0]`: what is one value has no parts. */
function noParts(cel: string, node: Ast | undefined): ReturnType<Words> {
  const [owner, name] = Array.isArray(node?.args) ? (node.args as [Ast, unknown]) : []
  const type = typeOfNode(owner)
  const of = ownerOf(cel, node)
  if (type === 'bool')
    return { detail: `${of} is yes or no by itself`, suggestion: `write ${of}, or !${of} for the contrary` }
  if (typeof name === 'string' && type === 'string' && /^(length|len|size|count)$/i.test(name))
    return { detail: `${of} is a text, and has no ".${name}"`, suggestion: `write size(${of})` }
  if (type !== 'string')
    return { detail: `${of} is ${named(type ?? 'dyn')}, and has no parts`, suggestion: `write ${of} alone` }
  return typeof name === 'string'
    ? { detail: `${of} is a text, and has no ".${name}"`, suggestion: `write ${of} alone, or ${of}.startsWith("...")` }
    : { detail: 'only lists and mappings have [ ]', suggestion: 'use startsWith, contains or matches with a text' }
}

/** `now.hour()`, `now.weekday()`. */
function askedOfMoment(name: string, node: Ast | undefined, cel: string, zone: string): ReturnType<Words> {
  const [, owner] = Array.isArray(node?.args) ? (node.args as [string, Ast]) : []
  const moment = owner ? cel.slice(owner.start, owner.end) : 'now'
  return { detail: `a time has no .${name}()`, suggestion: partOfMoment(moment, name, zone) }
}

/** `has(postcode)`: an answer by itself is always there, and empty until it is given. */
function hasOf(cel: string, node: Ast | undefined, { answers }: Known): ReturnType<Words> {
  const name = node?.op === 'id' ? String(node.args) : undefined
  const type = answers.get(name ?? '')
  const [, given] = /^has\s*\(\s*(.*?)\s*\)$/.exec(cel.trim()) ?? []
  const detail = 'has asks for a part of an answer'
  if (name === undefined || type === undefined) return { detail, suggestion: `write has(stock.price), not ${given ?? 'this'}` }
  const written = { text: `${name} != ""`, 'whole-number': `${name} != 0`, number: `${name} != 0`, 'yes-no': name, any: `${name} != null` }
  return { detail: `${detail}, and ${name} is the whole of it`, suggestion: `write ${written[type]}` }
}

function missingField(of: string, name: string): string {
  switch (of) {
    case 'hours':
      return `add ${name} under opening-hours:`
    case 'switches':
      return `add ${name} under switches:`
    case 'env':
      return `the admin sets ${name} and names it in FLOW_ENV`
    default:
      return 'remove it'
  }
}

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
