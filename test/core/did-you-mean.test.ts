import assert from 'node:assert/strict'
import { didYouMean, nearest } from '../../engine/did-you-mean.ts'

describe('did you mean', () => {
  const names = ['sales', 'agent', 'booking-number', 'go', 'no-input', 'no-match']
  const table: [word: string, name: string | undefined][] = [
    ['salse', 'sales'],
    ['Sales', 'sales'],
    ['sale', 'sales'],
    ['ssales', 'sales'],
    ['aegnt', 'agent'],
    ['bookingnumber', 'booking-number'],
    ['booking_nmber', 'booking-number'],
    ['to', 'go'],
    ['no-imput', 'no-input'],
    ['person', undefined],
    ['x', undefined],
    ['', undefined],
    ['s'.repeat(1000), undefined],
  ]
  for (const [word, name] of table)
    it(`${word.slice(0, 20) || 'nothing'}: ${name ?? 'none'}`, () => assert.equal(nearest(word, names), name))

  it('or what there is', () => {
    assert.equal(didYouMean('salse', names), 'did you mean "sales"?')
    assert.equal(didYouMean('x', ['en', 'de']), 'there are: en, de')
    assert.equal(didYouMean('x', ['hello']), 'there is: hello')
    assert.equal(didYouMean('x', []), undefined)
    assert.equal(didYouMean('x', ['hello'], 'add it'), 'add it')
    assert.equal(
      didYouMean(
        'zzz',
        Array.from({ length: 40 }, (_, i) => `step${i}`),
      )?.endsWith('step23, ...'),
      true,
    )
  })
})
