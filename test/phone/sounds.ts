import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { toUlaw } from './ulaw.ts'
import { readWav } from './wav.ts'

/** Length of the pieces by which a sound is recognised, in samples: 2 ms. */
export const PIECE = 16
/** A piece of each 20 ms is kept; where the same 20 ms begin in what is received does not matter. */
const STRIDE = 160
/** A tone is the same piece again and again: its first few are enough to know it. */
const SAME_PIECES = 4
/** Pieces with fewer different bytes are near silence and say nothing. */
const VARIETY = 6
/** So many pieces of one sound, in step with each other, and it is that sound: 80 ms of it. */
export const PIECES_NEEDED = 4
const BASE = 31
/** Weight of the byte that leaves the window: BASE to the power of PIECE. */
const LEAVING = Array.from({ length: PIECE }).reduce<number>((power) => Math.imul(power, BASE), 1)

/** A place in a known sound. */
export interface Place {
  sound: KnownSound
  /** Samples from the start of the sound. */
  at: number
}

export interface KnownSound {
  name: string
  /** The whole sound in µ-law, as Asterisk sends it. */
  bytes: Uint8Array
  /** How many pieces of it can be recognised. */
  pieces: number
}

/**
 * The prompts that a test can tell apart. Asterisk plays an 8 kHz file unaltered apart from µ-law,
 * so a sound is known by its very bytes: a dictionary of short pieces leads to the places where they occur.
 */
export class KnownSounds {
  readonly #sounds = new Map<string, KnownSound>()
  readonly #places = new Map<number, Place[]>()

  /** Every `.wav` below a folder, named by its path without ending: `en/welcome`. */
  static async fromFolder(folder: string): Promise<KnownSounds> {
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.wav'))
    return await KnownSounds.fromFiles(Object.fromEntries(files.map((file) => [file.slice(0, -4), join(folder, file)])))
  }

  /** WAV files by the name under which a test knows them. */
  static async fromFiles(files: Record<string, string>): Promise<KnownSounds> {
    const sounds = new KnownSounds()
    for (const [name, file] of Object.entries(files)) sounds.add(name, await readWav(file))
    return sounds
  }

  get names(): string[] {
    return [...this.#sounds.keys()]
  }

  has(name: string): boolean {
    return this.#sounds.has(name)
  }

  /** Whether the sound is known and has enough in it to be told from others. */
  isRecognisable(name: string): boolean {
    return (this.#sounds.get(name)?.pieces ?? 0) >= PIECES_NEEDED
  }

  /** Learns a sound of 8,000 samples a second. */
  add(name: string, samples: Int16Array): void {
    if (this.#sounds.has(name)) throw new Error(`two sounds are called "${name}"`)
    const sound = { name, bytes: toUlaw(samples), pieces: 0 }
    this.#sounds.set(name, sound)
    for (let at = 0; at + PIECE <= sound.bytes.length; at += STRIDE) {
      const piece = sound.bytes.subarray(at, at + PIECE)
      if (new Set(piece).size < VARIETY) continue
      sound.pieces++
      const key = piece.reduce((hash, byte) => Math.imul(hash, BASE) + byte | 0, 0)
      const places = this.#places.get(key)
      if (places === undefined) this.#places.set(key, [{ sound, at }])
      else if (places.filter((place) => place.sound === sound).length < SAME_PIECES) places.push({ sound, at })
    }
  }

  /** Every known piece in these bytes: where it begins in them and where in a sound. */
  *findIn(bytes: Uint8Array): Generator<Place & { found: number }> {
    let hash = 0
    for (let i = 0; i < bytes.length; i++) {
      hash = Math.imul(hash, BASE) + bytes[i]! | 0
      if (i >= PIECE) hash = hash - Math.imul(LEAVING, bytes[i - PIECE]!) | 0
      if (i < PIECE - 1) continue
      for (const place of this.#places.get(hash) ?? []) yield { ...place, found: i - PIECE + 1 }
    }
  }
}
