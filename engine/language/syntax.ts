import type { YAMLParseError } from 'yaml'
import { slipIn, stepAtEdge } from './slips.ts'

/** What is wrong at a place in the text, in characters from its start. */
export type Found = { at: number; detail: string; suggestion: string }

/** What the parser says of lines that it takes for something else than was meant. */
const lineCodes = new Set(['TAB_AS_INDENT', 'MULTILINE_IMPLICIT_KEY', 'BAD_INDENT', 'UNEXPECTED_TOKEN', 'MISSING_CHAR'])

/** What the YAML parser found, in words for somebody who does not know YAML. `opened`: where a text in quotes began. */
export function syntaxMistake({ code, message, pos }: YAMLParseError, text: string, opened = pos[0]): Found {
  const at = pos[0]
  const rest = text.slice(at)
  const slip = lineCodes.has(code) ? slipIn(text, at) : undefined
  if (slip) return slip
  switch (code) {
    case 'TAB_AS_INDENT':
      return { at, detail: 'a tab is used to indent', suggestion: 'use spaces' }
    case 'MULTIPLE_DOCS':
      return { at, detail: 'a line of --- or ... ends the flow here', suggestion: 'remove it' }
    case 'BAD_SCALAR_START':
      return { at, detail: `a text cannot begin with ${rest[0]}`, suggestion: 'put the text in quotes' }
    case 'BAD_DQ_ESCAPE':
      return {
        at,
        detail: 'a backslash has a meaning in "double quotes"',
        suggestion: "use 'single quotes', or write \\\\",
      }
    case 'BLOCK_IN_FLOW':
      return {
        at,
        detail: 'a comma is missing before this, or the } that ends the line',
        suggestion: 'put a comma between fields: { for: bins, go: bins }',
      }
    case 'BAD_ALIAS':
      return { at, detail: `${rest[0]} has a meaning of its own here`, suggestion: 'put the text in quotes' }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return marked(text, at) ?? dashAbove(text, at) ?? secondColon(text, at)
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        at,
        detail: 'this is neither a field nor part of a text',
        suggestion: 'write "name: value", or indent it further than the field it belongs to',
      }
    case 'BAD_INDENT':
      return badIndent(message, text, at)
    case 'MISSING_CHAR':
      return /quote/.test(message)
        ? {
            at: opened,
            detail: 'the quotation mark is never closed',
            suggestion: 'end the text with the same quotation mark',
          }
        : {
            at,
            detail: 'a ":" is missing, or this belongs to the text above',
            suggestion: 'write "name: value", or indent it further than the field it belongs to',
          }
    case 'UNEXPECTED_TOKEN':
      return unexpected(text, at, opened)
    default:
      if (/^(Anchor|Alias)/i.test(message))
        return { at, detail: `${rest[0] ?? 'this'} has a meaning of its own here`, suggestion: 'put the text in quotes' }
      return /call stack/.test(message)
        ? { at, detail: 'the flow is nested too deep', suggestion: 'put part of it in a step of its own' }
        : {
            at,
            detail: `${message.charAt(0).toLowerCase()}${message.slice(1)}`,
            suggestion: 'put quotes around the text, or compare with the lines above',
          }
  }
}

function secondColon(text: string, at: number): Found {
  const below = indentedTooFar(text, at)
  return below === undefined
    ? { at, detail: 'a second ": " in one line', suggestion: 'put a text that holds ": " in quotes' }
    : {
        at: below,
        detail: 'this line is indented further than the line it stands beside',
        suggestion: 'begin it in the same column as the field above',
      }
}

/** The line below, where it begins further to the right than a field that has its value already. */
function indentedTooFar(text: string, at: number): number | undefined {
  const begin = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  if (end < 0) return undefined
  const [, indent = ''] = /^( *(?:- +)*)\S+:[ \t]+\S/.exec(text.slice(begin, end)) ?? []
  const below = /^(?:[ \t]*\n)*( *)(?=\S)/.exec(text.slice(end + 1))
  if (!below || !/^ *(?:- +)*\S/.test(text.slice(begin, end)) || !/^\S+?:(?:\s|$)/.test(text.slice(end + 1 + below[0].length))) return undefined
  return below[1]!.length > indent.length ? end + 1 + below[0].length : undefined
}

function badIndent(message: string, text: string, at: number): Found {
  const [, end] = /end with a ([\]}])/.exec(message) ?? []
  if (!end) return misplaced(text, at)
  // A key # without quotes begins a note, which takes the bracket with it.
  const before = text.slice(0, at).trimEnd()
  const note = before.indexOf(' #', before.lastIndexOf('\n') + 1)
  return note >= 0 && /[\]}]$/.test(before)
    ? { at: note + 1, detail: 'what stands behind # is a note', suggestion: 'write "#" in quotes' }
    : { at: before.length, detail: `the ${end} that ends it is missing`, suggestion: `write ${end} here` }
}

