import type { Ast } from './operands.ts'

/**
 * A name that an expression compares with what is written out: `postcode == "2600"`, `size(postcode) == 4`. `of` is
 * the name with its dots, `caller.last.outcome`; `at` where the value stands, in characters.
 */
export type Compared = { of: string; how: How; value: unknown; at: number }
type How = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'startsWith' | 'size'

const orders = new Set(['==', '!=', '<', '<=', '>', '>='])

/** All such comparisons, those in what is asked of each entry of a list left out: its names are its own. */
export function comparedIn(node: unknown): Compared[] {
  if (Array.isArray(node)) return node.flatMap(comparedIn)
  if (typeof node !== 'object' || node === null || !('op' in node)) return []
  const { op, args } = node as Ast
  if (orders.has(op)) {
    const [left, right] = args as [Ast, Ast]
    return [...one(left, op as How, right), ...one(right, turned[op] ?? (op as How), left), ...comparedIn(args)]
  }
  if (op === 'in') {
    const [left, right] = args as [Ast, Ast]
    return right.op === 'list' ? (right.args as Ast[]).flatMap((entry) => one(left, 'in', entry)) : []
  }
  if (op !== 'rcall') return comparedIn(args)
  const [name, owner, given] = args as [string, Ast, Ast[]]
  return [...(name === 'startsWith' && given[0] ? one(owner, name, given[0]) : []), ...comparedIn(owner)]
}

/** `3 < n` says the same as `n > 3`. */
const turned: Partial<Record<string, How>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

function one(name: Ast, how: How, value: Ast): Compared[] {
  if (value.op !== 'value') return []
  const of = dotted(name)
  if (of !== undefined) return [{ of, how, value: value.args, at: value.start }]
  const sized = how === '==' ? sizeOf(name) : undefined
  return sized === undefined ? [] : [{ of: sized, how: 'size', value: value.args, at: value.start }]
}

/** `postcode` in `size(postcode)` and in `postcode.size()`. */
function sizeOf({ op, args }: Ast): string | undefined {
  const [name, owner] = Array.isArray(args) ? (args as [unknown, Ast | Ast[]]) : []
  if (name !== 'size' || (op !== 'call' && op !== 'rcall')) return undefined
  const of = Array.isArray(owner) ? owner[0] : owner
  return of && dotted(of)
}

function dotted({ op, args }: Ast): string | undefined {
  if (op === 'id') return String(args)
  if (op !== '.') return undefined
  const [owner, name] = args as [Ast, string]
  const of = dotted(owner)
  return of === undefined ? undefined : `${of}.${name}`
}
