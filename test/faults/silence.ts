import type { PhoneCall } from '../phone/call.ts'
import { AUDIBLE_DB } from '../phone/tones.ts'

/**
 * The longest time between `from` and `to` in which nothing was to be heard, in milliseconds. After a prompt that was
 * heard to its end it is the caller's turn for `turn` milliseconds, and that is no silence. `asks`: whether a prompt of
 * these names asks for anything. Default: each does.
 */
export function longestSilence(
  call: PhoneCall,
  within: { from: number; to: number; turn: number; asks?: (names: readonly string[]) => boolean },
): number {
  const { to, turn, asks = () => true } = within
  // Of long calls, the phone has the last minute or two.
  const from = Math.max(within.from, call.frames[0]?.at ?? 0)
  const ends = call.playings().filter(({ complete, names }) => complete && asks(names)).map(({ until }) => until)
  let longest = 0
  let last = from
  const until = (at: number): void => {
    const theirs = ends.some((end) => Math.abs(end - last) < 100) ? turn : 0
    longest = Math.max(longest, at - last - theirs)
  }
  for (const { at, loudness } of call.frames) {
    if (at < from || loudness < AUDIBLE_DB) continue
    if (at > to) break
    until(at)
    last = at
  }
  until(to)
  return longest
}
