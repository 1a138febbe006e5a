import type { CallRecord } from '../ports.ts'
import type { CallFacts } from './events.ts'

/** Everything a running call knows; plain data, so that it can be kept and taken up again. */
export type CallContext = {
  facts: CallFacts
  /** Earlier calls of this caller, newest first. */
  earlier: CallRecord[]
  /** When the call came in. */
  startedAt: number
  /** The switches of the hotline that are on. */
  switches: readonly string[]
  language: string
  /** The step that the call is in, as its author has named it; empty before the first. */
  step: string
  /** Secret answers that are not known any more, since another process asked for them. */
  lost: readonly string[]
  /** Answers by name. */
  answers: Record<string, unknown>
  /** What agents should know, as the steps `note` have said it. */
  notes: string[]
  /** Keys pressed and not yet used, oldest first. */
  keys: string[]
  /** Digits of the entry that is being keyed. */
  digits: string
  /** The end key has closed the entry. */
  closed: boolean
  /** An end key until this time belongs to the entry before and is no key of the next step. */
  lateEnd: { key: string; until: number } | undefined
  /** What went wrong in the step that asks, and how often. */
  wrong: { last: 'silence' | 'mistake' | 'short' | undefined; silence: number; mistake: number; short: number }
  /** What the caller has recorded and nothing has been done with yet; `ms` of it. */
  recording: { name: string; ms: number } | undefined
  /** Id of the request under way or answered last, and the answer until it is taken. */
  request: number
  answer: { well: boolean; data: unknown } | undefined
  /** Id of the last effect that something comes back from. */
  effect: number
}

/** Keys kept for later steps. More than this is no caller in a hurry but a child at play. */
export const mostKeys = 40

/** Names this call and no other: Asterisk's id of a caller who is sent to a hotline a second time is the same. */
export const callKey = ({ id }: CallFacts, startedAt: number): string => `${id}:${startedAt.toString(36)}`
