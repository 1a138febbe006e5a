import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Prompt } from '../../engine/call/effects.ts'
import { TelephonyError } from '../../engine/errors.ts'
import type { Clock, Log } from '../../engine/ports.ts'
import { Espeak } from '../../engine/voice/espeak.ts'
import type { VoiceProvider } from '../../engine/voice/provider.ts'
import { Voices, type VoicesOptions } from '../../engine/voice/voices.ts'
import { readWav } from '../../engine/voice/wav.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Time that passes when the test says so. */
class TestClock implements Clock {
  private time = 1_000_000
  private readonly alarms = new Set<{ at: number; run: () => void }>()
  now = () => this.time
  after = (ms: number, run: () => void) => {
    const alarm = { at: this.time + ms, run }
    this.alarms.add(alarm)
    return () => void this.alarms.delete(alarm)
  }
  pass(ms: number): void {
    this.time += ms
    for (const alarm of this.alarms) {
      if (alarm.at > this.time) continue
      this.alarms.delete(alarm)
      alarm.run()
    }
  }
  get pending(): number {
    return this.alarms.size
  }
}

/** A voice that gives a tenth of a second for each letter, when it is let. */
class TestProvider implements VoiceProvider {
  readonly name = 'test'
  asked: string[] = []
  there: true | string = true
  lookedFor = 0
  /** Set: texts wait here until they are let go. */
  held: ((why?: Error) => void)[] | undefined
  version = () => '1'
  async available() {
    this.lookedFor++
    return this.there
  }
  async speak(text: string): Promise<Int16Array> {
    this.asked.push(text)
    const { held } = this
    if (held) await new Promise<void>((resolve, reject) => held.push((why) => (why ? reject(why) : resolve())))
    return Int16Array.from({ length: text.length * 800 }, (_, n) => 5000 * Math.sin(n / 3))
  }
}

const prompt = (...texts: string[]): Prompt => texts.map((text) => ({ text, language: 'en' }))

