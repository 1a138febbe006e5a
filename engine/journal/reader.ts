import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { migrations } from './migrations.ts'
import { isDamage } from './trouble.ts'
import type { HeardPrompt } from '../call/heard.ts'
import type { StoredCall } from './store.ts'

/** One event of a call and what it led to, as `keptStory` has written them: for people. */
export type Happening = { at: number; event: Told; effects: Told[] }
/** What is told of an event or an effect: its type, and what else is known of it. */
export type Told = { type: string } & Record<string, unknown>

/** How often a prompt ended in one way, in one tenth of a second: only of those that were cut is that told apart. */
export type HeardCount = Pick<HeardPrompt, 'step' | 'language' | 'texts' | 'how'> & {
  hotline: string
  /** In tenths of a second; 0 for all of those that were not cut. */
  tenth: number
  count: number
  /** Its length on average, in milliseconds; null when it had no sound. */
  of: number | null
}

/** The journal for people who look into it, beside the engine that writes it. */
export interface JournalReader {
  /** The last calls, newest first. */
  newest(most: number): StoredCall[]
  call(id: string): StoredCall | undefined
  /** What happened in a call, in order. */
  story(id: string): Happening[]
  /** What was heard of each prompt of a call, in order. */
  heardIn(id: string): HeardPrompt[]
  /** What was heard of all prompts of all calls, counted. */
  heard(): HeardCount[]
  /** All calls from a number, however it is written: with `+` and without. */
  from(number: string): { id: string; caller: string; over: boolean }[]
  close(): void
}

/** Changes nothing in the file. Throws, as each of its questions does, with what to do, when it cannot be read. */
export function openReader(file: string): JournalReader {
  if (!existsSync(file))
    throw new Error(`there is no journal ${file}: see CALLWRIGHT_DATA, and whether Callwright has run`)
  const db = opened(file)
  return inWords(file, readerOf(db))
}

function readerOf(db: Database.Database): JournalReader {
  const rows = (sql: string, ...values: unknown[]): StoredCall[] =>
    db
      .prepare<unknown[], { row: string }>(sql)
      .all(...values)
      .map(({ row }) => JSON.parse(row) as StoredCall)
  return {
    newest: (most) => rows('SELECT row FROM calls ORDER BY started_at DESC LIMIT ?', most),
    call: (id) => rows('SELECT row FROM calls WHERE id = ?', id)[0],
    story: (id) =>
      db
        .prepare<[string], { at: number; event: string; effects: string }>(
          'SELECT at, event, effects FROM events WHERE call = ? ORDER BY rowid',
        )
        .all(id)
        .map(({ at, event, effects }) => ({
          at,
          event: JSON.parse(event) as Told,
          effects: JSON.parse(effects) as Told[],
        })),
    heardIn: (id) =>
      db
        .prepare<[string], Omit<HeardPrompt, 'texts' | 'of'> & { texts: string; of: number | null }>(
          `SELECT play, at, step, language, texts, ms, of_ms AS of, how
           FROM heard JOIN prompts ON prompts.id = prompt WHERE call = ? ORDER BY at, play`,
        )
        .all(id)
        .map(({ texts, of, ...row }) => ({ ...row, texts: JSON.parse(texts) as string[], ...(of === null ? {} : { of }) })),
    heard: () =>
      db
        .prepare<[], Omit<HeardCount, 'texts'> & { texts: string }>(
          `SELECT hotline, step, language, texts, how, tenth, count, of
           FROM (SELECT prompt, how, iif(how IN ('key', 'hang-up'), ms / 100, 0) AS tenth,
               count(*) AS count, avg(of_ms) AS of
             FROM heard GROUP BY prompt, how, tenth)
           JOIN prompts ON prompts.id = prompt ORDER BY hotline, step, language, texts, how, tenth`,
        )
        .all()
        .map(({ texts, ...row }) => ({ ...row, texts: JSON.parse(texts) as string[] })),
    from: (number) =>
      db
        .prepare<[string], { id: string; caller: string; ended: number | null }>(
          `SELECT id, caller, ended_at AS ended FROM calls
           WHERE ltrim(caller, '+') = ltrim(?, '+') AND caller <> '' ORDER BY started_at`,
        )
        .all(number)
        .map(({ id, caller, ended }) => ({ id, caller, over: ended !== null })),
    close: () => void db.close(),
  }
}

function opened(file: string): Database.Database {
  let db: Database.Database | undefined
  try {
    db = new Database(file, { readonly: true, timeout: 1000 })
    const version = db.pragma('user_version', { simple: true }) as number
    if (version === migrations.length) return db
  } catch (error) {
    db?.close()
    if (isDamage(error)) throw damaged(file, error)
    throw new Error(`${file} cannot be read (${(error as Error).message}): run this as the user who runs Callwright`, {
      cause: error,
    })
  }
  db.close()
  throw new Error(`${file} was written by another version of Callwright: use the one that runs`)
}

/** The same reader, which says what is wrong with the file and what to do. */
function inWords(file: string, reader: JournalReader): JournalReader {
  const said = <A extends unknown[], R>(ask: (...about: A) => R) => (...about: A): R => {
    try {
      return ask(...about)
    } catch (error) {
      throw isDamage(error) ? damaged(file, error) : error
    }
  }
  const { newest, call, story, heardIn, heard, from, close } = reader
  return {
    newest: said(newest), call: said(call), story: said(story), heardIn: said(heardIn), heard: said(heard), from: said(from),
    close,
  }
}

const damaged = (file: string, error: unknown): Error =>
  new Error(
    `${file} is damaged (${(error as Error).message}): start Callwright, or restart it at a quiet hour; it sets the file aside, begins a new one, and says so in its log and in "callwright status"`,
    { cause: error },
  )
