import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { CallRecord } from '../ports.ts'
import { migrations } from './migrations.ts'
import { mostAtOnce, type Entry, type FlowText, type Store, type StoredCall } from './store.ts'

/**
 * The journal in one SQLite file, with write-ahead log. `synchronous = NORMAL`: what is written survives the end of
 * this process at any moment; a power cut, which ends the calls too, may take the last moments.
 *
 * Throws when the file cannot be opened, or was written by a newer version.
 */
export function openStore(file: string): Store {
  const db = new Database(file, { timeout: 1000 })
  try {
    if (file !== ':memory:') chmodSync(file, 0o600)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('foreign_keys = ON')
    // What is erased is gone from the file as well.
    db.pragma('secure_delete = ON')
    migrate(db, file)
    // From here on callers wait while another program has the file.
    db.pragma('busy_timeout = 200')
    return new SqliteStore(db)
  } catch (error) {
    db.close()
    throw error
  }
}

function migrate(db: Database.Database, file: string): void {
  db.transaction(() => {
    const done = db.pragma('user_version', { simple: true }) as number
    if (done > migrations.length)
      throw new Error(`${file} was written by a newer Callwright (version ${done}): start that one, or name another file`)
    for (const step of migrations.slice(done)) db.exec(step)
    db.pragma(`user_version = ${migrations.length}`)
  }).immediate()
}

type LiveRow = { row: string; earlier: string }

class SqliteStore implements Store {
  private readonly db: Database.Database
  private readonly put: Database.Statement<unknown[]>
  private readonly begin: Database.Statement<unknown[]>
  private readonly log: Database.Statement<unknown[]>
  private readonly prompt: Database.Statement<unknown[]>
  private readonly heard: Database.Statement<unknown[]>
  private readonly of: Database.Statement<unknown[], { row: string }>
  private readonly all: (entries: readonly Entry[]) => void

  constructor(db: Database.Database) {
    this.db = db
    this.put = db.prepare(`
      INSERT INTO calls (id, caller, hotline, flow, started_at, ended_at, row) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, row = excluded.row`)
    this.begin = db.prepare('UPDATE calls SET earlier = ? WHERE id = ?')
    this.log = db.prepare('INSERT INTO events (call, at, event, effects) VALUES (?, ?, ?, ?)')
    // They hold nothing of anybody, are as many as a flow has, and stay.
    this.prompt = db.prepare('INSERT OR IGNORE INTO prompts (hotline, step, language, texts) VALUES (?, ?, ?, ?)')
    this.heard = db.prepare(`
      INSERT OR REPLACE INTO heard (call, play, at, ms, of_ms, how, prompt) VALUES (?, ?, ?, ?, ?, ?,
        (SELECT id FROM prompts WHERE hotline = ? AND step = ? AND language = ? AND texts = ?))`)
    this.of = db.prepare(
      'SELECT row FROM calls WHERE caller = ? AND started_at > ? AND ended_at IS NOT NULL ORDER BY started_at DESC LIMIT 100',
    )
    this.all = db.transaction((entries: readonly Entry[]) => {
      for (const entry of entries) this.writeOne(entry)
    })
  }

  write(entries: readonly Entry[]): void {
    this.all(entries)
  }

  live(): { call: StoredCall; earlier: CallRecord[] }[] {
    const rows = this.db.prepare<[], LiveRow>('SELECT row, earlier FROM calls WHERE ended_at IS NULL ORDER BY started_at')
    return rows.all().map(({ row, earlier }) => ({ call: JSON.parse(row) as StoredCall, earlier: JSON.parse(earlier) as CallRecord[] }))
  }

  callsOf(caller: string, since: number): CallRecord[] {
    return this.of.all(caller, since).map(({ row }) => recordOf(JSON.parse(row) as StoredCall))
  }

  keepFlow({ hash, name, ...text }: FlowText, at: number): void {
    this.db
      .prepare('INSERT INTO flows (hash, name, text, kept_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET kept_at = excluded.kept_at')
      .run(hash, name, JSON.stringify(text), at)
  }

  flow(hash: string): FlowText | undefined {
    const found = this.db.prepare<[string], { name: string; text: string }>('SELECT name, text FROM flows WHERE hash = ?').get(hash)
    return found && { hash, name: found.name, ...(JSON.parse(found.text) as Omit<FlowText, 'hash' | 'name'>) }
  }

  erase(what: { before: number } | { caller: string }): number {
    const [which, value] = 'caller' in what ? ['caller = ?', what.caller] : ['started_at < ?', what.before]
    const { changes } = this.db
      .prepare(`DELETE FROM calls WHERE id IN (SELECT id FROM calls WHERE ${which} AND ended_at IS NOT NULL LIMIT ${mostAtOnce})`)
      .run(value)
    if (changes > 0) return changes
    // Of the write-ahead log as well.
    if ('caller' in what) this.db.pragma('wal_checkpoint(TRUNCATE)')
    else this.db.prepare('DELETE FROM flows WHERE kept_at < ? AND hash NOT IN (SELECT flow FROM calls)').run(what.before)
    return 0
  }

  close(): void {
    this.db.close()
  }

  private writeOne({ call, at: when = call.at, event, effects, earlier, heard = [] }: Entry): void {
    const { facts, hotline, flow, startedAt, endedAt = null } = call
    this.put.run(facts.id, facts.caller, hotline, flow, startedAt, endedAt, JSON.stringify(call))
    if (earlier && earlier.length > 0) this.begin.run(JSON.stringify(earlier), facts.id)
    this.log.run(facts.id, when, JSON.stringify(event), JSON.stringify(effects))
    for (const { play, at, step, language, texts, ms, of = null, how } of heard) {
      const prompt = [hotline, step, language, JSON.stringify(texts)]
      this.prompt.run(...prompt)
      this.heard.run(facts.id, play, at, ms, of, how, ...prompt)
    }
  }
}

const recordOf = ({ facts, hotline, startedAt, endedAt, outcome, step, language }: StoredCall): CallRecord => ({
  id: facts.id,
  caller: facts.caller,
  called: facts.called,
  hotline,
  at: startedAt,
  ...(endedAt === undefined ? {} : { endedAt }),
  outcome,
  step,
  language,
})
