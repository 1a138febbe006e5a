import { wavOf } from '../../engine/sound/wav.ts'

/** What is recorded: how long, when somebody speaks in it, in seconds; how loud and how high, in units and hertz. */
export type Spoken = { seconds?: number; from?: number; to?: number; loud?: number; hertz?: number }

/** A WAV file as a microphone makes one: a voice with syllables, and silence around it. */
export function recording({ seconds = 3, from = 0.5, to = 2.5, loud = 8000, hertz = 440 }: Spoken = {}): Buffer {
  return wavOf(Int16Array.from({ length: seconds * 8000 }, (_, n) => {
    const t = n / 8000
    const isSpoken = t >= from && t < to && ((t - from) * 4) % 1 < 0.8
    return isSpoken ? Math.max(-32_768, Math.min(32_767, loud * Math.sin(t * 2 * Math.PI * hertz) * (0.7 + 0.3 * Math.sin(t * 40)))) : 0
  }))
}
