import assert from 'node:assert/strict'
import { RecentCalls } from '../../engine/history.ts'
import type { CallRecord } from '../../engine/ports.ts'

const day = 86_400_000

/** A call of `caller` on a day. */
const call = (caller: string, on: number): CallRecord => ({
  id: `${caller}/${on}`, caller, called: '100', hotline: 'Desk', at: on * day, outcome: 'finished', step: 'a', language: 'en',
})

/** The days of the calls that are remembered of a number, on a day. */
const days = (history: RecentCalls, caller: string, on: number): number[] => history.of(caller, on * day).map(({ at }) => at / day)

describe('history', () => {
  const cases: { case: string; options?: ConstructorParameters<typeof RecentCalls>[0]; kept: CallRecord[]; of: Record<string, number[]> }[] = [
    { case: 'knows nothing of a number that has not called', kept: [call('1', 1)], of: { 2: [] } },
    { case: 'keeps the calls of each number apart', kept: [call('1', 1), call('2', 2)], of: { 1: [1], 2: [2] } },
    { case: 'gives the newest first', kept: [call('1', 1), call('1', 2), call('1', 3)], of: { 1: [3, 2, 1] } },
    {
      case: 'forgets what is older than it is to keep', options: { keepMs: 3 * day },
      kept: [call('1', 1), call('1', 2), call('1', 4)], of: { 1: [4, 2] },
    },
    { case: 'keeps a week when nothing is said', kept: [call('1', 1), call('1', 2), call('1', 8)], of: { 1: [8, 2] } },
    { case: 'remembers nothing of a withheld number', kept: [call('', 1), call('1', 1), call('', 2)], of: { '': [], 1: [1] } },
    {
      case: 'forgets the number that has not called for longest when there are too many', options: { mostCallers: 2 },
      kept: [call('1', 1), call('2', 1), call('1', 2), call('3', 2)], of: { 1: [2, 1], 2: [], 3: [2] },
    },
    {
      case: 'a withheld number takes nobody out', options: { mostCallers: 2 },
      kept: [call('1', 1), call('2', 1), call('', 1)], of: { 1: [1], 2: [1] },
    },
  ]
  for (const { case: name, options, kept, of } of cases)
    it(name, () => {
      const history = new RecentCalls(options)
      for (const record of kept) history.keep(record)
      for (const [caller, expected] of Object.entries(of)) assert.deepEqual(days(history, caller, Math.max(...kept.map(({ at }) => at / day))), expected, `of ${caller}`)
    })

  it('forgets a call when its time is over, though the number has not called again', () => {
    const history = new RecentCalls()
    history.keep(call('1', 1))
    assert.deepEqual(days(history, '1', 7), [1])
    assert.deepEqual(days(history, '1', 8), [])
  })

  it('keeps no more than a hundred calls of one number', () => {
    const history = new RecentCalls({ keepMs: 1000 * day })
    for (let on = 1; on <= 150; on++) history.keep(call('1', on))
    assert.equal(days(history, '1', 150).length, 100)
    assert.equal(days(history, '1', 150)[0], 150)
  })

  it('what it has given does not change with what comes later', () => {
    const history = new RecentCalls()
    history.keep(call('1', 1))
    const before = history.of('1', day)
    history.keep(call('1', 2))
    assert.deepEqual(before, [call('1', 1)])
  })
})
