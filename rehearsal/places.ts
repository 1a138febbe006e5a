import { LineCounter, isNode, parseDocument, type Document } from 'yaml'
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
    this.doc ??= parseDocument(this.text, { lineCounter: this.lines, uniqueKeys: false })
    for (let n = path.length; n >= 0; n--) {
      const node = this.doc.getIn(path.slice(0, n), true)
      if (!isNode(node) || !node.range) continue
      const { line, col } = this.lines.linePos(node.range[0])
      return { file: this.file, line, column: col }
    }
    return { file: this.file, line: 1, column: 1 }
  }
}
