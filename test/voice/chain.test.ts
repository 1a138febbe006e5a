import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { TelephonyError } from '../../engine/errors.ts'
import type { Sound } from '../../engine/ports.ts'
import type { Samples } from '../../engine/sound/samples.ts'
import type { Voices } from '../../engine/voice/voices.ts'
import { Bed, part, prompt } from './bed.ts'
import { soundOf, TestVoice } from './test-voice.ts'

describe('voices in their order', () => {
  let bed: Bed
  let [kokoro, google, espeak] = [new TestVoice('kokoro'), new TestVoice('google'), new TestVoice('espeak-ng')]
  beforeEach(() => {
    bed = new Bed()
    kokoro = new TestVoice('kokoro')
    google = new TestVoice('google')
    espeak = new TestVoice('espeak-ng')
  })
  afterEach(() => bed.end())

  const both = (): Voices => bed.voices({ voices: [kokoro, espeak], last: 'espeak-ng' })
  /** Whom a text was asked of, in order. */
  const askedOf = (text: string): string[] =>
    [kokoro, google, espeak].filter(({ asked }) => asked.includes(text)).map(({ name }) => name)
  const saidOf = (made: Voices): string =>
    made.states.map(({ name, spoken, failed, replaced }) => `${name} ${spoken}/${failed}/${replaced}`).join(', ')

  describe('the order', () => {
    const order = { de: ['google', 'kokoro'], otherwise: ['kokoro'] }
    const cases: [name: string, language: string, by: string[] | undefined, who: string][] = [
      ["is the admin's for the language", 'de', undefined, 'google'],
      ['or for the language without its country', 'de-AT', undefined, 'google'],
      ['or for all others', 'fr', undefined, 'kokoro'],
      ["is the flow's, when that names voices", 'de', ['kokoro'], 'kokoro'],
      ['passes over a name that no voice has', 'fr', ['paola', 'google'], 'google'],
      ["is the admin's when the flow names none that there is", 'de', ['paola'], 'google'],
    ]
    for (const [name, language, by, who] of cases) {
      it(name, async () => {
        const made = bed.voices({ voices: [kokoro, google, espeak], order, last: 'espeak-ng' })
        await made.sound([part('Hello', { language, ...(by ? { voice: { by } } : {}) })])
        assert.deepEqual(askedOf('Hello'), [who])
      })
    }

    it('says once which name no voice has', async () => {
      const made = both()
      for (const text of ['one', 'two']) await made.sound([part(text, { voice: { by: ['paola'] } })])
      assert.deepEqual(bed.said, ['there is no voice "paola" and it is passed over; describe it in voices.yaml'])
    })

    it('ends with the last resort, also where the flow names others', async () => {
      kokoro.does = () => assert.fail('no breath')
      await both().sound([part('Hello', { voice: { by: ['kokoro'] } })])
      assert.deepEqual(askedOf('Hello'), ['kokoro', 'espeak-ng'])
    })

    it('passes over a voice that does not speak the language', async () => {
      kokoro.languages = ['en']
      google.languages = ['fr']
      const made = bed.voices({ voices: [kokoro, google, espeak] })
      await made.sound([part('Hallo', { language: 'de' })])
      assert.deepEqual(askedOf('Hallo'), ['espeak-ng'])
      assert.equal(saidOf(made), 'kokoro 0/0/0, google 0/0/0, espeak-ng 1/0/0', 'nothing has failed')
    })
  })

  describe('a voice that cannot', () => {
    const silence: Samples = { samples: new Int16Array(8000), rate: 8000 }
    const hour: Samples = { samples: new Int16Array(3600 * 8000).fill(9), rate: 8000 }
    const cases: [name: string, how: () => void, why: string][] = [
      ['fails', () => (kokoro.does = () => assert.fail('HTTP 500')), 'HTTP 500'],
      ['is not there', () => (kokoro.there = 'nothing listens at 127.0.0.1:8880; start it'), 'nothing listens at 127.0.0.1:8880; start it'],
      ['hangs', () => (kokoro.does = 'hang'), 'it took over 5000 ms'],
      ['gives silence', () => (kokoro.does = () => silence), 'it gave nothing but silence'],
      ['gives an hour of sound', () => (kokoro.does = () => hour), 'it gave 3600 s of sound for 5 characters'],
      ['gives sound at a rate that there is not', () => (kokoro.does = (text) => ({ ...soundOf(text), rate: 400_000 })), '400000 samples a second'],
    ]
    for (const [name, how, why] of cases) {
      it(`${name}: the next one speaks, and that is said once and counted`, async () => {
        how()
        const made = both()
        const done = made.prepare([prompt('Hello'), prompt('Adieu')])
        if (name === 'hangs') {
          await bed.until(() => kokoro.asked.length === 2)
          bed.clock.pass(5000)
        }
        assert.deepEqual((await done).missing, [])
        const sound = made.sound(prompt('Hello')) as Sound
        assert.equal(sound.ms, 500)
        assert.deepEqual(bed.said, [`the voice kokoro fails: ${why}; it is left alone for a while and tried again`])
        const [state] = made.states
        assert.equal(state!.fails, why)
        assert.deepEqual([state!.replaced, state!.failed], [2, 2])
      })
    }

    it('is left alone for a time that grows, and then asked again', async () => {
      kokoro.does = () => assert.fail('HTTP 500')
      const made = both()
      const asks = async (text: string): Promise<boolean> => {
        await made.sound(prompt(text))
        return kokoro.asked.includes(text)
      }
      assert.ok(await asks('at first'))
      const pauses = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]
      for (const [n, pause] of pauses.entries()) {
        bed.clock.pass(pause - 1)
        assert.ok(!(await asks(`too early ${n}`)), `${pause} ms`)
        bed.clock.pass(1)
        assert.ok(await asks(`again ${n}`), `${pause} ms`)
      }
      assert.equal(bed.said.length, 1)
      kokoro.does = soundOf
      bed.clock.pass(60_000)
      assert.ok(await asks('at last'))
      assert.deepEqual(bed.said.slice(1), ['the voice kokoro speaks again'])
      kokoro.does = () => assert.fail('HTTP 500')
      await asks('once more')
      bed.clock.pass(1000)
      assert.ok(await asks('and again'), 'the pause is a short one again')
    })

    it('is asked all the same when it is the last one: it may have failed over one text alone', async () => {
      espeak.does = (text) => (text === 'poison' ? assert.fail('no such sign') : soundOf(text))
      const made = bed.voices({ voices: [espeak] })
      await assert.rejects(Promise.resolve(made.sound(prompt('poison'))), /no such sign/)
      assert.equal((await made.sound(prompt('Hello'))).ms, 500)
    })

    it('is not asked when it is not there, though it is the last one: nobody is to wait in vain', async () => {
      espeak.there = 'espeak-ng is not installed; install it'
      const made = bed.voices({ voices: [espeak] })
      for (let times = 0; times < 5; times++) {
        await assert.rejects(Promise.resolve(made.sound(prompt('x'))), (error) => {
          assert.ok(error instanceof TelephonyError && error.code === 'voice-failed')
          assert.equal(error.message, 'a text of 1 characters could not be spoken in en: espeak-ng: espeak-ng is not installed; install it')
          return true
        })
      }
      assert.equal(espeak.lookedFor, 1)
      espeak.there = true
      bed.clock.pass(1000)
      assert.equal((await made.sound(prompt('xxxxx'))).ms, 500)
    })
  })

  describe('while a caller waits', () => {
    /** What came of a prompt, and after how many milliseconds. */
    async function heard(made: Voices, text: string): Promise<{ sound?: Sound; failed?: Error; ms: number }> {
      const began = bed.clock.now()
      let done: { sound?: Sound; failed?: Error; ms: number } | undefined
      const after = () => bed.clock.now() - began
      void Promise.resolve(made.sound(prompt(text))).then(
        (sound) => (done = { sound, ms: after() }),
        (failed: Error) => (done = { failed, ms: after() }),
      )
      // A voice that speaks needs no time, but files do.
      const speaks = (): boolean => [google, espeak].some((one) => one.does !== 'hang' && one.asked.includes(text))
      while (!done && !speaks() && after() < 10_000) await bed.pass(50)
      await bed.until(() => done !== undefined)
      return done!
    }

    it('a voice that hangs has a second; then the next one begins beside it', async () => {
      kokoro.does = 'hang'
      const { sound, ms } = await heard(both(), 'Hello')
      assert.equal(sound?.ms, 500)
      assert.ok(ms >= 1000 && ms <= 1200, `${ms} ms`)
    })

    it('however many hang, the last one begins before two seconds are over', async () => {
      kokoro.does = google.does = 'hang'
      const more = new TestVoice('paola')
      more.does = 'hang'
      const { sound, ms } = await heard(bed.voices({ voices: [kokoro, google, more, espeak] }), 'Hello')
      assert.equal(sound?.ms, 500)
      assert.ok(ms >= 1700 && ms <= 2000, `${ms} ms`)
    })

    it('when all of them hang, the step takes its way on after two seconds and a half', async () => {
      kokoro.does = espeak.does = 'hang'
      const { failed, ms } = await heard(both(), 'Hello')
      assert.match(failed?.message ?? '', /it took too long for a caller who waits/)
      assert.ok(ms >= 2500 && ms <= 2700, `${ms} ms`)
    })

    it('nobody waits for it again, who calls soon; it is asked, and waited for when it has spoken quickly', async () => {
      kokoro.does = 'hang'
      const made = both()
      await heard(made, 'one')
      const second = await heard(made, 'two')
      assert.ok(second.ms <= 100, `${second.ms} ms`)
      assert.deepEqual([kokoro.asked, bed.said], [['one', 'two'], ['the voice kokoro keeps callers waiting; for a while no caller waits for it']])
      await bed.pass(5000)
      kokoro.does = soundOf
      await bed.pass(10_000)
      await made.sound(prompt('three'))
      assert.deepEqual([kokoro.asked.at(-1), espeak.asked], ['three', ['one', 'two']])
    })

    it('but the last of them is waited for, though it was too late for another: a machine may be busy for a moment', async () => {
      kokoro.does = espeak.does = 'hang'
      const made = both()
      assert.ok((await heard(made, 'one')).failed)
      espeak.does = soundOf
      const { failed, ms } = await heard(made, 'two')
      assert.ok(!failed && ms <= 100, `${ms} ms`)
    })

    it('a caller who has waited before has less time', async () => {
      kokoro.does = espeak.does = 'hang'
      const began = bed.clock.now()
      const failed = assert.rejects(Promise.resolve(both().sound(prompt('one'), 300)))
      await bed.pass(400)
      await failed
      assert.ok(bed.clock.now() - began <= 400)
    })

    it('a prompt of many parts has no more time than one of a single part', async () => {
      kokoro.does = espeak.does = 'hang'
      const made = both()
      const began = bed.clock.now()
      const failed = assert.rejects(Promise.resolve(made.sound(prompt('one', 'two', 'three', 'four'))))
      await bed.pass(2600)
      await failed
      assert.ok(bed.clock.now() - began <= 2600)
    })

    it('what comes too late for this caller is there for the next one', async () => {
      const held: (() => void)[] = (kokoro.held = [])
      const made = both()
      assert.ok((await heard(made, 'Hello')).sound)
      const lesser = made.sound(prompt('Hello')) as Sound
      held[0]!()
      await bed.until(() => (made.sound(prompt('Hello')) as Sound).id !== lesser.id)
      assert.deepEqual([kokoro.asked, espeak.asked], [['Hello'], ['Hello']])
    })

    it('what a busy voice has not begun is not done any more when another one has spoken', async () => {
      kokoro = new TestVoice('kokoro', { atOnce: 1 })
      const held: (() => void)[] = (kokoro.held = [])
      const made = both()
      await Promise.all(['one', 'two', 'three'].map((text) => heard(made, text)))
      held[0]!()
      kokoro.held = undefined
      await bed.until(() => made.states[0]!.spoken === 1)
      await bed.pass(500)
      assert.deepEqual(kokoro.asked, ['one'])
    })
  })

  it('a disk that refuses what one has spoken is asked with no other', async () => {
    const made = both()
    fs.rmSync(bed.folder, { recursive: true })
    fs.writeFileSync(bed.folder, 'no folder')
    await assert.rejects(Promise.resolve(made.sound(prompt('Hello'))), /sounds cannot be kept/)
    assert.deepEqual([kokoro.asked, espeak.asked], [['Hello'], []])
  })

  it('one that has failed is not asked to do better before its pause is over', async () => {
    kokoro.does = () => assert.fail('HTTP 500')
    const made = both()
    await made.prepare([prompt('Hello')])
    await bed.pass(900)
    assert.deepEqual(kokoro.asked, ['Hello'])
    await bed.pass(5000)
    await bed.until(() => kokoro.asked.length === 2)
  })

  describe('sounds that are there already', () => {
    it('are found without any voice being asked, the best voice first', async () => {
      const lesser = await bed.voices({ voices: [espeak] }).sound(prompt('Hello'))
      kokoro.there = google.there = 'no'
      const made = bed.voices({ voices: [kokoro, espeak] })
      assert.deepEqual(made.sound(prompt('Hello')), lesser)
      assert.equal(kokoro.lookedFor, 0)
      const better = await bed.voices({ voices: [new TestVoice('kokoro')] }).sound(prompt('Hello'))
      assert.notEqual(better.id, lesser.id)
      assert.deepEqual(made.sound(prompt('Hello')), better, 'as soon as another engine has made it')
    })

    it('are all that callers hear when every voice is dead; what is not there fails at once', async () => {
      await both().prepare([prompt('Welcome'), prompt('Press 1', 'Press 2')])
      kokoro.there = espeak.there = 'the machine is full'
      const made = both()
      const { missing } = await made.prepare([prompt('Welcome'), prompt('Press 1', 'Press 2'), prompt('new')])
      assert.deepEqual(missing.map((one) => one.prompt), [prompt('new')])
      for (const each of [prompt('Welcome'), prompt('Press 1', 'Press 2')]) assert.ok(!(made.sound(each) instanceof Promise))
      await assert.rejects(Promise.resolve(made.sound(prompt('your code is 4 7 1 1'))), (error) => {
        return error instanceof TelephonyError && error.code === 'voice-failed'
      })
    })

    it('are made anew when the better voice comes back, and used from then on', async () => {
      kokoro.there = 'it is being restarted'
      const made = both()
      const prompts = [prompt('one'), prompt('two', 'three')]
      assert.deepEqual(await made.prepare(prompts), { made: 2, missing: [] })
      const lesser = prompts.map((each) => made.sound(each) as Sound)
      await bed.pass(30_000)
      kokoro.there = true
      await bed.pass(60_000)
      await bed.until(() => kokoro.asked.length === 3)
      await bed.until(() => prompts.every((each, n) => (made.sound(each) as Sound).id !== lesser[n]!.id))
      const told = 'prompts that another voice had to speak are there in the right voice now'
      await bed.until(() => bed.said.at(-1) === told)
      await made.sound(prompt('one'))
      assert.deepEqual(kokoro.asked, ['one', 'two', 'three'], 'each once')
    })

    it('are made anew one by one, so that a call is served in between', async () => {
      const texts = ['one', 'two', 'three', 'four']
      await bed.voices({ voices: [espeak] }).prepare(texts.map((text) => prompt(text)))
      const held: (() => void)[] = (kokoro.held = [])
      const made = both()
      await made.prepare(texts.map((text) => prompt(text)))
      await bed.until(() => held.length === 1)
      const call = made.sound(prompt('call'))
      await bed.until(() => held.length === 2)
      assert.deepEqual(kokoro.asked, ['one', 'call'])
      kokoro.held = undefined
      for (const go of held) go()
      await call
      await bed.until(() => kokoro.asked.length === 5)
    })
  })
})
