import type { YAMLParseError } from 'yaml'

/** What the YAML parser found, in words for somebody who does not know YAML. `opened`: where a text in quotes began. */
export function syntaxMistake(
  { code, message, pos }: YAMLParseError,
  text: string,
  opened = pos[0],
): { at: number; detail: string; suggestion: string } {
  const at = pos[0]
  const rest = text.slice(at)
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
      return secondColon(text, at)
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        at,
        detail: 'this is neither a field nor part of a text',
        suggestion: 'write "name: value", or indent it further than the field it belongs to',
      }
    case 'BAD_INDENT':
      return badIndent(message, at)
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
      return unexpected(text, at)
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

function secondColon(text: string, at: number): { at: number; detail: string; suggestion: string } {
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

function badIndent(message: string, at: number): { at: number; detail: string; suggestion: string } {
  const [, end] = /end with a ([\]}])/.exec(message) ?? []
  return end
    ? { at, detail: `the ${end} that ends it is missing`, suggestion: `write ${end} before this` }
    : {
        at,
        detail: 'the indentation does not fit the lines above',
        suggestion: 'begin it in the same column as its neighbours',
      }
}

function unexpected(text: string, at: number): { at: number; detail: string; suggestion: string } {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  if (/\}\}\s*$/.test(line))
    return {
      at: text.lastIndexOf('{{', at),
      detail: 'a text that begins with {{ must stand in quotes',
      suggestion: 'write "{{ ... }} ..."',
    }
  if (/["']\s*$/.test(line))
    return {
      at,
      detail: 'the text goes on after its closing quotation mark',
      suggestion: 'put the quotation marks around all of it',
    }
  return line.trim() === ''
    ? {
        at,
        detail: 'the indentation does not fit the lines above',
        suggestion: 'begin it in the same column as its neighbours',
      }
    : {
        at,
        detail: 'this cannot stand here',
        suggestion: 'put quotes around the text, or compare with the lines above',
      }
}
