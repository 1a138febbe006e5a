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
  /** What becomes of a caller whom no engine looks after; one extension per hotline. */
  fallback: 'callwright-fallback',
} as const

/** Channel variables between engine and dialplan. */
export const VARIABLES = {
  /** The number dialled. */
  called: 'CALLWRIGHT_CALLED',
  hotline: 'CALLWRIGHT_HOTLINE',
  /** Longest wait in the queue in seconds; empty: no limit. */
  wait: 'CALLWRIGHT_WAIT',
  /** How long a transfer may ring, in seconds. */
  ring: 'CALLWRIGHT_RING',
  /** What the agent is told, as JSON. The agent's channel has it too. */
  told: 'CALLWRIGHT_TOLD',
  resumed: 'CALLWRIGHT_RESUMED',
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
