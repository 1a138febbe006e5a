import type { Frame } from '../phone/media.ts'
import type { Playing } from '../phone/recogniser.ts'
import { AUDIBLE_DB } from '../phone/tones.ts'

/**
 * The longest time between `from` and `to` in which nothing was to be heard, in milliseconds. After a prompt that was
 * heard to its end it is the caller's turn for `turn` milliseconds, and that is no silence.
 */
export function longestSilence(frames: readonly Frame[], playings: readonly Playing[], from: number, to: number, turn: number): number {
  const ends = playings.filter(({ complete }) => complete).map(({ until }) => until)
  let longest = 0
  let last = from
  const until = (at: number): void => {
    const theirs = ends.some((end) => Math.abs(end - last) < 100) ? turn : 0
    longest = Math.max(longest, at - last - theirs)
  }
  for (const { at, loudness } of frames) {
    if (at < from || loudness < AUDIBLE_DB) continue
    if (at > to) break
    until(at)
    last = at
  }
  until(to)
  return longest
}
