/**
 * Until Asterisk takes a call back whose lease nobody renews, in seconds: three, within which everybody is to hear
 * something again, less what Asterisk needs to begin.
 */
export const LEASE = 2.8

/** The contexts that dialplan.ts writes and the line sends calls to. */
export const CONTEXTS = {
  /** Where the admin sends callers; one extension per number. */
  in: 'callwright-in',
  /** Where a call waits for the engine's orders; left by itself only at `T`, when nobody renewed the lease. */
  control: 'callwright-control',
  /** One extension per queue. */
  queue: 'callwright-queue',
  /** One extension per number, or beginning of numbers, that may be called. */
  transfer: 'callwright-transfer',
  /** Where a caller speaks after a tone. */
  record: 'callwright-record',
  /** Where the engine tries sounds, on channels that are no calls. */
  check: 'callwright-sounds',
  /** Where callers go on whom no engine looks after; one extension per hotline. */
  survival: 'callwright-survival',
  /** What becomes of a caller for whom nothing else can be done; one extension per hotline. */
  fallback: 'callwright-fallback',
} as const

/** The one extension of the context in which callers speak. */
export const RECORD_EXTENSION = 'record'

/** The two ends of a channel on which sounds are tried. */
export const CHECK_EXTENSIONS = { listen: 'listen', play: 'play' } as const

/** Channel variables between engine and dialplan. */
export const VARIABLES = {
  /** The number dialled. */
  called: 'CALLWRIGHT_CALLED',
  hotline: 'CALLWRIGHT_HOTLINE',
  /** The step at which the caller is, as `stepExtension` names it; empty: at none yet. */
  step: 'CALLWRIGHT_STEP',
  /** The language of the call, its RFC 5646 tag; empty: the first of the hotline. */
  language: 'CALLWRIGHT_LANGUAGE',
  /** Longest wait in the queue in seconds; empty: no limit. */
  wait: 'CALLWRIGHT_WAIT',
  /** How long a transfer may ring, in seconds. */
  ring: 'CALLWRIGHT_RING',
  /** What the agent is told, as JSON. The agent's channel has it too. */
  told: 'CALLWRIGHT_TOLD',
  resumed: 'CALLWRIGHT_RESUMED',
  /** Global: which engine drives the calls, other with each second that it does; see driver.ts. */
  driver: 'CALLWRIGHT_DRIVER',
  /** Global: `x` and what stood in `driver` when a caller last got no orders. */
  absent: 'CALLWRIGHT_ABSENT',
  /** Whether a new call need not wait for the engine, `0` or `1`. */
  gone: 'CALLWRIGHT_GONE',
  /** The file to record to, with its ending. */
  record: 'CALLWRIGHT_RECORD',
  /** The silence that ends a recording, in seconds. */
  silence: 'CALLWRIGHT_SILENCE',
  /** The longest time for speaking, in seconds. */
  longest: 'CALLWRIGHT_LONGEST',
  /** Options of Asterisk's `Record`. */
  recordOptions: 'CALLWRIGHT_RECORD_OPTIONS',
} as const

/** What may be the name of an extension in one of our contexts. */
export const EXTENSION = /^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/

/** What may be called: digits, perhaps a `+` before. */
export const PHONE_NUMBER = /^\+?[0-9]{1,20}$/

/** Whether the admin allows a number: `allow` holds whole numbers and, ending in `*`, beginnings of numbers. */
export function transferAllowed(number: string, allow: readonly string[]): boolean {
  if (!PHONE_NUMBER.test(number)) return false
  return allow.some((entry) => (entry.endsWith('*') ? number.startsWith(entry.slice(0, -1)) : number === entry))
}
