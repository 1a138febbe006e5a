import {
  LineCounter,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml'
import type { Place } from '../errors.ts'
import { writtenOrder } from '../order.ts'
import { mostLevels, mostMistakes, tooMuch } from './limits.ts'
import { FlowError, type MistakeCode } from './mistakes.ts'
import { syntaxMistake } from './syntax.ts'

export type Path = readonly PropertyKey[]

/** What is said of a mistake beside its code and detail. */
export type More = {
  suggestion?: string | undefined
  /** Points at the name of the field instead of its value. */
  key?: boolean
  warning?: boolean
  /** Points into the text at the path, in characters from its start. */
  offset?: number
}

/** A flow file as plain data, with the place of every key and value, and the mistakes found in it so far. */
export class Source {
  readonly mistakes: FlowError[] = []
  /** Undefined when the text is no YAML at all. */
  readonly data: unknown
  private readonly file: string
  private readonly text: string
  private readonly rows: string[]
  private readonly lines = new LineCounter()
  private readonly parts: Walker

  constructor(text: string, file: string) {
    this.file = file
    const much = tooMuch(text)
    this.text = (much ? text.slice(0, much.at + 200) : text).replace(/^\uFEFF/, '')
    this.rows = this.text.split(/\r?\n/)
    for (let start = 0; start > 0 || this.lines.lineStarts.length === 0; start = this.text.indexOf('\n', start) + 1)
      this.lines.addNewLine(start)
    this.parts = new Walker((offset, code, detail, suggestion) =>
      this.add(this.at(offset), code, detail, { suggestion }),
    )
    this.data = much ? void this.add(this.at(much.at), 'yaml-refused', much.detail, much) : this.read()
  }

  /**
   * Adds a mistake at a path. What was refused already is not reported again: a value that could not be read is not
   * missing, and whatever else seems wrong with it is no second mistake.
   */
  report(path: Path, code: MistakeCode, detail: string, more: More = {}): void {
    if (this.isRefused(path)) return
    const place = this.nearest(path, more.key ? this.parts.keys : undefined)
    const start = this.parts.texts.get(pathId(path))
    this.add(more.offset && start ? this.at(this.within(start, more.offset)) : place, code, detail, more)
  }

  /** Whether the value at this path, or one that it is part of, could not be read. */
  isRefused(path: Path): boolean {
    return (
      this.parts.incomplete.has(pathId(path)) ||
      path.some((_, n) => this.parts.refused.has(pathId(path.slice(0, n + 1))))
    )
  }

  /** Whether anything is written at this path. */
  has(path: Path): boolean {
    return this.parts.values.has(pathId(path))
  }

  private read(): unknown {
    // Duplicate names are looked for by the walker: the parser compares 1 and "1" as different, and each with each.
    const doc = parseDocument(this.text, { prettyErrors: false, uniqueKeys: false, schema: 'core', merge: false })
    // What follows the first break is not what its author meant: only the first cause helps.
    const [first] = doc.errors
    if (first) {
      const { at, detail, suggestion } = syntaxMistake(first, this.text, openedAt(doc, first.pos[0]))
      return void this.add(this.at(at), 'yaml-syntax', detail, { suggestion })
    }
    if (doc.contents === null)
      return void this.add(this.at(0), 'missing-field', 'the file is empty', {
        suggestion: 'write "hotline: NAME" in the first line',
      })
    return this.parts.read(doc)
  }

  /** Whether a text without quotes ends at a # that may have been meant as part of it: "press the # key". */
  endsAtNote(path: Path): boolean {
    const text = this.parts.texts.get(pathId(path))
    return text !== undefined && /\S \S/.test(text.value) && this.text.startsWith(' #', text.to)
  }

  private add(place: Place, code: MistakeCode, detail: string, more: More): void {
    if (this.mistakes.length >= mostMistakes) return
    this.mistakes.push(
      new FlowError({
        code,
        place,
        detail,
        suggestion: more.suggestion,
        warning: more.warning ?? false,
        line: this.rows[place.line - 1] ?? '',
      }),
    )
  }

  private at(offset: number): Place {
    const { line, col } = this.lines.linePos(Math.min(offset, this.text.length))
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) }
  }

  /** Where the value at a path stands, or its key; when there is none, the nearest one above it. */
  private nearest(path: Path, keys?: Map<string, number>): Place {
    for (let n = path.length; n >= 0; n--) {
      const id = pathId(path.slice(0, n))
      const offset = keys?.get(id) ?? this.parts.values.get(id)
      if (offset !== undefined) return this.at(offset)
    }
    return this.at(0)
  }

  /** Where a character of a text stands in the file: the text may be quoted, and folded over several lines. */
  private within({ from, to, value }: Written, offset: number): number {
    const raw = this.text.slice(from, to)
    // Neither quotes nor folding add or remove braces: the same placeholder is the same place.
    const before = value.slice(0, offset).split('{{').length - 1
    let at = -2
    for (let n = 0; n < before; n++) at = raw.indexOf('{{', at + 2)
    const base =
      before > 0
        ? { raw: at, value: value.slice(0, offset).lastIndexOf('{{') }
        : { raw: /^["']/.test(raw) ? 1 : 0, value: 0 }
    const found = base.raw + offset - base.value
    return from + (raw.slice(base.raw, found) === value.slice(base.value, offset) ? found : Math.max(0, base.raw))
  }
}

/** YAML text to plain data. Nothing in it is trusted: no aliases, no merge keys, no tags, bounded size and depth. */
export const parseYaml = (text: string, file: string): Source => new Source(text, file)

/** Where a text with a missing quotation mark begins. */
function openedAt(doc: Document, end: number): number | undefined {
  let opened: number | undefined
  visit(doc, {
    Scalar: (_, { type, range }) =>
      void (type?.startsWith('QUOTE') && range && range[0] < end ? (opened = range[0]) : 0),
  })
  return opened
}

const pathId = (path: Path): string => path.map((part) => `/${String(part)}`).join('')

/** A text as it stands in the file, with its quotation marks, and its value. */
type Written = { from: number; to: number; value: string }
type Refuse = (offset: number, code: MistakeCode, detail: string, suggestion: string) => void

/** Names that mean something to JavaScript, or to other versions of YAML. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype', '<<'])

/** Walks a YAML document once: data out, and where each part of it stands. */
class Walker {
  readonly values = new Map<string, number>()
  readonly keys = new Map<string, number>()
  readonly texts = new Map<string, Written>()
  /** Paths of values that could not be read, and of mappings that lack one of their names for it. */
  readonly refused = new Set<string>()
  readonly incomplete = new Set<string>()
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
    if (isMap(node)) return this.mapping(node.items as Pair<Node, Node | null>[], path)
    if (isSeq(node)) return node.items.map((item, i) => this.value(item as Node, [...path, i]))
    return isScalar(node) ? this.scalar(node, path) : undefined
  }

  private mapping(items: Pair<Node, Node | null>[], path: Path): Record<string, unknown> {
    const data: Record<string, unknown> = {}
    const names = new Set<string>()
    for (const { key, value } of items) {
      const from = key.range?.[0] ?? 0
      const name = isScalar(key) ? String(key.source ?? key.value ?? '') : '?'
      const inner = [...path, name]
      const bad = badName(key, name)
      if (bad) {
        this.incomplete.add(pathId(path))
        this.refuse(from, 'yaml-refused', ...bad)
      } else if (names.has(name)) {
        this.refuse(from, 'yaml-syntax', `"${name}" stands here twice`, 'rename or remove one of them')
      } else {
        names.add(name)
        this.keys.set(pathId(inner), from)
        data[name] = this.value(value, inner) ?? null
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

type Refusal = [detail: string, suggestion: string]

function refusalOf(node: Node | null, path: Path): Refusal | undefined {
  if (path.length > mostLevels)
    return [`nested deeper than ${mostLevels} levels`, 'put part of it in a step of its own']
  if (isAlias(node))
    return ['flows do not use aliases (*name)', 'write the value out, or put quotes around a text that begins with *']
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
  if (invisible.test(name)) return ['the name holds a character that cannot be seen', 'remove it']
  return forbiddenKeys.has(name)
    ? [`"${name}" cannot be a name`, name === '<<' ? 'write the fields out' : 'choose another']
    : undefined
}
