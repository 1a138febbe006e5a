import type { Frame } from './media.ts'
import { Recogniser, type Playing } from './recogniser.ts'
import { KnownSounds } from './sounds.ts'
import { AUDIBLE_DB, isTone, mainTone } from './tones.ts'
import { fromUlaw } from './ulaw.ts'
import { SAMPLE_RATE } from './wav.ts'

/** What to listen for: a known sound by its name, or a tone by its pitch. */
export type Wanted = string | { tone: number }

/** What was heard. */
export interface Heard {
  /** Name of the sound, or "tone 440 Hz". */
  what: string
  /** When its first packet arrived: `performance.now()`. */
  began: number
}

/** So many frames in a row make a tone: 60 ms. */
const TONE_FRAMES = 3
/** Packets further apart than this have silence between them, in ms. */
const GAP_MS = 60
/** Frames kept at least: the last minute. */
const KEPT_FRAMES = 3000

/**
 * Listens to one call like somebody who follows it: `hears` goes on where the last `hears` stopped,
 * and each playing of a sound is heard once. Nothing is examined before somebody asks.
 */
export class Ears {
  /** The packets of sound received, oldest first; of long calls the last minute or two. */
  readonly frames: Frame[] = []
  readonly #sounds: KnownSounds
  readonly #recogniser: Recogniser
  readonly #waiting = new Set<() => void>()
  #dropped = 0
  #examined = 0
  #heardUpTo = 0
  #closed = false

  constructor(sounds = new KnownSounds()) {
    this.#sounds = sounds
    this.#recogniser = new Recogniser(sounds)
  }

