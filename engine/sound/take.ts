import { faded } from './fade.ts'
import { evened, framePowers } from './level.ts'
import { forTelephone, telephoneRate } from './resample.ts'
import { msOf } from './wav.ts'

/** A recording made ready for the telephone, and how it was before. */
export type Take = {
  /** As Asterisk plays it: trimmed, as loud as the voices, 8,000 samples a second. */
  samples: Int16Array
  /** Of these, in milliseconds. */
  ms: number
  /** How loud it was spoken, in dB under full scale: -20. */
  level: number
  /** How far the noise of the room is under the voice, in dB; undefined when no pause is long enough to tell. */
  noise: number | undefined
  /** In how many places the sound was too loud for the file, and cut off. */
  clipped: number
}

/** What is quieter than this everywhere, in dB under full scale, is an empty recording. */
const audible = -60
/** Kept before and after what is spoken, in milliseconds: breath, and consonants that end softly. */
const [lead, tail] = [100, 200]
/** A click of the mouse is shorter than this many stretches of 10 ms, and no word is. */
const shortestWord = 5

/**
 * The sound of a microphone made ready. What lies under the telephone's band (hum, steps, wind) is taken out, silence
 * and clicks before and after the words are cut off. Throws one clause that says what is wrong with it.
 */
export function take(samples: Int16Array, rate: number): Take {
  if (rate < 8000 || rate > 192_000) throw new Error(`it has ${rate} samples a second; save it with 44,100`)
  const whole = highPassed(forTelephone(samples, rate))
  const powers = framePowers(whole)
  const found = spokenIn(powers)
  if (!found) throw new Error('nothing is to be heard in it; record it anew')
  const [from, to] = [Math.max(0, at(found.from) - at(lead / 10)), at(found.to) + at(tail / 10)]
  const ready = faded(evened(whole.subarray(from, to)))
  const level = decibels(mean(powers.slice(found.from, found.to).filter((power) => power > found.over)))
  const around = [...powers.slice(0, Math.floor(from / at(1))), ...powers.slice(Math.ceil(to / at(1)))]
  const noise = around.length < 20 ? undefined : level - decibels(middle(around))
  return { samples: ready, ms: msOf(ready.length), level, noise, clipped: clippedPlaces(samples) }
}

/** The stretches of 10 ms between which something is spoken, and the power `over` which a stretch counts as such. */
function spokenIn(powers: number[]): { from: number; to: number; over: number } | undefined {
  const loudest = powers.reduce((most, power) => Math.max(most, power), 0)
  if (decibels(loudest) < audible) return undefined
  const quiet = powers.toSorted((a, b) => a - b)[Math.floor(powers.length / 10)] ?? 0
  // 10 dB over the noise; where all is as loud as all else, music perhaps, nothing is noise.
  const over = Math.min(Math.max(loudest * 1e-4, quiet * 10), loudest * 0.06)
  const isWord = (n: number): boolean => powers.slice(n, n + shortestWord).every((power) => power > over)
  const last = powers.length - shortestWord
  const starts = powers.flatMap((_, n) => (n <= last && isWord(n) ? [n] : []))
  return starts.length === 0 ? undefined : { from: starts[0]!, to: starts.at(-1)! + shortestWord, over }
}

/**
 * How often the sound stays at its utmost for three samples or more: the tops of waves are cut off there. The utmost
 * of a whole wave is a single sample or two. What is 20 dB under full scale was not cut off by a microphone.
 */
function clippedPlaces(samples: Int16Array): number {
  let [most, least, places, run] = [3000, -3000, 0, 0]
  for (const sample of samples) {
    if (sample > most) most = sample
    else if (sample < least) least = sample
  }
  for (const sample of samples) {
    run = sample >= most - 1 || sample <= least + 1 ? run + 1 : 0
    if (run === 3) places++
  }
  return places
}

/** Without what is under 120 Hz: a Butterworth filter of fourth order. Source: Bristow-Johnson, Audio EQ Cookbook. */
function highPassed(samples: Int16Array): Int16Array {
  const angle = (2 * Math.PI * 120) / telephoneRate
  let signal = Float64Array.from(samples)
  for (const q of [0.5412, 1.3066]) {
    const alpha = Math.sin(angle) / (2 * q)
    const [scale, cos] = [1 + alpha, Math.cos(angle)]
    const [b, a1, a2] = [(1 + cos) / 2 / scale, (-2 * cos) / scale, (1 - alpha) / scale]
    let [x1, x2, y1, y2] = [signal[0] ?? 0, signal[0] ?? 0, 0, 0]
    signal = signal.map((x) => {
      const y = b * (x - 2 * x1 + x2) - a1 * y1 - a2 * y2
      ;[x2, x1, y2, y1] = [x1, x, y1, y]
      return y
    })
  }
  return Int16Array.from(signal, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))))
}

/** The sample at which a stretch of 10 ms begins. */
const at = (frame: number): number => (frame * telephoneRate) / 100
const mean = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length
const middle = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
/** Power as dB under full scale. */
const decibels = (power: number): number => 10 * Math.log10(power / 32_768 ** 2 + 1e-12)
