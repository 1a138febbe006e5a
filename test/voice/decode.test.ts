import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { decode } from '../../engine/sound/decode.ts'
import { readWav, wavOf } from '../../engine/sound/wav.ts'

/** Files of 0.2 s with 500 Hz on the left and 1,000 Hz on the right, or with 500 Hz alone, at 10 dB under full scale. */
const file = (name: string) => readFileSync(new URL(`files/${name}`, import.meta.url))

/** How loud one frequency is, 1 being full scale. */
function strength(samples: Int16Array, rate: number, hertz: number): number {
  let [sine, cosine] = [0, 0]
  for (const [n, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hertz * n) / rate
    sine += sample * Math.sin(angle)
    cosine += sample * Math.cos(angle)
  }
  return (2 * Math.hypot(sine, cosine)) / samples.length / 32_768
}

/** A WAV file with `channels` tones of 500, 1000, ... Hz, each at 0.3 of full scale, written sample by sample. */
function wav(format: number, bits: number, write: (body: Buffer, at: number, value: number) => void, channels = 2, frames = 3200): Buffer {
  const [head, size] = [44, (bits / 8) * channels]
  const out = Buffer.alloc(head + frames * size)
  wavOf(new Int16Array(0)).copy(out)
  out.writeUInt32LE(out.length - 8, 4)
  out.writeUInt16LE(format, 20)
  out.writeUInt16LE(channels, 22)
  out.writeUInt32LE(16_000, 24)
  out.writeUInt16LE(bits, 34)
  out.writeUInt32LE(frames * size, 40)
  for (let n = 0; n < frames * channels; n++) {
    const [frame, channel] = [Math.floor(n / channels), n % channels]
    write(out, head + (n * bits) / 8, 0.3 * Math.sin((2 * Math.PI * 500 * (channel + 1) * frame) / 16_000))
  }
  return out
}

// The nearest of all 256 values, by the formulas of G.711: other than those of the code that is tested.
const muLaw = (value: number): number => {
  const size = Math.min(255, Math.round((Math.log1p(255 * Math.abs(value)) / Math.log1p(255)) * 127))
  return (value < 0 ? 0 : 128) | (~size & 127)
}
const aLaw = (value: number): number => {
  const [a, size] = [87.6, Math.abs(value)]
  const shaped = (size < 1 / a ? a * size : 1 + Math.log(a * size)) / (1 + Math.log(a))
  return ((value < 0 ? 0 : 128) | Math.min(127, Math.round(shaped * 127))) ^ 0x55
}

