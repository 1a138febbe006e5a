import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../engine/ports.ts'

/** How often the folder is looked at, in milliseconds. */
const every = 1000

/**
 * Tells when the flows in a folder have changed, once they have stood still for a moment, so that nobody reads a file
 * half written. Looks again and again, since not every file system tells of changes. The function returned ends it.
 */
export function watchFlows(folder: string, clock: Clock, changed: () => void): () => void {
  let known = lookOf(folder)
  let seen = known
  let cancel = (): void => {}
  const look = (): void => {
    const now = lookOf(folder)
    if (now !== known && now === seen) {
      known = now
      changed()
    }
    seen = now
    cancel = clock.after(every, look)
  }
  cancel = clock.after(every, look)
  return () => cancel()
}

/** Every YAML file under a folder with its size and time; three folders deep, as deep as a hotline has any. */
function lookOf(folder: string, depth = 3): string {
  try {
    if (statSync(folder).isFile()) return look(folder)
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => {
        const path = join(folder, entry.name)
        if (entry.name.endsWith('.yaml')) return look(path)
        return depth > 0 && entry.isDirectory() && !entry.name.startsWith('.') ? lookOf(path, depth - 1) : ''
      })
      .join('')
  } catch {
    // Gone in this moment: editors save by putting another file in its place.
    return 'gone'
  }
}

function look(path: string): string {
  const { mtimeMs, size, ino } = statSync(path)
  return `${path} ${mtimeMs} ${size} ${ino}\n`
}
