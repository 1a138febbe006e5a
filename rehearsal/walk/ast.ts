import { parse } from '@marcbachmann/cel-js'

/** A node of a parsed expression, as the CEL library gives it. */
export type Node = { op: string; args: unknown }

export const isNode = (node: unknown): node is Node => typeof node === 'object' && node !== null && 'op' in node

/** An expression as a tree; undefined when it is none. */
export function nodeOf(cel: string): Node | undefined {
  try {
    return parse(cel).ast as unknown as Node
  } catch {
    return undefined
  }
}

/** The value of a node that is nothing but one. */
export function literal(node: unknown): string | number | boolean | undefined {
  if (!isNode(node)) return undefined
  if (node.op === '-_') {
    const value = literal(node.args)
    return typeof value === 'number' ? -value : undefined
  }
  if (node.op !== 'value') return undefined
  const value = node.args
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

export const listOf = (node: unknown): unknown[] => (isNode(node) && node.op === 'list' ? (node.args as unknown[]) : [])

/** What `size(slots.free)` and `slots.free.size()` count. */
export function sizedIn(node: unknown): unknown {
  if (!isNode(node) || !Array.isArray(node.args)) return undefined
  const [name, target] = node.args as [unknown, unknown]
  if (name !== 'size') return undefined
  return node.op === 'call' ? (target as unknown[])[0] : node.op === 'rcall' ? target : undefined
}

/** The name in `people` and in `int(people)`, and whether it is read as a number there. */
export function namedIn(node: unknown): { name: string; asNumber: boolean } | undefined {
  if (!isNode(node)) return undefined
  if (node.op === 'id') return { name: String(node.args), asNumber: false }
  if (node.op !== 'call') return undefined
  const [conversion, [inner]] = node.args as [string, unknown[]]
  const named = ['int', 'double', 'uint', 'string', 'dyn'].includes(conversion) ? namedIn(inner) : undefined
  const asNumber = conversion === 'dyn' ? named?.asNumber === true : conversion !== 'string'
  return named && { name: named.name, asNumber }
}

/** The regular expressions that a text is matched with, each with what it matches, as far as both can be read. */
export function patternsIn(node: unknown): { of: string; pattern: string }[] {
  if (Array.isArray(node)) return node.flatMap(patternsIn)
  if (!isNode(node)) return []
  const [name, target, given] = Array.isArray(node.args) ? (node.args as unknown[]) : []
  const matches = name === 'matches' && (node.op === 'rcall' || node.op === 'call')
  const [text, pattern] = !matches ? [] : node.op === 'rcall' ? [target, listed(given)[0]] : listed(target)
  const value = literal(pattern)
  return [...(typeof value === 'string' ? [{ of: pathOf(text), pattern: value }] : []), ...patternsIn(node.args)]
}

const listed = (nodes: unknown): unknown[] => (Array.isArray(nodes) ? nodes : [])

/** `caller.number`, as it is written; empty when it is something else. */
function pathOf(node: unknown): string {
  if (!isNode(node)) return ''
  if (node.op === 'id') return String(node.args)
  if (node.op !== '.') return ''
  const [from, name] = node.args as [unknown, unknown]
  const before = pathOf(from)
  return before === '' ? '' : `${before}.${String(name)}`
}
