import type { Asked, Left, LineEffect, Prompt } from './call/effects.ts'
import type { CallEvent, CallFacts, PromptEnd } from './call/events.ts'

/** A prompt made audible: a WAV file of 8 kHz, mono, 16 bit. */
export type Sound = {
  /** Content hash: the same prompt in the same voice has the same id. `[0-9a-f]{32}`. */
  id: string
  /** Absolute path of the WAV file. */
  file: string
  /** Length in milliseconds. */
  ms: number
}

/**
 * What is asked of a line; a `play` carries the sound when the line wants sounds. `fall-back`: the engine cannot go
 * on with this call; the line brings the caller to people without it, or says so and ends the call.
 */
export type Order =
  | Exclude<LineEffect, { type: 'play' }>
  | (Extract<LineEffect, { type: 'play' }> & { sound?: Sound })
  | { type: 'fall-back' }

/** A way on which calls come in: Asterisk, a browser, a terminal, a test. */
export interface Line {
  readonly name: string
  /**
   * Whether prompts are made audible for this line. `likes`: a prompt that cannot be made audible is shown as text.
   */
  readonly wantsSound: 'needs' | 'likes' | 'no'
  /**
   * Whether its calls are ours to act for. False when another engine may have them now, which the line is finding out:
   * what happens to them waits until `LineListener.drives`, or `Sessions.forsake`. Default: they are.
   */
  readonly drives?: boolean
  /** Begins to offer calls to the listener. A line that is not reachable now says so and goes on trying. */
  open(listener: LineListener): Promise<void>
  /** Orders for one call are carried out in the order given. Never throws: what fails comes back as an event. */
  order(callId: string, order: Order): void
  /**
   * Takes over a call that another process had, before the line is opened. `away`: where the caller was sent. What is
   * ordered for it waits until the line has found it; when it is gone, `caller-hung-up` comes as for any other.
   */
  adopt?(callId: string, away?: Extract<LineEffect, { type: 'queue' | 'transfer' | 'record' }>): void
  /** The call is at this step, in this language: there the line goes on with it when we are gone. */
  at?(callId: string, step: string, language: string): void
  /** Another engine follows: what this one has is left as it is. */
  forsake?(): void
  /** Takes no more calls and lets go of everything it holds open. */
  close(): Promise<void>
}

/** What a line tells the engine. */
export interface LineListener {
  callArrived(facts: CallFacts): void
  happened(callId: string, event: CallEvent): void
  /**
   * The caller has heard so many milliseconds of the prompt `id`. For the record alone: it may come after the next
   * order, and before the event that ends the call.
   */
  heard?(callId: string, heard: { id: number; ms: number; how: PromptEnd }): void
  /**
   * The caller hears nothing from then on, which may be to come, or until then, though nothing was ordered that would
   * tell: the way to the call was cut. By the steady clock.
   */
  silence?(callId: string, when: { from: number } | { until: number }): void
  /** The line drives its calls, after a time in which it did not: what has waited goes on. */
  drives?(): void
}

/**
 * Time, in milliseconds. The clock on the wall may be set, forwards and back: what is written down, shown or compared
 * with a time of day is told by it, and nothing else.
 */
export interface Clock {
  /** What the clock on the wall shows: milliseconds since 1970. */
  now(): number
  /** Goes forward alone, from any beginning: how long something takes, and when it is due in this process. */
  steady(): number
  /** Calls back once after `ms`; the function returned cancels it. */
  after(ms: number, run: () => void): () => void
}

/** Makes prompts audible. */
export interface Voice {
  /**
   * At once when the sound is there, else a promise of it. `within`: how long the caller waits for it at most, in
   * milliseconds; default and most: as long as anybody does. Rejects with a `voice-failed` error.
   */
  sound(prompt: Prompt, within?: number): Sound | Promise<Sound>
  /** These may be wanted soon: they are made when nothing else is to be done. */
  ahead?(prompts: Prompt[]): void
}

/** One finished call, as kept for the caller's next call. */
export type CallRecord = {
  id: string
  caller: string
  called: string
  hotline: string
  at: number
  endedAt?: number
  /**
   * The last `outcome` step; else `answered` (an agent talked with the caller), `transferred`, `gave-up` (the caller
   * hung up before that), `finished` (the flow hung up) or `failed`.
   */
  outcome: string
  /** The last step the call was in. */
  step: string
  language: string
}

/** What came of a request; `words` are for an admin and hold no address, value or credential. */
export type BackendAnswer = { how: 'ok'; data: unknown } | { how: 'failed'; words: string }

/** Servers that flows ask. */
export interface BackendPort {
  /** Never rejects, and ends at the request's timeout. `signal` fires when the caller is gone. */
  request(asked: Asked & { signal: AbortSignal }): Promise<BackendAnswer>
}

/** Something that a caller has left, with what is known of the call. `id` is the same however often it is handed over. */
export type LeftBehind = Left & { id: string; at: number; call: string; caller: string; hotline: string; language: string; step: string }

/** Takes what callers leave for people: messages, wishes to be called back, answers of a survey. */
export interface Inbox {
  /** Resolves when it is in safe hands; the caller is told so. */
  keep(left: LeftBehind): Promise<void>
}

/** What admins have turned on and off. */
export interface Switches {
  /** Whether a hotline's switch is on; undefined when nobody has turned it. */
  isOn(hotline: string, name: string): boolean | undefined
  /** Tells of every change of a hotline's switches; the function returned ends that. */
  watch(changed: (hotline: string) => void): () => void
}

/** What is remembered of calls. */
export interface History {
  /** Earlier calls from this number that are still remembered, newest first. A withheld number has none. */
  of(caller: string, now: number): CallRecord[]
  keep(record: CallRecord): void
}

/** One line of log: facts first, then words. Never throws. */
export interface Log {
  info(facts: object, words: string): void
  warn(facts: object, words: string): void
  error(facts: object, words: string): void
}
