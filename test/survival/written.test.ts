import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outdatedIn, rememberWritten } from '../../cli/written-dialplan.ts'
import type { Survival } from '../../engine/survival.ts'

describe('the dialplan written last', () => {
  let data: string
  const now = Date.parse('2026-11-23')
  const plan = (...until: string[]): Survival => ({
    start: 'a', steps: {}, timezone: 'UTC', switches: {}, losses: [],
    hours: Object.fromEntries(until.map((day, i) => [`h${i}`, { week: [], days: {}, until: day }])),
  })
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'callwright-written-'))
    rememberWritten({ data }, [
      { name: 'city', hash: 'a', plan: plan('2027-12-24', '2027-12-22') },
      { name: 'hello', hash: 'b', plan: plan() },
    ])
  })
  afterEach(() => rmSync(data, { recursive: true }))

  const cases: [name: string, flow: { name: string; hash: string }, at: number, words: RegExp | undefined][] = [
    ['is of today', { name: 'city', hash: 'a' }, now, undefined],
    ['is of another version of the flow', { name: 'city', hash: 'b' }, now, /city, .* was written from another version/],
    ['is a year old', { name: 'city', hash: 'a' }, Date.parse('2027-12-01'), /knows holidays until 2027-12-22 only/],
    ['is a year old, and knows of no opening hours', { name: 'hello', hash: 'b' }, Date.parse('2028-12-01'), undefined],
    ['does not hold a hotline', { name: 'power', hash: 'c' }, now, /power is not in the dialplan/],
  ]
  for (const [name, flow, at, words] of cases) {
    it(name, () => {
      const told = outdatedIn({ data }, [flow], at)
      if (words) assert.match(told.map(({ what }) => what).join('\n'), words)
      else assert.deepEqual(told, [])
    })
  }

  it('was never written here', () => assert.deepEqual(outdatedIn({ data: join(data, 'none') }, [{ name: 'city', hash: 'a' }], now), []))
})
