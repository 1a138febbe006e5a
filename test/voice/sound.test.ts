import assert from 'node:assert/strict'
import { faded, softened } from '../../engine/sound/fade.ts'
import { evened, joined } from '../../engine/sound/level.ts'
import { forTelephone } from '../../engine/sound/resample.ts'
import { countSamples, msOf, readWav, samplesOf, wavOf } from '../../engine/sound/wav.ts'

const tone = (hertz: number, rate: number, seconds = 0.5, loud = 10_000): Int16Array =>
  Int16Array.from({ length: rate * seconds }, (_, n) => loud * Math.sin((2 * Math.PI * hertz * n) / rate))

/** Loudness in dB under full scale, of the middle, where no edge is. */
function level(samples: Int16Array): number {
  const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4)
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length
  return 20 * Math.log10((Math.sqrt(power) + 1e-9) / 32_768)
}

describe('samples for the telephone', () => {
  for (const rate of [16_000, 22_050, 24_000, 44_100, 48_000]) {
    for (const hertz of [100, 300, 1000, 2000, 3000, 3400]) {
      it(`${rate}: ${hertz} Hz stay as loud, within half a dB`, () => {
        const change = level(forTelephone(tone(hertz, rate), rate)) - level(tone(hertz, rate))
        assert.ok(Math.abs(change) < 0.5, `${change} dB`)
      })
    }
    for (const hertz of [4600, 5000, 6000, 7900]) {
      it(`${rate}: ${hertz} Hz are gone and do not come back lower`, () => {
        const left = level(forTelephone(tone(hertz, rate), rate)) - level(tone(hertz, rate))
        assert.ok(left < -55, `${left} dB`)
      })
    }
  }

  it('keep their length and place', () => {
    const click = new Int16Array(22_050)
    click[11_025] = 30_000
    const out = forTelephone(click, 22_050)
    assert.equal(out.length, 8000)
    assert.equal(out.indexOf(out.reduce((most, each) => Math.max(most, each), 0)), 4000)
  })

  it('keep a steady level to the last unit', () => {
    const out = forTelephone(new Int16Array(2205).fill(1000), 22_050)
    assert.deepEqual([...new Set(out.subarray(50, -50))], [1000])
  })

  it('do not wrap round when too loud', () => {
    const square = Int16Array.from({ length: 22_050 }, (_, n) => (Math.floor(n / 40) % 2 ? 32_767 : -32_768))
    const out = forTelephone(square, 22_050)
    for (let n = 8; n < out.length - 8; n++) {
      const before = square[Math.round((n * 22_050) / 8000)] ?? 0
      if (Math.abs(out[n] ?? 0) > 30_000) assert.ok(Math.abs((out[n] ?? 0) - before) < 40_000)
    }
  })

  it('come through untouched at 8000, empty when empty, and not at all at a rate no voice has', () => {
    const samples = tone(440, 8000)
    assert.equal(forTelephone(samples, 8000), samples)
    assert.equal(forTelephone(new Int16Array(0), 22_050).length, 0)
    for (const rate of [0, -1, Number.NaN, 11_025.5, 1e9]) assert.throws(() => forTelephone(samples, rate), RangeError)
  })
})

