import { telephoneRate } from './resample.ts'

const perMs = telephoneRate / 1000
/** Where a sound is put to another, in milliseconds. */
const seamMs = 4
/** Where speech itself leaps out of stillness or into it: so short that a consonant stays one. Milliseconds. */
const leapMs = 1.5
/** How far stillness reaches beside a leap, in milliseconds, and how still it is: the mean power of samples of 16 bit. */
const stillMs = 4
const still = 120 ** 2
/** A step between two samples that is heard as a click when it comes out of stillness. */
const leap = 1500

/** Comes and goes within so many milliseconds, so that nothing clicks where it is put to something else. */
export function faded(samples: Int16Array, ms = seamMs): Int16Array {
  const length = Math.min(ms * perMs, samples.length / 2)
  const out = samples.slice()
  for (let n = 0; n < length; n++)
    for (const at of [n, samples.length - 1 - n]) out[at] = Math.round((samples[at]! * n) / length)
  return out
}

/** Without clicks within: where a voice cuts a sound off hard beside a pause, that goes a little more softly. */
export function softened(samples: Int16Array): Int16Array {
  const soft = samples.slice()
  const around = stillMs * perMs
  const isStill = (from: number): boolean => {
    const [first, end] = [Math.max(0, from), Math.min(samples.length, from + around)]
    const most = still * Math.max(0, end - first)
    let sum = 0
    for (let n = first; n < end && sum <= most; n++) sum += samples[n]! * samples[n]!
    return sum <= most
  }
  for (let i = 1; i < samples.length; i++) {
    if (Math.abs(samples[i]! - samples[i - 1]!) < leap) continue
    if (isStill(i - around)) ramp(soft, i, 1)
    else if (isStill(i)) ramp(soft, i - 1, -1)
  }
  return soft
}

/** Makes what begins at `from` grow from nothing; with -1 what ends there, backwards. */
function ramp(samples: Int16Array, from: number, step: 1 | -1): void {
  const length = leapMs * perMs
  for (let n = 0; n < length; n++) {
    const at = from + n * step
    if (samples[at] !== undefined) samples[at] = Math.round((samples[at] * (n + 0.5)) / length)
  }
}
