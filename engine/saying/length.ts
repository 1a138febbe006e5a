import type { Prompt } from '../call/effects.ts'

/** Silence between two parts of a prompt, in milliseconds. */
export const pauseMs = 200

/** 150 words a minute. */
const wordMs = 400
/** Nothing said is shorter, in milliseconds. */
const leastMs = 500

/**
 * About how long a person or a voice needs to say a prompt, in milliseconds, at 150 words a minute. A digit counts
 * as a word, a very long word as several, so that German compounds and booking numbers are not underestimated.
 */
export function spokenMs(prompt: Prompt): number {
  const words = prompt.reduce((sum, part) => sum + wordsIn(part.text), 0)
  const pauses = Math.max(0, prompt.length - 1) * pauseMs
  return Math.max(leastMs, words * wordMs) + pauses
}

function wordsIn(text: string): number {
  let count = 0
  for (const [run] of text.matchAll(/\d+|\p{L}[\p{L}\p{M}'’]*/gu)) {
    count += /\d/.test(run) ? run.length : Math.max(1, Math.round(run.length / 8))
  }
  return count
}
