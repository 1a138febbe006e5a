import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unpackFromDebian } from './debian.ts'
import { installedOnPath, unpackedAt, type Installation } from './installation.ts'

export type { Installation }

/** Where a fetched Asterisk is kept between runs: `.asterisk/` at the top of the checkout, ignored by git. */
export const ASTERISK_FOLDER = fileURLToPath(new URL('../../.asterisk', import.meta.url))

/**
 * Finds or makes an Asterisk for the tests, first come first served:
 * 1. `ASTERISK_ROOT`, a folder with `usr/sbin/asterisk` (`/` for the system's own; `none` for no Asterisk);
 * 2. an `asterisk` on PATH;
 * 3. the one fetched earlier into `folder`;
 * 4. one fetched now with the machine's apt (Debian, Ubuntu), about 35 MB, no root rights needed.
 *
 * Never throws: where none can be had it says why.
 */
export async function provision(log: (line: string) => void, folder = ASTERISK_FOLDER): Promise<Installation | { none: string }> {
  const started = performance.now()
  const progress = (line: string) => log(`asterisk: ${line} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  try {
    const named = process.env.ASTERISK_ROOT
    if (named === 'none') return { none: 'ASTERISK_ROOT is "none"' }
    if (named) return await unpackedAt(named) ?? { none: `ASTERISK_ROOT: no usr/sbin/asterisk in ${named}` }
    const root = join(folder, 'root')
    const found = await installedOnPath() ?? await unpackedAt(root)
    if (found !== undefined) return found
    await fetchInto(folder, root, progress)
    const made = await unpackedAt(root)
    if (made === undefined) return { none: 'the packages held no usr/sbin/asterisk' }
    progress(`${made.version} is ready`)
    return made
  } catch (error) {
    return { none: error instanceof Error ? error.message : String(error) }
  }
}

async function fetchInto(folder: string, root: string, progress: (line: string) => void): Promise<void> {
  await mkdir(folder, { recursive: true })
  await removeAbandoned(folder)
  const workshop = join(folder, `unfinished-${process.pid}`)
  try {
    await unpackFromDebian(root, workshop, progress)
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

/** A run that was cut leaves its workshop behind; one whose process lives is at work in it. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    const pid = Number(/^unfinished-(\d+)$/.exec(entry)?.[1])
    if (pid > 0 && !isAlive(pid)) await rm(join(folder, entry), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
