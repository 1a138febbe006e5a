import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The files of which a journal consists, by what is added to its name. */
const parts = ['', '-wal', '-shm'] as const

/**
 * Gives a damaged journal another name, `calls.db.damaged-2026-11-23T10-00-00.000Z`, and answers it. Nothing is
 * deleted: what is in it can still be looked at.
 */
export function setAside(file: string, now: number): string {
  const name = `${file}.damaged-${new Date(now).toISOString().replaceAll(':', '-')}`
  for (const part of parts) if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${name}${part}`)
  return name
}

/** The damaged journals that still lie beside a journal, the oldest first. */
export function asideOf(file: string): string[] {
  const begins = `${basename(file)}.damaged-`
  try {
    const names = readdirSync(dirname(file)).filter((name) => name.startsWith(begins) && !/-(wal|shm)$/.test(name))
    return names.toSorted().map((name) => join(dirname(file), name))
  } catch {
    // The folder is gone, or may not be read: that shows elsewhere.
    return []
  }
}

/** Another value when one of the files of a journal is another one, or gone. */
export function identityOf(file: string): string {
  const stats = parts.map((part) => statSync(`${file}${part}`, { throwIfNoEntry: false }))
  return stats.map((stat) => (stat ? `${stat.dev}:${stat.ino}` : '-')).join(' ')
}
