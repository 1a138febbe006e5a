import type { Prompt, PromptPart } from '../call/effects.ts'
import { TelephonyError } from '../errors.ts'
import type { Clock, Log, Sound, Voice } from '../ports.ts'
import { pauseMs } from '../saying/length.ts'
import { Chain, patience, urgentMs, type ChainOptions, type Choice, type Task } from './chain.ts'
import { Identities } from './identities.ts'
import { Improving } from './improving.ts'
import { joined } from '../sound/level.ts'
import { charactersPaid } from './price.ts'
import { longestText, reading } from './reading.ts'
import { recordingId, Recordings, type RecordingFile } from './recorded.ts'
import { words } from './speaker.ts'
import { Stitching } from './stitching.ts'
import { soundId, SoundStore, type Limits } from './store.ts'
import { Turns } from './turns.ts'

export type VoicesOptions = ChainOptions & {
  /** Folder for the sounds; made when it is not there. Asterisk must be able to read it. */
  folder: string
  clock: Clock
  log: Log
}

/** A prompt that could not be made audible, and why. */
export type MissingPrompt = { prompt: Prompt; why: string }

/** `insteadOf`: the voice that should have spoken, and has not. */
export type Heard = { voice: string | undefined; insteadOf: string | undefined; sound: Sound | undefined }

/** How a voice does; see `Speaker.counts`. `fails`: why it has failed lately, and not spoken since. */
export type VoiceState = { name: string; spoken: number; failed: number; replaced: number; fails: string | undefined }

/** What is played for a prompt with nothing in it to be said, so that it ends as any other. */
const nothing = new Int16Array(800)
const nothingId = soundId('nothing')
/** No more prompts than this are being made ahead at the same time. */
const mostAhead = 20

/**
 * Makes prompts audible, each once: what was made is kept as a file and found at once later, by every engine that
 * shares the folder. A part is its recording when it has one, else it is spoken by the best voice that can.
 */
export class Voices implements Voice {
  private readonly clock: Clock
  private readonly log: Log
  private readonly store: SoundStore
  private readonly chain: Chain
  private readonly recordings: Recordings
  private readonly joins = new Turns<Sound>(Infinity)
  private readonly stitching: Stitching
  private readonly improving: Improving
  /** How many prompts are being made that somebody may hear. */
  private aheadNow = 0
  private diskFails = false
  private closed = false

  constructor({ folder, clock, log, ...options }: VoicesOptions) {
    this.clock = clock
    this.log = log
    this.store = new SoundStore(folder)
    const keep = (id: string, samples: Int16Array): Promise<Sound> => this.keep(id, samples)
    this.recordings = new Recordings({ clock, log, keep })
    this.improving = new Improving({
      clock,
      log,
      better: (part) => this.better(part),
      speak: (part, by) => this.spoken(part, by, { spare: true }),
      ready: async (prompt) => this.make(prompt).then(() => this.need([prompt])),
    })
    this.chain = new Chain(options, { clock, log, identities: new Identities(this.store.folder), onBack: () => this.improving.soon() })
    this.stitching = new Stitching({
      chain: this.chain, store: this.store, clock,
      found: (part) => this.found(part),
      make: (part, until) => this.partSound(part, until),
      keep,
    })
  }

  /** At once when the sound is there; else it is made, before anything that is only being prepared. */
  sound(prompt: Prompt, within: number = urgentMs): Sound | Promise<Sound> {
    return this.find(prompt) ?? this.make(prompt, this.clock.steady() + Math.min(within, urgentMs))
  }

  /** These recordings are known from now on, too. */
  know(recordings: readonly RecordingFile[]): void {
    this.recordings.know(recordings)
  }

