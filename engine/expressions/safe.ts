import { RE2JS } from 're2js'
import { milliseconds } from '../duration.ts'
import { hasBehindPlaces } from './has.ts'
import type { ExpressionMistake } from './mistakes.ts'
import type { Ast } from './operands.ts'

/** What CEL's own `matches` becomes: that one runs JavaScript's regular expressions, which can take minutes. */
export const linearMatches = 'matchesInLinearTime'

/** Loops within loops that an expression may have: more of them than this could keep the engine busy. */
const mostLoops = 2
const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

/** Makes an expression safe to run, and gathers the names it reads; what cannot be made safe is a mistake. */
export function makeSafe(node: unknown, names: Set<string>, zone: string, depth = 0): ExpressionMistake | undefined {
  if (Array.isArray(node)) return firstOf(node, (part) => makeSafe(part, names, zone, depth))
  if (typeof node !== 'object' || node === null || !('op' in node)) return undefined
  const { op, args, start } = node as Ast
  if (op === 'id') names.add(String(args))
  if (op === 'call' && (args as unknown[])[0] === 'has') hasBehindPlaces(node as Ast)
  if (op !== 'rcall') return makeSafe(args, names, zone, depth)
  const call = args as [string, Ast, Ast[]]
  const text = call[2][0]?.op === 'value' ? call[2][0].args : undefined
  const at = call[2][0]?.start ?? start
  if (call[0] === linearMatches) return { at: start, detail: 'there is no such function', suggestion: 'write matches' }
  if (call[0] === 'matches') {
    call[0] = linearMatches
    if (typeof text === 'string' && !isPattern(text))
      return { at, detail: `"${text}" is not a pattern`, suggestion: 'write for instance "^26[0-9]{2}$"' }
  }
  if (call[0] === 'calls' && typeof text === 'string' && milliseconds(text) === undefined)
    return { at, detail: `"${text}" is not a time with its unit`, suggestion: 'write caller.calls("72h")' }
  // Without a zone CEL counts in UTC, where it may be another hour and another day than the caller's.
  if (call[1].op === 'id' && call[1].args === 'now' && call[0].startsWith('get') && call[2].length === 0) {
    return { at: start, detail: `now.${call[0]}() does not know the time zone`, suggestion: `write now.${call[0]}("${zone}")` }
  }
  const deeper = loops.has(call[0]) ? depth + 1 : depth
  if (deeper > mostLoops)
    return {
      at: start,
      detail: 'lists are gone through within lists within lists',
      suggestion: 'put a part of it in an answer of its own with set',
    }
  return makeSafe(call[1], names, zone, deeper) ?? makeSafe(call[2], names, zone, deeper)
}

function firstOf<T, R>(list: T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of list) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}

function isPattern(text: string): boolean {
  try {
    return text.length <= 200 && RE2JS.compile(text) !== undefined
  } catch {
    return false
  }
}
