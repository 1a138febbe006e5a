import { joined } from '../../sound/level.ts'

/** The pause at a comma, in milliseconds: more sounds as if the line were dead. */
const commaMs = 120
/** The pause between two sentences, in milliseconds. */
const stopMs = 270
/** What stays under this share of the loudest sample is silence: 40 dB. */
const silence = 0.01
/** How finely silence is looked for, in milliseconds. */
const grain = 5

/**
 * Speech whose pauses are made for the telephone: 270 ms where it was silent for `longFrom` milliseconds or more,
 * which are its full stops, and at most 120 ms anywhere else. Taken out and put in in the middle of the silence, so
 * that no sound is touched. What is before the first and after the last sound stays.
 */
export function withTelephonePauses(samples: Int16Array, rate: number, longFrom: number): Int16Array {
  const per = (ms: number) => Math.round((ms * rate) / 1000)
  const kept: Int16Array[] = []
  let from = 0
  for (const { start, end } of silences(samples, per(grain))) {
    const [length, isStop] = [end - start, end - start >= per(longFrom)]
    const wanted = isStop ? per(stopMs) : Math.min(length, per(commaMs))
    if (wanted === length) continue
    const half = Math.floor(Math.min(wanted, length) / 2)
    kept.push(samples.subarray(from, start + half), new Int16Array(Math.max(0, wanted - length)))
    from = end - (Math.min(wanted, length) - half)
  }
  return joined([...kept, samples.subarray(from)], 0)
}

/** Where it is silent between sounds, looked at in grains of so many samples. */
function silences(samples: Int16Array, grainLength: number): { start: number; end: number }[] {
  const peaks = Array.from({ length: Math.ceil(samples.length / grainLength) }, (_, n) => {
    const part = samples.subarray(n * grainLength, (n + 1) * grainLength)
    return part.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  })
  const limit = peaks.reduce((most, peak) => Math.max(most, peak), 0) * silence
  const found: { start: number; end: number }[] = []
  let sound = -1
  for (const [n, peak] of peaks.entries()) {
    if (peak <= limit) continue
    if (sound >= 0 && n > sound + 1) found.push({ start: (sound + 1) * grainLength, end: n * grainLength })
    sound = n
  }
  return found
}
