import { isScalar, type Node, type Pair } from 'yaml'
import { stepKinds } from '../steps/index.ts'
import { fieldsOf } from './kinds.ts'

/** A text in braces that a comma has cut into a field and names without a value: `{ say: Hello, you }`. */
export type CutText = { pairs: Pair<Node, Node | null>[]; whole: string; at: number }

let known: ReadonlySet<string> | undefined

/** Fields of steps: `{ into: code, secret }` is no text with a comma but a field without its value. */
function isField(name: string): boolean {
  known ??= new Set([...stepKinds.values()].flatMap(fieldsOf))
  return known.has(name)
}

/** The text that begins with this pair of a mapping in braces, when a comma without quotes has cut it. */
export function cutText(pairs: Pair<Node, Node | null>[], from: number): CutText | undefined {
  const { value } = pairs[from]!
  if (!isScalar(value) || typeof value.value !== 'string' || value.type !== 'PLAIN') return undefined
  const isText = ({ key, value }: Pair<Node, Node | null>): boolean => value === null && isScalar(key)
  const end = pairs.findIndex((pair, i) => i > from && (!isText(pair) || isField(nameOf(pair))))
  const behind = pairs.slice(from + 1, end < 0 ? undefined : end)
  const first = behind[0]?.key.range
  if (!first) return undefined
  return { pairs: behind, whole: [value.value, ...behind.map(nameOf)].join(', '), at: first[0] }
}

const nameOf = ({ key }: Pair<Node, Node | null>): string =>
  isScalar(key) ? String(key.source ?? key.value ?? '') : ''
