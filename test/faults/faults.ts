import { asteriskDies } from './asterisk-dies.ts'
import { badLine } from './bad-line.ts'
import type { Figure } from './figures.ts'
import { drained, gone } from './gone.ts'
import { anHour, hangUps } from './hang-ups.ts'
import { diskFull, journalFails, locked } from './journal.ts'
import { killed, killedAgainAndAgain, killedWhileTalking } from './kill.ts'
import { replaced } from './new-version.ts'
import { killedAtEveryPoint } from './points.ts'
import { takenOver } from './two-engines.ts'
import { frozen, wireCut } from './wire.ts'

/** Every fault in full: what is done to whom, and what finds out what came of it. In the order of the table. */
export const faults: [fault: string, tried: () => Promise<Figure[]>][] = [
  ['engine killed and started again, 200 in menus and 20 in a queue', () => killed({ menus: 200, queued: 20 })],
  ['engine killed for good, 100 in menus and 20 in a queue', () => gone({ menus: 100, queued: 20, late: 10 })],
  ['engine killed, 5 talking to agents and 15 in the queue', () => killedWhileTalking({ talking: 5, queued: 15 })],
  ['engine killed 20 times, 0.2 to 2 s apart, 100 callers', () => killedAgainAndAgain({ callers: 100, kills: 20 })],
  ['engine killed behind every durable write and every send of one call', () => killedAtEveryPoint()],
  ['wire to Asterisk cut for 1 s, 100 callers', () => wireCut({ callers: 100, seconds: 1 })],
  ['wire to Asterisk cut for 30 s, 100 callers', () => wireCut({ callers: 100, seconds: 30 })],
  ['engine frozen for 5 s, 100 callers', () => frozen({ callers: 100, seconds: 5 })],
  ['engine frozen for 30 s, 100 callers', () => frozen({ callers: 100, seconds: 30 })],
  ['engine frozen for 120 s, 100 callers', () => frozen({ callers: 100, seconds: 120 })],
  ['Asterisk killed and started again, 100 callers', () => asteriskDies({ callers: 100 })],
  ['two engines, the first killed, 100 callers', () => takenOver('killed', { callers: 100 })],
  ['two engines, the first told to end, 100 callers', () => takenOver('told to end', { callers: 100 })],
  ['two engines, the first frozen and woken later, 100 callers', () => takenOver('frozen', { callers: 100 })],
  ['journal on a full disk, 50 callers', () => journalFails(diskFull, { callers: 50 })],
  ['journal locked by another program, 50 callers', () => journalFails(locked, { callers: 50 })],
  ['hang-up at any moment, 5,000 calls', () => hangUps({ calls: 5000, aSecond: 50 })],
  ['an hour of calls, 2 a second', () => anHour({ minutes: 60, aSecond: 2 })],
  ['flow replaced with 200 callers under way, then the engine killed', () => replaced({ callers: 200 })],
  ['SIGTERM, 100 in menus and 20 in a queue', () => drained({ menus: 100, queued: 20 })],
  ['2 % of packets lost, 5 % doubled, keys of 40 ms, 50 callers', () => badLine({ callers: 50 })],
]

/** Faults that nothing here produces, and why. */
export const notTried: [fault: string, why: string][] = [
  ['a backend that hangs, resets, redirects and the like', 'here; `test/backends/faults.test.ts` does'],
  ['journal read-only', 'here; `test/cli/run.test.ts` starts on a folder that cannot be written'],
  ['power cut', 'it ends the calls as well'],
  ['packets in disorder', 'the phone cannot send them'],
]
