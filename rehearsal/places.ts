import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document } from 'yaml'
import type { Place } from '../engine/errors.ts'

/** Where the values of a YAML file stand. The file is looked into when the first place is asked for: most never are. */
export class Places {
  private readonly text: string
  private readonly file: string
  private readonly lines = new LineCounter()
  private doc: Document | undefined

  constructor(text: string, file: string) {
    this.text = text.replace(/^\uFEFF/, '')
    this.file = file
  }

  /** The place of the value at a path, or of the nearest one above it. */
  at(path: readonly (string | number)[]): Place {
    for (let n = path.length; n >= 0; n--) {
      const place = this.placeOf(this.node(path.slice(0, n)))
      if (place) return place
    }
    return { file: this.file, line: 1, column: 1 }
  }

  /** The place of the name of the value at a path. */
  ofName(path: readonly (string | number)[]): Place {
    const mapping = this.node(path.slice(0, -1))
    const pair = isMap(mapping) ? mapping.items.find(({ key }) => String(key) === path.at(-1)) : undefined
    return this.placeOf(pair?.key) ?? this.at(path)
  }

  private placeOf(node: unknown): Place | undefined {
    if (!isNode(node) || !node.range) return undefined
    const { line, col } = this.lines.linePos(node.range[0])
    return { file: this.file, line, column: col }
  }

  /** Whether the value at a path is a number, without quotes. */
  isNumber(path: readonly (string | number)[]): boolean {
    const node = this.node(path)
    return isScalar(node) && typeof node.value === 'number'
  }

  private node(path: readonly (string | number)[]): unknown {
    this.doc ??= parseDocument(this.text, { lineCounter: this.lines, uniqueKeys: false })
    return this.doc.getIn(path, true)
  }
}
