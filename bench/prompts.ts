import { join } from 'node:path'
import { realClock } from '../engine/clock.ts'
import type { Log } from '../engine/ports.ts'
import type { VoiceProvider } from '../engine/voice/provider.ts'
import { Voices } from '../engine/voice/voices.ts'
import { toUlaw } from '../test/phone/ulaw.ts'
import { readWav, SAMPLE_RATE } from '../test/phone/wav.ts'

/** What the menus say. `one` takes key 1 and leads to `two`, and so on, round and round. */
export const PROMPTS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'] as const
export const LANGUAGE = 'en'
/** Longer than anybody waits with a key. */
const SECONDS = 6
const SAMPLES_PER_PACKET = SAMPLE_RATE / 50

/** Says each prompt as a gliding tone: audible from its first sample, and no 20 ms of it like any other. */
const tones: VoiceProvider = {
  name: 'bench-tones',
  limits: { atOnce: 2, ms: 5000, quick: true, price: 'free' },
  identity: () => '1',
  available: async () => true,
  async speak(text) {
    const hz = 300 + 250 * PROMPTS.findIndex((prompt) => text.includes(prompt))
    const samples = Int16Array.from({ length: SECONDS * SAMPLE_RATE }, (_, i) => {
      const seconds = i / SAMPLE_RATE
      return 8000 * Math.sin(2 * Math.PI * (hz * seconds + 15 * seconds ** 2))
    })
    return { samples, rate: SAMPLE_RATE }
  },
}

/** The engine's own prompt store, with tones for a voice. */
export const toneVoices = (folder: string, log: Log): Voices =>
  new Voices({ voices: [tones], folder, clock: realClock, log })

/** Makes the prompts; answers their WAV files, in order. The engine finds and plays the same files. */
export async function makePrompts(folder: string, log: Log): Promise<string[]> {
  const voices = toneVoices(folder, log)
  const sounds = await Promise.all(PROMPTS.map(async (text) => voices.sound([{ text, language: LANGUAGE }])))
  voices.close()
  return sounds.map(({ id }) => join(folder, `${id}.wav`))
}

/** Where a packet belongs: number of the prompt, and of the packet in it. */
export type Place = { prompt: number; packet: number }

/** Tells prompts by the very bytes of their packets: Asterisk plays such files unaltered, 20 ms at a time. */
export class KnownPackets {
  private readonly places = new Map<string, Place>()

  static async of(files: string[]): Promise<KnownPackets> {
    const known = new KnownPackets()
    for (const [prompt, file] of files.entries()) {
      const bytes = toUlaw(await readWav(file))
      for (let packet = 0; (packet + 1) * SAMPLES_PER_PACKET <= bytes.length; packet++) {
        const key = text(bytes.subarray(packet * SAMPLES_PER_PACKET, (packet + 1) * SAMPLES_PER_PACKET))
        if (known.places.has(key)) throw new Error('two packets of the prompts are the same')
        known.places.set(key, { prompt, packet })
      }
    }
    return known
  }

  find(bytes: Uint8Array): Place | undefined {
    return this.places.get(text(bytes))
  }
}

const text = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
