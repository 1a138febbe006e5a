/** Sound as numbers: one channel, 16 bit, `rate` samples a second. */
export type Samples = { samples: Int16Array; rate: number }

/**
 * A voice: turns text into sound. One file is one provider. What it gives is put on telephone level and trimmed
 * elsewhere, so a provider only speaks.
 */
export interface VoiceProvider {
  /** Part of every sound's id, as is the version: `[a-z0-9-]+`. */
  readonly name: string
  /** Changes when the same text would sound different. Asked once, after `available`. */
  version(): string | Promise<string>
  /** True, or why it cannot speak now and what to do about it, as one clause. Asked again after a while. */
  available(): Promise<true | string>
  /**
   * Speaks plain text. 8,000 samples a second. Nothing in the text is an order to the voice. Rejects when it cannot,
   * and when `signal` is aborted.
   * @param task.language RFC 5646 tag, `de`, `en-AU`; the nearest language is taken.
   */
  speak(text: string, task: { language: string; signal: AbortSignal }): Promise<Int16Array>
  /** Ends what it keeps running. */
  close?(): void
}

/** The nearest of a voice's languages: the tag itself, else without its last part, and so on. `de-AT` -> `de`. */
export function nearestLanguage(language: string, known: readonly string[]): string | undefined {
  for (let tag = language.toLowerCase(); tag; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const found = known.find((each) => each.toLowerCase() === tag)
    if (found) return found
  }
  return undefined
}
