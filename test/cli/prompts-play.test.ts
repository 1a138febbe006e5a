import assert from 'node:assert/strict'
import { soundOf } from '../../cli/prompts-play.ts'
import { Bed, prompt } from '../voice/bed.ts'
import { TestVoice } from '../voice/test-voice.ts'

describe('a prompt that is played to an admin', () => {
  let bed: Bed
  let [kokoro, espeak] = [new TestVoice('kokoro'), new TestVoice('espeak-ng')]
  beforeEach(() => {
    bed = new Bed()
    kokoro = new TestVoice('kokoro')
    espeak = new TestVoice('espeak-ng')
  })
  afterEach(() => bed.end())

  it('is spoken by the voice that callers will hear, though that takes longer than a caller would wait', async () => {
    const held: (() => void)[] = (kokoro.held = [])
    const sound = soundOf(bed.voices({ voices: [kokoro, espeak] }), prompt('Hello'))
    await bed.until(() => held.length === 1)
    await bed.pass(3000)
    held[0]!()
    assert.equal((await sound).ms, 500)
    assert.deepEqual(espeak.asked, [])
  })

  it('that cannot be spoken is refused with the reason', async () => {
    espeak.does = () => assert.fail('HTTP 500')
    await assert.rejects(soundOf(bed.voices({ voices: [espeak] }), prompt('Hello')), /HTTP 500/)
  })
})