  /**
   * Makes all these prompts, as before a flow goes live, and marks their sounds as needed. `made`: how many were not
   * there. What a lesser voice has said is made anew when a better one can speak. Never rejects: what could not be made
   * comes back with the reason.
   */
  async prepare(
    prompts: Prompt[],
    onProgress?: (done: number, of: number) => void,
  ): Promise<{ made: number; missing: MissingPrompt[] }> {
    const missing: MissingPrompt[] = []
    const made = new Set<string>()
    let done = 0
    const one = async (prompt: Prompt): Promise<void> => {
      try {
        await Promise.all(prompt.map((part) => this.chain.choices(part)))
        const before = this.find(prompt)
        // A voice may have spoken what has a recording by now.
        await Promise.all(prompt.map((part) => this.recorded(part, undefined)))
        const { id } = this.find(prompt) ?? (await this.make(prompt))
        if (before?.id !== id) made.add(id)
        this.improving.watch(id, prompt)
      } catch (error) {
        missing.push({ prompt, why: words(error) })
      }
      onProgress?.(++done, prompts.length)
    }
    await this.tellPrice(prompts)
    await Promise.all(prompts.map(one))
    await this.need(prompts)
    this.improving.soon()
    return { made: made.size, missing }
  }

  /** Makes the words of which values in these parts are put together; see `piecesNeeded`. */
  async prepareValues(parts: PromptPart[]): Promise<{ made: number; missing: MissingPrompt[] }> {
    return this.prepare((await this.stitching.needed(parts)).map((part) => [part]))
  }

  /** Makes what a caller may hear next, when no other has to wait for that. When there is too much to do it is not. */
  ahead(prompts: Prompt[]): void {
    for (const prompt of prompts) {
      if (this.aheadNow >= mostAhead || this.find(prompt)) continue
      this.aheadNow++
      this.make(prompt).catch(() => {}).finally(() => this.aheadNow--)
    }
  }

  /** Which voice is heard with a part that has no recording, and the sound that is heard, when it is there already. */
  async heardOf(part: PromptPart): Promise<Heard> {
    const choices = await this.chain.choices(part)
    const sound = this.found(part)
    const { speaker } = choices.find(({ id }) => id === sound?.id) ?? choices[0] ?? {}
    const [better] = this.better(part)
    return { voice: speaker?.name, insteadOf: better?.speaker.name, sound }
  }

  /** Has what a lesser voice had to speak made anew now, as far as the better ones can. */
  improve(): Promise<void> {
    return this.improving.now()
  }

  /**
   * Marks the sounds of these prompts, and of values in these parts, as needed: for two days no engine on this folder
   * removes them.
   */
  async need(prompts: Prompt[], withValues: PromptPart[] = []): Promise<void> {
    const all = [...prompts, ...(await this.stitching.needed(withValues)).map((part) => [part])]
    const sounds = all.flatMap((prompt) => [this.find(prompt), ...prompt.map((part) => this.found(part))])
    await this.store.need(new Set(sounds.flatMap((sound) => sound?.id ?? [])), this.clock.now())
  }

  /** Removes sounds that no live flow needs; see `Limits`. Answers how many. */
  tidy(limits: Limits): Promise<number> {
    return this.store.tidy(limits, this.clock.now())
  }

  /** How the voices do. */
  get states(): VoiceState[] {
    return this.chain.speakers.map(({ name, counts, fails }) => ({ name, ...counts, fails }))
  }

  /** Speaks nothing any more and ends the voices; what is asked for is refused, what is there is still found. */
  close(): void {
    this.closed = true
    this.improving.stop()
    this.recordings.stop()
    this.chain.close(new Error('the voices are closed'))
  }

  /** What is about to be paid for, before it is. */
  private async tellPrice(prompts: readonly Prompt[]): Promise<void> {
    const isThere = (part: PromptPart): boolean => (this.found(part) ?? this.stitching.stretches(part)) !== undefined
    for (const [voice, characters] of await charactersPaid(prompts, this.chain, isThere))
      this.log.info({ voice, characters }, `${voice}, which is paid by the character, speaks ${characters} characters now; what it says is kept`)
  }

  /** What is there already, of all that could be heard for this prompt the best. */
  private find(prompt: Prompt): Sound | undefined {
    const parts: Sound[] = []
    for (const part of prompt) {
      const sound = this.found(part)
      if (!sound) return undefined
      parts.push(sound)
    }
    return parts.length === 1 ? parts[0] : this.store.find(joinedId(parts), this.clock.now())
  }

