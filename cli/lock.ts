import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes sure that one engine at a time works with a data folder: two of them on one Asterisk would both drive every
 * call. Answers the process that is there already, else undefined, and what lets go again. A process that is gone
 * holds nothing.
 */
export function takeLock(data: string): { heldBy: number } | { release: () => void } {
  mkdirSync(data, { recursive: true })
  const file = join(data, 'engine.pid')
  for (let tries = 0; tries < 3; tries++) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx' })
      return { release: () => rmSync(file, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = Number(readFileSync(file, 'utf8'))
      if (pid !== process.pid && isAlive(pid)) return { heldBy: pid }
      rmSync(file, { force: true })
    }
  }
  throw new Error(`${file} cannot be taken: remove it when no Callwright is running`)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is one all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
