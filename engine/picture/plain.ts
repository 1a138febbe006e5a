import { boxWidth, headHeight, type Sized } from './boxes.ts'
import { point, type Link, type Placed, type Point } from './dot.ts'

const between = { columns: 90, rows: 28 }

/** In columns, by how many lines lead to a box; in a column from top to bottom, near the boxes before. Never slow. */
export function placedPlainly(boxes: Sized[], links: Link[]): Placed {
  const columns = columnsOf(boxes, links)
  const at: Placed['at'] = new Map()
  let height = 0
  for (const [c, column] of columns.entries()) {
    const wanted = new Map(
      column.map(({ id }, i) => {
        const ys = links.filter((link) => link.to === id).flatMap(({ from }) => at.get(from)?.y ?? [])
        return [id, ys.length > 0 ? Math.min(...ys) : i] as const
      }),
    )
    let y = 0
    for (const box of column.toSorted((a, b) => wanted.get(a.id)! - wanted.get(b.id)!)) {
      at.set(box.id, { x: c * (boxWidth + between.columns), y })
      y += box.height + between.rows
    }
    height = Math.max(height, y - between.rows)
  }
  const byId = new Map(boxes.map((box) => [box.id, box]))
  const lines = new Map(links.map((link) => [`${link.from}:${link.port}`, lineOf(link, byId.get(link.from)!, at)]))
  return { width: columns.length * (boxWidth + between.columns) - between.columns, height, at, lines }
}

/** The height of a heading above boxes. */
const heading = 40

/** Boxes that no call comes to: in rows below the picture. Gives the place of their heading, if there are any. */
export function placedBelow(boxes: Sized[], placed: Placed): number | undefined {
  if (boxes.length === 0) return undefined
  const top = placed.height + between.columns
  const columns = Math.max(1, Math.floor((placed.width + between.rows) / (boxWidth + between.rows)))
  let y = top + heading
  for (let i = 0; i < boxes.length; i += columns) {
    const row = boxes.slice(i, i + columns)
    for (const [c, { id }] of row.entries()) placed.at.set(id, { x: c * (boxWidth + between.rows), y })
    y += Math.max(...row.map(({ height }) => height)) + between.rows
  }
  placed.height = y - between.rows
  return top
}

function columnsOf(boxes: Sized[], links: Link[]): Sized[][] {
  const column = new Map<string, number>()
  const onwards = new Map(boxes.map(({ id }) => [id, [] as Link[]]))
  for (const link of links) onwards.get(link.from)?.push(link)
  for (const { id: root } of boxes) {
    if (column.has(root)) continue
    column.set(root, 0)
    for (const next = [root]; next.length > 0;) {
      const id = next.shift()!
      for (const { to } of onwards.get(id) ?? []) {
        if (column.has(to)) continue
        column.set(to, column.get(id)! + 1)
        next.push(to)
      }
    }
  }
  const columns: Sized[][] = []
  for (const box of boxes) (columns[column.get(box.id)!] ??= []).push(box)
  return columns
}

function lineOf({ from, port, to }: Link, box: Sized, at: Placed['at']): { path: string; end: Point; from: Point } {
  const row = box.rows.find((one) => one.port === port) ?? box.rows[0]!
  const source = at.get(from)!
  const target = at.get(to)!
  const start = { x: source.x + boxWidth, y: source.y + row.top + row.height / 2 }
  const end = { x: target.x, y: target.y + headHeight / 2 }
  const reach = Math.max(40, Math.abs(end.x - start.x) / 2)
  const tip = { x: end.x - 8, y: end.y }
  return {
    path: `M${point(start)}C${point({ x: start.x + reach, y: start.y })} ${point({ x: tip.x - reach, y: tip.y })} ${point(tip)}`,
    end,
    from: start,
  }
}
