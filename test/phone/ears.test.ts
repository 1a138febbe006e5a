import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ears } from './ears.ts'
import { KnownSounds } from './sounds.ts'
import { mainTone, toneShare } from './tones.ts'
import { fromUlaw, loudness, toUlaw, ULAW_SILENCE } from './ulaw.ts'
import { readWav, tone, writeWav } from './wav.ts'

/** Something like speech: wandering pitch, a pause of 200 ms after each 600. The same seed says the same. */
function speech(seed: number, ms: number): Int16Array {
  let phase = seed
  return Int16Array.from({ length: ms * 8 }, (_, i) => {
    phase += (2 * Math.PI * (200 + 150 * Math.sin((i * seed) / 3000) + 10 * seed)) / 8000
    return i % 6400 > 4800 ? 0 : 6000 * Math.sin(phase) + 2000 * Math.sin(phase * (2 + seed / 10))
  })
}

/** Plays samples to ears in packets of 20 ms; `at` is the arrival of the first, `skip` samples are left out at the start. */
function play(ears: Ears, samples: Int16Array, { at = 0, skip = 0, lose = () => false }: { at?: number, skip?: number, lose?: (packet: number) => boolean } = {}): void {
  const bytes = toUlaw(samples.subarray(skip))
  const last = ears.frames.at(-1)
  const start = last === undefined ? 0 : last.position + 160
  for (let i = 0; i * 160 < bytes.length; i++) {
    const piece = bytes.subarray(i * 160, (i + 1) * 160)
    if (!lose(i)) ears.take({ at: at + 20 * i, position: start + i * 160, loudness: loudness(piece), bytes: piece })
  }
}

const spoken = { one: speech(1, 1500), two: speech(2, 1500), three: speech(3, 400) }
function known(): KnownSounds {
  const sounds = new KnownSounds()
  for (const [name, samples] of Object.entries(spoken)) sounds.add(name, samples)
  sounds.add('one-longer', Int16Array.from([...spoken.one, ...speech(7, 800)]))
  sounds.add('nothing', new Int16Array(8000))
  return sounds
}

describe('µ-law and WAV', () => {
  it('writes each byte back as itself, and silence as silence', () => {
    for (let byte = 0; byte < 256; byte++) {
      if (byte !== 0x7f) assert.equal(toUlaw(fromUlaw(Uint8Array.of(byte)))[0], byte) // 0x7f is the other zero
    }
    assert.deepEqual([...toUlaw(Int16Array.of(0, 32_767, -32_768))], [ULAW_SILENCE, 0x80, 0x00])
  })

  it('reads the WAV file it writes, and says why it cannot read another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callwright-wav-'))
    await writeWav(join(folder, 'a.wav'), spoken.three)
    assert.deepEqual(await readWav(join(folder, 'a.wav')), spoken.three)
    await assert.rejects(readWav(new URL(import.meta.url).pathname), /is no WAV file/)
    await rm(folder, { recursive: true })
  })
})

describe('tones', () => {
  for (const hz of [350, 440, 697, 1000, 1477, 3000]) {
    it(`tells ${hz} Hz from its neighbours`, () => {
      const bytes = toUlaw(tone(hz, 20))
      assert.ok(toneShare(bytes, hz) > 0.95)
      assert.ok(toneShare(bytes, hz + 100) < 0.2)
      assert.ok(Math.abs(mainTone(bytes)! - hz) <= 10)
    })
  }
  it('finds none in silence', () => assert.equal(mainTone(toUlaw(new Int16Array(160))), undefined))
})

describe('ears', () => {
  const ways: [what: string, options: { skip?: number, lose?: (packet: number) => boolean }][] = [
    ['from its start', {}],
    ['from the middle of a packet on', { skip: 1 }],
    ['from the middle of the prompt on', { skip: 3333 }],
    ['with every fifth packet lost', { lose: (packet) => packet % 5 === 2 }],
  ]
  for (const [what, options] of ways) {
    it(`know a prompt ${what}`, async () => {
      const ears = new Ears(known())
      play(ears, spoken.two, { at: 1000, ...options })
      assert.equal((await ears.hears('two', { within: 0 })).began, 1000)
      assert.deepEqual(ears.playings().map(({ names }) => names), [['two']])
    })
  }

  it('hear prompts in order, each playing once, repetitions included', async () => {
    const ears = new Ears(known())
    play(ears, spoken.one.subarray(0, 4000), { at: 0 })
    play(ears, spoken.three, { at: 1000 })
    play(ears, spoken.one, { at: 2000 })
    assert.equal((await ears.hears('one', { within: 0 })).began, 0)
    assert.equal((await ears.hears('one', { within: 0 })).began, 2000)
    await assert.rejects(ears.hears('three', { within: 0 }), 'it was before')
    await assert.rejects(ears.hears('one', { within: 0 }))
    assert.deepEqual(ears.playings().map(({ complete }) => complete), [false, true, true])
  })

  it('name all sounds that begin alike until one of them is heard further', () => {
    const ears = new Ears(known())
    play(ears, spoken.one.subarray(0, 4000))
    assert.deepEqual(ears.playings()[0]?.names, ['one', 'one-longer'])
    const longer = new Ears(known())
    play(longer, Int16Array.from([...spoken.one, ...speech(7, 800)]))
    assert.deepEqual(longer.playings().map(({ names }) => names), [['one-longer']])
  })

  it('say what was heard instead, and what they cannot know', async () => {
    const ears = new Ears(known())
    play(ears, spoken.three, { at: 0 })
    play(ears, tone(1000, 500), { at: 1000 })
    await assert.rejects(ears.hears('two', { within: 0 }), /expected to hear two within 0 ms, but heard: three \(0\.\d s\), silence \(0\.6 s\), tone 1000 Hz \(0\.5 s\)/)
    await assert.rejects(ears.hears('four'), /no sound called "four" is known, only: one, two, three/)
    await assert.rejects(ears.hears('nothing'), /too short or too quiet/)
  })

  it('hear tones, anything and silence as they come', async () => {
    const ears = new Ears()
    const heard = ears.hears({ tone: 700 })
    const anything = ears.hearsAnything()
    play(ears, Int16Array.from([...tone(500, 100), ...tone(700, 100)]), { at: performance.now() + 1 })
    assert.equal((await heard).began - await anything, 100)
    await ears.hearsSilence({ for: 150, within: 2000 })
    ears.close()
    await assert.rejects(ears.hears({ tone: 900 }), /the call has ended/)
  })

  it('record with silence where nothing came', () => {
    const ears = new Ears()
    play(ears, tone(500, 40), { at: 0 })
    play(ears, tone(500, 40), { at: 1000 })
    assert.equal(ears.recording().length, 8000 + 320)
  })
})
