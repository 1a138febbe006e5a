import { asteriskDies } from './asterisk-dies.ts'
import { badLine } from './bad-line.ts'
import type { Figure } from './figures.ts'
import { drained, gone } from './gone.ts'
import { hangUps } from './hang-ups.ts'
import { diskFull, journalFails, locked } from './journal.ts'
import { killed, killedAgainAndAgain, killedWhileTalking } from './kill.ts'
import { replaced } from './new-version.ts'
import { killedAtEveryPoint } from './points.ts'
import { takenOver } from './two-engines.ts'
import { frozen, wireCut } from './wire.ts'

/** A fault: what is done to whom, and what came of it. */
export type Fault = { fault: string; tried: () => Promise<Figure[]> }

/** Every fault in full, in the order of the table. */
export const faults: Fault[] = [
  { fault: 'engine killed and started again: 200 in menus, 20 in a queue', tried: () => killed({ menus: 200, queued: 20 }) },
  { fault: 'engine killed for good: 100 in menus, 20 in a queue', tried: () => gone({ menus: 100, queued: 20, late: 10 }) },
  { fault: 'killed with 5 talking to agents and 15 in the queue', tried: () => killedWhileTalking({ talking: 5, queued: 15 }) },
  { fault: '20 kills, 0.2 to 2 s apart, 100 callers', tried: () => killedAgainAndAgain({ callers: 100, kills: 20 }) },
  { fault: 'wire to Asterisk cut for 30 s, 100 callers', tried: () => wireCut({ callers: 100, seconds: 30 }) },
  { fault: 'wire cut for 6 s, 100 callers', tried: () => wireCut({ callers: 100, seconds: 6 }) },
  { fault: 'engine frozen for 5 s, 100 callers', tried: () => frozen({ callers: 100, seconds: 5 }) },
  { fault: 'engine frozen for 30 s, 100 callers', tried: () => frozen({ callers: 100, seconds: 30 }) },
  { fault: 'engine frozen for 120 s, 100 callers', tried: () => frozen({ callers: 100, seconds: 120 }) },
  { fault: 'Asterisk killed and started again, 100 callers', tried: () => asteriskDies({ callers: 100 }) },
  { fault: 'hang-up at any moment, 5,000 calls', tried: () => hangUps({ calls: 5000, aSecond: 50 }) },
  { fault: 'killed behind every durable write and every send of one call', tried: () => killedAtEveryPoint() },
  { fault: 'journal: disk full, 50 callers', tried: () => journalFails(diskFull, { callers: 50 }) },
  { fault: 'journal: locked by another program, 50 callers', tried: () => journalFails(locked, { callers: 50 }) },
  { fault: 'two engines, the first killed, 100 callers', tried: () => takenOver('killed', { callers: 100 }) },
  { fault: 'two engines, the first frozen and woken later, 100 callers', tried: () => takenOver('frozen', { callers: 100 }) },
  { fault: 'flow replaced with 200 callers under way, then killed', tried: () => replaced({ callers: 200 }) },
  { fault: '2 % lost, 5 % doubled, keys of 40 ms, 50 callers', tried: () => badLine({ callers: 50 }) },
  { fault: 'SIGTERM with 100 in menus and 20 in a queue', tried: () => drained({ menus: 100, queued: 20 }) },
]
