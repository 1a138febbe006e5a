import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node, type Pair } from 'yaml'
import type { Place } from '../errors.ts'
import { FlowError, type MistakeCode } from './mistakes.ts'
import { writtenOrder } from '../order.ts'

export type Path = readonly PropertyKey[]

/** A flow file as plain data, with the place of every key and value. */
export type Source = {
  file: string
  data: unknown
  errors: FlowError[]
  /** Where the value at this path stands; when there is none, the nearest one above it. */
  placeOf(path: Path): Place
  /** Where the key at this path stands. */
  placeOfKey(path: Path): Place
  /** A mistake at a path: `key` points at the name of the field instead of its value. */
  mistake(path: Path, code: MistakeCode, detail: string, more?: { suggestion?: string | undefined; key?: boolean; warning?: boolean; offset?: number }): FlowError
}

/** Bytes of a flow file. A hotline of 1,000 steps in three languages has about 300,000. */
const largest = 1_000_000
/** Nested levels. The deepest that the language needs is nine. */
const deepest = 24

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype', '<<'])

/** YAML text to plain data. Nothing in it is trusted: no aliases, no merge keys, no tags, bounded size and depth. */
export function parseYaml(text: string, file: string): Source {
  const lines = new LineCounter()
  const tooLarge = Buffer.byteLength(text) > largest
  const doc = parseDocument(tooLarge ? '' : text, { lineCounter: lines, prettyErrors: false, stringKeys: false })
  const rows = text.split('\n')
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const error = (place: Place, code: MistakeCode, detail: string, suggestion?: string, warning = false) =>
    new FlowError({ code, place, detail, suggestion, warning, line: (rows[place.line - 1] ?? '').replace(/\r$/, '') })

  const errors: FlowError[] = []
  if (tooLarge) errors.push(error(at(0), 'yaml-refused', `the file is larger than ${largest} bytes`, 'split it into several hotlines'))
  for (const e of doc.errors) errors.push(error(at(e.pos[0]), 'yaml-syntax', plainWords(e.code, e.message), remedy(e.code)))

  const walker = new Walker((node, detail, suggestion) =>
    errors.push(error(at(node?.range?.[0] ?? 0), 'yaml-refused', detail, suggestion)))
  // A broken document would bring a mistake for every line after the break; only the first cause helps.
  const broken = tooLarge || doc.errors.some((e) => e.code !== 'DUPLICATE_KEY')
  const data = broken ? undefined : walker.read(doc)

  const nearest = (path: Path, places: Map<string, number>): Place => {
    for (let n = path.length; n >= 0; n--) {
      const offset = places.get(pathId(path.slice(0, n))) ?? walker.values.get(pathId(path.slice(0, n)))
      if (offset !== undefined) return at(offset)
    }
    return at(0)
  }
  const placeOf = (path: Path) => nearest(path, walker.values)
  const placeOfKey = (path: Path) => nearest(path, walker.keys)
  return {
    file,
    data,
    errors,
    placeOf,
    placeOfKey,
    mistake(path, code, detail, more = {}) {
      const place = more.key ? placeOfKey(path) : placeOf(path)
      const within = (more.offset ?? 0) > 0 && walker.oneLine.has(pathId(path)) ? more.offset! + walker.oneLine.get(pathId(path))! : 0
      return error({ ...place, column: place.column + within }, code, detail, more.suggestion, more.warning)
    },
  }
}

const pathId = (path: Path): string => path.map(String).join('\u0000')

/** Walks a YAML document once: data out, and where each part of it stands. */
class Walker {
  readonly values = new Map<string, number>()
  readonly keys = new Map<string, number>()
  /** Texts written on one line as they are: characters before the text itself (a quotation mark). */
  readonly oneLine = new Map<string, number>()
  private readonly refuse: (node: Node | null, detail: string, suggestion?: string) => void

  constructor(refuse: (node: Node | null, detail: string, suggestion?: string) => void) {
    this.refuse = refuse
  }

  read(doc: Document): unknown {
    return this.value(doc.contents, [])
  }

  private value(node: Node | null, path: Path): unknown {
    if (node?.range) this.values.set(pathId(path), node.range[0])
    if (path.length > deepest) return void this.refuse(node, `nested deeper than ${deepest} levels`)
    if (isAlias(node)) return void this.refuse(node, 'aliases (*name) are not used in flows', 'write the value out')
    if (node && 'tag' in node && node.tag && node.tag.startsWith('!')) this.refuse(node, 'tags (!name) are not used in flows', 'leave the tag out')
    if (isMap(node)) return this.mapping(node.items as Pair<Node, Node | null>[], path)
    if (isSeq(node)) return node.items.map((item, i) => this.value(item as Node, [...path, i]))
    if (isScalar(node)) return this.scalar(node.value, node.source, node.type, path)
    return undefined
  }

  private mapping(items: Pair<Node, Node | null>[], path: Path): Record<string, unknown> {
    const data: Record<string, unknown> = {}
    for (const { key, value } of items) {
      const name = isScalar(key) ? String(key.source ?? key.value ?? '') : undefined
      if (name === undefined) {
        this.refuse(key, 'a value is used as a name', 'put quotes around a text that begins with {{')
        continue
      }
      if (forbiddenKeys.has(name)) {
        this.refuse(key, `"${name}" is not used in flows`)
        continue
      }
      const inner = [...path, name]
      if (key.range) this.keys.set(pathId(inner), key.range[0])
      data[name] = value === null ? null : this.value(value, inner)
      if (value === null && key.range) this.values.set(pathId(inner), key.range[0])
    }
    return writtenOrder(data, items.flatMap(({ key }) => (isScalar(key) ? [String(key.source ?? key.value ?? '')] : [])))
  }

  private scalar(value: unknown, source: string | undefined, type: string | undefined, path: Path): unknown {
    if (typeof source === 'string' && !source.includes('\n')) this.oneLine.set(pathId(path), type === 'PLAIN' ? 0 : 1)
    // Numbers that are names (010, +61..., 0x1F, a 20-digit customer number) are taken as written.
    if (typeof value === 'number' || typeof value === 'bigint') return String(Number(value)) === source && Math.abs(Number(value)) < 1e15 ? Number(value) : source
    return value
  }
}

function plainWords(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY': return 'this name stands here twice'
    case 'TAB_AS_INDENT': return 'a tab is used to indent'
    case 'BAD_INDENT': return 'the indentation does not fit the lines above'
    case 'MISSING_CHAR': return message.replace(/^Missing /, 'missing ')
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY': return 'a colon where none can stand, or the end of a text is missing'
    default: return message.charAt(0).toLowerCase() + message.slice(1)
  }
}

function remedy(code: string): string | undefined {
  switch (code) {
    case 'DUPLICATE_KEY': return 'rename or remove one of them'
    case 'TAB_AS_INDENT': return 'use spaces'
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY': return 'put a text that holds ": " in quotes'
    default: return undefined
  }
}
