import type { Perceived } from '../telephony/simulator.ts'
import { writtenTime, type Ending } from './conversation.ts'

/** Where a call of a test is. `untilNext`: milliseconds until something happens by itself. */
type Standing = {
  over: boolean
  talking: boolean
  away: Extract<Perceived, { type: 'queued' | 'transferred' }> | undefined
  recording: boolean
  untilNext: number | undefined
}

/** How things stand, for the reason why a line of a test does not fit. */
export function standing({ over, talking, away, recording, untilNext }: Standing): string {
  if (over) return 'the call is over'
  if (talking) return 'the caller talks with an agent'
  if (away) return away.type === 'queued' ? `the caller waits in the queue ${away.queue}` : `it rings at ${away.to}`
  if (recording) return 'what the caller says is recorded'
  return untilNext === undefined
    ? 'nothing more happens'
    : `nothing more is said until a key is pressed or ${writtenTime(untilNext)} pass`
}

/** Why a stay with people does not end so; undefined when it can. */
export function wrongEnd(away: 'queued' | 'transferred', how: Ending): string | undefined {
  const [what, fits] =
    away === 'queued' ? ['queue', ['nobody-there', 'failed']] : ['transfer', ['busy', 'no-answer', 'failed']]
  return fits.includes(how) ? undefined : `a ${what} does not end with ${how}; it can be ${fits.join(', ')}`
}
