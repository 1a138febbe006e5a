import { countSteps } from '../language/step-names.ts'
import { headHeight, type Sized } from './boxes.ts'
import { round, type Point } from './dot.ts'
import { drawBox, drawText } from './drawing.ts'
import type { Graph } from './graph.ts'
import { boxMeaning, linkMeaning } from './meaning.ts'
import type { Layout } from './layout.ts'
import { ink, unreached } from './looks.ts'
import { cut, escapeXml, widthOf } from './text.ts'

/** Around the picture, and for its title. */
const margin = 28
const titleHeight = 64
/** So that the title of a flow of one step has room. */
const leastWidth = 640
/** Between the sign of the call and the first step. */
const callGap = 46

/** A laid out flow as an SVG: no scripts, no styles, no fonts of its own, nothing from elsewhere. */
export function svgOf(layout: Layout): string {
  const { graph, boxes, placed, lost } = layout
  const call = callSign(graph)
  const left = margin + call.width + callGap
  const width = Math.ceil(Math.max(left + placed.width + margin, leastWidth))
  const words = width - 2 * margin
  const height = Math.ceil(placed.height + titleHeight + 2 * margin)
  const start = boxes.find(({ box }) => box.name === graph.start)!
  const at = placed.at.get(start.id)!
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="graphics-document document" aria-label="${escapeXml(`Call flow: ${graph.title}`)}" font-family="Helvetica, Arial, 'Liberation Sans', 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="12" fill="${ink.text}">
<title>${escapeXml(`Call flow: ${graph.title}`)}</title>
<desc>${escapeXml(inShort(graph))}</desc>
<rect width="${width}" height="${height}" fill="${ink.paper}"/>
${drawText({ x: margin, y: margin + 16 }, cut(graph.title, 20 * 1.06, words), 'font-size="20" font-weight="bold"')}
${drawText({ x: margin, y: margin + 38 }, cut(inShort(graph), 12, words), `fill="${ink.quiet}"`)}
<g transform="translate(${left},${margin + titleHeight})">
${call.at({ x: -callGap - call.width, y: at.y }, at)}
<g fill="none" stroke-linejoin="round" stroke-linecap="round">
${drawLinks(layout)}
</g>
${lost === undefined ? '' : drawText({ x: 0, y: lost + 16 }, 'No call comes to these steps', `font-size="15" font-weight="bold" fill="${unreached.words}"`)}
${boxes.map((one) => drawPlaced(one, placed.at.get(one.id)!)).join('\n')}
</g>
</svg>
`
}

function inShort({ numbers, languages, boxes }: Graph): string {
  const parts = boxes.flatMap((box) => box.parts)
  const all = countSteps(parts.map(({ step }) => step))
  const lost = all - countSteps(parts.filter(({ reached }) => reached).map(({ step }) => step))
  return [
    numbers.join(', '),
    languages.join(', '),
    `${all} step${all === 1 ? '' : 's'}`,
    ...(lost > 0 ? [`${lost} that no call comes to`] : []),
  ].join('  ·  ')
}

const drawPlaced = (
  one: Sized,
  { x, y }: Point,
): string => `<g id="step-${escapeXml(one.box.name)}" transform="translate(${round(x)},${round(y)})" role="graphics-object group" aria-label="${escapeXml(one.box.name)}">
<title>${escapeXml(boxMeaning(one.box))}</title>
${drawBox(one)}
</g>`

function drawLinks({ boxes, links, placed }: Layout): string {
  const names = new Map(boxes.map(({ id, box }) => [id, box.name]))
  return links
    .flatMap((link) => {
      const line = placed.lines.get(`${link.from}:${link.port}`)
      if (!line) return []
      const stroke = link.out.trouble ? ink.trouble : ink.line
      const { x, y } = line.end
      const tip = `M${round(x)},${round(y)}l-9,-4.2v8.4z`
      return [
        `<g stroke="${stroke}"><title>${escapeXml(linkMeaning(names.get(link.from)!, link.out))}</title><path d="${line.path}" stroke-width="1.4"${link.out.trouble ? ' stroke-dasharray="5 4"' : ''}/><path d="${tip}" fill="${stroke}" stroke="none"/><circle cx="${round(line.from.x)}" cy="${round(line.from.y)}" r="3" fill="${stroke}" stroke="none"/></g>`,
      ]
    })
    .join('\n')
}

/** Where the call comes in, left of the first step. */
function callSign({ numbers }: Graph): { width: number; at(place: Point, first: Point): string } {
  const words = 'a call comes in'
  const width = Math.ceil(widthOf(words, 12)) + 30
  return {
    width,
    at: (
      { x, y },
      first,
    ) => `<g aria-label="${escapeXml(`A call to ${numbers.join(', ')}`)}"><title>${escapeXml(`A call to ${numbers.join(', ')}`)}</title>
<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${headHeight}" rx="${headHeight / 2}" fill="${ink.paper}" stroke="${ink.line}" stroke-width="1.6"/>
${drawText({ x: x + width / 2, y: y + 19 }, words, 'text-anchor="middle"')}
<path d="M${round(x + width)},${round(y + headHeight / 2)}H${round(first.x - 8)}" stroke="${ink.line}" stroke-width="1.4" fill="none"/><path d="M${round(first.x)},${round(y + headHeight / 2)}l-9,-4.2v8.4z" fill="${ink.line}"/></g>`,
  }
}
