import type { Samples } from '../sound/samples.ts'

/** One text to be spoken. `language`: RFC 5646 tag, `de`, `en-AU`. `pace`: 1 is the voice's own, 0.9 a tenth slower. */
export type Speaking = { language: string; pace: number; signal: AbortSignal }

/**
 * A voice: turns text into sound. One file is one kind. What it gives is resampled, put on telephone level and trimmed
 * elsewhere, so a provider only speaks.
 */
export interface VoiceProvider {
  /** As the admin calls it, `[a-z][a-z0-9-]*`. */
  readonly name: string
  readonly limits: VoiceLimits
  /**
   * Everything beside text, language and pace that makes the sound what it is: kind, model, speaker, version. Known
   * without asking a server, so that what was spoken once is found while the server is down. Undefined when the voice
   * does not speak the language; rejects when it cannot tell now, and what it has told last holds until it can.
   */
  identity(language: string): string | undefined | Promise<string | undefined>
  /** True, or why it cannot speak now and what to do about it, as one clause. Asked again after a while. */
  available(): Promise<true | string>
  /**
   * Speaks plain text of up to some 1,000 characters (`longestText` in reading.ts), in several goes if need be. Nothing in it
   * is an order to the voice. Rejects when it cannot, and when `signal` is aborted.
   */
  speak(text: string, task: Speaking): Promise<Samples>
  /** Ends what it keeps running. */
  close?(): void
}

/** What a voice can do, and what it takes. */
export type VoiceLimits = {
  /** How many texts it speaks at the same time. */
  atOnce: number
  /** How long one text may take, in milliseconds, before the next voice is asked. */
  ms: number
  /** A sentence is there within some ten milliseconds: values are spoken within their sentence, not put into it. */
  quick: boolean
  /** `free`: it costs nothing but work; `paid`: each character is paid for. */
  price: 'free' | 'paid'
}

/** The nearest of a voice's languages: the tag itself, else without its last part, and so on. `de-AT` -> `de`. */
export function nearestLanguage(language: string, known: readonly string[]): string | undefined {
  for (let tag = language.toLowerCase(); tag; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const found = known.find((each) => each.toLowerCase() === tag)
    if (found) return found
  }
  return undefined
}
