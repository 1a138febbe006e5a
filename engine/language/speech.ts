import type { Prompt } from '../call/effects.ts'
import { parseTemplate, type Piece } from '../expressions/template.ts'
import type { Said } from '../steps/step.ts'

const templates = new Map<string, Piece[]>()

/** The words and values of a text; each text is taken apart once. */
export function piecesOf(text: string): Piece[] {
  let pieces = templates.get(text)
  if (!pieces) templates.set(text, (pieces = parseTemplate(text).pieces))
  return pieces
}

/** Which text of a stretch is said, in which language. */
function chosen(said: Said, language: string): { text: string; language: string } {
  const tag = said.in ?? language
  return { text: said.texts[tag] ?? '', language: tag }
}

/**
 * What is said, in the caller's language; `value` puts values into words. Stretches without words are left out,
 * and so is the second full stop of "It is 9 a.m..".
 */
export function spoken(
  say: Said[],
  language: string,
  value: (piece: Extract<Piece, { value: string }>, language: string) => string,
): Prompt {
  return say
    .map((said) => chosen(said, language))
    .map(({ text, language: tag }) => ({
      text: piecesOf(text)
        .map((piece) => ('words' in piece ? piece.words : value(piece, tag)))
        .join('')
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/(?<!\.)\.\.(?!\.)/g, '.')
        .trim(),
      language: tag,
    }))
    .filter(({ text }) => text !== '')
}

/** Whether nothing that is said depends on the call. */
export const onlyFixed = (say: Said[], language: string): boolean =>
  say.every((said) => piecesOf(chosen(said, language).text).every((piece) => 'words' in piece))
