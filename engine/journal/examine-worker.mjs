// Looks through a whole journal for examine.ts, in a thread of its own: that may take seconds, and callers wait for
// none. Plain JavaScript, so that it needs no loader. Says `ok`, or what is damaged.
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const db = new Database(workerData, { readonly: true, timeout: 1000 })
try {
  const [found] = db.pragma('quick_check(1)')
  parentPort.postMessage(found.quick_check.replaceAll(/\s+/g, ' '))
} catch (error) {
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) parentPort.postMessage(error.message)
  else throw error
} finally {
  db.close()
}
