/** No text lasts longer at its own pace, in seconds; the longest that is given to a voice takes some 70. */
const longest = 300
/** Of the best sound that voices make: 48,000 samples a second, two channels, 16 bits. */
const bytesPerSecond = 192_000

/** The longest that a text can last, in seconds. Nobody needs a second for each letter, not even of a number. */
export const mostSeconds = (text: string, pace: number): number =>
  Math.min(longest, 10 + text.length) / Math.min(1, pace)

/** The most that such a sound can take in a file, in bytes, with what is said of it there: whole megabytes. */
export const mostBytes = (text: string, pace: number): number =>
  Math.ceil((mostSeconds(text, pace) * bytesPerSecond) / 1_000_000 + 0.5) * 1_000_000
