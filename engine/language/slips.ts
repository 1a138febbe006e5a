import type { Found } from './syntax.ts'

/** Slips of the hand that a line shows by itself, whatever the parser stumbled over; undefined when there is none. */
export function slipIn(text: string, near: number): Found | undefined {
  // The parser may stop at an empty line above the one that is wrong.
  const begin = text.lastIndexOf('\n', near + /^\s*/.exec(text.slice(near))![0].length - 1) + 1
  const line = text.slice(begin).split('\n', 1)[0]!
  const tab = /^ *\t/.exec(line)
  if (tab) return { at: begin + tab[0].length - 1, detail: 'a tab is used to indent', suggestion: 'use spaces' }
  const note = /^\s*(?=\/\/|\/\*|--\s|;)/.exec(line)
  if (note) return { at: begin + note[0].length, detail: 'a note begins with #', suggestion: 'write # before it' }
  const [, before = '', name, value = ''] = /^(\s*(?:- +)?)([a-z][a-z-]*):([^\s:/].*)$/.exec(line) ?? []
  if (name === undefined) return undefined
  const suggestion = `write ${name}: ${value.length < 40 ? value.trimEnd() : '...'}`
  return { at: begin + before.length + name.length, detail: 'a blank is missing behind the colon', suggestion }
}

/** A step that stands at the left edge, where only the fields of the hotline do: what is below it does not fit. */
export function stepAtEdge(text: string, at: number): Found | undefined {
  const begin = text.lastIndexOf('\n', at - 1) + 1
  const edge = [...text.slice(0, begin).matchAll(/^[\w-]+(?=:)/gm)].at(-1)
  if (!edge || !/^steps:/m.test(text.slice(0, edge.index)) || text[begin] !== ' ') return undefined
  const detail = `"${edge[0]}" stands further left than the steps above it`
  return { at: edge.index, detail, suggestion: `put two spaces before ${edge[0]}:` }
}
