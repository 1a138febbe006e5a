import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { PromptPart } from '../../engine/call/effects.ts'
import { samplesOf } from '../../engine/sound/wav.ts'
import { Bed, part, settle } from './bed.ts'
import { soundOf, TestVoice } from './test-voice.ts'

const code = (digits: string): PromptPart =>
  part(`Your code is ${digits}.`, { pieces: [{ text: 'Your code is' }, { text: digits, way: 'digits' }] })
const name = (text: string): PromptPart =>
  part(`Hello ${text}.`, { pieces: [{ text: 'Hello' }, { text, way: 'words' }] })

describe('a prompt with values, made audible', () => {
  let bed: Bed
  beforeEach(() => (bed = new Bed()))
  afterEach(() => bed.end())

  it('is put together from words spoken before any call, so that nobody waits for a slow voice', async () => {
    const voice = new TestVoice('neural', { quick: false })
    const voices = bed.voices({ voices: [voice] })
    const { missing, made } = await voices.prepareValues([code('0'), code('0')])
    assert.deepEqual(missing, [])
    assert.equal(made, voice.asked.length)
    assert.ok(voice.asked.includes('Your code is,') && voice.asked.includes('seven,') && voice.asked.includes('seven.'))
    const before = voice.asked.length
    voice.there = 'it is gone'
    voice.does = 'hang'
    const sound = await voices.sound([code('4 7 1 1')])
    assert.equal(voice.asked.length, before, 'nothing is spoken any more')
    // What each word is, and 40 ms before the value.
    const words = ['Your code is,', 'four,', 'seven,', 'one,', 'one.']
    const { samples } = soundOf(words.join(''))
    assert.equal(samplesOf(readFileSync(sound.file))!.length, samples.length + 320)
    assert.deepEqual(voices.sound([code('4 7 1 1')]), sound, 'the second time it is there at once')
  })

  it('is spoken as a whole by a quick voice, which needs nothing made before', async () => {
    const voice = new TestVoice('espeak-ng')
    const voices = bed.voices({ voices: [voice] })
    assert.equal((await voices.prepareValues([code('0')])).made, 0)
    await voices.sound([code('4 7')])
    assert.deepEqual(voice.asked, ['Your code is 4 7.'])
  })

  it('is spoken as a whole when a word is missing, or when it was spoken so before', async () => {
    const voice = new TestVoice('neural', { quick: false })
    const voices = bed.voices({ voices: [voice] })
    const whole = await voices.sound([code('4 7')])
    assert.deepEqual(voice.asked, ['Your code is 4 7.'])
    await voices.prepareValues([code('0')])
    assert.deepEqual(voices.sound([code('4 7')]), whole, 'which sounds better than put together')
  })

  it('is spoken as a whole when a word was spoken by another voice: two in a sentence are worse', async () => {
    const best = new TestVoice('neural', { quick: false })
    const lesser = new TestVoice('lesser', { quick: false })
    best.does = (text) => (text.startsWith('seven') ? assert.fail('HTTP 500') : soundOf(text))
    for (const one of [best, lesser]) await bed.voices({ voices: [one] }).prepareValues([code('0')])
    const voices = bed.voices({ voices: [best, lesser] })
    bed.clock.pass(1000)
    await voices.sound([code('4 7')])
    await voices.sound([code('4 1')])
    const whole = best.asked.filter((text) => text.startsWith('Your code is '))
    assert.deepEqual(whole, ['Your code is 4 7.'], 'all words of the other are there in its own voice')
  })

  it('keeps what is recorded, and has only the value spoken', async () => {
    const voice = new TestVoice('espeak-ng')
    const voices = bed.voices({ voices: [voice] })
    const recorded = part('Your code is 4 7.', {
      pieces: [{ text: 'Your code is', name: 'a.1', recording: 'f'.repeat(32) }, { text: '4 7', way: 'digits' }],
    })
    await voices.sound([recorded])
    // This recording is gone, so that a voice stands in for it.
    assert.deepEqual(voice.asked.sort(), ['4 7.', 'Your code is,'])
  })

  it('is made ahead: when it is wanted nobody is asked any more', async () => {
    const voice = new TestVoice('neural', { quick: false })
    const voices = bed.voices({ voices: [voice] })
    voices.ahead([[name('Lee')], [name('Lee')], [name('Kim')]])
    await bed.until(() => voice.asked.length === 2)
    await Promise.all([voices.sound([name('Lee')]), voices.sound([name('Kim')])])
    assert.deepEqual(voice.asked, ['Hello Lee.', 'Hello Kim.'])
  })

  it('that is only made ahead keeps no caller waiting, and never fails a call', async () => {
    const voice = new TestVoice('neural', { quick: false, atOnce: 1 })
    voice.held = []
    const voices = bed.voices({ voices: [voice] })
    voices.ahead(Array.from({ length: 50 }, (_, n) => [name(`Nr ${n}`)]))
    await bed.until(() => voice.held!.length === 1)
    const wanted = voices.sound([part('Welcome.')])
    await settle()
    voice.held.shift()!(new Error('no'))
    await bed.until(() => voice.asked.length === 2)
    assert.deepEqual(voice.asked, ['Hello Nr 0.', 'Welcome.'])
    const { held } = voice
    voice.held = undefined
    held.shift()!()
    await wanted
    // It stands behind all that is to be made ahead.
    await voices.prepare([[part('Bye.')]])
    assert.equal(voice.asked.at(-1), 'Bye.')
    assert.equal(voice.asked.length, 22, 'fifty are too many to be made ahead')
  })
})
