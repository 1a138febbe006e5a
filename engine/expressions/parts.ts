import type { ExpressionMistake } from './mistakes.ts'
import { momentType, partOfMoment } from './moments.ts'
import type { Ast } from './operands.ts'

/** A part that is asked for of a value, `slots.free.length`. */
export type Part = { owner: Ast; name: string; at: number }

/** A node that has been checked knows its type. */
type Checked = Ast & { checkedType?: unknown }

/** The static type of a checked expression in CEL's words; undefined for what was not checked. */
export const typeOfNode = (node: unknown): string | undefined => {
  const type = (node as Checked | undefined)?.checkedType
  return type === undefined ? undefined : String(type)
}

/** Everything that is asked for by a dot. */
export function partsIn(node: unknown): Part[] {
  if (Array.isArray(node)) return node.flatMap(partsIn)
  if (typeof node !== 'object' || node === null || !('op' in node)) return []
  const { op, args, start, end } = node as Ast
  if (op !== '.') return partsIn(args)
  const [owner, name] = args as [Ast, string]
  return [...partsIn(owner), { owner, name, at: Math.max(start, end - name.length) }]
}

/** The first that a moment is asked for: it has no parts, and to CEL's checker that is no mistake. */
export function partOfAMoment(parts: Part[], cel: string, zone: string): ExpressionMistake | undefined {
  const found = parts.find(({ owner }) => typeOfNode(owner) === momentType)
  if (!found) return undefined
  const { owner, name, at } = found
  const words = cel.slice(owner.start, owner.end)
  return { at, detail: `${words} has no "${name}"`, suggestion: partOfMoment(words, name, zone) }
}

/**
 * What other languages count by, `slots.free.length`: here it is a field that a backend may send, and else never there.
 */
export const countedByName = (parts: Part[], cel: string): ExpressionMistake[] =>
  parts
    .filter(({ owner, name }) => name === 'length' && typeOfNode(owner) === 'dyn')
    .map(({ owner, at }) => {
      const of = cel.slice(owner.start, owner.end)
      return {
        at,
        detail: `".length" does not count what is in ${of}`,
        suggestion: `write size(${of}); where the backend sends a field of this name, ${of}["length"]`,
      }
    })
