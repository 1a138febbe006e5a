import type { Prompt, PromptPart } from '../call/effects.ts'
import { TelephonyError } from '../errors.ts'
import type { Clock, Log, Sound, Voice } from '../ports.ts'
import { pauseMs } from '../saying/length.ts'
import { evened, joined } from './level.ts'
import type { VoiceProvider } from './provider.ts'
import { longestText, reading } from './reading.ts'
import { forTelephone } from './resample.ts'
import { soundId, SoundStore } from './store.ts'
import { Turns } from './turns.ts'

export type VoicesOptions = {
  provider: VoiceProvider
  /** Folder for the sounds; made when it is not there. Asterisk must be able to read it. */
  folder: string
  clock: Clock
  log: Log
  /** How many parts are spoken at the same time. Default 2. */
  atOnce?: number
  /** How long one part may take to be spoken, in milliseconds. Default 5 s. */
  partMs?: number
}

/** A prompt that could not be made audible, and why. */
export type MissingPrompt = { prompt: Prompt; why: string }

/** After a voice was missing: how long until it is looked for again, in milliseconds; doubles up to the second. */
const firstPause = 1000
const longestPause = 60_000
/** What is played for a prompt with nothing in it to be said, so that it ends as any other. */
const nothing = new Int16Array(800)

/** Makes prompts audible with one voice, each once: what was spoken is kept as a file and found at once later. */
export class Voices implements Voice {
  private readonly options: Required<VoicesOptions>
  private readonly store: SoundStore
  private readonly parts: Turns<Sound>
  private readonly joins = new Turns<Sound>(Infinity)
  private readonly prepared = new Set<string>()
  /** Name and version of the voice, once it is known to be there. */
  private voice: string | undefined
  private search: Promise<string> | undefined
  private missing: { why: string; until: number; pause: number } | undefined
  private closed = false

  constructor(options: VoicesOptions) {
    this.options = { ...options, atOnce: options.atOnce ?? 2, partMs: options.partMs ?? 5000 }
    this.store = new SoundStore(options.folder)
    this.parts = new Turns(this.options.atOnce)
  }

  /** At once when the sound is there; else it is made, before anything that is only being prepared. */
  sound(prompt: Prompt): Sound | Promise<Sound> {
    const known = this.voice === undefined ? undefined : this.find(idOf(prompt, this.voice))
    return known ?? this.make(prompt, true)
  }

  /**
   * Makes all these prompts, as before a flow goes live; they are never forgotten. `made`: how many were not there.
   * Never rejects: what could not be made comes back with the reason.
   */
  async prepare(
    prompts: Prompt[],
    onProgress?: (done: number, of: number) => void,
  ): Promise<{ made: number; missing: MissingPrompt[] }> {
    const missing: MissingPrompt[] = []
    let [made, done] = [0, 0]
    const one = async (prompt: Prompt) => {
      try {
        const kept = await this.kept(prompt)
        const id = kept?.id ?? idOf(prompt, await this.findVoice(prompt))
        if (!kept && !this.find(id)) {
          await this.make(prompt, false)
          if (!this.prepared.has(id)) made++
        }
        this.prepared.add(id)
      } catch (error) {
        missing.push({ prompt, why: words(error) })
      }
      onProgress?.(++done, prompts.length)
    }
    await Promise.all(prompts.map(one))
    return { made, missing }
  }

  /** Removes sounds nobody has heard for so long (milliseconds) and that were not prepared. Answers how many. */
  forget(unusedFor: number): Promise<number> {
    return this.store.forget(this.options.clock.now() - unusedFor, this.prepared)
  }

  /** Speaks nothing any more and ends the voice; what is asked for is refused, what is there is still found. */
  close(): void {
    this.closed = true
    this.parts.end(closedFailure())
    this.options.provider.close?.()
  }

  private find(id: string): Sound | undefined {
    return this.store.find(id, this.options.clock.now())
  }

  /** What was spoken before needs no voice that is ready, which may take its time: its name and version are enough. */
  private async kept(prompt: Prompt): Promise<Sound | undefined> {
    if (this.voice !== undefined) return undefined
    const { provider } = this.options
    try {
      return this.find(idOf(prompt, `${provider.name} ${await provider.identity(prompt[0]?.language ?? '')}`))
    } catch {
      return undefined // said when the voice is looked for
    }
  }

