import { z } from 'zod'
import { askProgram, speakByProgram, type ProgramFacts } from './espeak-program.ts'
import { EspeakWasm, wasmVersion, type EspeakTask } from './espeak-wasm.ts'
import { voiceName, voiceOptions } from './options.ts'
import { withTelephonePauses } from './pauses.ts'
import type { Speaking, VoiceLimits, VoiceProvider } from '../provider.ts'
import type { Samples } from '../../sound/samples.ts'

/** Words a minute at pace 1; espeak's own 175 is too quick for a telephone. */
const usualRate = 155
/** What espeak can do, in words a minute. */
const [slowest, quickest] = [80, 450]
/**
 * The manner of speaking. Of 21 that were measured this one comes through best on a telephone, in English and in German:
 * after our resampling and levelling, with noise 5 dB under speech spread evenly from 300 to 3,400 Hz, its speech
 * intelligibility index (ANSI S3.5, third octaves) is 0.63 and 0.62, that of espeak's own manner 0.57 and 0.58. Its
 * consonants are louder and its vowels softer. A build that does not know it speaks in its own manner.
 */
const clearest = 'Annie'
const missing = 'espeak-ng is not installed, nor is its WASM build; install espeak-ng or run npm install'
/** To be raised when the sound changes by what is done here. */
const making = 2

export const espeakOptions = voiceOptions(
  {
    name: voiceName.default('espeak-ng'),
    program: z
      .string({ error: 'must be the name of a program; write espeak-ng' })
      .min(1, 'must be the name of a program; write espeak-ng')
      .default('espeak-ng')
      .describe('Name or path of the program. Default espeak-ng.'),
    variant: z
      .string({ error: 'must be the name of a variant of espeak-ng; write for instance f2' })
      .regex(/^[A-Za-z0-9-]{1,32}$/, 'must be the name of a variant of espeak-ng; write for instance f2')
      .default(clearest)
      .describe(`Its manner of speaking, as in espeak-ng --voices=variant. Default ${clearest}.`),
  },
  '{ kind: espeak-ng }',
)

type Way = { kind: 'program'; facts: ProgramFacts } | { kind: 'wasm'; version: string }

/**
 * espeak-ng, offline, some 100 languages: the program if it is installed, else the WASM build in processes of its own.
 * Which of both is settled at the first question and stays, since their sounds differ.
 */
export class Espeak implements VoiceProvider {
  readonly name: string
  readonly limits: VoiceLimits = { atOnce: 2, ms: 5000, quick: true, price: 'free' }
  private readonly options: z.output<typeof espeakOptions>
  private readonly wasm: readonly EspeakWasm[]
  private readonly versionOfWasm: () => string | undefined
  private way: Promise<Way | undefined> | undefined

  /** The second process is started when two texts are to be spoken at once. */
  constructor(options: z.input<typeof espeakOptions> = {}, wasm = [new EspeakWasm(), new EspeakWasm()], versionOfWasm = wasmVersion) {
    this.options = espeakOptions.parse(options)
    this.name = this.options.name
    this.wasm = wasm
    this.versionOfWasm = versionOfWasm
  }

  /** Starts a process of the WASM build, so that the first caller does not wait for that. */
  async available(): Promise<true | string> {
    const way = await this.findWay()
    if (way?.kind === 'program') return true
    this.way = undefined
    if (!way) return missing
    try {
      await this.speakByWasm('', this.task({ language: 'en', pace: 1, signal: new AbortController().signal }))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return `espeak-ng is not installed, and its WASM build does not work (${why}); install espeak-ng`
    }
    this.way = Promise.resolve(way)
    return true
  }

  async identity(): Promise<string> {
    const way = await this.findWay()
    if (!way) {
      this.way = undefined
      throw new Error(missing)
    }
    const version = way.kind === 'program' ? way.facts.version : `wasm-${way.version}`
    return [version, this.options.variant, usualRate, making].join('-')
  }

  async speak(text: string, speaking: Speaking): Promise<Samples> {
    const way = await this.findWay()
    const task = this.task(speaking)
    const { samples, rate } =
      way?.kind === 'program'
        ? await speakByProgram(this.options.program, text, { ...task, voices: way.facts.voices })
        : await this.speakByWasm(text, task)
    return { samples: withTelephonePauses(samples, rate, stopFrom(task.rate)), rate }
  }

  close(): void {
    for (const each of this.wasm) each.close()
  }

  private task({ language, pace, signal }: Speaking): EspeakTask {
    const rate = Math.round(Math.min(quickest, Math.max(slowest, usualRate * pace)))
    return { language, signal, rate, variant: this.options.variant }
  }

  private speakByWasm(text: string, task: EspeakTask): Promise<Samples> {
    const [free] = this.wasm.toSorted((a, b) => a.waiting - b.waiting)
    return free ? free.speak(text, task) : Promise.reject(new Error('espeak-ng has no process'))
  }

  private findWay(): Promise<Way | undefined> {
    this.way ??= askProgram(this.options.program).then((facts): Way | undefined => {
      if (facts) return { kind: 'program', facts }
      const version = this.versionOfWasm()
      return version ? { kind: 'wasm', version } : undefined
    })
    return this.way
  }
}

/**
 * From how many milliseconds on a pause of espeak is a full stop, at so many words a minute. Measured from 80 to 310: a
 * comma is 43,200 / rate - 106, a semicolon one and a half times that, a full stop twice.
 */
const stopFrom = (rate: number): number => Math.max(50, 1.8 * (43_200 / rate - 106))
