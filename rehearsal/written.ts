import { stringify } from 'yaml'
import { writtenTime, type Said } from './conversation.ts'

/** A line of a conversation as it is written in YAML, on one line. */
export function written(turn: Said): string {
  switch (turn.type) {
    case 'hears':
      return `hears: ${scalar(turn.text)}`
    case 'presses':
      return `presses: ${keys(turn.keys)}`
    case 'waits':
      return `waits: ${writtenTime(turn.ms)}`
    case 'queued':
      return `queued: ${scalar(turn.queue)}`
    case 'transferred':
      return `transferred: ${scalar(turn.to)}`
    case 'agent':
      return `agent: ${turn.does}`
    case 'hung-up':
      return turn.outcome === undefined ? 'hung-up' : `hung-up: ${scalar(turn.outcome)}`
    case 'outcome':
      return `outcome: ${scalar(turn.name)}`
    default:
      return turn.type
  }
}

/** What an agent sees, as it is written: `{ matter: new booking, postcode: "2600" }`. */
export const writtenTell = (tell: Record<string, string>): string =>
  Object.keys(tell).length === 0
    ? '{}'
    : `{ ${Object.entries(tell)
        .map(([name, value]) => `${name}: ${inBraces(value)}`)
        .join(', ')} }`

/** A text, in quotes where YAML needs them. */
export const scalar = (text: string): string =>
  stringify(text, { lineWidth: 0, defaultStringType: 'PLAIN', blockQuote: false }).trimEnd()

const inBraces = (text: string): string =>
  /^[A-Za-z][\w .-]*$/.test(text) && scalar(text) === text ? text : JSON.stringify(text)

/** Digits need no quotes: numbers are read as written. */
const keys = (keys: string): string => (/^\d+$/.test(keys) ? keys : JSON.stringify(keys))
