import { z } from 'zod'
import { askServer, reach } from './ask-server.ts'
import { mostBytes, mostSeconds } from '../credible.ts'
import { decodeFrom } from '../../sound/decode.ts'
import { atOnce, languageTag, modelVersion, serverUrl, timeout, voiceName, voiceOptions } from './options.ts'
import { nearestLanguage, type Speaking, type VoiceLimits, type VoiceProvider } from '../provider.ts'
import type { Samples } from '../../sound/samples.ts'

const noModel = 'must be the name of a model; write for instance kokoro'
const noVoice = 'must be the name of one of its voices; write for instance af_heart'
const noVoices = 'must name a voice for each language; write { en: af_heart }'

export const openAiSpeechOptions = voiceOptions(
  {
    name: voiceName,
    url: serverUrl('http://127.0.0.1:8880/v1').describe('Where the server is, up to what stands before /audio/speech.'),
    model: z.string({ error: noModel }).min(1, noModel),
    voices: z
      .record(languageTag, z.string({ error: noVoice }).min(1, noVoice), { error: noVoices })
      .refine((voices) => Object.keys(voices).length > 0, noVoices)
      .describe('Its voices by language; it is asked for no other language.'),
    'key-env': z
      .string({ error: 'must be the name of an environment variable; write for instance SPEECH_KEY' })
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must name an environment variable, not the key itself; write for instance SPEECH_KEY')
      .optional()
      .describe('The environment variable that holds its key. Default: it needs none.'),
    price: z
      .enum(['free', 'paid'], { error: 'must be free or paid; write paid' })
      .default('free')
      .describe('Whether each character is paid for. Default free.'),
    version: modelVersion,
    timeout: timeout('15s'),
    'at-once': atOnce,
  },
  '{ kind: openai-speech, url: http://127.0.0.1:8880/v1, model: kokoro, voices: { en: af_heart } }',
)

/** Any server that speaks `POST /audio/speech` as OpenAI's does; many programs for voices on a machine of one's own do. */
export class OpenAiSpeech implements VoiceProvider {
  readonly name: string
  readonly limits: VoiceLimits
  private readonly options: z.output<typeof openAiSpeechOptions>

  constructor(options: z.input<typeof openAiSpeechOptions>) {
    this.options = openAiSpeechOptions.parse(options)
    const { name, timeout: ms, price } = this.options
    this.name = name
    this.limits = { atOnce: this.options['at-once'], ms, quick: false, price }
  }

  identity(language: string): string | undefined {
    const voice = this.voiceFor(language)
    const { model, version } = this.options
    return voice === undefined ? undefined : ['openai-speech', model, voice, version].join(' ')
  }

  async available(): Promise<true | string> {
    const { 'key-env': keyEnv, url } = this.options
    if (keyEnv !== undefined && !process.env[keyEnv]) return `its key is missing; set ${keyEnv} in the environment`
    const signal = AbortSignal.timeout(this.limits.ms)
    try {
      const answer = await reach(`${url}/models`, { headers: this.key(), signal })
      await answer.body?.cancel().catch(() => {})
      if (![401, 403].includes(answer.status)) return true
      return `the server does not take its key; ${keyEnv === undefined ? 'write key-env' : `check ${keyEnv}`}`
    } catch (error) {
      return `${error instanceof Error ? error.message : String(error)}; check that it runs at ${url}`
    }
  }

  async speak(text: string, { language, pace, signal }: Speaking): Promise<Samples> {
    const { url, model } = this.options
    const voice = this.voiceFor(language)
    if (voice === undefined) throw new Error(`it has no voice for "${language}"`)
    const body = JSON.stringify({ model, input: text, voice, response_format: 'wav', speed: pace })
    const headers = { 'content-type': 'application/json', ...this.key() }
    const sound = await askServer(`${url}/audio/speech`, { method: 'POST', headers, body, signal }, mostBytes(text, pace))
    return decodeFrom('the answer of the server', sound, { longest: mostSeconds(text, pace), signal })
  }

  private voiceFor(language: string): string | undefined {
    const nearest = nearestLanguage(language, Object.keys(this.options.voices))
    return nearest === undefined ? undefined : this.options.voices[nearest]
  }

  private key(): Record<string, string> {
    const { 'key-env': keyEnv } = this.options
    const key = keyEnv === undefined ? undefined : process.env[keyEnv]?.trim()
    return key ? { authorization: `Bearer ${key}` } : {}
  }
}
