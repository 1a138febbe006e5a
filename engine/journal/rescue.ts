import Database from 'better-sqlite3'
import type { CallRecord } from '../ports.ts'
import type { FlowText, StoredCall } from './store.ts'

/** What is needed to go on with calls. */
export type Rescued = { live: { call: StoredCall; earlier: CallRecord[] }[]; flows: FlowText[] }

/**
 * Reads what it can from a journal that cannot be written, or is damaged: the calls that are not over, and their flows.
 * Held for ourselves alone it needs no file beside it, for which a full disk would have no room. Never throws.
 */
export function rescue(file: string): Rescued {
  let db: Database.Database | undefined
  try {
    db = new Database(file, { fileMustExist: true, timeout: 200 })
    db.pragma('locking_mode = EXCLUSIVE')
    const calls = 'FROM calls NOT INDEXED WHERE ended_at IS NULL ORDER BY rowid'
    // From both ends, up to what is damaged.
    const both = [calls, `${calls} DESC`]
    const live = both.flatMap((from) => readable(db!, `SELECT id, row, earlier ${from}`))
    return {
      live: [...new Map(live.flatMap(asCall)).values()],
      flows: readable(db, 'SELECT hash, name, text FROM flows').flatMap(asFlow),
    }
  } catch {
    return { live: [], flows: [] }
  } finally {
    try {
      db?.close()
    } catch {
      // It is as it was.
    }
  }
}

type Row = Record<string, string>

/** The rows up to the first that cannot be read. */
function readable(db: Database.Database, sql: string): Row[] {
  const rows: Row[] = []
  try {
    for (const row of db.prepare<[], Row>(sql).iterate()) rows.push(row)
  } catch {
    // What came before is good.
  }
  return rows
}

const asCall = ({ id = '', row = '', earlier = '' }: Row): [string, Rescued['live'][number]][] =>
  parsed(() => [id, { call: JSON.parse(row) as StoredCall, earlier: JSON.parse(earlier) as CallRecord[] }])

const asFlow = ({ hash = '', name = '', text = '' }: Row): FlowText[] =>
  parsed(() => ({ hash, name, ...(JSON.parse(text) as Omit<FlowText, 'hash' | 'name'>) }))

function parsed<T>(parse: () => T): T[] {
  try {
    return [parse()]
  } catch {
    return []
  }
}
