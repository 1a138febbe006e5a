import assert from 'node:assert/strict'
import { needsAsterisk } from '../real/needs-asterisk.ts'
import { asteriskDies } from './asterisk-dies.ts'
import { holds, table, type Figure } from './figures.ts'
import { gone } from './gone.ts'
import { hangUps } from './hang-ups.ts'
import { killed } from './kill.ts'
import { takenOver } from './two-engines.ts'
import { frozen, wireCut } from './wire.ts'

/** Tests share their machine with others: counts must be met, times may be so many times as long. */
const SLACK = 4

/** A part of the faults, with fewer callers; all of them: `npm run faults`. */
describe('no call dropped, no dead air', function () {
  // Real calls in real time: on a machine that is busy just then a fault is tried once more before it counts.
  this.retries(1)
  this.timeout(120_000)

  const reached = async (fault: string, figures: Promise<Figure[]>): Promise<void> => {
    const all = await figures
    const missed = all.filter((figure) => !holds(figure, figure.unit === 'n' ? 1 : SLACK))
    assert.deepEqual(missed, [], `\n${table([{ fault, figures: all }])}`)
  }

  const cut = (): Promise<Figure[]> => wireCut({ callers: 20, seconds: 6 })
  const freeze = (): Promise<Figure[]> => frozen({ callers: 20, seconds: 5 })
  const goneForGood = (): Promise<Figure[]> => gone({ menus: 20, queued: 5, late: 3 })
  const triedOnce = new Set<string>()
  /** The first time what was begun beside the others, the second time by itself. */
  const tried = (fault: string, begun: Promise<Figure[]>, again: () => Promise<Figure[]>): Promise<void> => {
    const first = !triedOnce.has(fault)
    triedOnce.add(fault)
    return reached(fault, first ? begun : again())
  }

  /** Faults that take time by doing nothing, all at once. */
  let waiting: { cut: Promise<Figure[]>; frozen: Promise<Figure[]>; gone: Promise<Figure[]> } | undefined

  before(async function () {
    await needsAsterisk(this)
    waiting = {
      cut: cut(),
      frozen: freeze(),
      gone: goneForGood(),
    }
    for (const one of Object.values(waiting)) one.catch(() => {}) // told by its test
  })
  after(() => Promise.allSettled(Object.values(waiting ?? {})))

  it('the wire to Asterisk is cut for 6 s, and nobody is told', () => tried('wire cut', waiting!.cut, cut))
  it('the engine is frozen for 5 s', () => tried('frozen', waiting!.frozen, freeze))
  it('the engine is gone for good', () => tried('gone', waiting!.gone, goneForGood))
  it('the engine is killed and started again, with 100 callers in menus and 20 in a queue', () =>
    reached('killed', killed({ menus: 100, queued: 20 })))
  it('an engine is told to end while another stands by', () => reached('told to end', takenOver('told to end', { callers: 20 })))
  it('Asterisk is killed and started again', () => reached('Asterisk killed', asteriskDies({ callers: 30 })))
  it('1,000 callers hang up at random moments', () => reached('hang-ups', hangUps({ calls: 1000, aSecond: 80 })))
})
