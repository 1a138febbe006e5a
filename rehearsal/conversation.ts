import type { Left } from '../engine/call/effects.ts'
import type { Place } from '../engine/errors.ts'
import type { Request, Stub } from './stubs.ts'

/** A conversation as an author writes it: who calls when, and what they hear and do, in order. */
export type Conversation = {
  test: string
  /** When the call comes in, in milliseconds since 1970. Default: an hour at which most hotlines are open. */
  at: number
  /** The caller's number; empty when withheld. Default: `usualCaller`. */
  caller: string | undefined
  /** The number dialled. Default: the first of the hotline. */
  dials: string | undefined
  /** Earlier calls of this caller, the latest first. */
  before: Earlier[]
  /** The switches that are on. Default: those that the hotline starts with. */
  switches?: string[] | undefined
  /** What backends answer. */
  backends: Stub[]
  /** Whether what the caller leaves can be kept. Default: it can. */
  inbox?: 'failed' | undefined
  call: Turn[]
  /** Where the test stands in its file. */
  place(): Place
}

/** Who calls when a test does not say. */
export const usualCaller = '+61255501234'

/** An earlier call. `ago` in milliseconds. */
export type Earlier = { ago: number; outcome: string; language?: string | undefined; step?: string | undefined }

/** How a stay in a queue or a transfer ends without a talk, in the words of the ways on. */
export const endings = ['nobody-there', 'busy', 'no-answer', 'failed'] as const
export type Ending = (typeof endings)[number]

/** What a caller has left, as far as a test says it. */
export type LeftSaid = {
  kind: Left['kind']
  box?: string | undefined
  queue?: string | undefined
  number?: string | undefined
  score?: number | undefined
  to?: string | undefined
  text?: string | undefined
  tell?: Record<string, string> | undefined
}

/** One line of a conversation. */
export type Said =
  | { type: 'hears'; text: string }
  | { type: 'presses'; keys: string }
  /** Silence, counted from the end of what is being said. Milliseconds. */
  | { type: 'waits'; ms: number }
  /** The caller is put into a queue; `tell` is all that the agent sees. */
  | { type: 'queued'; queue: string; tell?: Record<string, string> | undefined }
  | { type: 'transferred'; to: string }
  /** A backend has been asked for this; of what was sent, `json` is compared as far as it goes. */
  | { type: 'asked'; request: Request; json?: unknown }
  /** The caller speaks after a tone, for so many milliseconds. */
  | { type: 'speaks'; ms: number }
  /** The caller has left something for people; what is not written may be anything. */
  | { type: 'left'; left: LeftSaid }
  /** The agent of the queue, or whoever was called by a transfer. */
  | { type: 'agent'; does: 'answers' | 'hangs-up' }
  | { type: Ending }
  | { type: 'hangs-up' }
  /** The call is over; with an outcome, with this one. */
  | { type: 'hung-up'; outcome?: string | undefined }
  /** The flow has noted this outcome; the call may go on. */
  | { type: 'outcome'; name: string }

export type Turn = Said & { place(): Place }

/** Who carries a conversation out: on the simulator in virtual time, or with a phone on a real Asterisk. */
export interface Caller {
  hears(text: string): Promise<void>
  presses(keys: string): Promise<void>
  waits(ms: number): Promise<void>
  queued(queue: string, tell: Record<string, string> | undefined): Promise<void>
  transferred(to: string): Promise<void>
  asked(request: Request, json: unknown): Promise<void>
  speaks(ms: number): Promise<void>
  left(left: LeftSaid): Promise<void>
  agent(does: 'answers' | 'hangs-up'): Promise<void>
  ends(how: Ending): Promise<void>
  hangsUp(): Promise<void>
  hungUp(outcome: string | undefined): Promise<void>
  outcome(name: string): Promise<void>
  /** After the last line: whoever is still there hangs up, and nothing must be left behind. */
  end(): Promise<void>
  /** The conversation so far, a line for each thing that happened. */
  transcript(): string[]
}

/** Where a conversation parted from what was written, why, and what had been said until then. */
export type Failure = { place: Place; reason: string; transcript: string[]; turn: Said | undefined }

/** Has a caller go through a conversation; answers where it parted, or nothing when it went as written. */
export async function converse(conversation: Conversation, caller: Caller): Promise<Failure | undefined> {
  let turn: Turn | undefined
  try {
    for (turn of conversation.call) await take(turn, caller)
    turn = undefined
    await caller.end()
    return undefined
  } catch (error) {
    const place = (turn ?? conversation.call.at(-1) ?? conversation).place()
    return { place, reason: (error as Error).message, transcript: caller.transcript(), turn }
  }
}

function take(turn: Said, caller: Caller): Promise<void> {
  switch (turn.type) {
    case 'hears':
      return caller.hears(turn.text)
    case 'presses':
      return caller.presses(turn.keys)
    case 'waits':
      return caller.waits(turn.ms)
    case 'queued':
      return caller.queued(turn.queue, turn.tell)
    case 'transferred':
      return caller.transferred(turn.to)
    case 'asked':
      return caller.asked(turn.request, turn.json)
    case 'speaks':
      return caller.speaks(turn.ms)
    case 'left':
      return caller.left(turn.left)
    case 'agent':
      return caller.agent(turn.does)
    case 'hangs-up':
      return caller.hangsUp()
    case 'hung-up':
      return caller.hungUp(turn.outcome)
    case 'outcome':
      return caller.outcome(turn.name)
    default:
      return caller.ends(turn.type)
  }
}

/** Text as it is compared: commas, capitals and white space do not count, nor whether digits stand one by one. */
export const plainWords = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(',', '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=\d) (?=\d)/g, '')
    .trim()

/** `14` minutes and `5` seconds: `14:05`. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** A time as it is written in YAML: `5s`, `800ms`, `20m`, `72h`. */
export function writtenTime(ms: number): string {
  const [unit, size] = (
    [
      ['h', 3_600_000],
      ['m', 60_000],
      ['s', 1000],
    ] as const
  ).find(([, one]) => ms > 0 && ms % one === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}
