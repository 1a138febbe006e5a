import type { Left, Prompt, Told } from './effects.ts'
import type { CallFacts } from './events.ts'
import type { Waits } from './voice-waits.ts'

/**
 * What a bystander is told of a call, as it happens: for logs, pages and the call's record.
 * Keys of secret answers arrive as `•`.
 */
export type CallNote = { call: string; at: number } & (
  | { type: 'arrived'; facts: CallFacts; hotline: string }
  /** The call came to a step; `step` is its name in the flow, `kind` its kind. */
  | { type: 'step'; step: string; kind: string }
  /** The call left a step by one of its ways: `next`, `key 1`, `otherwise`. */
  | { type: 'way'; step: string; way: string }
  | { type: 'prompt'; prompt: Prompt; ms?: number }
  | { type: 'key'; key: string }
  | { type: 'queued'; queue: string; tell: Told }
  | { type: 'agent'; agent: string }
  | { type: 'transferred'; to: string }
  /** A backend is asked; `backend` is its name. */
  | { type: 'request'; backend: string }
  /** It has answered, or failed to, after `ms` milliseconds. */
  | { type: 'request-answered'; backend: string; how: 'ok' | 'failed'; ms: number }
  /** The caller speaks after a tone; `recording` is the name under which it is kept. */
  | { type: 'recording'; recording: string }
  /** The caller hears what they have recorded. */
  | { type: 'replay'; recording: string }
  /** The caller has left something for people. */
  | { type: 'left'; left: Left }
  | { type: 'outcome'; name: string }
  /** A step `note`: what an agent should know. */
  | { type: 'note'; text: string }
  /** Something failed and the call went on by another way; `words` are for an admin. */
  | { type: 'trouble'; words: string }
  /** Another engine process goes on with the call. `unledFor`: nobody led it for so long. Milliseconds. */
  | { type: 'resumed'; step: string; unledFor: number }
  /**
   * `by`: who ended the call. `deadAir`: the longest time without anything to hear. Milliseconds. `waits`: for prompts
   * that were not there yet, when there were any.
   */
  | { type: 'ended'; by: 'caller' | 'flow' | 'line'; outcome: string; deadAir: number; waits?: Waits }
)

/** A note without what every note has. */
export type NoteWords = CallNote extends infer N ? (N extends CallNote ? Omit<N, 'call' | 'at'> : never) : never