  /** The best sound of a part that is there: its recording, or what was spoken by the first voice of its order. */
  private found(part: PromptPart): Sound | undefined {
    const choices = this.chain.choices(part)
    const isRecorded = part.pieces?.some((piece) => 'recording' in piece && piece.recording !== undefined) ?? false
    const spoken = choices instanceof Promise || isRecorded ? [] : choices.map(({ id }) => id)
    const recorded = part.recording === undefined ? [] : [recordingId(part.recording)]
    for (const id of [...recorded, ...spoken]) {
      const sound = this.store.find(id, this.clock.now())
      if (sound) return sound
    }
    const stretches = this.stitching.stretches(part)
    if (stretches) return this.stitching.found(stretches)
    return reading(part.text, part.language).text ? undefined : this.store.find(nothingId, this.clock.now())
  }

  /** `until`: when the caller who waits has waited long enough, by the steady clock. */
  private async make(prompt: Prompt, until?: number): Promise<Sound> {
    if (this.closed) throw failure('the voices are closed')
    const parts = await Promise.all(prompt.map((part) => this.partSound(part, until)))
    const [first] = parts
    return first && parts.length === 1 ? first : this.joined(parts)
  }

  /** One part made audible: its recording, else what a voice says. */
  private async partSound(part: PromptPart, until: number | undefined): Promise<Sound> {
    const choices = await this.chain.choices(part)
    const stretches = this.found(part) ? undefined : this.stitching.stretches(part)
    if (stretches) return this.stitching.make(stretches, until)
    return (await this.recorded(part, until)) ?? (await this.spoken(part, choices, { until }))
  }

  private async recorded({ recording }: PromptPart, until: number | undefined): Promise<Sound | undefined> {
    if (recording === undefined) return undefined
    const there = this.store.find(recordingId(recording), this.clock.now())
    return there ?? this.recordings.sound(recording, until === undefined ? undefined : patience)
  }

  private async spoken(part: PromptPart, by: readonly Choice[], how: Pick<Task, 'until' | 'spare'>): Promise<Sound> {
    const { text, language, voice } = part
    const there = how.spare ? undefined : this.found(part)
    if (there) return there
    const read = reading(text, language)
    if (!read.text) return this.keep(nothingId, nothing)
    if (read.cut) this.log.warn({ language, length: text.length }, `a text over ${longestText} characters was cut`)
    const speech = { text: read.text, language, pace: voice?.pace ?? 1 }
    try {
      return await this.chain.make(by, { speech, keep: (id, samples) => this.keep(id, samples), ...how })
    } catch (error) {
      // What failed, without the text: that may hold what is nobody's business.
      if (error instanceof TelephonyError) throw error
      throw failure(`a text of ${text.length} characters could not be spoken in ${language}`, error)
    }
  }

  private joined(parts: Sound[]): Promise<Sound> {
    const id = joinedId(parts)
    return this.joins.take(id, true, async () => {
      const samples = await Promise.all(parts.map((part) => this.store.samples(part))).catch((error: unknown) => {
        throw failure('the parts of a prompt could not be joined', error)
      })
      return this.keep(id, joined(samples, pauseMs))
    })
  }

  private async keep(id: string, samples: Int16Array): Promise<Sound> {
    try {
      const sound = await this.store.keep(id, samples.length > 0 ? samples : nothing, this.clock.now())
      this.diskFails = false
      return sound
    } catch (error) {
      const failed = failure(`sounds cannot be kept in ${this.store.folder}`, error)
      if (!this.diskFails)
        this.log.error({}, `${failed.message}; calls go on with the prompts that are there; make room on the disk`)
      this.diskFails = true
      throw failed
    }
  }

  /** The voices that stand before the one that has spoken a part. */
  private better(part: PromptPart): Choice[] {
    const choices = this.chain.choices(part)
    const found = this.found(part)
    const at = choices instanceof Promise ? -1 : choices.findIndex(({ id }) => id === found?.id)
    return choices instanceof Promise || at < 0 ? [] : choices.slice(0, at)
  }
}

/** Of what is heard one after the other. */
const joinedId = (parts: readonly Sound[]): string => soundId('joined', ...parts.map(({ id }) => id))

function failure(what: string, cause?: unknown): TelephonyError {
  return new TelephonyError('voice-failed', cause === undefined ? what : `${what}: ${words(cause)}`, { cause })
}
