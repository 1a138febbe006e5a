import assert from 'node:assert/strict'
import { milliseconds } from '../../engine/duration.ts'

describe('times with their unit', () => {
  const table: Record<string, number | undefined> = {
    '5s': 5000,
    '800ms': 800,
    '1.5s': 1500,
    '2m': 120_000,
    '72h': 259_200_000,
    '7d': 604_800_000,
    ' 5s ': 5000,
    '0s': 0,
    '5': undefined,
    '': undefined,
    s: undefined,
    '5 s': undefined,
    '-5s': undefined,
    '5S': undefined,
    '1e3s': undefined,
    '5s5s': undefined,
    '.5s': undefined,
    '5.s': undefined,
    fives: undefined,
  }
  for (const [text, ms] of Object.entries(table))
    it(`"${text}" is ${ms === undefined ? 'none' : `${ms} ms`}`, () => assert.equal(milliseconds(text), ms))
})