describe('voices', () => {
  let folder = ''
  let clock = new TestClock()
  let provider = new TestProvider()
  let warnings: string[] = []
  const log: Log = { info() {}, error() {}, warn: (_, words) => void warnings.push(words) }
  const open: Voices[] = []

  function voices(options: Partial<VoicesOptions> = {}): Voices {
    const made = new Voices({ provider, folder, clock, log, ...options })
    open.push(made)
    return made
  }

  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'callwright-voices-'))
    clock = new TestClock()
    provider = new TestProvider()
    warnings = []
  })
  afterEach(() => {
    for (const each of open.splice(0)) each.close()
    fs.rmSync(folder, { recursive: true, force: true })
    assert.equal(clock.pending, 0, 'no time limit is left running')
  })

  it('finds what was spoken before, and prepares it, while the voice is not there yet', async () => {
    const { id } = await voices().sound(prompt('hello'))
    class Late extends TestProvider {
      override available = () => new Promise<true>(() => {})
    }
    const after = voices({ provider: new Late() })
    assert.equal((await after.sound(prompt('hello'))).id, id)
    assert.deepEqual(await after.prepare([prompt('hello')]), { made: 0, missing: [] })
  })

  it('makes a sound once and has it at once from then on, also after a new start', async () => {
    const first = voices()
    const made = first.sound(prompt('Hello'))
    assert.ok(made instanceof Promise)
    const sound = await made
    assert.equal(sound.ms, 500)
    assert.equal(readWav(fs.readFileSync(sound.file))?.rate, 8000)
    assert.deepEqual(first.sound(prompt('Hello')), sound)
    const second = voices()
    assert.equal((await second.prepare([])).made, 0)
    assert.deepEqual(await second.sound(prompt('Hello')), sound)
    assert.deepEqual(provider.asked, ['Hello'])
  })

  it('joins parts to one sound with pauses, and speaks each part once', async () => {
    const made = voices()
    const both = await made.sound(prompt('one', 'three'))
    assert.equal(both.ms, 300 + 200 + 500)
    const turned = await made.sound(prompt('three', 'one'))
    assert.notEqual(turned.id, both.id)
    assert.deepEqual(provider.asked, ['one', 'three'])
    assert.deepEqual(made.sound(prompt('one', 'three')), both)
  })

  it('shares what is asked for at the same time', async () => {
    provider.held = []
    const made = voices()
    const prompts = [prompt('one', 'two'), prompt('one', 'two'), prompt('one')]
    const all = Promise.all(prompts.map((each) => made.sound(each)))
    await settle()
    for (const go of provider.held) go()
    const [first, second] = await all
    assert.deepEqual(first, second)
    assert.deepEqual(provider.asked, ['one', 'two'])
    assert.deepEqual(fs.readdirSync(folder).length, 3)
  })

  it('speaks two at a time, and for calls first', async () => {
    const held: ((why?: Error) => void)[] = (provider.held = [])
    const made = voices()
    const prepared = made.prepare(['a', 'b', 'c', 'd'].map((text) => prompt(text)))
    await settle()
    const call = made.sound(prompt('call'))
    await settle()
    assert.deepEqual(provider.asked, ['a', 'b'])
    held[0]?.()
    while (provider.asked.length < 3) await settle()
    assert.deepEqual(provider.asked, ['a', 'b', 'call'])
    provider.held = undefined
    for (const go of held) go()
    await Promise.all([prepared, call])
  })

  it('fails a part that takes too long, and can make it the next time', async () => {
    provider.held = []
    const made = voices({ partMs: 3000 })
    const late = assert.rejects(Promise.resolve(made.sound(prompt('secret text'))), (error) => {
      assert.ok(error instanceof TelephonyError)
      assert.equal(error.code, 'voice-failed')
      assert.match(error.message, /a text of 11 characters could not be spoken in en: it took over 3000 ms/)
      return true
    })
    await settle()
    clock.pass(3000)
    await late
    provider.held = undefined
    assert.equal((await made.sound(prompt('secret text'))).ms, 1100)
  })

  it('lets no call wait in the queue longer than for a part', async () => {
    const held: ((why?: Error) => void)[] = (provider.held = [])
    const made = voices({ atOnce: 1, partMs: 3000 })
    const prepared = made.prepare([prompt('long')])
    await settle()
    clock.pass(2000)
    const call = Promise.resolve(made.sound(prompt('call')))
    const refused = assert.rejects(call, /took over/)
    await settle()
    clock.pass(1000)
    await settle()
    clock.pass(2000)
    await refused
    for (const go of held) go()
    assert.equal((await prepared).missing.length, 1)
    while (held.length < 2) await settle()
    held[1]?.()
    assert.equal((await made.sound(prompt('call'))).ms, 400, 'what was made late is there')
  })

  it('says what a provider could not do', async () => {
    provider.held = []
    const made = voices()
    const failed = assert.rejects(Promise.resolve(made.sound(prompt('x'))), /could not be spoken in en: out of breath/)
    await settle()
    provider.held[0]?.(new Error('out of breath'))
    await failed
  })

  it('says in one line that a voice is missing, and looks for it again after a while', async () => {
    provider.there = 'espeak-ng is not installed; install it'
    const made = voices()
    const missing = /^no voice for en: espeak-ng is not installed; install it$/
    for (let times = 0; times < 5; times++) {
      await assert.rejects(Promise.resolve(made.sound(prompt('x'))), (error: Error) => missing.test(error.message))
    }
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /^no voice for en: espeak-ng is not installed; install it; trying again$/)
    assert.equal(provider.lookedFor, 1)
    clock.pass(1000)
    await assert.rejects(Promise.resolve(made.sound(prompt('x'))))
    clock.pass(1999)
    await assert.rejects(Promise.resolve(made.sound(prompt('x'))))
    assert.equal(provider.lookedFor, 2)
    provider.there = true
    clock.pass(1)
    assert.equal((await made.sound(prompt('xxxxx'))).ms, 500)
    assert.equal(warnings.length, 1)
  })

  it('prepares prompts, tells how far it is, and gives back what is missing', async () => {
    const made = voices()
    await made.sound(prompt('known'))
    const progress: string[] = []
    const prompts = [prompt('known'), prompt('new'), prompt('new'), prompt('new', 'newer')]
    const done = await made.prepare(prompts, (count, of) => progress.push(`${count}/${of}`))
    assert.deepEqual(done, { made: 2, missing: [] })
    assert.deepEqual(progress, ['1/4', '2/4', '3/4', '4/4'])
    for (const each of prompts) assert.ok(!(made.sound(each) instanceof Promise))
    provider.speak = async () => assert.fail('no breath')
    const [missing] = (await made.prepare([prompt('other')])).missing
    assert.deepEqual(missing?.prompt, prompt('other'))
    assert.match(missing?.why ?? '', /no breath/)
  })

  it('makes a sound again whose file was cut off or deleted', async () => {
    const made = voices()
    const { file } = await made.sound(prompt('Hello'))
    fs.truncateSync(file, 100)
    await made.sound(prompt('Hello'))
    assert.equal(fs.statSync(file).size, 44 + 8000)
    fs.rmSync(file)
    await made.sound(prompt('Hello'))
    assert.equal(provider.asked.length, 3)
  })

  it('plays a moment of silence for what has nothing to say', async () => {
    assert.equal((await voices().sound(prompt('🎉'))).ms, 100)
    assert.deepEqual(provider.asked, [])
  })

  it('cuts a text that is too long and says so, without the text', async () => {
    await voices().sound(prompt('My secret is out. '.repeat(100)))
    assert.ok((provider.asked[0] ?? '').length <= 1000)
    assert.deepEqual(warnings, ['a text over 1000 characters was cut'])
  })

  it('forgets what was said long ago, but not what was prepared', async () => {
    const made = voices()
    await made.prepare([prompt('fixed')])
    await made.sound(prompt('your number is 4 7 1 1'))
    clock.pass(10_000)
    await made.sound(prompt('recent'))
    assert.equal(await made.forget(5000), 1)
    for (const each of [prompt('fixed'), prompt('recent')]) assert.ok(!(made.sound(each) instanceof Promise))
    assert.equal(fs.readdirSync(folder).length, 2)
  })

  it('fails as voice-failed when the disk refuses', async () => {
    const made = voices()
    fs.rmSync(folder, { recursive: true })
    fs.writeFileSync(folder, 'no folder')
    await assert.rejects(Promise.resolve(made.sound(prompt('x'))), (error) => {
      return error instanceof TelephonyError && error.code === 'voice-failed' && /EEXIST|ENOTDIR/.test(error.message)
    })
  })

  it('makes its folder again when it has been removed', async () => {
    const made = voices()
    fs.rmSync(folder, { recursive: true })
    assert.ok(fs.existsSync((await made.sound(prompt('x'))).file))
  })

  it('refuses new sounds when it is closed', async () => {
    const made = voices()
    const sound = await made.sound(prompt('Hello'))
    made.close()
    assert.deepEqual(made.sound(prompt('Hello')), sound)
    await assert.rejects(Promise.resolve(made.sound(prompt('other'))), /closed/)
  })

  describe('with espeak-ng', () => {
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
    it('speaks whatever a stranger sends as text, or leaves it out', async () => {
      const made = voices({ provider: new Espeak({ program: '/nowhere/espeak-ng' }) })
      for (const [n, text] of hostile.entries()) {
        const sound = await made.sound([{ text, language: n % 2 ? 'en' : 'de' }])
        assert.ok(sound.ms >= 50 && sound.ms < 300_000, `${text.slice(0, 20)}: ${sound.ms} ms`)
      }
      const short = await made.sound([{ text: hostile[3] ?? '', language: 'en' }])
      assert.ok(short.ms < 6000, 'markup makes no pauses')
    })

    it('speaks two languages in one prompt', async () => {
      const made = voices({ provider: new Espeak({ program: '/nowhere/espeak-ng' }) })
      const parts: Prompt = [
        { text: 'For English, press 1.', language: 'en' },
        { text: 'Für Deutsch drücken Sie die 2.', language: 'de-DE' },
      ]
      const [en, de] = [await made.sound(parts.slice(0, 1)), await made.sound(parts.slice(1))]
      const both = await made.sound(parts)
      assert.ok(Math.abs(both.ms - en.ms - de.ms - 200) <= 2)
      const missing = await made.prepare([[{ text: 'nuqneH', language: 'tlh' }]])
      assert.match(missing.missing[0]?.why ?? '', /could not be spoken in tlh: espeak-ng does not speak "tlh"/)
    })
  })
})
