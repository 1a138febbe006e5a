import { ends, type Box, type Out, type Part } from './graph.ts'
import { cut, plainText, widthOf, wrap } from './text.ts'

/** Pixels. Text is 12 high, small text 11. */
export const boxWidth = 284
export const headHeight = 30
export const bandHeight = 24
export const inset = 12
export const textSize = 12
export const smallSize = 11
const lineHeight = 16
const rowHeight = 24
const inner = boxWidth - 2 * inset
/** Lines of what is said. */
const mostLines = 3

/** A stretch of a box from top to bottom; a `port` is where a line leaves. */
export type Row = { top: number; height: number; port?: string } & (
  | { type: 'head' }
  | { type: 'band'; part: Part; detail: string[] }
  | { type: 'says' | 'detail'; part: Part; lines: string[] }
  | { type: 'way'; part: Part; out: Out; lines: string[]; chip?: Chip }
  | { type: 'sources'; lines: string[] }
  | { type: 'gap' }
)

/** The name of a box in the place of a line to it. */
export type Chip = {
  words: string
  width: number
  /** Beside the words, or below them. */ beside: boolean
  end: boolean
}

/** A box with the size of everything in it. */
export type Sized = {
  id: string
  box: Box
  height: number
  rows: Row[]
  /** The lines that leave it, by port. */ lines: { port: string; out: Out; part: Part }[]
}

/**
 * Lays out the inside of a box. `id` names it for the layout: no word of an author gets there. `drawn`: the boxes from
 * which a line leads here.
 */
export function sized(box: Box, id: string, drawn: ReadonlySet<string> = new Set()): Sized {
  const rows: Row[] = []
  const lines: Sized['lines'] = []
  let top = 0
  const add = (row: RowWithoutTop): void => {
    rows.push({ ...row, top } as Row)
    top += row.height
  }
  const several = box.parts.length > 1
  const alone = several ? undefined : onlyLine(box.parts[0]!)
  add({ type: 'head', height: headHeight, ...(alone ? { port: 'h' } : {}) })
  if (alone) lines.push({ port: 'h', out: alone, part: box.parts[0]! })
  for (const [p, part] of box.parts.entries()) {
    const only = several ? onlyLine(part) : alone
    const port = `b${p}`
    if (several) {
      add({ type: 'band', height: bandHeight, part, detail: [], ...(only ? { port } : {}) })
      if (only) lines.push({ port, out: only, part })
    }
    partRows(part, only).forEach((row, i) => {
      const port = `p${p}x${i}`
      const leaves = row.type === 'way' && row.out.line
      add({ ...row, ...(leaves ? { port } : {}) })
      if (leaves) lines.push({ port, out: row.out, part })
    })
  }
  const from = sourcesOf(box, drawn)
  if (from.length > 0) add({ type: 'sources', height: from.length * 14 + 10, lines: from })
  add({ type: 'gap', height: 6 })
  return { id, box, height: top, rows, lines }
}

/** The boxes that lead here without a line. */
function sourcesOf({ name, sources }: Box, drawn: ReadonlySet<string>): string[] {
  const others = sources.filter((one) => !drawn.has(one) && one !== name)
  if (others.length === 0) return []
  const shown = others.length > 7 ? [...others.slice(0, 6), `${others.length - 6} others`] : others
  return wrap(`${drawn.size > 0 ? 'also ' : ''}from ${shown.join(', ')}`, smallSize, inner, 3)
}

type RowWithoutTop = Row extends infer R ? (R extends Row ? Omit<R, 'top'> : never) : never

/** A part that just goes on has its line beside its name, and no row for it. */
function onlyLine({ ways }: Part): Out | undefined {
  const [out] = ways
  return ways.length === 1 && out?.words === '' && out.line ? out : undefined
}

function partRows(part: Part, only: Out | undefined): RowWithoutTop[] {
  const rows: RowWithoutTop[] = []
  const block = (type: 'says' | 'detail', text: string | undefined, most: number): void => {
    const lines = text === undefined ? [] : wrap(plainText(text), textSize, inner, most)
    if (lines.length > 0) rows.push({ type, height: lines.length * lineHeight + 8, part, lines })
  }
  block('detail', part.detail, 2)
  block('says', part.says, mostLines)
  for (const out of part.ways) {
    if (out === only || (out.below && out.words === '')) continue
    rows.push(wayRow(part, out))
  }
  return rows
}

function wayRow(part: Part, out: Out): RowWithoutTop {
  const words = plainText(out.key === undefined ? out.words : (out.matter ?? ''))
  const lead = out.key === undefined ? 0 : widthOf('presses ', textSize) + 27
  const chip = chipOf(out)
  const beside = inner - lead - (chip ? chip.width + 8 : 0)
  const fits = widthOf(words, textSize) <= beside
  const lines = fits ? [words] : wrap(words, textSize, inner - lead, 2)
  if (chip) chip.beside = fits
  return {
    type: 'way',
    part,
    out,
    lines,
    height: rowHeight + (lines.length - 1) * lineHeight + (chip && !fits ? 20 : 0),
    ...(chip ? { chip } : {}),
  }
}

function chipOf(out: Out): Chip | undefined {
  if (out.line) return undefined
  const end = ends[out.to]
  const words = out.below ? 'below' : cut(end ?? out.to, smallSize, inner - 40)
  return { words, width: widthOf(words, smallSize) + 26, beside: true, end: end !== undefined }
}
