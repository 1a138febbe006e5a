import { LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { Place } from '../errors.ts'
import { mostMistakes, tooMuch } from './limits.ts'
import { FlowError, type MistakeCode } from './mistakes.ts'
import { syntaxMistake } from './syntax.ts'
import { Walker, pathId, type Written } from './walker.ts'

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
  readonly data: unknown = undefined
  private readonly file: string
  private readonly text: string
  private readonly rows: string[]
  private readonly lines = new LineCounter()
  private readonly parts: Walker
  /** What stands elsewhere, by the path that it has here. */
  private readonly grafts = new Map<string, { source: Source; path: Path }>()
  private readonly told = new Set<string>()

  /** Without a text there is no data, and nothing is wrong yet. */
  constructor(written: string | undefined, file: string) {
    this.file = file
    const text = written ?? ''
    const much = tooMuch(text)
    this.text = (much ? text.slice(0, much.at + 200) : text).replace(/^\uFEFF/, '')
    this.rows = this.text.split(/\r?\n/)
    for (let start = 0; start > 0 || this.lines.lineStarts.length === 0; start = this.text.indexOf('\n', start) + 1)
      this.lines.addNewLine(start)
    this.parts = new Walker((offset, code, detail, suggestion) =>
      this.add(this.at(offset), code, detail, { suggestion }),
    )
    if (written === undefined) return
    this.data = much ? void this.add(this.at(much.at), 'yaml-refused', much.detail, much) : this.read()
  }

  /**
   * Adds a mistake at a path. What was refused already is not reported again: a value that could not be read is not
   * missing, and whatever else seems wrong with it is no second mistake.
   */
  report(path: Path, code: MistakeCode, detail: string, more: More = {}): void {
    const graft = this.grafts.get(pathId(path))
    if (graft) return graft.source.report(graft.path, code, detail, more)
    if (this.mistakes.length >= mostMistakes || this.isRefused(path)) return
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

  /** Whether all that is written can be read: what a name holds that stands there twice is not. */
  get whole(): boolean {
    return !this.parts.doubled
  }

  /** Whether anything is written at this path. */
  has(path: Path): boolean {
    return this.parts.values.has(pathId(path)) || this.grafts.has(pathId(path))
  }

  /** From now on a value at this path counts as written, and stands at another place: a text in its translation. */
  graft(path: Path, source: Source, at: Path): void {
    this.grafts.set(pathId(path), { source, path: at })
  }

  /** What is written at a path, as plain data. */
  valueAt(path: Path): unknown {
    type Fields = Record<PropertyKey, unknown> | null | undefined
    return path.reduce<unknown>((data, part) => (data as Fields)?.[part], this.data)
  }

  private read(): unknown {
    // Duplicate names are looked for by the walker: the parser compares 1 and "1" as different, and each with each.
    const doc = documentOf(this.text)
    if (!doc)
      return void this.add(this.at(0), 'yaml-refused', 'the file is nested too deep to be read', {
        suggestion: 'write each "name: value" on a line of its own',
      })
    // What follows the first break is not what its author meant: only the first cause helps.
    const [first] = doc.errors
    if (first) {
      const { at, detail, suggestion } = syntaxMistake(first, this.text, openedAt(doc, first.pos[0]))
      const whole = `${suggestion}; then check again, the rest could not be read`
      return void this.add(this.at(at), 'yaml-syntax', detail, { suggestion: whole })
    }
    if (doc.contents === null)
      return void this.add(this.at(0), 'missing-field', 'the file is empty', {
        suggestion: 'write "hotline: NAME" in the first line',
      })
    for (const { index, 0: mark } of this.text.matchAll(/^[ \t]*#[ \t]*:[ \t]/gm))
      this.add(this.at(index + mark.indexOf('#')), 'dead-key', 'the line begins with #, and so it is a note', {
        warning: true,
        suggestion: 'write "#": in quotes for the key',
      })
    return this.parts.read(doc)
  }

  /** Whether a text without quotes ends at a # that may have been meant as part of it: "press the # key". */
  endsAtNote(path: Path): boolean {
    const graft = this.grafts.get(pathId(path))
    if (graft) return graft.source.endsAtNote(graft.path)
    const text = this.parts.texts.get(pathId(path))
    return text !== undefined && /\S \S/.test(text.value) && this.text.startsWith(' #', text.to)
  }

  private add(place: Place, code: MistakeCode, detail: string, more: More): void {
    if (this.mistakes.length >= mostMistakes) return
    const mistake = new FlowError({
      code,
      place,
      detail: shortened(detail),
      suggestion: more.suggestion === undefined ? undefined : shortened(more.suggestion),
      warning: more.warning ?? false,
      line: this.rows[place.line - 1] ?? '',
    })
    // Steps that are called are proven once for each call.
    if (this.told.has(mistake.message)) return
    this.told.add(mistake.message)
    this.mistakes.push(mistake)
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

/** A file that is there and cannot be read: there is nothing in it but this mistake. */
export function unreadable(file: string): Source {
  const source = new Source(undefined, file)
  source.report([], 'unreadable', 'the file cannot be read', { suggestion: 'see whose it is, and that it is a file' })
  return source
}

/** Undefined when it takes the parser's whole stack: thousands of `a: a: a: ` in one line. */
function documentOf(text: string): Document.Parsed | undefined {
  const { stackTraceLimit } = Error
  try {
    // In a text that is no YAML at all, each word is a mistake: to trace all of them takes seconds.
    Error.stackTraceLimit = 0
    return parseDocument(text, { prettyErrors: false, uniqueKeys: false, schema: 'core', merge: false })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** A name of thousands of letters hides what is said of it. */
const shortened = (text: string): string => (text.length > 500 ? `${text.slice(0, 200)} ... ${text.slice(-100)}` : text)

/** Where a text with a missing quotation mark begins. */
function openedAt(doc: Document, end: number): number | undefined {
  let opened: number | undefined
  visit(doc, {
    Scalar: (_, { type, range }) =>
      void (type?.startsWith('QUOTE') && range && range[0] < end ? (opened = range[0]) : 0),
  })
  return opened
}
