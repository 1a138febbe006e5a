import assert from 'node:assert/strict'
import { SAMPLE_RATE, tone } from '../phone/wav.ts'
import { clicks, levelOf, silences } from './quality.ts'

const still = (ms: number): Int16Array => new Int16Array((ms * SAMPLE_RATE) / 1000)
const after = (...parts: Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]))
/** A tone that comes and goes within 5 ms. */
const soft = (ms: number, amplitude = 0.25): Int16Array => {
  const whole = tone(400, ms, amplitude)
  const rise = SAMPLE_RATE / 200
  return whole.map((sample, i) => Math.round(sample * Math.min(1, i / rise, (whole.length - 1 - i) / rise)))
}

describe('what can be heard of the quality of a prompt', () => {
  it('finds the silences within it, and none around it', () => {
    const heard = after(still(300), soft(500), still(200), soft(500), still(300))
    assert.deepEqual(silences(heard), [{ at: 800, ms: 200 }])
  })

  it('finds where it was cut off or put together badly', () => {
    assert.deepEqual(clicks(after(still(100), soft(300), still(100))), [])
    const cut = soft(600).subarray(0, 2405) // ends at a peak
    assert.deepEqual(clicks(after(still(100), soft(200), still(50), cut, still(100))), [651])
  })

  it('tells how loud it is without its pauses', () => {
    const level = levelOf(after(soft(1000), still(3000), soft(1000)))
    assert.ok(Math.abs(level - levelOf(soft(1000))) < 0.3, `${level}`)
    assert.ok(Math.abs(levelOf(soft(1000, 0.125)) - level + 6) < 0.2)
  })
})