  private async make(prompt: Prompt, urgent: boolean): Promise<Sound> {
    const kept = await this.kept(prompt)
    if (kept) return kept
    const voice = await this.findVoice(prompt)
    const id = idOf(prompt, voice)
    const known = this.find(id)
    if (known) return known
    const parts = await Promise.all(prompt.map((part) => this.part(part, voice, urgent)))
    const [first] = parts
    return first && parts.length === 1 ? first : this.joins.take(id, urgent, () => this.join(id, parts))
  }

  private part(part: PromptPart, voice: string, urgent: boolean): Sound | Promise<Sound> {
    const id = soundId(part.text, part.language, voice)
    const known = this.find(id)
    if (known) return known
    const turn = () => this.parts.take(id, urgent, () => this.speak(id, part))
    // A caller does not wait longer because others are before them; what is made late is there for the next one.
    return urgent ? this.within(what(part), turn) : turn()
  }

  private speak(id: string, part: PromptPart): Promise<Sound> {
    const { text, language } = part
    const read = reading(text, language)
    if (read.cut) {
      this.options.log.warn({ language, length: text.length }, `a text over ${longestText} characters was cut`)
    }
    return this.within(what(part), async (signal) => {
      if (!read.text) return this.keep(id, nothing)
      const { samples, rate } = await this.options.provider.speak(read.text, { language, pace: 1, signal })
      return this.keep(id, evened(forTelephone(samples, rate)))
    })
  }

  private async join(id: string, parts: Sound[]): Promise<Sound> {
    try {
      return await this.keep(id, joined(await Promise.all(parts.map((part) => this.store.samples(part))), pauseMs))
    } catch (error) {
      throw failure('the parts of a prompt could not be joined', error)
    }
  }

  private keep(id: string, samples: Int16Array): Promise<Sound> {
    return this.store.keep(id, samples.length > 0 ? samples : nothing, this.options.clock.now())
  }

  /** The outcome of some work, or a failure that says what could not be done: when it fails or the time is over. */
  private within<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, partMs } = this.options
    const limit = new AbortController()
    return new Promise<T>((resolve, reject) => {
      const cancel = clock.after(partMs, () => {
        limit.abort()
        reject(failure(what, new Error(`it took over ${partMs} ms`)))
      })
      work(limit.signal)
        .then(resolve, (error: unknown) => reject(error instanceof TelephonyError ? error : failure(what, error)))
        .finally(cancel)
    })
  }

  /** Name and version of the voice; looked for again when it was missing, but not at every prompt. */
  private findVoice(prompt: Prompt): Promise<string> {
    this.search ??= this.look(prompt[0]?.language ?? 'any language').finally(() => (this.search = undefined))
    return this.search
  }

  private async look(language: string): Promise<string> {
    if (this.closed) throw closedFailure()
    if (this.voice !== undefined) return this.voice
    const { provider, clock, log } = this.options
    if (this.missing && clock.now() < this.missing.until) throw failure(`no voice for ${language}: ${this.missing.why}`)
    const there = await provider.available().catch(words)
    if (there === true) {
      if (this.missing) log.info({ voice: provider.name }, 'the voice is there now')
      this.missing = undefined
      this.voice = `${provider.name} ${await provider.identity(language)}`
      return this.voice
    }
    const pause = Math.min(longestPause, (this.missing?.pause ?? firstPause / 2) * 2)
    const failed = failure(`no voice for ${language}: ${there}`)
    // Said once, not each time it is looked for in vain.
    if (this.missing?.why !== there) log.warn({ language, voice: provider.name }, `${failed.message}; trying again`)
    this.missing = { why: there, until: clock.now() + pause, pause }
    throw failed
  }
}

/** A prompt of one part is that part; a longer one has an id of its own. */
function idOf(prompt: Prompt, voice: string): string {
  const parts = prompt.map(({ text, language }) => soundId(text, language, voice))
  const [first] = parts
  return first && parts.length === 1 ? first : soundId('joined', ...parts)
}

/** What failed, without the text: that may hold what is nobody's business. */
const what = ({ text, language }: PromptPart): string =>
  `a text of ${text.length} characters could not be spoken in ${language}`

const closedFailure = () => failure('the voices are closed')

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function failure(what: string, cause?: unknown): TelephonyError {
  return new TelephonyError('voice-failed', cause === undefined ? what : `${what}: ${words(cause)}`, { cause })
}
