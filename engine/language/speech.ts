import type { Prompt, PromptPart, PromptPiece } from '../call/effects.ts'
import { parseTemplate, type Piece } from '../expressions/template.ts'
import type { Said } from '../steps/step.ts'
import type { Flow } from './flow.ts'

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

/** What a flow says of how its texts are made audible. */
export type Sounding = Pick<Flow, 'recordings' | 'voices'>

const justWords: Sounding = { recordings: {}, voices: {} }

/**
 * What is said, in the caller's language; `value` puts values into words. Stretches without words are left out,
 * and so is the second full stop of "It is 9 a.m..".
 */
export function spoken(
  say: Said[],
  language: string,
  value: (piece: Extract<Piece, { value: string }>, language: string) => string,
  sounding = justWords,
): Prompt {
  return say.map((said) => part(said, language, value, sounding)).filter(({ text }) => text !== '')
}

function part(said: Said, language: string, value: Parameters<typeof spoken>[2], { recordings, voices }: Sounding): PromptPart {
  const { text: template, language: tag } = chosen(said, language)
  const found = piecesOf(template)
  const texts = found.map((piece) => ('words' in piece ? piece.words : value(piece, tag)))
  const named = (name: string): { name: string; recording?: string } => {
    const recording = recordings[tag]?.[name]
    return { name, ...(recording === undefined ? {} : { recording }) }
  }
  const { name } = said
  const fixed = found.every((piece) => 'words' in piece)
  return {
    text: tidied(texts.join('')),
    language: tag,
    ...(name === undefined ? {} : fixed ? named(name) : { name }),
    ...(voices[tag] ? { voice: voices[tag] } : {}),
    ...(fixed ? {} : { pieces: piecesSaid(found, texts, (n) => (name === undefined ? {} : named(`${name}.${n}`))) }),
  }
}

/** Words are numbered from 1 on. Punctuation alone is no piece: it belongs to what stands before it. */
function piecesSaid(found: Piece[], texts: string[], named: (n: number) => { name?: string; recording?: string }): PromptPiece[] {
  let words = 0
  return found.flatMap((piece, i): PromptPiece[] => {
    const text = tidied(texts[i]!)
    if (!/[\p{L}\p{N}]/u.test(text)) return []
    return ['words' in piece ? { text, ...named(++words) } : { text, way: piece.way ?? '' }]
  })
}

const tidied = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/(?<!\.)\.\.(?!\.)/g, '.').trim()

/** Whether nothing that is said depends on the call. */
export const onlyFixed = (say: Said[], language: string): boolean =>
  say.every((said) => piecesOf(chosen(said, language).text).every((piece) => 'words' in piece))
