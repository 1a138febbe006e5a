import { Ears, type Heard, type Wanted } from './ears.ts'
import { inTime } from './in-time.ts'
import type { Ending, Leg } from './leg.ts'
import type { Frame } from './media.ts'
import type { Playing } from './recogniser.ts'
import type { KnownSounds } from './sounds.ts'
import { toUlaw } from './ulaw.ts'
import { readWav, tone, writeWav } from './wav.ts'

/** One call of a phone: what is heard, pressed and said in it. */
export class PhoneCall {
  readonly #leg: Leg
  readonly #ears: Ears

  constructor(leg: Leg, sounds: KnownSounds) {
    this.#leg = leg
    this.#ears = new Ears(sounds)
    leg.media.onFrame = (frame) => this.#ears.take(frame)
    void leg.whenOver.then(() => this.#ears.close())
  }

  /** Who calls: P-Asserted-Identity, else From. Empty for calls we placed. */
  get callerId(): { name: string, number: string } {
    return this.#leg.callerId
  }

  /** When the call was answered: `performance.now()`; 0 before. */
  get answeredAt(): number {
    return this.#leg.answeredAt
  }

  /** Presses keys one after the other, each held for `ms` (default 100). Resolves with the time at which the last packet of the last key left. */
  async press(keys: string, { ms = 100 } = {}): Promise<number> {
    let released = 0
    for (const key of keys) released = await this.#leg.media.press(key, ms)
    return released
  }

  /**
   * Resolves when this is heard, with the arrival of its first packet. Listens on from where the last
   * `hears` stopped, so what was played meanwhile is not missed, and each playing of a sound counts once.
   * Rejects after `within` ms (default 5,000), or when the call ends, saying what was heard instead.
   */
  async hears(wanted: Wanted, options: { within?: number } = {}): Promise<Heard> {
    return await this.#ears.hears(wanted, options)
  }

  /** Resolves with the arrival of the first audible packet after `since` (default: now); rejects after `within` ms (default 5,000). */
  async hearsAnything(options: { within?: number, since?: number } = {}): Promise<number> {
    return await this.#ears.hearsAnything(options)
  }

  /** Resolves after `for` ms (default 500) without anything audible, from now on; rejects if `within` ms (default 5,000) have no such pause. */
  async hearsSilence(options: { for?: number, within?: number } = {}): Promise<void> {
    await this.#ears.hearsSilence(options)
  }

  /** Every playing of a known sound so far, in order. */
  playings(): readonly Playing[] {
    return this.#ears.playings()
  }

  /** Everything heard so far, in words: "welcome (1.2 s), silence (0.4 s)". */
  transcript(): string {
    return this.#ears.transcript()
  }

  /** Arrival and loudness of each packet received; of long calls, of the last minute at least. */
  get frames(): readonly Frame[] {
    return this.#ears.frames
  }

  /** The sound received, 8,000 samples a second, 16 bit; of long calls, the last minute at least. */
  recording(): Int16Array {
    return this.#ears.recording()
  }

  /** Writes the sound received to a WAV file. */
  async saveRecording(path: string): Promise<void> {
    await writeWav(path, this.recording())
  }

  /** Says something instead of silence: a tone without end, or a WAV file or samples once. Replaces what was said before. */
  async speak(what: { tone: number } | string | Int16Array): Promise<void> {
    if (typeof what === 'string') this.#leg.media.play(toUlaw(await readWav(what)), false)
    else if (what instanceof Int16Array) this.#leg.media.play(toUlaw(what), false)
    else this.#leg.media.play(toUlaw(tone(what.tone, 1000)), true)
  }

  /** Sends silence again, as before `speak`. */
  mute(): void {
    this.#leg.media.play(undefined, false)
  }

  /** Answers a call that rings. Resolves when the other side has acknowledged. */
  async answer(): Promise<void> {
    await this.#leg.answer()
  }

  /** Refuses a call that rings: 486 Busy Here unless told. */
  reject(status = 486, reason = 'Busy Here'): void {
    this.#leg.reject(status, reason)
  }

  /** Ends the call. Resolves when the other side has confirmed; at once if it is over. */
  async hangUp(): Promise<void> {
    await this.#leg.hangUp()
  }

  /** Resolves when the call is over, whoever ended it; rejects after `within` ms (default 5,000). */
  async ended({ within = 5000 } = {}): Promise<Ending> {
    return await inTime(this.#leg.whenOver, within, () => `the call was expected to end within ${within} ms, but goes on; heard: ${this.transcript()}`)
  }
}
