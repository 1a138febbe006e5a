import assert from 'node:assert/strict'
import { needsAsterisk } from '../real/needs-asterisk.ts'
import { asteriskDies } from './asterisk-dies.ts'
import { holds, table, type Figure } from './figures.ts'
import { gone } from './gone.ts'
import { hangUps } from './hang-ups.ts'
import { killed } from './kill.ts'
import { frozen, wireCut } from './wire.ts'

/** Tests share their machine with others: counts must be met, times may be so many times as long. */
const SLACK = 4

/** A part of the faults, with fewer callers; all of them: `npm run faults`. */
describe('no call dropped, no dead air', function () {
  this.timeout(120_000)

  const reached = async (fault: string, figures: Promise<Figure[]>): Promise<void> => {
    const all = await figures
    const missed = all.filter((figure) => !holds(figure, figure.unit === 'n' ? 1 : SLACK))
    assert.deepEqual(missed, [], `\n${table([{ fault, figures: all }])}`)
  }

  /** Faults that take time by doing nothing, all at once. */
  let waiting: { cut: Promise<Figure[]>; frozen: Promise<Figure[]>; gone: Promise<Figure[]> } | undefined

  before(async function () {
    await needsAsterisk(this)
    waiting = {
      cut: wireCut({ callers: 20, seconds: 6 }),
      frozen: frozen({ callers: 20, seconds: 5 }),
      gone: gone({ menus: 20, queued: 5, late: 3 }),
    }
    for (const one of Object.values(waiting)) one.catch(() => {}) // told by its test
  })
  after(() => Promise.allSettled(Object.values(waiting ?? {})))

  it('the wire to Asterisk is cut for 6 s, and nobody is told', () => reached('wire cut', waiting!.cut))
  it('the engine is frozen for 5 s', () => reached('frozen', waiting!.frozen))
  it('the engine is gone for good', () => reached('gone', waiting!.gone))
  it('the engine is killed and started again, with 100 callers in menus and 20 in a queue', () =>
    reached('killed', killed({ menus: 100, queued: 20 })))
  it('Asterisk is killed and started again', () => reached('Asterisk killed', asteriskDies({ callers: 30 })))
  it('1,000 callers hang up at random moments', () => reached('hang-ups', hangUps({ calls: 1000, aSecond: 80 })))
})
