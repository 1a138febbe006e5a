import assert from 'node:assert/strict'
import { fuzz, growth, inFull } from './fuzz.ts'
import { kinds } from './cases.ts'

describe('spoilt files', () => {
  // `npm run fuzz` checks 50,000.
  it('neither crash the checker nor hold it up, nor stay in its memory', async () => {
    const fuzzed = await fuzz(0, 2500)
    assert.deepEqual(fuzzed.troubles.map(inFull), [])
    assert.deepEqual([...fuzzed.tallies.keys()].sort(), [...kinds].sort())
    // Neither does every change make a mistake, nor none: both ways through the checker are walked.
    const counts = [...fuzzed.tallies.values()]
    const live = counts.reduce((sum, { warned, clean }) => sum + warned + clean, 0)
    const refused = counts.reduce((sum, one) => sum + one.refused, 0)
    assert.ok(live > 100 && refused > 1000, `${refused} refused, ${live} not`)
    assert.ok(growth(fuzzed).heap < 8 * 2 ** 20, JSON.stringify(fuzzed.memory))
  }).timeout(120_000)
})
