import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { Damaged } from './trouble.ts'

/** A file up to this size is looked through at the start: that takes 20 milliseconds. Bytes. */
const small = 16e6
const magic = 'SQLite format 3\0'

/**
 * Looks whether a file is damaged, as far as that takes no time in which callers would wait; a small one is looked
 * through. Throws `Damaged`.
 */
export function examineBeginning(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) return
  const begin = Buffer.alloc(magic.length)
  const opened = openSync(file, 'r')
  try {
    readSync(opened, begin, 0, begin.length, 0)
  } finally {
    closeSync(opened)
  }
  if (begin.toString('latin1') !== magic) throw new Damaged('it is no database any more')
  if (size <= small) examineSmall(file)
}

function examineSmall(file: string): void {
  const db = new Database(file, { timeout: 200 })
  try {
    const [found] = db.pragma('quick_check(1)', { simple: false }) as { quick_check: string }[]
    if (found && found.quick_check !== 'ok') throw new Damaged(found.quick_check.replaceAll(/\s+/g, ' '))
  } finally {
    db.close()
  }
}

/** Looks through a whole file, beside the calls: what is damaged; undefined when nothing is, or nobody knows. */
export function examineAll(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('examine-worker.mjs', import.meta.url), { workerData: file, execArgv: [] })
    worker.unref()
    worker.once('message', (found: string) => resolve(found === 'ok' ? undefined : found))
    worker.once('error', () => resolve(undefined))
    worker.once('exit', () => resolve(undefined))
  })
}
