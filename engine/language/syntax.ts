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
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { at, detail: 'a second ": " in one line', suggestion: 'put a text that holds ": " in quotes' }
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
      return /call stack/.test(message)
        ? { at, detail: 'the flow is nested too deep', suggestion: 'put part of it in a step of its own' }
        : {
            at,
            detail: `${message.charAt(0).toLowerCase()}${message.slice(1)}`,
            suggestion: 'put quotes around the text, or compare with the lines above',
          }
  }
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
