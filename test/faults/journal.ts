import Database from 'better-sqlite3'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import { Bed } from './bed.ts'
import { Crowd } from './crowd.ts'
import type { Figure } from './figures.ts'

/** What is wrong with the journal's file: begins it, and answers what ends it. */
type Trouble = (bed: Bed) => () => void

/** No file of the engine can grow any more: what a full disk looks like to it. */
export const diskFull: Trouble = ({ engine }) => {
  const limit = (bytes: string): void => {
    execFileSync('prlimit', ['--pid', String(engine.pid), `--fsize=${bytes}:`])
  }
  limit('1024')
  return () => limit('unlimited')
}

/** Another program holds the file for itself. */
export const locked: Trouble = ({ data }) => {
  const other = new Database(join(data, 'calls.db'))
  other.exec('BEGIN IMMEDIATE')
  return () => other.exec('ROLLBACK').close()
}

/**
 * The journal cannot be written for a while, and callers press keys meanwhile. Then it can; and then the engine is
 * killed and started again: nothing that was pressed may be forgotten.
 */
export async function journalFails(trouble: Trouble, { callers }: { callers: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    await bed.startEngine()
    const crowd = await Crowd.gather(bed, { main: callers })
    const from = performance.now()
    const mend = trouble(bed)
    const pressed = await crowd.goOn()
    await passes(2000)
    const during = [...pressed, ...crowd.figures(from)]
    mend()
    await passes(2500)
    const killed = performance.now()
    await bed.engine.kill()
    await crowd.settled(killed, bed.launch())
    const again = crowd.begunAgain(killed, 'second')
    await crowd.hangUp()
    return [...during, again, ...await bed.left()]
  } finally {
    await bed.close()
  }
}
