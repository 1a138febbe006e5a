import type { Samples } from './samples.ts'
import { inThread } from './thread.ts'

/** No prompt is nearly as long, in seconds; a small file that unpacks to hours is stopped here. */
const longestPrompt = 600

export type Decoding = {
  /** In seconds; what is longer is refused before it is read or unpacked whole. Default: ten minutes. */
  longest?: number
  signal?: AbortSignal | undefined
}

/**
 * The sound in a file, its channels mixed to one, 8,000 samples a second: WAV, MP3, FLAC, Ogg Vorbis or Ogg Opus. What
 * it is, is found in the bytes alone. Rejects with one clause that says what is wrong, `it is a web page, not a sound`:
 * when it is of another kind, damaged, empty, or longer than it may be; and when `signal` is aborted.
 */
export function decode(file: Buffer, { longest = longestPrompt, signal }: Decoding = {}): Promise<Samples> {
  return inThread({ file, longest, as: 'sound' }, signal)
}

/** The sound that somebody gave who is named in what is wrong: `the answer of the server is no use: it is empty`. */
export function decodeFrom(whose: string, file: Buffer, how: Required<Decoding>): Promise<Samples> {
  return decode(file, how).catch((error: unknown) => {
    // What to do about it is said to people who save files, not to servers.
    const [why] = (error instanceof Error ? error.message : String(error)).split('; ')
    throw new Error(`${whose} is no use: ${why}`, { cause: error })
  })
}
