/** What is known of a call when it arrives. */
export type CallFacts = {
  /** Unique for ever; on Asterisk the Uniqueid of the channel. */
  id: string
  /** The line it came in on: `asterisk`, `browser`, `terminal`, `test`. */
  line: string
  /** The number that was dialled. */
  called: string
  /** The caller's number as the network gave it; empty when withheld. */
  caller: string
}

/** How a stay in a queue ended. `answered`: an agent talked with the caller and has hung up. */
export type QueueEnd = 'answered' | 'timed-out' | 'nobody-there' | 'failed'

/** How a transfer ended. `answered`: the other side talked with the caller and has hung up. */
export type TransferEnd = 'answered' | 'busy' | 'no-answer' | 'failed'

/** How a recording ended. `recorded`: by its end key, by silence after words, or at its longest. */
export type RecordEnd = 'recorded' | 'nothing-said' | 'failed'

/**
 * How a prompt ended for the caller: they heard it to its end, pressed a key, hung up, it was `stopped` for another
 * reason, or it could not be played.
 */
export type PromptEnd = 'end' | 'key' | 'hang-up' | 'stopped' | 'failed'

/** What can happen to a call. Facts in the past tense, in the order they happened. */
export type CallEvent =
  | { type: 'key-pressed'; key: string }
  /** `id` is that of the `play` effect. `failed`: it could not be played, so the caller has heard nothing. */
  | { type: 'prompt-finished'; id: number; failed?: boolean }
  | { type: 'timer-fired'; timer: string }
  /** An agent is on the line; `agent` is the queue member's name. */
  | { type: 'agent-answered'; id: number; agent: string }
  | { type: 'queue-left'; id: number; how: QueueEnd }
  | { type: 'transfer-ended'; id: number; how: TransferEnd }
  /** A backend has answered, or `failed` to. `id` is that of the `request` effect. */
  | { type: 'request-answered'; id: number; how: 'ok' | 'failed'; data?: unknown }
  /** The caller has spoken for `ms` milliseconds, or not a word. */
  | { type: 'recorded'; id: number; how: RecordEnd; ms: number }
  /** What the caller has left is in safe hands, or could not be kept. `id` is that of the `deliver` effect. */
  | { type: 'delivered'; id: number; how: 'ok' | 'failed' }
  /** An admin has turned a switch of the hotline; `switches` are those that are on now. */
  | { type: 'switched'; switches: readonly string[] }
  /** `recorded`: the milliseconds spoken, if the caller was leaving a message just then. */
  | { type: 'caller-hung-up'; recorded?: number }
  /** The line has taken the call from us, to its fallback; the caller is still there. */
  | { type: 'line-lost' }
