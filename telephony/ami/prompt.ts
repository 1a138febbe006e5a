import type { AgiResult } from './translate.ts'

/** Sound files have 8,000 samples a second. */
const SAMPLES_PER_MS = 8
/** A prompt that ends this much before its end has been stopped by something. Milliseconds. */
const TOO_EARLY = 60
/** So often a prompt goes on after it was cut by mistake; then it is left as it is. */
const MOST_RESUMES = 5

/** What to play. */
export type PromptOrder = {
  /** Of the `play` order. */
  id: number
  /** As Asterisk sees it, without ending. */
  path: string
  bargeIn: boolean
  /** Length in milliseconds, if known. */
  ms: number | undefined
}

/** A prompt ordered for a call, from the order to its end. */
export type Prompt = Readonly<PromptOrder> & {
  /** The AGI command as last sent. */
  text: string
  /** The CommandID it was last sent with. */
  command: string
  /** Asterisk has begun it. */
  began: boolean
  /** A key has been heard since it began. */
  keyHeard: boolean
  /** The engine wants to hear no more of it. */
  stopped: boolean
  /** When it was stopped Asterisk had heard the key, too, so that it ends without being told. */
  endsByItself: boolean
  /** Asterisk says that it did not play, or that the caller went. */
  failed: boolean
  /** When Asterisk began it. Milliseconds since 1970. */
  beganAt: number
  /** Samples heard, once Asterisk has said so. */
  endpos: number | undefined
  /** Samples heard before it was cut by mistake. */
  from: number
  resumes: number
  /** When its end is overdue. Milliseconds since 1970. */
  due: number
  /** Cancels the second look after a stop. */
  cancelCheck: (() => void) | undefined
}

export function newPrompt(order: PromptOrder): Prompt {
  return {
    ...order,
    text: '',
    command: '',
    began: false,
    keyHeard: false,
    stopped: false,
    endsByItself: false,
    failed: false,
    beganAt: 0,
    endpos: undefined,
    from: 0,
    resumes: 0,
    due: Infinity,
    cancelCheck: undefined,
  }
}

/**
 * Whether a prompt that nobody stopped was cut short all the same. Two ways are known: a `stop` that came too late
 * for the prompt before; and a key of less than 80 ms that Asterisk heard while no prompt was playing. It lengthens
 * such a key and lets it end a second time, without an event, in the prompt that answers it (`__ast_read` in
 * main/channel.c, DTMF emulation).
 */
export function cutByMistake(prompt: Prompt, { result, endpos }: NonNullable<AgiResult>): boolean {
  if (prompt.stopped || prompt.keyHeard || prompt.resumes >= MOST_RESUMES) return false
  return result > 0 || (prompt.ms !== undefined && endpos < (prompt.ms - TOO_EARLY) * SAMPLES_PER_MS)
}

/** How much of a prompt has been heard by now: as Asterisk said, else by the time since it began. Milliseconds. */
export function heardMs({ endpos, from, began, beganAt, ms = Infinity }: Prompt, now: number): number {
  return Math.min(ms, endpos === undefined ? from / SAMPLES_PER_MS + (began ? now - beganAt : 0) : endpos / SAMPLES_PER_MS)
}

/** How long the rest of a prompt takes. A prompt of unknown length may take ten minutes. Milliseconds. */
export function remaining(prompt: Prompt): number {
  return prompt.ms === undefined ? 600_000 : Math.max(0, prompt.ms - prompt.from / SAMPLES_PER_MS)
}
