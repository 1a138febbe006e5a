import type { Speaking, VoiceLimits, VoiceProvider } from '../../engine/voice/provider.ts'
import type { Samples } from '../../engine/sound/samples.ts'

/** A tenth of a second of sound for each letter. */
export const soundOf = (text: string): Samples => ({
  samples: Int16Array.from({ length: text.length * 800 }, (_, n) => 5000 * Math.sin(n / 3)),
  rate: 8000,
})

/** A voice that does as it is told. */
export class TestVoice implements VoiceProvider {
  readonly name: string
  readonly limits: VoiceLimits
  /** Languages that it speaks. Default: all. */
  languages: string[] | undefined
  /** The texts it was asked to speak, in order. */
  asked: string[] = []
  paces: number[] = []
  lookedFor = 0
  there: true | string = true
  /** What it gives for a text; `hang`: nothing at all. */
  does: 'hang' | ((text: string) => Samples) = soundOf
  /** Set: texts wait here until they are let go. */
  held: ((why?: Error) => void)[] | undefined
  closed = false

  constructor(name: string, limits: Partial<VoiceLimits> = {}) {
    this.name = name
    this.limits = { atOnce: 2, ms: 5000, quick: true, price: 'free', ...limits }
  }

  identity(language: string): string | undefined {
    return !this.languages || this.languages.includes(language) ? '1' : undefined
  }

  async available(): Promise<true | string> {
    this.lookedFor++
    return this.there
  }

  async speak(text: string, { pace, signal }: Speaking): Promise<Samples> {
    this.asked.push(text)
    this.paces.push(pace)
    const { held, does } = this
    if (held) await new Promise<void>((resolve, reject) => held.push((why) => (why ? reject(why) : resolve())))
    if (does !== 'hang') return does(text)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
  }

  close(): void {
    this.closed = true
  }
}
