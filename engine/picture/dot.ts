import { boxWidth, type Sized } from './boxes.ts'
import { escapeXml } from './text.ts'

/** Where a box stands, and the way of a line as an SVG path with its end. */
export type Placed = {
  width: number
  height: number
  /** The left upper corner of each box, by id. */
  at: Map<string, { x: number; y: number }>
  /** By `id:port`. */
  lines: Map<string, { path: string; end: Point; from: Point }>
}
export type Point = { x: number; y: number }

/** A line from a port of one box to the head of another. */
export type Link = {
  from: string
  port: string
  to: string
  /** How much it wants to be short and straight. */ weight: number
}

/** Everything that the layout must know: sizes and links, and no word of an author. */
export function dotOf(boxes: Sized[], links: Link[]): string {
  const nodes = boxes.map(({ id, rows }) => {
    const cells = rows.map(({ height, port, type }) => {
      const name = type === 'head' ? 'h' : port
      return `<TR><TD FIXEDSIZE="TRUE" WIDTH="${boxWidth}" HEIGHT="${height}"${name ? ` PORT="${name}"` : ''}></TD></TR>`
    })
    return `${id}[label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">${cells.join('')}</TABLE>>]`
  })
  const edges = links.map(
    ({ from, port, to, weight }) =>
      `${from}:${port}:e->${to}:h:w[id="${escapeXml(`${from}:${port}`)}",weight=${weight}]`,
  )
  // Without limits the network simplex of a large flow takes most of the time for a slightly straighter picture.
  const settings = 'rankdir=LR;nodesep=0.32;ranksep=0.85;nslimit=4;nslimit1=4;mclimit=2;splines=true'
  return `digraph{${settings};node[shape=plain];${nodes.join(';')};${edges.join(';')}}`
}

type Json = {
  bb?: string
  objects?: { name: string; pos?: string; width?: string; height?: string }[]
  edges?: { id?: string; pos?: string }[]
}

/** The places from Graphviz's answer, in pixels from the left upper corner. Undefined when it is not whole. */
export function placesOf(json: string, boxes: Sized[]): Placed | undefined {
  const { bb = '', objects = [], edges = [] } = JSON.parse(json) as Json
  const [, , width = NaN, height = NaN] = bb.split(',').map(Number)
  const heights = new Map(boxes.map((box) => [box.id, box.height]))
  const at: Placed['at'] = new Map()
  for (const { name, pos = '' } of objects) {
    const [x = NaN, y = NaN] = pos.split(',').map(Number)
    const tall = heights.get(name)
    if (tall !== undefined) at.set(name, { x: x - boxWidth / 2, y: height - y - tall / 2 })
  }
  const lines: Placed['lines'] = new Map()
  for (const { id = '', pos = '' } of edges) {
    const line = lineOf(pos, height)
    if (line) lines.set(id, line)
  }
  const whole = Number.isFinite(width + height) && boxes.every(({ id }) => Number.isFinite(at.get(id)?.x))
  return whole ? { width, height, at, lines } : undefined
}

/** `e,436,15 200,15 211,15 ...`: the end, the beginning, and three points for each stretch. */
function lineOf(pos: string, height: number): { path: string; end: Point; from: Point } | undefined {
  const points = pos.split(' ').map((text) => {
    const [x = NaN, y = NaN] = text
      .replace(/^[es],/, '')
      .split(',')
      .map(Number)
    return { x, y: height - y }
  })
  const [end, from, ...curve] = points
  if (
    !pos.startsWith('e,') ||
    !end ||
    !from ||
    curve.length % 3 !== 0 ||
    points.some(({ x, y }) => !Number.isFinite(x + y))
  )
    return undefined
  return { path: `M${point(from)}C${curve.map(point).join(' ')}`, end, from }
}

export const point = ({ x, y }: Point): string => `${round(x)},${round(y)}`
export const round = (n: number): number => Math.round(n * 10) / 10
