import type { Graph, Look, Out, Part } from './graph.ts'
import { hangUpEnd, sorryEnd } from '../language/flow.ts'
import { colours, unreached } from './looks.ts'
import { plainText } from './text.ts'

/** Brackets of a flowchart's shapes. */
const shapes: Record<Look, [string, string]> = {
  says: ['(', ')'],
  asks: ['[/', '/]'],
  decides: ['{{', '}}'],
  notes: ['[', ']'],
  'hands-over': ['[[', ']]'],
  ends: ['([', '])'],
}

/** A flow as a Mermaid flowchart: one node for each step, a frame around the steps of a list. */
export function mermaidOf(graph: Graph): string {
  const parts = graph.boxes.flatMap((box) => box.parts)
  const ids = new Map(parts.map(({ step }, i) => [step, `s${i}`]))
  const entry = (box: string): string | undefined => ids.get(box) ?? ids.get(`${box}/1`)
  const nodes = graph.boxes.flatMap(({ name, parts: inside }, b) =>
    inside.length === 1
      ? inside.map((part) => `  ${node(part, ids)}`)
      : [`  subgraph b${b}["${quoted(name)}"]`, ...inside.map((part) => `    ${node(part, ids)}`), '  end'],
  )
  const ways = parts.flatMap((part) =>
    part.ways.map((out) => {
      const to = out.to === hangUpEnd ? 'x1' : out.to === sorryEnd ? 'x2' : ids.get(out.step)
      return `  ${ids.get(part.step)} ${arrow(out)} ${to}`
    }),
  )
  const used = new Set(parts.flatMap((part) => part.ways.map(({ to }) => to)))
  const classes = [...grouped(parts)].map(
    ([name, those]) => `  class ${those.map(({ step }) => ids.get(step)).join(',')} ${name}`,
  )
  return [
    'flowchart LR',
    `  x0(["a call to ${quoted(graph.numbers.join(', '))}"]) --> ${entry(graph.start)}`,
    ...nodes,
    ...(used.has(sorryEnd) ? ['  x2(["sorry, hang-up"])'] : []),
    ...(used.has(hangUpEnd) ? ['  x1(["hang-up"])'] : []),
    ...ways,
    ...Object.entries(colours).map(
      ([look, { band, outline, words }]) =>
        `  classDef ${className(look)} fill:${band},stroke:${outline},color:${words}`,
    ),
    `  classDef never fill:${unreached.band},stroke:${unreached.outline},color:${unreached.words},stroke-dasharray:6 4`,
    ...classes,
    ...(used.has(hangUpEnd) ? ['  class x1 ends'] : []),
    ...(used.has(sorryEnd) ? ['  class x2 ends'] : []),
  ]
    .join('\n')
    .concat('\n')
}

function node(part: Part, ids: Map<string, string>): string {
  const [open, close] = shapes[part.look]
  const lines = [
    part.step,
    `${part.kind}${part.detail ? `: ${short(part.detail, 60)}` : ''}${part.reached ? '' : ', never reached'}`,
    ...(part.says ? [`“${short(part.says, 80)}”`] : []),
  ]
  return `${ids.get(part.step)}${open}"${lines.map(quoted).join('<br>')}"${close}`
}

function arrow({ words, matter, trouble }: Out): string {
  const label = quoted(short([words, matter].filter(Boolean).join(': '), 60))
  const line = trouble ? '-.->' : '-->'
  return label === '' ? line : `${line}|"${label}"|`
}

const className = (look: string): string => look.replaceAll('-', '')

function grouped(parts: Part[]): Map<string, Part[]> {
  const groups = new Map<string, Part[]>()
  for (const part of parts) {
    const name = part.reached ? className(part.look) : 'never'
    groups.set(name, [...(groups.get(name) ?? []), part])
  }
  return groups
}

const short = (text: string, most: number): string => {
  const letters = [...plainText(text)]
  return letters.length <= most
    ? letters.join('')
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** Letters, digits and harmless signs as they are; what Mermaid, Markdown or HTML could read as theirs by its number. */
const quoted = (text: string): string =>
  plainText(text).replaceAll(
    /[^\p{L}\p{M}\p{N}\p{Extended_Pictographic} ,.:!?'’“”…()+/=-]/gu,
    (sign) => `#${sign.codePointAt(0)};`,
  )
