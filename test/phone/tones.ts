import { fromUlaw } from './ulaw.ts'
import { SAMPLE_RATE } from './wav.ts'

/** A frame is audible from this loudness on, in dB below full scale. Speech is at about -20, silence at -96. */
export const AUDIBLE_DB = -50

/** At least this part of the power must be at one pitch for a frame to count as that tone. */
const TONE_SHARE = 0.6

/** The part of the power that is at `hz`, 0 to 1: Goertzel's algorithm. In 20 ms, pitches 50 Hz apart are told apart. */
export function toneShare(bytes: Uint8Array, hz: number): number {
  const samples = fromUlaw(bytes)
  const step = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE)
  let [last, beforeLast, power] = [0, 0, 0]
  for (const sample of samples) {
    ;[last, beforeLast] = [sample + step * last - beforeLast, last]
    power += sample * sample
  }
  if (power === 0) return 0
  return Math.min(1, (2 * (last * last + beforeLast * beforeLast - step * last * beforeLast)) / (samples.length * power))
}

/** Whether these samples are mainly a tone of `hz`. */
export function isTone(bytes: Uint8Array, hz: number): boolean {
  return toneShare(bytes, hz) >= TONE_SHARE
}

/** The pitch in Hz, to the next 10, that makes up most of the sound; undefined if none does. */
export function mainTone(bytes: Uint8Array): number | undefined {
  let best = { hz: 0, share: 0 }
  for (let hz = 200; hz <= 3400; hz += 10) {
    const share = toneShare(bytes, hz)
    if (share > best.share) best = { hz, share }
  }
  return best.share >= TONE_SHARE ? best.hz : undefined
}
