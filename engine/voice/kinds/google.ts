import { toUSVString } from 'node:util'
import { z } from 'zod'
import { askServer } from './ask-server.ts'
import { mostSeconds } from '../credible.ts'
import { decodeFrom } from '../../sound/decode.ts'
import { faded } from '../../sound/fade.ts'
import { evened, joined } from '../../sound/level.ts'
import { serverUrl, timeout, voiceName, voiceOptions } from './options.ts'
import { inParts, type TextPart } from './parts.ts'
import { nearestLanguage, type Speaking, type VoiceLimits, type VoiceProvider } from '../provider.ts'
import type { Samples } from '../../sound/samples.ts'
import { telephoneRate } from '../../sound/resample.ts'

const defaultHost = 'https://translate.google.com'
/** What it takes in one go, in characters. */
const longestPart = 200
/** 200 characters are some 150 KB. */
const mostBytes = 2_000_000
/** At this pace and below it is asked to speak slowly; it knows no other paces. */
const slowPace = 0.75
/** The pause behind a part, in milliseconds, beside the up to 60 ms that the parts bring along. */
const pauses = { sentence: 230, clause: 60, word: 0 }

/** What it speaks; regions where it makes a difference. */
const languages = [
  ...'af ar bg bn bs ca cs cy da de el en es et eu fi fil fr gl gu ha hi hr hu id is it iw ja jw km kn ko la lt'.split(' '),
  ...'lv ml mr ms my ne nl no pa pl pt ro ru si sk sq sr su sv sw ta te th tr uk ur vi yue'.split(' '),
  ...'en-AU en-GB en-IN en-US es-ES es-US fr-CA fr-FR pt-BR pt-PT zh-CN zh-TW'.split(' '),
]

export const googleOptions = voiceOptions(
  {
    name: voiceName,
    host: serverUrl(defaultHost).default(defaultHost).describe(`Where it is. Default ${defaultHost}.`),
    timeout: timeout('8s'),
  },
  '{ kind: google }',
)

/**
 * The voice of Google Translate, which needs no account and promises nothing. Of `google-tts-api` only the addresses
 * are used: its other functions run what the server answers.
 */
export class Google implements VoiceProvider {
  readonly name: string
  readonly limits: VoiceLimits
  private readonly host: string

  constructor(options: z.input<typeof googleOptions>) {
    const { name, host, timeout: ms } = googleOptions.parse(options)
    this.name = name
    this.host = host
    this.limits = { atOnce: 2, ms, quick: false, price: 'free' }
  }

  identity(language: string): string | undefined {
    const nearest = nearestLanguage(language, languages)
    return nearest === undefined ? undefined : `google ${nearest}${this.host === defaultHost ? '' : ` ${this.host}`}`
  }

  /** Not asked for nothing: it turns away who asks too often. */
  async available(): Promise<true> {
    return true
  }

  async speak(text: string, { language, pace, signal }: Speaking): Promise<Samples> {
    const lang = nearestLanguage(language, languages)
    if (lang === undefined) throw new Error(`it does not speak "${language}"`)
    const { getAllAudioUrls } = await import('google-tts-api')
    const failed = new AbortController()
    const over = AbortSignal.any([signal, failed.signal])
    const one = async (part: TextPart): Promise<Int16Array[]> => {
      const [address] = getAllAudioUrls(part.text, { lang, slow: pace <= slowPace, host: this.host })
      if (!address) return []
      const file = await askServer(address.url, { signal: over }, mostBytes)
      const longest = mostSeconds(part.text, pace)
      const { samples } = await decodeFrom('the answer of the server', file, { longest, signal: over })
      return [faded(evened(samples)), silence(pauses[part.end])]
    }
    try {
      const stretches = (await Promise.all(inParts(toUSVString(text), longestPart).map(one))).flat()
      return { samples: joined(stretches.slice(0, -1), 0), rate: telephoneRate }
    } finally {
      // When one part fails, the others are of no use.
      failed.abort()
    }
  }
}

const silence = (ms: number): Int16Array => new Int16Array((ms * telephoneRate) / 1000)
