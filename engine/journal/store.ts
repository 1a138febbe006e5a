import type { HeardPrompt } from '../call/heard.ts'
import type { LostSecret } from '../call/lost-secrets.ts'
import type { Pending } from '../call/pending.ts'
import type { CallFacts } from '../call/events.ts'
import type { Waits } from '../call/voice-waits.ts'
import type { CallRecord } from '../ports.ts'

/** A call as the journal has it: enough to go on with it in another process. */
export type StoredCall = {
  facts: CallFacts
  /** The name of the hotline. */
  hotline: string
  /** The flow on which the call began, by its hash. */
  flow: string
  /** Milliseconds since 1970. */
  startedAt: number
  /** When the row was written. Milliseconds since 1970. */
  at: number
  /** Set when the call is over. */
  endedAt?: number
  /** As in a `CallRecord`; empty while the call is going on. */
  outcome: string
  step: string
  language: string
  /** Where the machine is, and what it knows, without facts, earlier calls and secrets. */
  state: { value: unknown; context: object; /** Secret answers that were given and are not kept. */ lost: LostSecret[] }
  pending: Pending
  /** The longest time in which nothing was to be heard and no key was awaited. Milliseconds. */
  deadAir: number
  /** When that began; absent when there was none. Milliseconds since 1970. */
  silentFrom?: number
  /** Its waits for prompts that were not there yet; absent when there were none. */
  waits?: Waits
}

/** One event of a call and what it led to. `event` and `effects` are for people who look into what happened. */
export type Entry = {
  call: StoredCall
  /** When it happened. Milliseconds since 1970. Default: when the row was written. */
  at?: number
  event: object
  effects: object[]
  /** Written once, at the begin. */
  earlier?: CallRecord[]
  /** The prompts that have ended since the entry before. */
  heard?: HeardPrompt[]
}

/** The text of a flow, whole: its file, the files beside it, which recordings it has, and the settings it may read. */
export type FlowText = {
  hash: string
  name: string
  file: string
  texts: Record<string, string>
  /** As `Beside` has them. Default: none. */
  recordings?: readonly { language: string; name: string; file: string; hash: string }[]
  env: Record<string, string>
}

/** So many calls are erased at once, which takes some 10 ms where calls have 30 events. */
export const mostAtOnce = 50

/**
 * Keeps calls and flows, on the disk of this machine. Everything is synchronous and either kept or an error: a caller on
 * the phone waits meanwhile, and not for a network. A database that machines share would stand behind such a store: it
 * is sent what was written here, in order, by a process of its own, and read once, by an engine that takes over on
 * another machine, before that begins.
 */
export interface Store {
  /** Keeps all entries or, throwing, none. */
  write(entries: readonly Entry[]): void
  /** The calls that are not over, with the earlier calls of their callers. */
  live(): { call: StoredCall; earlier: CallRecord[] }[]
  /** Finished calls from this number that came in after `since`, newest first. */
  callsOf(caller: string, since: number): CallRecord[]
  /** `at`: when it was in use. Milliseconds since 1970. */
  keepFlow(flow: FlowText, at: number): void
  flow(hash: string): FlowText | undefined
  /**
   * Erases finished calls, those that came in before a time or those of a number, and answers how many; but
   * `mostAtOnce` at a time, for callers wait meanwhile: to be called again, later, until it answers 0. Then flows that
   * no call needs and that were not in use since that time go as well.
   */
  erase(what: { before: number } | { caller: string }): number
  close(): void
}
