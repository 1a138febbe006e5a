import { askProgram, speakByProgram, type ProgramFacts } from './espeak-program.ts'
import { EspeakWasm, wasmVersion } from './espeak-wasm.ts'
import type { Samples, Speaking, VoiceLimits, VoiceProvider } from './provider.ts'

/** Words a minute; espeak's own 175 is too quick for a telephone. */
const pace = 155

type Way = { kind: 'program'; facts: ProgramFacts } | { kind: 'wasm'; version: string }

/**
 * espeak-ng, offline, some 100 languages: the program if it is installed, else the WASM build in a process of its own.
 * Which of both is settled at the first question and stays, since their sounds differ.
 */
export class Espeak implements VoiceProvider {
  readonly name = 'espeak-ng'
  readonly limits: VoiceLimits = { longestText: 1000, atOnce: 2, ms: 5000, quick: true, price: 'free' }
  private readonly program: string
  private readonly wasm: EspeakWasm
  private way: Promise<Way | undefined> | undefined

  /** `program`: name or path of the program, default `espeak-ng`. */
  constructor(options: { program?: string; wasm?: EspeakWasm } = {}) {
    this.program = options.program ?? 'espeak-ng'
    this.wasm = options.wasm ?? new EspeakWasm({ pace })
  }

  /** Starts the process of the WASM build, so that the first caller does not wait for that. */
  async available(): Promise<true | string> {
    const way = await this.findWay()
    if (way?.kind === 'program') return true
    this.way = undefined
    if (!way) return 'espeak-ng is not installed, nor is its WASM build; install espeak-ng or run npm install'
    try {
      await this.wasm.speak('', { language: 'en', signal: new AbortController().signal })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return `espeak-ng is not installed, and its WASM build does not work (${why}); install espeak-ng`
    }
    this.way = Promise.resolve(way)
    return true
  }

  async identity(): Promise<string> {
    const way = await this.findWay()
    return way?.kind === 'program' ? `${way.facts.version}-${pace}` : `wasm-${way?.version}-${pace}`
  }

  async speak(text: string, task: Speaking): Promise<Samples> {
    const way = await this.findWay()
    if (way?.kind !== 'program') return this.wasm.speak(text, task)
    return speakByProgram(this.program, text, { ...task, pace, voices: way.facts.voices })
  }

  close(): void {
    this.wasm.close()
  }

  private findWay(): Promise<Way | undefined> {
    this.way ??= askProgram(this.program).then((facts): Way | undefined => {
      if (facts) return { kind: 'program', facts }
      const version = wasmVersion()
      return version ? { kind: 'wasm', version } : undefined
    })
    return this.way
  }
}
