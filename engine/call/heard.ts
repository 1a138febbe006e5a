import type { LineEffect } from './effects.ts'
import type { CallEvent, PromptEnd } from './events.ts'

/** What the caller heard of one prompt, as it is kept with the call: no words, no values. Times in milliseconds. */
export type HeardPrompt = {
  /** The id of the `play` effect. */
  play: number
  /** When it began. Milliseconds since 1970. */
  at: number
  step: string
  /** The language of the call. */
  language: string
  /** The names of its texts, in order; see `PromptPart.name`. */
  texts: string[]
  /** So much of it was heard. */
  ms: number
  /** So long is it; undefined when it had no sound. */
  of?: number
  how: PromptEnd
}

type Play = Pick<Extract<LineEffect, { type: 'play' }>, 'id' | 'prompt'>

/** What the caller hears of the prompts of a call, from the order to play each to the line's word of how it ended. */
export class HeardPrompts {
  private readonly open = new Map<number, Omit<HeardPrompt, 'ms' | 'how'> & { keyed: boolean }>()
  private over: HeardPrompt[] = []

  began({ id, prompt }: Play, about: Pick<HeardPrompt, 'at' | 'step' | 'language'> & { of: number | undefined }): void {
    const { at, step, language, of } = about
    const texts = [...new Set(prompt.flatMap(({ name }) => name ?? []))]
    this.open.set(id, { play: id, at, step, language, texts, ...(of === undefined ? {} : { of }), keyed: false })
  }

  /** After a key of the caller's, what is stopped is stopped for that. */
  happened(event: CallEvent): void {
    if (event.type === 'prompt-finished' && event.failed) this.ended({ id: event.id, ms: 0, how: 'failed' })
    if (event.type === 'key-pressed') for (const one of this.open.values()) one.keyed = true
  }

  ended({ id, ms, how }: { id: number; ms: number; how: PromptEnd }): void {
    const found = this.open.get(id)
    if (!found) return
    this.open.delete(id)
    const { keyed, ...prompt } = found
    const heard = Math.round(Math.max(0, Math.min(ms, prompt.of ?? ms)))
    this.over.push({ ...prompt, ms: heard, how: how === 'stopped' && keyed ? 'key' : how })
  }

  /** Those that have ended since this was asked for last, if any, for the journal's next entry. */
  take(): { heard?: HeardPrompt[] } {
    return this.over.length > 0 ? { heard: this.over.splice(0) } : {}
  }
}
