import { z } from 'zod'
import { mostBytes, mostSeconds } from '../credible.ts'
import { decodeFrom } from '../../sound/decode.ts'
import { atOnce, languageTag, modelVersion, timeout, voiceName, voiceOptions } from './options.ts'
import { nearestLanguage, type Speaking, type VoiceLimits, type VoiceProvider } from '../provider.ts'
import type { Samples } from '../../sound/samples.ts'
import { programPath, runProgram } from './run-program.ts'

const example = '[piper, --model, de.onnx, --output_file, "-"]'

export const commandOptions = voiceOptions(
  {
    name: voiceName,
    run: z
      .array(z.string({ error: 'must be a text; put it in quotes' }), { error: `must be a list; write ${example}` })
      .min(1, `must name a program; write ${example}`)
      .refine(([program = '']) => /^[^{}]+$/.test(program), `must begin with the name of a program; write ${example}`)
      .describe('The program and its arguments. In these, {language}, {pace} and {stretch} (1 / pace) are replaced.'),
    languages: z
      .array(languageTag, { error: 'must be a list; write [de]' })
      .min(1, 'must hold at least one language; write [de]')
      .describe('The languages it speaks.'),
    version: modelVersion,
    timeout: timeout('15s'),
    'at-once': atOnce,
  },
  `{ kind: command, run: ${example}, languages: [de] }`,
)

/** Any program that reads a text on its standard input and writes a sound file to its standard output. */
export class CommandVoice implements VoiceProvider {
  readonly name: string
  readonly limits: VoiceLimits
  private readonly options: z.output<typeof commandOptions>
  private readonly closed = new AbortController()

  constructor(options: z.input<typeof commandOptions>) {
    this.options = commandOptions.parse(options)
    const { name, timeout: ms } = this.options
    this.name = name
    this.limits = { atOnce: this.options['at-once'], ms, quick: false, price: 'free' }
  }

  identity(language: string): string | undefined {
    const nearest = nearestLanguage(language, this.options.languages)
    const { version, run } = this.options
    return nearest === undefined ? undefined : ['command', nearest, version, ...run].join(' ')
  }

  async available(): Promise<true | string> {
    const [program = ''] = this.options.run
    if (programPath(program) !== undefined) return true
    return `there is no program ${program}; install it, or write its whole path`
  }

  async speak(text: string, { language, pace, signal }: Speaking): Promise<Samples> {
    // The admin's spelling of it: nothing that a flow or a caller writes becomes an argument.
    const nearest = nearestLanguage(language, this.options.languages)
    if (nearest === undefined) throw new Error(`it does not speak "${language}"`)
    const stretch = Math.round(1000 / pace) / 1000
    const filled = (part: string): string =>
      part.replaceAll('{language}', nearest).replaceAll('{pace}', `${pace}`).replaceAll('{stretch}', `${stretch}`)
    const [program = '', ...args] = this.options.run.map(filled)
    const over = AbortSignal.any([signal, this.closed.signal])
    const sound = await runProgram(program, args, { input: text, signal: over, mostOutput: mostBytes(text, pace) })
    return decodeFrom('what it writes', sound, { longest: mostSeconds(text, pace), signal: over })
  }

  close(): void {
    this.closed.abort()
  }
}
