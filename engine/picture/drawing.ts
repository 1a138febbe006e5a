import {
  bandHeight,
  boxWidth,
  headHeight,
  inset,
  smallSize,
  textSize,
  type Chip,
  type Row,
  type Sized,
} from './boxes.ts'
import { round, type Point } from './dot.ts'
import type { Box, Look, Out, Part } from './graph.ts'
import { colours, ink, outline, several, signOf, unreached, type Colours } from './looks.ts'
import { cut, escapeXml, plainText, widthOf } from './text.ts'

/** One line of text. */
export const drawText = ({ x, y }: Point, text: string, more = ''): string =>
  text === '' ? '' : `<text x="${round(x)}" y="${round(y)}"${more === '' ? '' : ` ${more}`}>${escapeXml(text)}</text>`

const lookOfBox = ({ parts }: Box): Look | 'several' => (parts.length > 1 ? 'several' : parts[0]!.look)

function coloursOf(box: Box): Colours {
  const look = lookOfBox(box)
  return box.reached ? (look === 'several' ? several : colours[look]) : unreached
}

/** A box with everything in it, its left upper corner at 0,0. */
export function drawBox({ box, height, rows }: Sized): string {
  const look = lookOfBox(box)
  const { band, outline: stroke } = coloursOf(box)
  const shape = outline(look, boxWidth, height)
  const dashes = box.reached ? '' : ' stroke-dasharray="6 4"'
  // People at the other end: a second line inside the first.
  const double =
    look === 'hands-over'
      ? `<path d="${outline(look, boxWidth - 8, height - 8)}" transform="translate(4,4)" fill="none" stroke="${stroke}" stroke-width="1"${dashes}/>`
      : ''
  return [
    `<path d="${shape}" fill="${ink.paper}"/>`,
    `<path d="${headShape(look)}" fill="${band}"/>`,
    ...rows.map((row) => drawRow(row, box)),
    double,
    `<path d="${shape}" fill="none" stroke="${stroke}" stroke-width="${look === 'asks' || look === 'hands-over' ? 2 : 1.4}"${dashes}/>`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** The band behind the name: the upper part of the outline. */
function headShape(look: Look | 'several'): string {
  const w = boxWidth
  const h = headHeight
  switch (look) {
    case 'decides':
      return `M10,0H${w - 10}L${w},10V${h}H0V10Z`
    case 'notes':
      return `M0,0H${w - 12}L${w},12V${h}H0Z`
    default: {
      const r = { says: 12, asks: 2, 'hands-over': 7, ends: 15, several: 4 }[look]
      return `M${r},0H${w - r}A${r},${r} 0 0 1 ${w},${r}V${h}H0V${r}A${r},${r} 0 0 1 ${r},0Z`
    }
  }
}

function drawRow(row: Row, box: Box): string {
  switch (row.type) {
    case 'head':
      return drawHead(box)
    case 'band':
      return drawBand(row.part, row.top)
    case 'says':
      return drawLines(row.lines, row.top + 17, `fill="${ink.text}"`, '“')
    case 'detail':
      return drawLines(row.lines, row.top + 17, `fill="${ink.text}" font-weight="bold"`)
    case 'way':
      return drawWay(row)
    case 'sources':
      return drawSources(row)
    case 'gap':
      return ''
  }
}

function drawHead(box: Box): string {
  const look = lookOfBox(box)
  const { words } = coloursOf(box)
  const [first] = box.parts
  const kind = box.reached ? (look === 'several' ? `${box.parts.length} steps` : first!.kind) : 'never reached'
  const kindWidth = widthOf(kind, smallSize)
  const name = cut(box.name, 13 * 1.06, boxWidth - kindWidth - 2 * inset - 30)
  return [
    sign(
      signOf(first!.kind === 'hang-up' && look !== 'ends' ? '' : look === 'several' ? '' : first!.kind, look),
      { x: inset, y: 8 },
      words,
    ),
    drawText({ x: inset + 21, y: 20 }, name, `font-size="13" font-weight="bold" fill="${words}"`),
    drawText({ x: boxWidth - inset, y: 20 }, kind, `font-size="${smallSize}" fill="${words}" text-anchor="end"`),
  ].join('')
}

function drawBand(part: Part, top: number): string {
  const { band, words } = part.reached ? colours[part.look] : unreached
  return [
    `<path d="M0,${top + 1}h${boxWidth}v${bandHeight - 2}h${-boxWidth}z" fill="${band}"/>`,
    sign(signOf(part.kind, part.look), { x: inset, y: top + 5 }, words),
    drawText(
      { x: inset + 21, y: top + 16 },
      part.reached ? part.kind : `${part.kind}, never reached`,
      `font-size="${smallSize}" fill="${words}"`,
    ),
  ].join('')
}

const sign = (path: string, { x, y }: Point, stroke: string): string =>
  `<path d="${path}" transform="translate(${round(x)},${round(y)})" fill="none" stroke="${stroke}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>`

const drawLines = (lines: string[], y: number, style: string, quote = ''): string =>
  lines
    .map((line, i) =>
      drawText(
        { x: inset, y: y + i * 16 },
        `${i === 0 ? quote : ''}${line}${quote !== '' && i === lines.length - 1 ? '”' : ''}`,
        style,
      ),
    )
    .join('')

function drawWay(row: Extract<Row, { type: 'way' }>): string {
  const { out, lines, chip, top, height } = row
  const y = top + 16
  const lead = out.key === undefined ? 0 : widthOf('presses ', textSize)
  const x = inset + (out.key === undefined ? 0 : lead + 27)
  const style = out.trouble ? `fill="${ink.quiet}" font-style="italic"` : ''
  return [
    `<path d="M${inset},${top + 0.5}H${boxWidth - inset}" stroke="${ink.rule}"/>`,
    out.key === undefined ? '' : drawKey(out.key, y, lead),
    ...lines.map((line, i) => drawText({ x, y: y + i * 16 }, line, style)),
    chip ? drawChip(chip, out, chip.beside ? y : top + height - 7) : '',
  ].join('')
}

const drawSources = ({ lines, top }: Extract<Row, { type: 'sources' }>): string =>
  [
    `<path d="M${inset},${top + 0.5}H${boxWidth - inset}" stroke="${ink.rule}"/>`,
    ...lines.map((line, i) =>
      drawText({ x: inset, y: top + 15 + i * 14 }, line, `font-size="${smallSize}" fill="${ink.quiet}"`),
    ),
  ].join('')

function drawKey(key: string, y: number, lead: number): string {
  const x = inset + lead
  return `${drawText({ x: inset, y }, 'presses', `fill="${ink.quiet}"`)}<rect x="${round(x)}" y="${y - 13}" width="18" height="18" rx="3.5" fill="${ink.paper}" stroke="${ink.quiet}"/>${drawText({ x: x + 9, y }, plainText(key), 'text-anchor="middle" font-weight="bold"')}`
}

/** The name of a box, or of an end, in the place of a line to it. A step's can be followed with the pointer. */
function drawChip({ words, width, end }: Chip, { to, below }: Out, y: number): string {
  const x = boxWidth - inset - width
  const fill = end ? colours.ends.band : ink.paper
  const ink_ = end ? colours.ends.words : ink.text
  const shape = `<rect x="${round(x)}" y="${y - 13}" width="${round(width)}" height="18" rx="9" fill="${fill}" stroke="${end ? colours.ends.outline : ink.line}"/>`
  const sign = end
    ? `<rect x="${round(x + 9)}" y="${y - 7}" width="6" height="6" fill="${ink_}"/>`
    : `<path d="M${below ? `${round(x + 12)},${y - 8}v8m-3,-3l3,3l3,-3` : `${round(x + 8)},${y - 4}h8m-3,-3l3,3l-3,3`}" fill="none" stroke="${ink_}" stroke-width="1.3"/>`
  const drawn = `${shape}${sign}${drawText({ x: x + (width + 12) / 2, y }, words, `font-size="${smallSize}" fill="${ink_}" text-anchor="middle"`)}`
  return end || below ? drawn : `<a href="#step-${escapeXml(to)}">${drawn}</a>`
}
