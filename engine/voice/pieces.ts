import type { PromptPart, PromptPiece } from '../call/effects.ts'
import { packFor, ways, type LanguagePack, type Way } from '../saying/index.ts'
import { examplesSaid, inPieces, valueAloud } from '../saying/pieces.ts'
import { pauseMs } from '../saying/length.ts'
import { longestSaid } from '../saying/plain.ts'
import { faded } from '../sound/fade.ts'

/** A sound within a part, as a part of its own, and the silence before it, in milliseconds. */
export type Stretch = { part: PromptPart; pause: number }

/** `quick`: the voice speaks a sentence in an instant. `there`: whether the sound of a stretch is there already. */
export type Planning = { quick: boolean; there: (part: PromptPart) => boolean }

/** Silence that is put between words and a value, and at a comma. With what sounds have at both ends it is 60 ms more. */
const seamMs = 40
const commaMs = 90

/**
 * The stretches of which a part with values is put together; undefined when it is better spoken as a whole. It is when
 * the voice is quick, for nothing sounds better, and when some value is not to be had from words spoken beforehand.
 * Only where some of its words are recorded it is put together in any case, and such a value spoken by itself.
 */
export function stretchesOf(part: PromptPart, { quick, there }: Planning): Stretch[] | undefined {
  const { pieces = [] } = part
  const recorded = pieces.some((piece) => recordingOf(piece) !== undefined)
  if (pieces.length === 0 || (quick && !recorded)) return undefined
  const stretches: Stretch[] = []
  for (const [at, piece] of pieces.entries()) {
    const put = 'way' in piece && !quick ? valueStretches(part, at, piece.text) : undefined
    if (put?.every((stretch) => there(stretch.part))) stretches.push(...put)
    else if (!('way' in piece) || recorded) stretches.push(alone(part, at))
    else return undefined
  }
  const isReady = recorded || stretches.every((stretch) => there(stretch.part))
  return isReady ? stretches : undefined
}

/**
 * Everything that has to be there before a call for a part with values to be put together: its words, and the words
 * of all values that its ways of saying can need. What is said of the values in it does not matter.
 */
export function piecesNeeded(part: PromptPart, quick: boolean): PromptPart[] {
  const found = (part.pieces ?? []).flatMap((piece, at): PromptPart[] => {
    if (!('way' in piece)) return quick && piece.recording === undefined ? [] : [alone(part, at).part]
    const pack = packFor(part.language)
    if (quick || !pack || !isWay(piece.way)) return []
    return examplesSaid(pack, piece.way).flatMap((said) => (valueStretches(part, at, said) ?? []).map((one) => one.part))
  })
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()]
}

/** A value in words spoken beforehand. */
function valueStretches(part: PromptPart, at: number, said: string): Stretch[] | undefined {
  const pieces = part.pieces!
  const pack = packFor(part.language)
  const piece = pieces[at]!
  // What a caller or a backend has sent can be of any length, where it was no value to be said in this way.
  if (!pack?.joining || !('way' in piece) || !isWay(piece.way) || said.length > longestSaid) return undefined
  const groups = groupsOf(said, pieces[at - 1], pieces[at + 1], pack)
  return groups?.flatMap((group, n) =>
    group.map((text, i): Stretch => {
      const last = n === groups.length - 1 && i === group.length - 1
      const pause = i > 0 ? 0 : n > 0 ? commaMs : pauseBefore(pieces, at)
      return { part: stretch(part, text, last && endsSentence(pieces, at)), pause }
    }),
  )
}

function groupsOf(said: string, before: PromptPiece | undefined, after: PromptPiece | undefined, pack: LanguagePack): string[][] | undefined {
  const aloud = valueAloud(said, wordsOf(before), wordsOf(after), pack)
  return aloud ? inPieces(aloud, pack.joining!) : undefined
}

/** Words or a value spoken by itself. */
function alone(part: PromptPart, at: number): Stretch {
  const pieces = part.pieces!
  const piece = pieces[at]!
  const [pause, ends] = [pauseBefore(pieces, at), endsSentence(pieces, at)]
  if ('way' in piece) return { part: stretch(part, piece.text, ends), pause }
  const { name, recording } = piece
  const words = piece.text.replace(/^[\p{P}\s]+(?=[\p{L}\p{N}¿¡(])/u, '')
  const { text, ...rest } = stretch(part, words, ends)
  const own = { ...(name === undefined ? {} : { name }), ...(recording === undefined ? {} : { recording }) }
  return { part: { text: /\p{P}$/u.test(words) ? words : text, ...rest, ...own }, pause }
}

/** With a comma the voice stays up, as within a sentence; with a full stop it falls. */
function stretch({ language, voice }: PromptPart, words: string, ends: boolean): PromptPart {
  const mark = !ends ? ',' : words.endsWith('.') ? '' : '.'
  return { text: `${words}${mark}`, language, ...(voice ? { voice } : {}) }
}

/** By the sign that stands there in the text, at the end of the words before or at the beginning of these. */
function pauseBefore(pieces: readonly PromptPiece[], at: number): number {
  if (at === 0) return 0
  const sign = /\p{P}$/u.exec(wordsOf(pieces[at - 1]))?.[0] ?? /^\p{P}/u.exec(wordsOf(pieces[at]))?.[0] ?? ''
  return /[.!?…]/.test(sign) ? pauseMs : sign ? commaMs : seamMs
}

const endsSentence = (pieces: readonly PromptPiece[], at: number): boolean =>
  at === pieces.length - 1 || (!('way' in pieces[at + 1]!) && /^[.!?…]/.test(pieces[at + 1]!.text))

const isWay = (way: string): way is Way => (ways as readonly string[]).includes(way)
const wordsOf = (piece: PromptPiece | undefined): string => (piece && !('way' in piece) ? piece.text : '')
const recordingOf = (piece: PromptPiece): string | undefined => ('way' in piece ? undefined : piece.recording)

/** Sounds put one behind the other with the pauses before them, at 8,000 samples a second; no seam clicks. */
export function stitched(sounds: readonly { samples: Int16Array; pause: number }[]): Int16Array {
  const silences = sounds.map(({ pause }, i) => (i === 0 ? 0 : pause * 8))
  const all = new Int16Array(sounds.reduce((sum, { samples }, i) => sum + silences[i]! + samples.length, 0))
  let at = 0
  for (const [i, { samples }] of sounds.entries()) {
    at += silences[i]!
    all.set(faded(samples), at)
    at += samples.length
  }
  return all
}
