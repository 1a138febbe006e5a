import { spokenMs } from '../saying/length.ts'
import type { Take } from './take.ts'
import { inThread } from './thread.ts'

export type { Take }

/** No prompt is as long, in seconds. */
const longest = 300

/** Reads a recording, WAV, MP3, FLAC or Ogg. Rejects with one clause that says what is wrong with it. */
export function takeOf(file: Buffer, signal?: AbortSignal): Promise<Take> {
  return inThread({ file, longest, as: 'take' }, signal)
}

/** Something to be mended in a recording that can be played all the same: what, how much, and what to do. */
export type Flaw = { is: string; figure: string; todo: string }

/** What a listener would complain of. `text`: what the recording is to say. */
export function flawsOf({ ms, level, noise = Infinity, clipped }: Take, text: string, language: string): Flaw[] {
  const expected = spokenMs([{ text, language }])
  const length = `${seconds(ms)}, its text takes about ${seconds(expected)}`
  const see = 'see that it is the right recording'
  const flaws: [isSo: boolean, is: string, figure: string, todo: string][] = [
    [level < -45, 'too quiet', `${level.toFixed(0)} dB, -20 dB is good`, 'go nearer to the microphone, or turn it up'],
    [clipped >= 5, 'clipped', `in ${clipped} places`, 'turn the microphone down and record it anew'],
    [noise < 25, 'noisy', `${noise.toFixed(0)} dB under the voice, 40 dB is good`, 'record it in a quiet room'],
    [ms > 2.5 * expected + 1500, 'too long', length, `${see}, and cut it`],
    [ms < 0.35 * expected - 200, 'too short', length, `${see}, and whole`],
  ]
  return flaws.flatMap(([isSo, is, figure, todo]) => (isSo ? [{ is, figure, todo }] : []))
}

/** "too quiet (-59 dB, -20 dB is good); go nearer to the microphone, or turn it up" */
export const flawInWords = ({ is, figure, todo }: Flaw): string => `${is} (${figure}); ${todo}`

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
