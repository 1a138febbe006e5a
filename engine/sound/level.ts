import { telephoneRate } from './resample.ts'

/** Loudness of speech, in dB under full scale: what Asterisk's own prompts have. */
const speechLevel = -20
/** The loudest sample, in dB under full scale. */
const peakLevel = -3
/** From here on what is loud is held back, in dB under full scale. */
const softLevel = -4
/** What is this far under the loudest stretch, in dB, is silence. */
const silenceBelow = -40
/** Silence left at both ends, in milliseconds: no click, and no wait after a key. */
const keptMs = 30

const frame = telephoneRate / 100 // 10 ms

/**
 * Speech without the silence before and after it (but for 30 ms), at -20 dBFS measured over what is spoken, never
 * over -3 dBFS. At 8,000 samples a second. Silence alone becomes nothing. A pop of the microphone, of 10 ms, counts for
 * nothing: it does not make the words beside it softer, but is made softer itself.
 */
export function evened(samples: Int16Array): Int16Array {
  const powers = framePowers(samples)
  const floor = nearlyLoudest(powers) * ratio(silenceBelow) ** 2
  const spoken = powers.filter((power) => power > floor)
  if (spoken.length === 0) return new Int16Array(0)
  const first = powers.findIndex((power) => power > floor) * frame
  const last = (powers.findLastIndex((power) => power > floor) + 1) * frame
  const kept = (keptMs * telephoneRate) / 1000
  const trimmed = samples.subarray(Math.max(0, first - kept), Math.min(samples.length, last + kept))
  const loudest = nearlyLoudest(spoken)
  const level = Math.sqrt(spoken.reduce((sum, power) => sum + Math.min(power, loudest), 0) / spoken.length)
  const peak = Math.max(1, nearlyLoudest(framePeaks(trimmed)))
  const gain = Math.min((32768 * ratio(speechLevel)) / level, (32768 * ratio(softLevel)) / peak)
  return limited(trimmed, gain)
}

/** The largest of the values of 10 ms each, but for what a pop can be: the two largest, or one in a hundred. */
function nearlyLoudest(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => b - a)
  const nearly = sorted[Math.max(2, Math.floor(values.length / 100))] ?? 0
  const most = sorted[0] ?? 0
  // Where there is nothing beside it, it is the sound itself.
  return nearly > most / 1_000_000 ? nearly : most
}

/** Louder by a factor; what comes over -4 dBFS by that is bent, so that it stays under -3 dBFS and does not crackle. */
function limited(samples: Int16Array, gain: number): Int16Array {
  const [from, room] = [32768 * ratio(softLevel), 32768 * (ratio(peakLevel) - ratio(softLevel))]
  const out = new Int16Array(samples.length)
  for (let n = 0; n < out.length; n++) {
    const wanted = samples[n]! * gain
    const over = Math.abs(wanted) - from
    out[n] = Math.round(over <= 0 ? wanted : Math.sign(wanted) * (from + room * Math.tanh(over / room)))
  }
  return out
}

/** Several stretches one after another, with `pauseMs` of silence between them; empty ones count for nothing. */
export function joined(stretches: Int16Array[], pauseMs: number): Int16Array {
  const spoken = stretches.filter(({ length }) => length > 0)
  const pause = Math.round((pauseMs * telephoneRate) / 1000)
  const all = new Int16Array(spoken.reduce((sum, { length }) => sum + length + pause, spoken.length > 0 ? -pause : 0))
  let at = 0
  for (const stretch of spoken) {
    all.set(stretch, at)
    at += stretch.length + pause
  }
  return all
}

const ratio = (decibels: number): number => 10 ** (decibels / 20)

/** Mean square of each 10 ms, at 8,000 samples a second. */
export function framePowers(samples: Int16Array): number[] {
  return inFrames(samples, (from, to) => {
    let sum = 0
    for (let n = from; n < to; n++) sum += samples[n]! * samples[n]!
    return sum / (to - from)
  })
}

const framePeaks = (samples: Int16Array): number[] =>
  inFrames(samples, (from, to) => {
    let most = 0
    for (let n = from; n < to; n++) most = Math.max(most, Math.abs(samples[n]!))
    return most
  })

const inFrames = (samples: Int16Array, of: (from: number, to: number) => number): number[] =>
  Array.from({ length: Math.ceil(samples.length / frame) }, (_, n) => of(n * frame, Math.min(samples.length, (n + 1) * frame)))