/** The longest time for which nothing else was done while some work went on, in milliseconds. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let [longest, last, isDone] = [0, performance.now(), false]
  const done = work().finally(() => (isDone = true))
  while (!isDone) {
    await new Promise(setImmediate)
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }
  await done
  return longest
}

describe('a file of sound', () => {
  const both: [hertz: number, strength: number][] = [[500, 0.158], [1000, 0.158]]
  const packed: [name: string, tones: typeof both, seconds: number][] = [
    ['stereo.mp3', both, 0.2],
    ['tagged.mp3', both, 0.2],
    ['mono.mp3', [[500, 0.25]], 0.26],
    ['stereo.flac', both, 0.2],
    ['vorbis.ogg', both, 0.2],
    ['opus.ogg', both, 0.206],
  ]
  const rate = 8000
  for (const [name, tones, seconds] of packed) {
    it(`${name} is unpacked, its channels mixed to one, as the telephone has it`, async () => {
      const sound = await decode(file(name))
      assert.equal(sound.rate, rate)
      assert.ok(Math.abs(sound.samples.length / rate - seconds) < 0.005, `${sound.samples.length / rate} s`)
      for (const [hertz, expected] of tones) {
        const found = strength(sound.samples, rate, hertz)
        assert.ok(Math.abs(found - expected) < 0.03, `${hertz} Hz: ${found}`)
      }
    })
  }

  const kinds: [string, Buffer][] = [
    ['8 bits', wav(1, 8, (body, at, value) => body.writeUInt8(Math.round(value * 127) + 128, at))],
    ['16 bits', wav(1, 16, (body, at, value) => body.writeInt16LE(Math.round(value * 32_767), at))],
    ['24 bits', wav(1, 24, (body, at, value) => body.writeIntLE(Math.round(value * 8_388_607), at, 3))],
    ['32 bits', wav(1, 32, (body, at, value) => body.writeInt32LE(Math.round(value * 2_147_483_647), at))],
    ['32 bits of floating point', wav(3, 32, (body, at, value) => body.writeFloatLE(value, at))],
    ['A-law', wav(6, 8, (body, at, value) => body.writeUInt8(aLaw(value), at))],
    ['µ-law', wav(7, 8, (body, at, value) => body.writeUInt8(muLaw(value), at))],
  ]
  for (const [name, bytes] of kinds) {
    it(`WAV of ${name}`, async () => {
      const { samples, rate } = await decode(bytes)
      assert.deepEqual([samples.length, rate], [1600, 8000])
      for (const hertz of [500, 1000]) assert.ok(Math.abs(strength(samples, rate, hertz) - 0.15) < 0.012, `${hertz} Hz: ${strength(samples, rate, hertz)}`)
    })
  }

  it('is not overdriven by floating point that is too loud or no number', () => {
    const loud = wav(3, 32, (body, at) => body.writeFloatLE(at % 8 === 4 ? 7 : Number.NaN, at), 1)
    for (const sample of readWav(loud).samples) assert.ok(sample === 0 || sample === 32_767)
  })

  it('has up to eight channels', async () => {
    const sixteen = (body: Buffer, at: number, value: number) => body.writeInt16LE(Math.round(value * 32_767), at)
    assert.equal((await decode(wav(1, 16, sixteen, 8))).samples.length, 1600)
    await assert.rejects(decode(wav(1, 16, sixteen, 9)), /^Error: it has 9 channels; save it with one$/)
  })

  const whole = file('stereo.flac')
  const damaged = (name: string) => {
    const bytes = file(name)
    for (let at = 1000; at < bytes.length; at += 100) bytes[at] = ~(bytes[at] ?? 0)
    return bytes
  }
  const refused: [what: string, bytes: Buffer, why: RegExp][] = [
    ['nothing', Buffer.alloc(0), /^Error: it is empty$/],
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>Sorry</body></html>'), /it is a web page, not a sound/],
    ['an answer in words', Buffer.from('{"error": "no such voice"}'), /it is a text, not a sound/],
    ['zeros', Buffer.alloc(5000), /it is neither WAV, MP3, FLAC nor Ogg/],
    ['an M4A file', Buffer.from('\0\0\0\x20ftypM4A \0\0\0\0', 'latin1'), /it is an M4A or MP4 file; save it as WAV, MP3, FLAC or Ogg/],
    ['a WAV without sound', wavOf(new Int16Array(0)), /it holds no sound/],
    ['a WAV of a rare kind', wav(2, 8, () => {}), /it is a WAV file of a rare kind/],
    ['a WAV that was cut off', wavOf(new Int16Array(800)).subarray(0, 900), /it is cut off: 856 of 1600 bytes are there/],
    ['a FLAC that was cut off', whole.subarray(0, 3000), /it is damaged or cut off/],
    ['an Ogg that was cut off', file('vorbis.ogg').subarray(0, 4000), /it is cut off/],
    ['an MP3 that was cut off', file('stereo.mp3').subarray(0, 1200), /it is cut off/],
    ['a damaged Vorbis', damaged('vorbis.ogg'), /it is damaged/],
    ['a damaged Opus', damaged('opus.ogg'), /it is damaged/],
    ['a damaged FLAC', damaged('stereo.flac'), /it is damaged/],
    ['3 KB that unpack to fourteen minutes', file('fourteen-minutes.flac'), /it is longer than 10 minutes; make it shorter/],
    ['a WAV of eleven minutes', wavOf(new Int16Array(660 * 8000)), /it is longer than 10 minutes; make it shorter/],
  ]
  for (const [what, bytes, why] of refused) {
    it(`is refused, plainly, when it is ${what}`, () => assert.rejects(decode(bytes), why))
  }

  it('does not hang over noise behind a true beginning', async () => {
    // A generator of our own, so that it is the same noise each time.
    let state = 1
    const noise = () => (state = (state * 48_271) % 2_147_483_647) & 255
    for (const name of ['stereo.mp3', 'stereo.flac']) {
      for (let times = 0; times < 5; times++) {
        const bytes = Buffer.concat([file(name).subarray(0, 800), Buffer.from(Array.from({ length: 20_000 }, noise))])
        const outcome = await decode(bytes).then(({ samples }) => samples.length / 24_000, String)
        assert.ok(typeof outcome === 'string' ? /Error: it /.test(outcome) : outcome < 60, String(outcome))
      }
    }
  })

  it('is refused before it is read when it is longer than what is wanted of it', async () => {
    for (const bytes of [wavOf(new Int16Array(21 * 8000)), file('fourteen-minutes.flac')])
      await assert.rejects(decode(bytes, { longest: 20 }), /^Error: it is longer than 20 s; make it shorter$/)
  })

  it('keeps nobody waiting while it is read, though it is long', async () => {
    const minutes = wav(1, 16, (body, at) => body.writeInt16LE((at * 7919) % 20_000, at), 2, 290 * 16_000)
    const longest = await longestTurn(() => decode(minutes))
    assert.ok(longest < 400, `${longest} ms`)
  })

  it('is given up at once when nobody waits any more, and the next one is read all the same', async () => {
    const gone = new AbortController()
    const late = decode(file('vorbis.ogg'), { signal: gone.signal })
    gone.abort()
    await assert.rejects(late, { name: 'AbortError' })
    await assert.rejects(decode(file('vorbis.ogg'), { signal: gone.signal }), { name: 'AbortError' })
    const several = await Promise.all(['vorbis.ogg', 'stereo.mp3', 'stereo.flac'].map((name) => decode(file(name))))
    assert.equal(several.length, 3)
  })
})
