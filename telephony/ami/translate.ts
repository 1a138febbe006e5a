import type { AmiMessage } from './message.ts'

/** What the dialplan says about why a call (again) waits for orders; see dialplan.ts. */
export type Arrival =
  | { why: 'entry'; called: string; caller: string }
  /** Control had ended by itself or was interrupted on purpose. */
  | { why: 'resumed' }
  /** `status`: Asterisk's QUEUESTATUS. */
  | { why: 'queue-left'; status: string }
  /** `status`: Asterisk's DIALSTATUS. */
  | { why: 'transfer-ended'; status: string }
  /** `status`: Asterisk's RECORD_STATUS. */
  | { why: 'recorded'; status: string }
  /** No call: a channel on which sounds are tried. */
  | { why: 'sounds' }

/** How an AGI command ended. `endpos`: samples heard. Undefined: not to be trusted, see `parseResult`. */
export type AgiResult = { code: number; result: number; endpos: number } | undefined

/** What a message of Asterisk means. `call` is the channel's Uniqueid. */
export type Heard =
  | { type: 'waits-for-orders'; call: string; channel: string; arrival: Arrival }
  /** A command has begun. No frame is read between this and the command, so a key heard later is heard by it. */
  | { type: 'command-began'; call: string; text: string }
  | { type: 'command-ended'; call: string; command: string; result: AgiResult }
  | { type: 'control-ended'; call: string }
  | { type: 'key-began'; call: string; key: string }
  | { type: 'key-ended'; call: string; key: string }
  | { type: 'agent-answered'; call: string; agent: string }
  | { type: 'hung-up'; call: string }

/** What an event means to us; undefined for the many that mean nothing. */
export function translate(event: AmiMessage): Heard | undefined {
  const call = event.uniqueid
  if (!call) return undefined
  switch (event.event?.toLowerCase()) {
    case 'asyncagistart': {
      const arrival = parseArrival(decoded(event.env ?? ''))
      return arrival && event.channel ? { type: 'waits-for-orders', call, channel: event.channel, arrival } : undefined
    }
    case 'agiexecstart':
      return { type: 'command-began', call, text: event.command ?? '' }
    case 'asyncagiexec':
      return { type: 'command-ended', call, command: event.commandid ?? '', result: parseResult(event.result ?? '') }
    case 'asyncagiend':
      return { type: 'control-ended', call }
    case 'dtmfbegin':
      return fromCaller(event) && event.digit ? { type: 'key-began', call, key: event.digit } : undefined
    case 'dtmfend':
      return fromCaller(event) && event.digit ? { type: 'key-ended', call, key: event.digit } : undefined
    case 'agentconnect':
      return { type: 'agent-answered', call, agent: event.membername || event.interface || '' }
    case 'hangup':
      return { type: 'hung-up', call }
    default:
      return undefined
  }
}

/** `Sent` is a tone towards the caller. */
function fromCaller(event: AmiMessage): boolean {
  return event.direction?.toLowerCase() === 'received'
}

/**
 * `200 result=49 endpos=12000`, URL-encoded. Undefined if it is anything else: results over 1,024 bytes are cut by
 * Asterisk and their rest is put before the next one.
 */
export function parseResult(encoded: string): AgiResult {
  const found = /^(\d{3}) (?:result=(-?\d+))?(?:.* endpos=(\d+))?/.exec(decoded(encoded))
  if (!found) return undefined
  const [, code, result, endpos] = found
  return { code: Number(code), result: Number(result ?? 0), endpos: Number(endpos ?? 0) }
}

function parseArrival(env: string): Arrival | undefined {
  const values = new Map<string, string>()
  for (const line of env.split('\n')) {
    const at = line.indexOf(': ')
    // The first counts: a value cannot add a second one behind it.
    if (at > 0 && !values.has(line.slice(0, at))) values.set(line.slice(0, at), line.slice(at + 2))
  }
  const [why, more = ''] = [values.get('agi_arg_1'), values.get('agi_arg_2')]
  switch (why) {
    case 'entry':
      return { why, called: more, caller: callerNumber(values.get('agi_callerid'), values.get('agi_callingpres')) }
    case 'resumed':
    case 'sounds':
      return { why }
    case 'queue-left':
    case 'transfer-ended':
    case 'recorded':
      return { why, status: more }
    default:
      return undefined
  }
}

/** Bits of the presentation that say "restricted" or "not available" (ITU-T Q.931 §4.5.10, shifted as in Asterisk). */
const PRESENTATION = 0x60

/** The number as the network gave it; empty when withheld or unknown. Presentation: `agi_callingpres`. */
export function callerNumber(number = '', presentation = '0'): string {
  if (Number(presentation) & PRESENTATION) return ''
  const trimmed = number.trim()
  return /^<?(unknown|anonymous|unavailable|restricted|private|withheld)?>?$/i.test(trimmed) ? '' : trimmed
}

/** A `%` that begins no code stays what it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
