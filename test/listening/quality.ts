import { SAMPLE_RATE } from '../phone/wav.ts'

/** Ten milliseconds. */
const FRAME = SAMPLE_RATE / 100
/** Quieter than the loudest 10 ms by so much, in dB: nothing is said. */
const SILENT = -40
/** A step between two samples, of 32,768, that is heard as a click when it comes out of stillness. */
const STEP = 2500
/** Stillness, in dB under full scale. */
const STILL = -55

/** How loud what is spoken is, in dB under full scale, pauses left out. */
export function levelOf(samples: Int16Array): number {
  const spoken = powers(samples)
  const floor = Math.max(...spoken) * 10 ** (SILENT / 10)
  const loud = spoken.filter((power) => power > floor)
  return db(loud.reduce((sum, power) => sum + power, 0) / loud.length)
}

/** The silences within what is spoken, in milliseconds; not those before and after it. */
export function silences(samples: Int16Array): { at: number; ms: number }[] {
  const all = powers(samples)
  const floor = Math.max(...all) * 10 ** (SILENT / 10)
  const found: { at: number; ms: number }[] = []
  let from: number | undefined
  const last = all.findLastIndex((power) => power > floor)
  for (let i = all.findIndex((power) => power > floor); i <= last; i++) {
    if (all[i]! <= floor) from ??= i
    else if (from !== undefined) {
      found.push({ at: from * 10, ms: (i - from) * 10 })
      from = undefined
    }
  }
  return found
}

/**
 * Where it clicks, in milliseconds: where the sound jumps out of stillness or into it, as where two files are put
 * together badly or one is cut off. Of speech itself even a "k" rises in smaller steps.
 */
export function clicks(samples: Int16Array): number[] {
  const around = SAMPLE_RATE / 250
  const found: number[] = []
  for (let i = 1; i < samples.length; i++) {
    if (Math.abs(samples[i]! - samples[i - 1]!) < STEP) continue
    const [before, after] = [samples.subarray(Math.max(0, i - around), i), samples.subarray(i, i + around)]
    if (Math.min(db(power(before)), db(power(after))) < STILL) found.push(Math.round((i * 1000) / SAMPLE_RATE))
  }
  return found
}

const powers = (samples: Int16Array): number[] =>
  Array.from({ length: Math.floor(samples.length / FRAME) }, (_, i) => power(samples.subarray(i * FRAME, (i + 1) * FRAME)))

const power = (samples: Int16Array): number =>
  samples.length === 0 ? 0 : samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length

const db = (power: number): number => (power === 0 ? -Infinity : 10 * Math.log10(power / 32768 ** 2))
