import type { CallNote } from '../engine/call/notes.ts'
import type { InboxEntry, LeftKind } from '../engine/inbox.ts'
import type { SwitchState } from '../engine/kept-switches.ts'
import type { Clock, Log } from '../engine/ports.ts'
import type { Perceived, SimulatedCall } from '../telephony/simulator.ts'
import type { Probed } from './probes.ts'

/** What the console needs of the rest of Callwright. */
export type ConsoleDeps = {
  /** Dials on the line in memory; `perceive` may be called before this returns. */
  dial(called: string, perceive: (what: Perceived) => void): DialledCall
  /** Tells the listener of every call on every line; the function returned ends that. */
  watch(listener: (note: CallNote) => void): () => void
  hotlines(): HotlineState[]
  /** Turns a switch of a hotline; with `ms` for so long. Throws when that cannot be kept. */
  turn(hotline: string, name: string, how: { on: boolean; ms?: number | undefined }): void
  asterisk(): AsteriskState
  /** Absolute path of the WAV file with this sound id; undefined when there is none. */
  soundFile(id: string): string | undefined
  /** What callers have left of these kinds, oldest first. */
  left(kinds: readonly LeftKind[]): InboxEntry[]
  /** The WAV file of what a caller has recorded, by its name; undefined when it is not there. */
  recordingFile(recording: string): string | undefined
  clock: Clock
  log: Log
  /** How the engine does. */
  probed?: Probed
  /** A token with which metrics may be read from elsewhere. */
  metricsToken?: string
  /** With it Asterisk fetches prompts. Default: it cannot. */
  promptsToken?: string
  /** When given, every request but those for the page itself must prove that it knows this. */
  token?: string
  /** Names, besides those of this machine's loopback, under which browsers may reach the console: `ivr.example.org`. */
  hosts?: string[]
  /** How long a call waits for a browser that has gone away before it is hung up. Milliseconds. Default 8 s. */
  awayMs?: number
  /** When it fires: browser calls are hung up, streams and timers end, and no call begins any more. */
  until?: AbortSignal
}

/** What a browser can do with its call. */
export type DialledCall = Pick<
  SimulatedCall,
  'facts' | 'press' | 'speak' | 'hangUp' | 'agentAnswers' | 'leaveQueue' | 'endTransfer'
>

/** A hotline as the page shows it. */
export type HotlineState = {
  /** The name of its folder. */
  name: string
  title: string
  numbers: string[]
  languages: string[]
  switches: SwitchState[]
  /** Whether it answers now. One with mistakes may: its last good version goes on. */
  live: boolean
  /** The mistakes in its newest version, in plain words, in file order. */
  mistakes: string[]
}

/** The connection to Asterisk. `words` say it to an admin, and what to do when it is not up. */
export type AsteriskState = { state: 'off' | 'connecting' | 'up' | 'refused' | 'down'; words: string }