  /** Takes the next frame received. */
  take(frame: Frame): void {
    this.frames.push(frame)
    if (this.frames.length >= 2 * KEPT_FRAMES) {
      this.frames.splice(0, KEPT_FRAMES)
      this.#dropped += KEPT_FRAMES
    }
    for (const look of this.#waiting) look()
  }

  /** No more will be heard: the call has ended. */
  close(): void {
    this.#closed = true
    for (const look of this.#waiting) look()
  }

  /** Resolves when the sound or tone is heard; rejects after `within` ms, or when the call ends, saying what was heard instead. */
  async hears(wanted: Wanted, { within = 5000 } = {}): Promise<Heard> {
    const from = this.#heardUpTo
    const name = typeof wanted === 'string' ? wanted : `tone ${wanted.tone} Hz`
    if (typeof wanted === 'string' && !this.#sounds.isRecognisable(wanted)) throw new Error(this.#sounds.has(wanted)
      ? `"${wanted}" is too short or too quiet to be recognised`
      : `no sound called "${wanted}" is known, only: ${this.#sounds.names.join(', ')}`)
    const heard = await this.#until(within, typeof wanted === 'string' ? () => this.#findSound(wanted) : this.#toneFinder(wanted.tone))
    if (heard === undefined) throw new Error(`expected to hear ${name} within ${within} ms${this.#closed ? ' (the call has ended)' : ''}, but heard: ${this.transcript(from)}`)
    this.#heardUpTo = heard.certainAt + 1
    return { what: name, began: heard.began }
  }

  /** Resolves with the arrival of the first audible packet after `since` (default: now). */
  async hearsAnything({ within = 5000, since = performance.now() } = {}): Promise<number> {
    const at = await this.#until(within, () => this.#audibleAfter(since))
    if (at === undefined) throw new Error(`expected to hear anything within ${within} ms, but there was silence`)
    return at
  }

  /** Resolves when nothing audible has arrived for `for` ms, counted from now on. No packets are silence, too. */
  async hearsSilence({ for: wanted = 500, within = 5000 } = {}): Promise<void> {
    const deadline = performance.now() + within
    for (let since = performance.now(); since + wanted <= deadline; since = performance.now()) {
      if (await this.#until(wanted, () => this.#audibleAfter(since)) === undefined) return
    }
    throw new Error(`expected ${wanted} ms of silence within ${within} ms, but heard: ${this.transcript()}`)
  }

  /** Every playing of a known sound so far, in order. */
  playings(): readonly Playing[] {
    this.#examine()
    return this.#recogniser.playings
  }

  /** What was heard since a frame, in words: "welcome (1.2 s), silence (0.4 s), tone 440 Hz (2.0 s)". */
  transcript(from = 0): string {
    const playings = this.playings()
    const parts: { what: string, from: number, to: number }[] = []
    for (const [index, frame] of this.frames.entries()) {
      if (index + this.#dropped < from) continue
      const last = parts.at(-1)
      if (last !== undefined && frame.at - last.to > GAP_MS) parts.push({ what: 'silence', from: last.to, to: frame.at })
      const what = playings.find(({ began, until }) => began <= frame.at && frame.at <= until)?.names.join(' or ') ?? describe(frame)
      if (parts.at(-1)?.what === what) parts.at(-1)!.to = frame.at
      else parts.push({ what, from: frame.at, to: frame.at })
    }
    const words = parts.map((part) => `${part.what} (${((part.to - part.from) / 1000).toFixed(1)} s)`)
    return words.length === 0 ? 'nothing' : words.join(', ')
  }

  /** The sound received, with silence where no packets came; of long calls the last minute or two. */
  recording(): Int16Array {
    const first = this.frames[0]
    if (first === undefined) return new Int16Array()
    const pieces: Int16Array[] = []
    let length = 0
    for (const { at, bytes } of this.frames) {
      const due = Math.round(((at - first.at) * SAMPLE_RATE) / 1000)
      if (due - length > (GAP_MS * SAMPLE_RATE) / 1000) pieces.push(new Int16Array(due - length))
      if (due - length > (GAP_MS * SAMPLE_RATE) / 1000) length = due
      pieces.push(fromUlaw(bytes))
      length += bytes.length
    }
    const all = new Int16Array(length)
    pieces.reduce((at, piece) => (all.set(piece, at), at + piece.length), 0)
    return all
  }

  #findSound(name: string): { began: number, certainAt: number } | undefined {
    return this.playings().find((playing) => playing.certainAt >= this.#heardUpTo && playing.names.includes(name))
  }

  /** Looks at each frame once, however often it is asked. */
  #toneFinder(hz: number): () => { began: number, certainAt: number } | undefined {
    let number = Math.max(this.#heardUpTo, this.#dropped)
    let run = 0
    return () => {
      for (; number < this.#dropped + this.frames.length; number++) {
        const index = number - this.#dropped
        const frame = this.frames[index]!
        run = isAudible(frame) && isTone(frame.bytes, hz) ? run + 1 : 0
        if (run === TONE_FRAMES) return { began: this.frames[index - TONE_FRAMES + 1]!.at, certainAt: number }
      }
      return undefined
    }
  }

  #audibleAfter(since: number): number | undefined {
    let first: number | undefined
    for (let index = this.frames.length - 1; index >= 0 && this.frames[index]!.at > since; index--) {
      if (isAudible(this.frames[index]!)) first = this.frames[index]!.at
    }
    return first
  }

  #examine(): void {
    this.#examined = Math.max(this.#examined, this.#dropped)
    for (; this.#examined < this.#dropped + this.frames.length; this.#examined++) {
      const index = this.#examined - this.#dropped
      const frame = this.frames[index]!
      this.#recogniser.take(frame, this.#examined, (position) => {
        let first = index
        while (first > 0 && this.frames[first - 1]!.position + this.frames[first - 1]!.bytes.length > position) first--
        return this.frames[first]!.at
      })
    }
  }

  /** Looks now, after each frame and at the end; undefined if nothing was seen in time. */
  async #until<T>(within: number, look: () => T | undefined): Promise<T | undefined> {
    const seen = look()
    if (seen !== undefined || this.#closed) return seen
    return await new Promise((resolve) => {
      const finish = (result: T | undefined) => {
        clearTimeout(timer)
        this.#waiting.delete(again)
        resolve(result)
      }
      const again = () => {
        const now = look()
        if (now !== undefined || this.#closed) finish(now)
      }
      const timer = setTimeout(finish, within, undefined)
      this.#waiting.add(again)
    })
  }
}

function isAudible(frame: Frame): boolean {
  return frame.loudness >= AUDIBLE_DB
}

function describe(frame: Frame): string {
  if (!isAudible(frame)) return 'silence'
  const hz = mainTone(frame.bytes)
  return hz === undefined ? 'an unknown sound' : `tone ${hz} Hz`
}
