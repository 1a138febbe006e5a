import assert from 'node:assert/strict'
import { flawsOf, takeOf } from '../../engine/sound/recording.ts'
import { wavOf } from '../../engine/sound/wav.ts'

const rate = 48_000
/** The same noise in every run, from -1 to 1. */
const hiss = (n: number): number => ((Math.imul(n + 1, 2_654_435_761) >>> 8) / 2 ** 23) - 1

/** What a microphone hears: `seconds` long, somebody speaking from `from` to `to`. Loudness as the largest sample. */
type Room = { seconds?: number; from?: number; to?: number; loud?: number; noise?: number; hum?: number; offset?: number; clickAt?: number; most?: number }

/** A voice with syllables and pauses between them, as a WAV file with 48,000 samples a second. */
function recorded({ seconds = 4, from = 1, to = 3, loud = 8000, noise = 0, hum = 0, offset = 0, clickAt = -1, most = 32_767 }: Room): Buffer {
  const samples = Int16Array.from({ length: seconds * rate }, (_, n) => {
    const t = n / rate
    const isSpoken = t >= from && t < to && ((t - from) * 4) % 1 < 0.8
    const voice = isSpoken ? loud * Math.sin(t * 2 * Math.PI * 440) * (0.7 + 0.3 * Math.sin(t * 40)) : 0
    const click = t >= clickAt && t < clickAt + 0.008 ? 20_000 * hiss(n) : 0
    const heard = voice + click + noise * hiss(n) + hum * Math.sin(t * 2 * Math.PI * 50) + offset
    return Math.max(-most, Math.min(most, heard))
  })
  return atRate(samples)
}

function atRate(samples: Int16Array): Buffer {
  const file = wavOf(samples)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(rate * 2, 28)
  return file
}

/** In dB under full scale, of what is spoken. */
function levelOf(samples: Int16Array): number {
  const heard = samples.filter((sample) => Math.abs(sample) > 200)
  return 10 * Math.log10(heard.reduce((sum, sample) => sum + sample * sample, 0) / heard.length / 32_768 ** 2)
}

describe('a recording', () => {
  const rooms: Record<string, Room> = {
    'as it should be': {},
    'spoken softly': { loud: 900 },
    'with the hum of the mains, louder than the voice': { loud: 3000, hum: 6000 },
    'from a sound card that lifts everything': { offset: 2500 },
    'with the hiss of a room': { noise: 60 },
    'with the click of a mouse before and after': { clickAt: 0.2 },
    'with a click behind': { clickAt: 3.8 },
  }
  for (const [how, room] of Object.entries(rooms))
    it(`${how} becomes as loud as all others, without what is before and after`, async () => {
      const { samples, ms } = await takeOf(recorded(room))
      assert.ok(Math.abs(levelOf(samples) + 20) < 2, `${levelOf(samples)} dB`)
      // Spoken are 1,950 ms; breath before and after may stay.
      assert.ok(ms >= 1900 && ms <= 2350, `${ms} ms`)
      assert.deepEqual([samples[0], samples.at(-1)], [0, 0], 'no click at its ends')
    })

  it('is left whole when it is loud all the time, as music', async () => {
    const { ms } = await takeOf(recorded({ from: -10, to: 20, seconds: 2 }))
    assert.ok(ms >= 1950 && ms <= 2000, `${ms} ms`)
  })

  const broken: Record<string, [file: Buffer, why: RegExp]> = {
    'that is silent': [atRate(new Int16Array(rate)), /nothing is to be heard in it; record it anew/],
    'of an empty room': [recorded({ loud: 0, noise: 20 }), /nothing is to be heard/],
    'of a click': [recorded({ loud: 0, clickAt: 1 }), /nothing is to be heard/],
    'that lasts six minutes': [atRate(new Int16Array(rate * 360)), /it is longer than 5 minutes; make it shorter/],
    'that is no sound': [Buffer.from('Welcome to the library.'), /it is a text, not a sound/],
  }
  for (const [how, [file, why]] of Object.entries(broken))
    it(`${how} is refused`, () => assert.rejects(takeOf(file), why))
})

describe('what is said of a recording', () => {
  /** Takes about two seconds to say. */
  const text = 'We are open from nine to five.'
  const said = async (room: Room, words = text): Promise<string[]> =>
    flawsOf(await takeOf(recorded(room)), words, 'en').map(({ is, figure }) => `${is}: ${figure}`)

  it('is nothing when it is good, soft or loud', async () => {
    for (const loud of [900, 8000, 32_000]) assert.deepEqual(await said({ loud, noise: 5 }), [], `${loud}`)
  })

  const cases: [how: string, room: Room, words: string | undefined, says: RegExp[]][] = [
    ['hardly to be heard', { loud: 200 }, undefined, [/^too quiet: -5\d dB, -20 dB is good$/]],
    ['too loud for the microphone', { loud: 60_000 }, undefined, [/^clipped: in \d+ places$/]],
    ['cut off and made softer later', { loud: 40_000, most: 15_000 }, undefined, [/^clipped/]],
    ['in a noisy room', { loud: 3000, noise: 2000 }, undefined, [/^noisy: 20 dB under the voice, 40 dB is good$/]],
    ['of another text', { seconds: 12, to: 11 }, undefined, [/^too long: 1\d\.\d s, its text takes about 2\.8 s$/]],
    ['that breaks off', { to: 1.4 }, text.repeat(2), [/^too short: 0\.\d s, its text takes about 5\.6 s$/]],
  ]
  for (const [how, room, words, says] of cases)
    it(`tells of one ${how}`, async () => {
      const found = await said(room, words)
      assert.equal(found.length, says.length, found.join('; '))
      for (const [i, one] of says.entries()) assert.match(found[i]!, one)
    })
})
