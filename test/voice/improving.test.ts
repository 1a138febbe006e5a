import assert from 'node:assert/strict'
import type { Sound } from '../../engine/ports.ts'
import type { Voices } from '../../engine/voice/voices.ts'
import { Bed, part, prompt } from './bed.ts'
import { soundOf, TestVoice } from './test-voice.ts'

/** A voice that cannot say certain texts, a lesser one behind it, and time that passes. */
describe('prompts that a better voice could not speak at first', () => {
  let bed: Bed
  let kokoro: TestVoice
  let espeak: TestVoice
  let made: Voices

  beforeEach(() => {
    bed = new Bed()
    kokoro = new TestVoice('kokoro', { atOnce: 1 })
    espeak = new TestVoice('espeak')
    kokoro.does = (text) => {
      if (/sorry/i.test(text)) throw new Error('exit code 3')
      return soundOf(text)
    }
    made = bed.voices({ voices: [kokoro, espeak] })
  })
  afterEach(() => bed.end())

  let texts: string[]
  const standIns = async (): Promise<string[]> => {
    const heard = await Promise.all(texts.map(async (text) => made.heardOf(part(text))))
    return texts.filter((_, n) => heard[n]!.insteadOf === 'kokoro').sort()
  }
  /** Lets time pass until this many texts are left to the lesser voice, and that is all that there is to do. */
  const left = async (number: number): Promise<string[]> => {
    for (let n = 0; n < 600 && (await standIns()).length > number; n++) await bed.pass(1000)
    return standIns()
  }
  const others = ['one', 'two', 'three', 'four', 'five', 'six']
  const prepare = async (...all: string[]): Promise<void> => {
    texts = all
    await made.prepare(all.map((text) => prompt(text)))
  }

  it('one text that fails by itself keeps none of the others with the lesser voice', async () => {
    await prepare('I am sorry.', ...others)
    assert.ok((await standIns()).length > 1, 'the voice was left alone for a while')
    assert.deepEqual(await left(1), ['I am sorry.'])
    const { id } = made.sound(prompt('one')) as Sound
    assert.equal((await bed.voices({ voices: [kokoro] }).sound(prompt('one'))).id, id, 'it is that of the better voice')
  })

  it('several that fail one after the other do not either', async () => {
    await prepare('Sorry.', 'So sorry.', 'Very sorry.', ...others)
    assert.deepEqual(await left(3), ['So sorry.', 'Sorry.', 'Very sorry.'])
  })

  it('the bad one is tried again after pauses that grow, even while the voice speaks well for callers', async () => {
    await prepare('I am sorry.', ...others)
    const triesIn = async (minutes: number): Promise<number> => {
      const before = kokoro.asked.length
      for (let n = 0; n < minutes; n++) {
        await bed.pass(60_000)
        await Promise.resolve(made.sound(prompt(`code ${bed.clock.now()}`))).catch(() => {})
      }
      return kokoro.asked.slice(before).filter((text) => text === 'I am sorry.').length
    }
    const [first, later] = [await triesIn(10), await triesIn(30)]
    assert.ok(first >= 2 && first <= 6, `${first} in 10 minutes`)
    assert.ok(later >= 1 && later <= 4, `${later} in 30 minutes`)
  })

  it('when it fails over every text, it is not asked for all of them in a row', async () => {
    kokoro.does = () => {
      throw new Error('exit code 1')
    }
    await prepare(...Array.from({ length: 40 }, (_, n) => `text ${n}`))
    await bed.pass(60_000)
    assert.ok(kokoro.asked.length < 15, `${kokoro.asked.length} times`)
    kokoro.does = soundOf
    assert.deepEqual(await left(0), [])
  })

  it('can be had made at once, as far as that is possible', async () => {
    await prepare('I am sorry.', ...others)
    let isDone = false
    void made.improve().then(() => (isDone = true))
    for (let n = 0; n < 600 && !isDone; n++) await bed.pass(1000)
    assert.deepEqual([isDone, await standIns()], [true, ['I am sorry.']])
  })
})
