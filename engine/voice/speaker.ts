import type { Clock, Log, Sound } from '../ports.ts'
import { mostSeconds } from './credible.ts'
import { softened } from '../sound/fade.ts'
import { evened } from '../sound/level.ts'
import type { Identities } from './identities.ts'
import type { VoiceProvider } from './provider.ts'
import type { Samples } from '../sound/samples.ts'
import { forTelephone } from '../sound/resample.ts'
import { TooLate, withinTime } from './time-limit.ts'
import { Turns } from './turns.ts'

/** How long a voice that failed is left alone, in milliseconds; doubles with each failure up to the second. */
const [firstPause, longestPause] = [1000, 60_000]
/** For so long after a failure it counts as failing, if it has not spoken since. Milliseconds. */
const toldFor = 900_000

/** A text to be spoken, without anything that is no speech. */
export type Speech = { text: string; language: string; pace: number }

/** Who wants it. `gone`: not any more. `evenIfFailing`: nobody else can be asked. */
export type Asking = { urgent: boolean; gone: AbortSignal; evenIfFailing: boolean }

/** Left alone. `down`: it hangs or is not there, and asking it helps nobody; else it may have failed over one text. */
type Rest = { why: string; until: number; pause: number; down: boolean }

export type SpeakerPorts = {
  clock: Clock
  log: Log
  identities: Identities
  /** It speaks again after it had failed. */
  onBack(): void
}

/** One voice: its turns, its time limit, and the pauses in which it is left alone. */
export class Speaker {
  readonly voice: VoiceProvider
  /** Sounds it made; times it failed; sounds that another voice had to make in its place. */
  readonly counts = { spoken: 0, failed: 0, replaced: 0 }
  private readonly ports: SpeakerPorts
  private readonly turns: Turns<Sound>
  /** What it has told of itself, and what it is asked just now, by language. */
  private readonly told = new Map<string, string | undefined>()
  private readonly asked = new Map<string, Promise<string | undefined>>()
  private cannotTellUntil = 0
  private readonly ended = new AbortController()
  private there = false
  private looking: Promise<true | string> | undefined
  private rest: Rest | undefined

  constructor(voice: VoiceProvider, ports: SpeakerPorts) {
    this.voice = voice
    this.ports = ports
    this.turns = new Turns(voice.limits.atOnce)
  }

  get name(): string {
    return this.voice.name
  }

  /** Why it has failed lately and not spoken since; undefined when all is well. */
  get fails(): string | undefined {
    const { rest } = this
    return rest && this.ports.clock.steady() < rest.until + toldFor ? rest.why : undefined
  }

  /** Whether it may be asked: `failing` only when nobody else can be. */
  get state(): 'ready' | 'failing' | 'down' {
    const { rest } = this
    if (!rest || this.ports.clock.steady() >= rest.until) return 'ready'
    return rest.down ? 'down' : 'failing'
  }

  /**
   * What makes its sounds what they are; undefined when it does not speak the language. Asked once; a voice that cannot
   * tell now is asked again after a while, and until then it is what it has told last, to this engine or one before.
   */
  identity(language: string): string | undefined | Promise<string | undefined> {
    if (this.told.has(language)) return this.told.get(language)
    const { clock, identities } = this.ports
    const last = identities.of(this.name, language)
    if (clock.steady() < this.cannotTellUntil) return last
    const keep = (identity: string | undefined): string | undefined => {
      this.told.set(language, identity)
      return identity
    }
    const fail = (error: unknown): string | undefined => {
      this.failed(error, true)
      this.cannotTellUntil = this.rest?.until ?? 0
      return last
    }
    const remember = (identity: string | undefined): string | undefined => {
      if (identity !== undefined) identities.keep(this.name, language, identity)
      return keep(identity)
    }
    const asked = this.asked.get(language)
    if (asked) return asked
    const identity = this.voice.identity(language)
    // What can be told at once need not be remembered.
    if (!(identity instanceof Promise)) return keep(identity)
    const answer = identity.then(remember).catch(fail).finally(() => this.asked.delete(language))
    this.asked.set(language, answer)
    return answer
  }

  /** Speaks when it is its turn, and hands the sound, made even, to `keep`. */
  speak(id: string, speech: Speech, asking: Asking, keep: (samples: Int16Array) => Promise<Sound>): Promise<Sound> {
    const turn = async (): Promise<Sound> => keep(await this.speakNow(speech, asking.evenIfFailing))
    return this.turns.take(id, asking.urgent, turn, asking.gone)
  }

  close(why: Error): void {
    this.turns.end(why)
    this.ended.abort(why)
    this.voice.close?.()
  }

  private async speakNow(speech: Speech, evenIfFailing: boolean): Promise<Int16Array> {
    const { text, ...task } = speech
    const { state } = this
    const { clock } = this.ports
    const { ms } = this.voice.limits
    const ended = this.ended.signal
    ended.throwIfAborted()
    // It failed while this one waited for its turn.
    if (state === 'down' || (state === 'failing' && !evenIfFailing)) throw new Error(this.fails)
    // The sound would be kept under the name of what it was before.
    if (!this.told.has(speech.language)) throw new Error('it cannot tell yet what it sounds like')
    let there = false
    try {
      await withinTime(clock, ms, () => this.beThere(), ended)
      there = true
      const spoken = await withinTime(clock, ms, (signal) => this.voice.speak(text, { ...task, signal }), ended)
      const samples = listened(spoken, speech)
      this.spoke()
      return samples
    } catch (error) {
      if (!ended.aborted) this.failed(error, !there || error instanceof TooLate)
      throw error
    }
  }

  private async beThere(): Promise<void> {
    if (this.there) return
    this.looking ??= this.voice.available().catch(words).finally(() => (this.looking = undefined))
    const there = await this.looking
    if (there !== true) throw new Error(there)
    this.there = true
  }

  private spoke(): void {
    this.counts.spoken++
    if (!this.rest) return
    this.rest = undefined
    this.ports.log.info({ voice: this.name }, `the voice ${this.name} speaks again`)
    this.ports.onBack()
  }

  private failed(error: unknown, down: boolean): void {
    const { ports, rest, name } = this
    const why = words(error)
    this.counts.failed++
    this.there = false
    this.looking = undefined
    // Said once, not each time that it is tried in vain.
    if (!rest)
      ports.log.warn({ voice: name }, `the voice ${name} fails: ${why}; it is left alone for a while and tried again`)
    // Several that were under way fail together: that is one failure.
    const growing = !rest || ports.clock.steady() >= rest.until
    const pause = growing ? Math.min(longestPause, (rest?.pause ?? firstPause / 2) * 2) : rest.pause
    const until = growing ? ports.clock.steady() + pause : rest.until
    this.rest = { why, until, pause, down: down || (!growing && rest.down) }
  }
}

/** What a voice gave, for the telephone. Throws when that cannot be the text. */
function listened({ samples, rate }: Samples, { text, pace }: Speech): Int16Array {
  const seconds = samples.length / rate
  // Told before any work is done on it.
  if (seconds > mostSeconds(text, pace))
    throw new Error(`it gave ${Math.round(seconds)} s of sound for ${text.length} characters`)
  const sound = softened(evened(forTelephone(samples, rate)))
  if (sound.length === 0 && /[\p{L}\p{N}]/u.test(text)) throw new Error('it gave nothing but silence')
  return sound
}

export const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))
