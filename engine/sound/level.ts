import { telephoneRate } from './resample.ts'

/** Loudness of speech, in dB under full scale: what Asterisk's own prompts have. */
const speechLevel = -20
/** The loudest sample, in dB under full scale. */
const peakLevel = -3
/** What is this far under the loudest stretch, in dB, is silence. */
const silenceBelow = -40
/** Silence left at both ends, in milliseconds: no click, and no wait after a key. */
const keptMs = 30

const frame = telephoneRate / 100 // 10 ms

/**
 * Speech without the silence before and after it (but for 30 ms), at -20 dBFS measured over what is spoken, never
 * over -3 dBFS. At 8,000 samples a second. Silence alone becomes nothing.
 */
export function evened(samples: Int16Array): Int16Array {
  const powers = framePowers(samples)
  const floor = powers.reduce((most, power) => Math.max(most, power), 0) * ratio(silenceBelow) ** 2
  const spoken = powers.filter((power) => power > floor)
  if (spoken.length === 0) return new Int16Array(0)
  const first = powers.findIndex((power) => power > floor) * frame
  const last = (powers.findLastIndex((power) => power > floor) + 1) * frame
  const kept = (keptMs * telephoneRate) / 1000
  const trimmed = samples.subarray(Math.max(0, first - kept), Math.min(samples.length, last + kept))
  const level = Math.sqrt(spoken.reduce((sum, power) => sum + power, 0) / spoken.length)
  const peak = trimmed.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1)
  const gain = Math.min((32768 * ratio(speechLevel)) / level, (32768 * ratio(peakLevel)) / peak)
  return trimmed.map((sample) => Math.round(sample * gain))
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
  return Array.from({ length: Math.ceil(samples.length / frame) }, (_, n) => {
    const part = samples.subarray(n * frame, (n + 1) * frame)
    return part.reduce((sum, sample) => sum + sample * sample, 0) / part.length
  })
}