/** A line in the wrong column, or one that only looks like an entry of a list. */
function misplaced(text: string, near: number): Found {
  // The parser may stop at an empty line above the one that is wrong.
  const at = near + /^\s*/.exec(text.slice(near))![0].length
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1).split('\n', 1)[0]!.trim()
  return (
    dash(line, at) ?? stepAtEdge(text, at) ?? {
      at,
      detail: 'the indentation does not fit the lines above',
      suggestion: 'begin it in the same column as its neighbours',
    }
  )
}

/** `-outcome: x` and `– outcome: x`, where an entry of a list is meant. */
export function dash(line: string, at: number): Found | undefined {
  const [, mark = '', rest = ''] = /^([-–—•])(?!-)\s*(.*)$/.exec(line) ?? []
  if (rest === '' || (mark === '-' && /^-\s/.test(line))) return undefined
  const detail = mark === '-' ? 'a blank is missing behind the -' : `${mark} is no hyphen`
  return { at, detail, suggestion: `write - ${rest.length < 60 ? rest : `${rest.slice(0, 57)}...`}` }
}

/** `-set: x` on the line above: the parser takes both for one text. */
function dashAbove(text: string, at: number): Found | undefined {
  const end = text.lastIndexOf('\n', at - 1)
  const begin = text.lastIndexOf('\n', end - 1) + 1
  const line = text.slice(begin, Math.max(begin, end))
  return dash(line.trim(), begin + line.length - line.trimStart().length)
}

/** A text that begins with a mark that means something in YAML: `say: - now`, `say: > 5`, `say: [new] hours`. */
function marked(text: string, at: number): Found | undefined {
  const begin = text.lastIndexOf('\n', at - 1) + 1
  const line = text.slice(begin).split('\n', 1)[0]!
  const [, before = '', mark] = /^(\s*(?:- +)?[\w"-]+:\s+)([-?>|*&[])/.exec(line) ?? []
  if (mark === undefined || begin + before.length > at) return undefined
  return { at: begin + before.length, detail: `a text cannot begin with ${mark}`, suggestion: 'put the text in quotes' }
}

function unexpected(text: string, at: number, opened: number): Found {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  if (/\}\}\s*$/.test(line))
    return {
      at: text.lastIndexOf('{{', at),
      detail: 'a text that begins with {{ must stand in quotes',
      suggestion: 'write "{{ ... }} ..."',
    }
  if (/["']\s*$/.test(line)) return behindQuotes(text, at, opened)
  if (line.trim() === '') return misplaced(text, at)
  if (/^\s*\*:/.test(line)) {
    const detail = '* has a meaning of its own here'
    return { at: at - line.trimStart().length, detail, suggestion: 'write "*": in quotes' }
  }
  if (text[at] === '[' || text[at] === '{') {
    const detail = `${text[at]} begins a ${text[at] === '[' ? 'list' : 'mapping'} here`
    return { at, detail, suggestion: "put the whole text or condition in 'single quotes'" }
  }
  return (
    marked(text, at) ?? {
      at,
      detail: 'this cannot stand here',
      suggestion: 'put quotes around the text, or compare with the lines above',
    }
  )
}

/** `'You'll be called.'`, `"code == "2600""`: a quotation mark inside a text ends it. */
function behindQuotes(text: string, at: number, opened: number): Found {
  const quote = text[opened]!
  const line = text.slice(opened).split('\n', 1)[0]!.trimEnd()
  const behind = line.slice(line.indexOf(quote, 1) + 1)
  // Closed, and then words: "Hello" dear. Else another mark of its kind comes later, or letters stand right behind it.
  if (!line.slice(at - opened).includes(quote) && !/^\p{L}/u.test(behind))
    return {
      at,
      detail: 'the text goes on after its closing quotation mark',
      suggestion: 'put the quotation marks around all of it',
    }
  return { at, detail: `the ${quote} inside the text ends it`, suggestion: requoted(line, quote) }
}

/** A text in the other sort of quotation marks. Where it does not end the line, its end cannot be told. */
function requoted(line: string, quote: string): string {
  const other = quote === '"' ? "'" : '"'
  if (!line.endsWith(quote))
    return quote === '"'
      ? "put 'single quotes' around a text that holds double ones"
      : 'put "double quotes" around a text that holds single ones'
  const words = line.slice(1, -1)
  return words.includes(other)
    ? 'write > behind the colon, and the text into the next line'
    : `write ${other}${words}${other}`
}
