import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { TelephonyError } from '../../engine/errors.ts'
import { Espeak } from '../../engine/voice/kinds/espeak.ts'
import type { Voices } from '../../engine/voice/voices.ts'
import { softened } from '../../engine/sound/fade.ts'
import { evened } from '../../engine/sound/level.ts'
import type { Samples } from '../../engine/sound/samples.ts'
import { readWav, samplesOf } from '../../engine/sound/wav.ts'
import { Bed, part, prompt, settle } from './bed.ts'
import { soundOf, TestVoice } from './test-voice.ts'

describe('voices', () => {
  let bed: Bed
  let voice: TestVoice
  const voices = (only = voice): Voices => bed.voices({ voices: [only] })
  beforeEach(() => {
    bed = new Bed()
    voice = new TestVoice('test')
  })
  afterEach(() => bed.end())

  it('make a sound once and have it at once from then on, also after a new start', async () => {
    const first = voices()
    const made = first.sound(prompt('Hello'))
    assert.ok(made instanceof Promise)
    const sound = await made
    assert.equal(sound.ms, 500)
    assert.equal(readWav(fs.readFileSync(sound.file))?.rate, 8000)
    assert.deepEqual(first.sound(prompt('Hello')), sound)
    assert.deepEqual(voices().sound(prompt('Hello')), sound)
    assert.deepEqual(voice.asked, ['Hello'])
  })

  it('join parts to one sound with pauses, and speak each part once', async () => {
    const made = voices()
    const both = await made.sound(prompt('one', 'three'))
    assert.equal(both.ms, 300 + 200 + 500)
    const turned = await made.sound(prompt('three', 'one'))
    assert.notEqual(turned.id, both.id)
    assert.deepEqual(voice.asked, ['one', 'three'])
    assert.deepEqual(made.sound(prompt('one', 'three')), both)
  })

  it('speak at the pace that the flow asks for, and keep each pace by itself', async () => {
    const made = voices()
    const slow = await made.sound([part('Hello', { voice: { pace: 0.8 } })])
    const usual = await made.sound(prompt('Hello'))
    assert.notEqual(slow.id, usual.id)
    assert.deepEqual(voice.paces, [0.8, 1])
  })

  it('share what is asked for at the same time', async () => {
    voice.held = []
    const made = voices()
    const prompts = [prompt('one', 'two'), prompt('one', 'two'), prompt('one')]
    const all = Promise.all(prompts.map((each) => made.sound(each)))
    await bed.until(() => voice.held!.length === 2)
    for (const go of voice.held) go()
    const [first, second] = await all
    assert.deepEqual(first, second)
    assert.deepEqual(voice.asked, ['one', 'two'])
    assert.equal(fs.readdirSync(bed.folder).length, 3)
  })

  it('speak as many at a time as the voice can, and for calls first', async () => {
    const held: ((why?: Error) => void)[] = (voice.held = [])
    const made = voices()
    const prepared = made.prepare(['a', 'b', 'c', 'd'].map((text) => prompt(text)))
    await bed.until(() => held.length === 2)
    const call = made.sound(prompt('call'))
    await settle()
    assert.deepEqual(voice.asked, ['a', 'b'])
    held[0]?.()
    await bed.until(() => voice.asked.length === 3)
    assert.deepEqual(voice.asked, ['a', 'b', 'call'])
    voice.held = undefined
    for (const go of held) go()
    await Promise.all([prepared, call])
  })

  it('prepare prompts, tell how far they are, and give back what is missing', async () => {
    const made = voices()
    await made.sound(prompt('known'))
    const progress: string[] = []
    const prompts = [prompt('known'), prompt('new'), prompt('new'), prompt('new', 'newer')]
    const done = await made.prepare(prompts, (count, of) => progress.push(`${count}/${of}`))
    assert.deepEqual(done, { made: 2, missing: [] })
    assert.deepEqual(progress, ['1/4', '2/4', '3/4', '4/4'])
    for (const each of prompts) assert.ok(!(made.sound(each) instanceof Promise))
    voice.does = () => assert.fail('no breath')
    const [missing] = (await made.prepare([prompt('other')])).missing
    assert.deepEqual(missing?.prompt, prompt('other'))
    assert.match(missing?.why ?? '', /a text of 5 characters could not be spoken in en: test: no breath/)
  })

  it('prepare nothing at a second start, and need no voice that is ready for that', async () => {
    const prompts = [prompt('one'), prompt('two', 'three'), prompt('three', 'one')]
    assert.equal((await voices().prepare(prompts)).made, 3)
    const late = new TestVoice('test')
    late.available = () => new Promise<true>(() => {})
    assert.deepEqual(await voices(late).prepare(prompts), { made: 0, missing: [] })
    assert.deepEqual([voice.asked, late.asked], [['one', 'two', 'three'], []])
  })

  it('make a sound again whose file was cut off or deleted', async () => {
    const made = voices()
    const { file } = await made.sound(prompt('Hello'))
    fs.truncateSync(file, 100)
    await made.sound(prompt('Hello'))
    assert.equal(fs.statSync(file).size, 44 + 8000)
    fs.rmSync(file)
    await made.sound(prompt('Hello'))
    assert.equal(voice.asked.length, 3)
  })

  it('play a moment of silence for what has nothing to say', async () => {
    const made = voices()
    assert.equal((await made.sound(prompt('🎉'))).ms, 100)
    assert.ok(!(made.sound(prompt('🎉')) instanceof Promise))
    assert.deepEqual(voice.asked, [])
  })

  it('cut a text that is too long and say so, without the text', async () => {
    await voices().sound(prompt('My secret is out. '.repeat(100)))
    assert.ok((voice.asked[0] ?? '').length <= 1000)
    assert.deepEqual(bed.said, ['a text over 1000 characters was cut'])
  })

  it('forget what was said long ago, but not what was prepared', async () => {
    const made = voices()
    await made.prepare([prompt('fixed', 'words')])
    await made.sound(prompt('your number is 4 7 1 1'))
    bed.clock.pass(86_400_000)
    await made.sound(prompt('recent'))
    assert.equal(await made.tidy({ unheardFor: 3_600_000, mostBytes: Infinity }), 1)
    for (const each of [prompt('fixed', 'words'), prompt('recent')]) assert.ok(!(made.sound(each) instanceof Promise))
    assert.equal(fs.readdirSync(bed.folder).length, 4, 'two parts, both joined, and the recent one')
  })

  it('fail as voice-failed when the disk refuses, say so once, and blame no voice', async () => {
    const made = voices()
    fs.rmSync(bed.folder, { recursive: true })
    fs.writeFileSync(bed.folder, 'no folder')
    for (const text of ['x', 'y']) {
      await assert.rejects(Promise.resolve(made.sound(prompt(text))), (error) => {
        return error instanceof TelephonyError && error.code === 'voice-failed' && /EEXIST|ENOTDIR/.test(error.message)
      })
    }
    assert.equal(bed.said.length, 1)
    assert.match(bed.said[0]!, /^sounds cannot be kept in .*; make room on the disk$/)
    assert.equal(made.states[0]!.failed, 0)
  })

  it('make their folder again when it has been removed', async () => {
    const made = voices()
    fs.rmSync(bed.folder, { recursive: true })
    assert.ok(fs.existsSync((await made.sound(prompt('x'))).file))
  })

  it('soften clicks in what a voice gives', async () => {
    const cut = (text: string): Samples => ({ ...soundOf(text), samples: soundOf(text).samples.fill(0, 800, 1600) })
    voice.does = cut
    const { file } = await voices().sound(prompt('Hello'))
    const heard = samplesOf(fs.readFileSync(file))!
    const raw = evened(cut('Hello').samples)
    const step = (samples: Int16Array): number => Math.max(...samples.subarray(700, 1700).map((one, n, all) => Math.abs(one - (all[n - 1] ?? one))))
    assert.deepEqual(heard, softened(raw))
    assert.notDeepEqual(heard, raw)
    assert.ok(step(heard) < step(raw))
  })

  it('tell how many characters a paid voice is about to speak, once each, and nothing when they are there', async () => {
    const paid = new TestVoice('paid', { price: 'paid' })
    const made = voices(paid)
    await made.prepare([prompt('one', 'three'), prompt('three'), [part('x', { recording: 'a' })]])
    await made.prepare([prompt('one', 'three')])
    assert.deepEqual(bed.said.filter((said) => /paid by/.test(said)), ['paid, which is paid by the character, speaks 8 characters now; what it says is kept'])
    await voices().prepare([prompt('free')])
    assert.equal(bed.said.filter((said) => /paid by/.test(said)).length, 1)
  })

  it('refuse new sounds when they are closed', async () => {
    const made = voices()
    const sound = await made.sound(prompt('Hello'))
    made.close()
    assert.ok(voice.closed)
    assert.deepEqual(made.sound(prompt('Hello')), sound)
    await assert.rejects(Promise.resolve(made.sound(prompt('other'))), /closed/)
  })

  describe('with espeak-ng', () => {
    const espeak = (): Voices => bed.voices({ voices: [new Espeak({ program: '/nowhere/espeak-ng' })] })
    const hostile = [
      '-f /etc/passwd',
      '--help',
      "[[h@l'oU]] [[",
      '<speak><break time="100s"/>hi</speak>',
      '<audio src="file:///etc/passwd">',
      '\u0001+50s\u0001[fast]',
      '😀'.repeat(5000),
      'a'.repeat(100_000),
      '1'.repeat(5000),
      ')(%$#@!'.repeat(500),
      '\u0000\ud800\u202e',
      'Ｆｕｌｌ ｗｉｄｔｈ \u0301\u0301\u0301'.repeat(200),
      '',
    ]
    it('speak whatever a stranger sends as text, or leave it out', async () => {
      const made = espeak()
      for (const [n, text] of hostile.entries()) {
        const { ms } = await made.sound([part(text, { language: n % 2 ? 'en' : 'de' })])
        assert.ok(ms >= 50 && ms < 300_000, `${text.slice(0, 20)}: ${ms} ms`)
      }
      const short = await made.sound([part(hostile[3]!)])
      assert.ok(short.ms < 6000, 'markup makes no pauses')
    })

    it('are played without it, whether it goes while an engine runs or before; and it is asked again', async () => {
      const prompts = [prompt('Welcome.'), [part('Willkommen.', { language: 'de' })]]
      assert.equal((await espeak().prepare(prompts)).made, 2)
      const before = fs.readdirSync(bed.folder)
      const installed: string[] = []
      const gone = new Espeak({ program: '/nowhere/espeak-ng' }, undefined, () => installed[0])
      const without = bed.voices({ voices: [gone] })
      assert.deepEqual(await without.prepare(prompts), { made: 0, missing: [] }, 'hotlines answer')
      for (const one of prompts) assert.ok(!((without.sound(one)) instanceof Promise))
      await assert.rejects(Promise.resolve(without.sound(prompt('Something new.'))), /espeak-ng is not installed, nor is its WASM build/)
      assert.deepEqual(bed.said, ['the voice espeak-ng fails: espeak-ng is not installed, nor is its WASM build; install espeak-ng or run npm install; it is left alone for a while and tried again'])
      assert.deepEqual(fs.readdirSync(bed.folder), before)

      // Installed meanwhile, in another version: what it speaks from then on is kept as that.
      installed.push('99.0.0')
      bed.clock.pass(60_000)
      assert.equal((await without.prepare(prompts)).made, 2)
      assert.match(fs.readFileSync(join(bed.folder, 'voices.json'), 'utf8'), /"espeak-ng en": "wasm-99\.0\.0-/)
      assert.equal(fs.readdirSync(bed.folder).length, before.length + 2)
    })

    it('say nothing in its name when it has never been there', async () => {
      const gone = new Espeak({ program: '/nowhere/espeak-ng' }, undefined, () => undefined)
      const { missing } = await bed.voices({ voices: [gone] }).prepare([prompt('Welcome.')])
      assert.equal(missing.length, 1)
      assert.deepEqual(fs.readdirSync(bed.folder), [])
    })

    it('speak two languages in one prompt', async () => {
      const made = espeak()
      const parts = [part('For English, press 1.'), part('Für Deutsch drücken Sie die 2.', { language: 'de-DE' })]
      await made.prepare([parts, parts.slice(0, 1), parts.slice(1)])
      const [en, de] = [await made.sound(parts.slice(0, 1)), await made.sound(parts.slice(1))]
      const both = await made.sound(parts)
      assert.ok(Math.abs(both.ms - en.ms - de.ms - 200) <= 2)
      const { missing } = await made.prepare([[part('nuqneH', { language: 'tlh' })], [part('Welcome back.')]])
      assert.equal(missing.length, 1)
      assert.match(missing[0]!.why, /could not be spoken in tlh: /)
    })
  })
})
