import { readFileSync } from 'node:fs'
import { DateTime } from 'luxon'
import { parse } from 'yaml'
import { milliseconds } from '../../engine/duration.ts'

/** A conversation as an author writes it: what the caller hears and does, in order. */
export type Conversation = {
  test: string
  /** When the call comes in, on the clocks of the hotline's time zone: `Mo 2026-11-23 10:00`. Default: an open hour. */
  at?: string
  caller?: string
  /** What became of this caller's call before, if there was one. */
  before?: { ago: string; outcome: string }
  call: Turn[]
}

export type Turn =
  | { hears: string }
  | { presses: string | number }
  | { waits: string }
  /** Is put into a queue; `tell` is what the agent must see. */
  | { queued: string; tell?: Record<string, string> }
  | { agent: 'answers' | 'hangs-up' }
  | { 'hangs-up': null }
  /** The call ends with this outcome. */
  | { 'hung-up': string }

/** Who carries a conversation out: on the simulator in virtual time, or with a phone on Asterisk. */
export interface Caller {
  hears(text: string): Promise<void>
  presses(keys: string): Promise<void>
  /** Silence, counted from the end of what is being said. */
  waits(ms: number): Promise<void>
  queued(queue: string, tell: Record<string, string> | undefined): Promise<void>
  agent(does: 'answers' | 'hangs-up'): Promise<void>
  hangsUp(): Promise<void>
  hungUp(outcome: string): Promise<void>
  /** The conversation so far, for the message when it parts from what was written. */
  transcript(): string
}

/** The conversations in a file. */
export const readConversations = (file: string): Conversation[] => parse(readFileSync(file, 'utf8')) as Conversation[]

/** `Mo 2026-11-23 10:00` in a time zone, in milliseconds since 1970. */
export function timeOf(at: string | undefined, zone: string): number {
  const time = DateTime.fromISO((at ?? '2026-11-23 10:00').replace(/^[A-Za-z]{2} /, '').replace(' ', 'T'), { zone })
  if (!time.isValid) throw new Error(`"${at}" is no time; write Mo 2026-11-23 10:00`)
  return time.toMillis()
}

/** Has a caller go through a conversation; throws at the line where it parts, with all that was said before. */
export async function converse(conversation: Conversation, caller: Caller): Promise<void> {
  for (const [i, turn] of conversation.call.entries()) {
    try {
      await take(typeof turn === 'string' ? ({ [turn]: null } as unknown as Turn) : turn, caller)
    } catch (error) {
      throw new Error(`line ${i + 1}, ${JSON.stringify(turn)}: ${(error as Error).message}\n${caller.transcript()}`, { cause: error })
    }
  }
}

async function take(turn: Turn, caller: Caller): Promise<void> {
  if ('hears' in turn) return caller.hears(turn.hears)
  if ('presses' in turn) return caller.presses(String(turn.presses))
  if ('waits' in turn) return caller.waits(milliseconds(turn.waits)!)
  if ('queued' in turn) return caller.queued(turn.queued, turn.tell)
  if ('agent' in turn) return caller.agent(turn.agent)
  if ('hangs-up' in turn) return caller.hangsUp()
  if ('hung-up' in turn) return caller.hungUp(turn['hung-up'])
  throw new Error('nothing that a conversation knows')
}
