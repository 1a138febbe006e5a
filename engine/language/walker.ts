import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type Scalar } from 'yaml'
import { writtenOrder } from '../order.ts'
import { cutText } from './commas.ts'
import { mostLevels } from './limits.ts'
import type { MistakeCode } from './mistakes.ts'
import type { Path } from './parse.ts'
import { dash } from './syntax.ts'

/** A path as a name. */
export const pathId = (path: Path): string => path.map((part) => `/${String(part)}`).join('')

/** A text as it stands in the file, with its quotation marks, and its value. */
export type Written = { from: number; to: number; value: string }
type Refuse = (offset: number, code: MistakeCode, detail: string, suggestion: string) => void

/** Names that mean something to JavaScript, or to other versions of YAML. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype', '<<'])

/** Walks a YAML document once: data out, and where each part of it stands. */
export class Walker {
  readonly values = new Map<string, number>()
  readonly keys = new Map<string, number>()
  readonly texts = new Map<string, Written>()
  /** Paths of values that could not be read, and of mappings that lack one of their names for it. */
  readonly refused = new Set<string>()
  readonly incomplete = new Set<string>()
  /** Whether a name stands somewhere a second time; what it holds there was left out. */
  doubled = false
  private readonly refuse: Refuse

  constructor(refuse: Refuse) {
    this.refuse = refuse
  }

  read(doc: Document): unknown {
    return this.value(doc.contents, [])
  }

  private value(node: Node | null, path: Path): unknown {
    if (node?.range) this.values.set(pathId(path), node.range[0])
    const refusal = refusalOf(node, path)
    if (refusal) {
      // Of what is nested too deep the whole step is not to be read.
      this.refused.add(pathId(path.slice(0, path.length > mostLevels ? 2 : undefined)))
      return void this.refuse(node?.range?.[0] ?? 0, 'yaml-refused', ...refusal)
    }
    if (isMap(node)) return this.mapping(node.items as Pair<Node, Node | null>[], path, node.flow === true)
    if (isSeq(node)) return node.items.map((item, i) => this.value(item as Node, [...path, i]))
    return isScalar(node) ? this.scalar(node, path) : undefined
  }

  private mapping(items: Pair<Node, Node | null>[], path: Path, braces: boolean): Record<string, unknown> {
    const data: Record<string, unknown> = {}
    const names = new Set<string>()
    for (let i = 0; i < items.length; i++) {
      const { key, value } = items[i]!
      const from = key.range?.[0] ?? 0
      const name = isScalar(key) ? String(key.source ?? key.value ?? '') : '?'
      const inner = [...path, name]
      const bad = badName(key, name)
      if (bad) {
        this.incomplete.add(pathId(path))
        this.refuse(from, 'yaml-refused', ...bad)
      } else if (names.has(name)) {
        this.doubled = true
        this.refuse(from, 'yaml-syntax', `"${name}" stands here twice`, 'rename or remove one of them')
      } else {
        names.add(name)
        this.keys.set(pathId(inner), from)
        data[name] = this.value(value, inner) ?? null
        const cut = braces ? cutText(items, i) : undefined
        if (cut) {
          // Read as it was meant, so that nothing else is said of its parts.
          data[name] = cut.whole
          i += cut.pairs.length
          const suggestion = `put quotes around the whole text${shown(name, cut.whole)}`
          this.refuse(cut.at, 'bad-value', 'a comma ends a text in { }', suggestion)
        }
        if (!value?.range) this.values.set(pathId(inner), from)
      }
    }
    return writtenOrder(data, [...names])
  }

  private scalar({ value, source, range }: Scalar, path: Path): unknown {
    if (typeof value === 'string' && range) this.texts.set(pathId(path), { from: range[0], to: range[1], value })
    // Numbers that are names (010, +61..., 0x1F, a 20-digit customer number) are taken as written.
    if (typeof value !== 'number' && typeof value !== 'bigint') return value
    return String(Number(value)) === source && Math.abs(Number(value)) < 1e15 ? Number(value) : source
  }
}

/** A field with its text in quotes, when it is short enough for a message. */
function shown(name: string, text: string): string {
  const quote = text.includes('"') ? "'" : '"'
  return text.length > 80 || text.includes(quote) ? '' : `: write ${name}: ${quote}${text}${quote}`
}

type Refusal = [detail: string, suggestion: string]

function refusalOf(node: Node | null, path: Path): Refusal | undefined {
  if (path.length > mostLevels)
    return [`nested deeper than ${mostLevels} levels`, 'put part of it in a step of its own']
  if (isAlias(node))
    return ['flows do not use aliases (*name)', 'write the value out, or put quotes around a text that begins with *']
  if (node && 'anchor' in node && node.anchor)
    return ['flows do not use anchors (&name)', 'leave it out, or put quotes around a text that begins with &']
  if (node && 'tag' in node && node.tag)
    return ['flows do not use tags (!name)', 'leave it out, or put quotes around a text that begins with !']
  if (isMap(node) && node.flow && node.items.length > 0 && node.items.every(({ key }) => isMap(key)))
    return bracesUnquoted
  if (isScalar(node) && typeof node.value === 'string' && invisible.test(node.value))
    return ['the text holds a character that cannot be seen', 'remove it']
  return undefined
}

const bracesUnquoted: Refusal = ['a text that begins with {{ must stand in quotes', 'write "{{ ... }}"']

/** NUL and its like: nothing that is said, and nothing that may get to a telephone system. Tabs and line ends may. */
// oxlint-disable-next-line no-control-regex
const invisible = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/

function badName(key: Node, name: string): Refusal | undefined {
  if (isMap(key)) return bracesUnquoted
  if (!isScalar(key)) return ['a list or an alias cannot be a name', 'write a name, then a colon']
  const entry = dash(name, 0)
  if (entry) return [entry.detail, `${entry.suggestion}: ...`]
  if (invisible.test(name)) return ['the name holds a character that cannot be seen', 'remove it']
  return forbiddenKeys.has(name)
    ? [`"${name}" cannot be a name`, name === '<<' ? 'write the fields out' : 'choose another']
    : undefined
}
