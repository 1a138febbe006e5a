import type { Frame } from './media.ts'
import { PIECE, PIECES_NEEDED, type KnownSound, type KnownSounds } from './sounds.ts'

/** Pieces further apart than this do not add up, in samples: a second. */
const FORGET_AFTER = 8000
/** A frame belongs to a sound if so much of it is the same, byte by byte. */
const SAME_PART = 0.9
/** Asterisk counts the 44 bytes of a WAV file's header as sound and so leaves out the last 22 samples. */
const LEFT_OUT = 22

/** One playing of a known sound. */
export interface Playing {
  /** The sound; several as long as what was heard is the same in all of them. */
  names: string[]
  /** When the first packet of the sound arrived: `performance.now()`. */
  began: number
  /** When its last packet so far arrived. */
  until: number
  /** It was heard to its end. */
  complete: boolean
  /** Number of the frame that made it certain. */
  certainAt: number
}

interface Candidate {
  sound: KnownSound
  /** Position of the sound's first sample in the sound received. */
  start: number
}

/** Tells which known sounds are played, frame by frame. */
export class Recogniser {
  /** Everything recognised so far, in order. */
  readonly playings: Playing[] = []
  readonly #sounds: KnownSounds
  #current: { playing: Playing, candidates: Candidate[] } | undefined
  #tallies: (Candidate & { pieces: number, last: number })[] = []
  #before: Frame | undefined

  constructor(sounds: KnownSounds) {
    this.#sounds = sounds
  }

  /** Takes the next frame, the `number`th of the call. `since(position)` tells when the sound from there on arrived. */
  take(frame: Frame, number: number, since: (position: number) => number): void {
    const goesOn = this.#current !== undefined && this.#follow(this.#current, frame)
    if (!goesOn) this.#search(frame, number, since)
    this.#before = frame
  }

  #follow(current: { playing: Playing, candidates: Candidate[] }, frame: Frame): boolean {
    const rest = current.candidates.filter(({ sound, start }) => isSame(sound.bytes, frame.position - start, frame.bytes))
    if (rest.length > 0) {
      current.candidates = rest
      current.playing.names = namesOf(rest)
      current.playing.until = frame.at
      current.playing.complete = rest.some((each) => reachesEnd(each, frame))
      return true
    }
    this.#current = undefined
    return false
  }

  #search(frame: Frame, number: number, since: (position: number) => number): void {
    // A piece may begin in the frame before and end in this one.
    const before = this.#before
    const joined = before !== undefined && before.position + before.bytes.length === frame.position
    const bytes = joined ? Buffer.concat([before.bytes.subarray(1 - PIECE), frame.bytes]) : frame.bytes
    const position = frame.position + frame.bytes.length - bytes.length
    this.#tallies = this.#tallies.filter(({ last }) => position - last < FORGET_AFTER && position >= last)
    let start: number | undefined
    for (const { sound, at, found } of this.#sounds.findIn(bytes)) {
      const tally = this.#tally(sound, position + found - at)
      tally.last = position
      if (++tally.pieces >= PIECES_NEEDED) start ??= tally.start
    }
    if (start === undefined) return
    const candidates = this.#tallies.filter((tally) => tally.start === start && tally.pieces >= PIECES_NEEDED)
    const playing = { names: namesOf(candidates), began: since(start), until: frame.at, complete: false, certainAt: number }
    this.playings.push(playing)
    this.#current = { playing, candidates }
    this.#tallies = []
  }

  #tally(sound: KnownSound, start: number) {
    const known = this.#tallies.find((tally) => tally.start === start && tally.sound === sound)
    if (known !== undefined) return known
    const tally = { sound, start, pieces: 0, last: 0 }
    this.#tallies.push(tally)
    return tally
  }
}

function reachesEnd({ sound, start }: Candidate, frame: Frame): boolean {
  return frame.position + frame.bytes.length >= start + sound.bytes.length - LEFT_OUT
}

/** Whether `bytes` are the sound's own from `offset` on; before its start and after its end anything may be. */
function isSame(sound: Uint8Array, offset: number, bytes: Uint8Array): boolean {
  const from = Math.max(0, -offset)
  const to = Math.min(bytes.length, sound.length - offset)
  let same = 0
  for (let i = from; i < to; i++) if (sound[offset + i] === bytes[i]) same++
  return to > from && same >= SAME_PART * (to - from)
}

function namesOf(candidates: Candidate[]): string[] {
  return [...new Set(candidates.map(({ sound }) => sound.name))]
}