describe('evened speech', () => {
  const silence = new Int16Array(4000)
  const spoken = (loud: number) => joined([silence, tone(500, 8000, 1, loud), silence], 0)

  it('has the same level however loud it was', () => {
    for (const loud of [100, 1000, 30_000]) assert.ok(Math.abs(level(evened(spoken(loud))) + 20) < 0.3)
  })

  it('keeps 30 ms of silence at both ends', () => {
    const ms = msOf(evened(spoken(1000)).length)
    assert.ok(ms >= 1040 && ms <= 1080, `${ms}`)
  })

  it('never peaks over -3 dB', () => {
    const sharp = tone(500, 8000, 1, 100)
    sharp[4000] = 32_767
    const peak = evened(sharp).reduce((most, each) => Math.max(most, Math.abs(each)), 0)
    assert.ok(peak <= 23_300, `${peak}`)
  })

  it('is as loud with a pop of the microphone in it, which is held back', () => {
    for (const loud of [300, 3000]) {
      const popped = spoken(loud)
      for (let n = 8000; n < 8080; n++) popped[n] = n % 2 ? 32_767 : -32_768
      const [with_, without] = [evened(popped), evened(spoken(loud))]
      const beside = (samples: Int16Array) => level(samples.subarray(1000, 3000))
      assert.ok(Math.abs(beside(with_) - beside(without)) < 0.3, `${beside(with_)} dB`)
      const peak = with_.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
      assert.ok(peak <= 23_300 && peak > 20_000, `${peak}`)
    }
  })

  it('is nothing when nothing was said', () => {
    assert.equal(evened(silence).length, 0)
    assert.equal(evened(new Int16Array(0)).length, 0)
  })

  it('is joined with pauses, and without where a stretch is empty', () => {
    const [one, none] = [new Int16Array(800).fill(1), new Int16Array(0)]
    assert.equal(joined([one, none, one], 200).length, 800 + 1600 + 800)
    assert.deepEqual([...joined([one, one], 200).subarray(799, 801)], [1, 0])
    assert.equal(joined([none, none], 200).length, 0)
    assert.equal(joined([], 200).length, 0)
  })
})

describe('WAV files', () => {
  const samples = Int16Array.from([0, 1, -1, 32_767, -32_768])

  it('come back as they were written', () => {
    const file = wavOf(samples)
    assert.equal(file.length, 44 + 10)
    assert.deepEqual(samplesOf(file), samples)
    assert.deepEqual(readWav(file), { samples, rate: 8000 })
    assert.equal(countSamples(file.subarray(0, 44), file.length), 5)
    assert.deepEqual(samplesOf(wavOf(samples.subarray(1, 3))), samples.subarray(1, 3))
  })

  it('are not taken when damaged', () => {
    const file = wavOf(samples)
    const cut = [50, 53, 44, 20, 0].map((length) => file.subarray(0, length))
    const other = [Buffer.alloc(54), Buffer.concat([file, Buffer.alloc(2)])]
    for (const each of [...cut, ...other]) assert.equal(samplesOf(each), undefined)
    const stereo = Buffer.from(file)
    stereo.writeUInt16LE(2, 22)
    assert.equal(samplesOf(stereo), undefined)
  })

  it('are read from a pipe, with sizes that are not true and other chunks before', () => {
    const file = wavOf(samples)
    const list = Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1')
    const piped = Buffer.concat([file.subarray(0, 36), list, file.subarray(36)])
    piped.writeUInt32LE(0x7ffff000, 36 + list.length + 4)
    assert.deepEqual(readWav(piped), { samples, rate: 8000 })
  })

  it('are refused at any cut, in plain words', () => {
    const file = wavOf(samples)
    for (let length = 0; length < file.length; length++) {
      assert.throws(() => readWav(file.subarray(0, length)), /^Error: it is (no WAV file|damaged: [a-z ]+ WAV file[a-z ]*|cut off: .*)$/i, `${length} bytes`)
    }
  })
})

describe('clicks', () => {
  const still = new Int16Array(800)
  const cut = faded(tone(400, 8000)).subarray(0, 2405) // ends at a peak
  const steps = (samples: Int16Array): number =>
    samples.reduce((most, sample, n) => Math.max(most, n === 0 ? 0 : Math.abs(sample - samples[n - 1]!)), 0)

  it('there is none where a sound that was cut off hard stands beside a pause; all else stays', () => {
    const hard = joined([still, cut, still], 0)
    assert.ok(steps(hard) > 9000)
    const soft = softened(hard)
    assert.ok(steps(soft) < 3500, `${steps(soft)}`)
    assert.deepEqual(soft.subarray(0, 3190), hard.subarray(0, 3190))
  })

  it('there is none at the ends of what is put together', () => {
    const soft = faded(cut)
    assert.deepEqual([soft.at(0), soft.at(-1)], [0, 0])
    assert.deepEqual(soft.subarray(32, 2372), cut.subarray(32, 2372))
  })
})
