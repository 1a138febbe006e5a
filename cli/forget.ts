import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { KeptInbox } from '../engine/inbox.ts'
import { eraseFromInbox } from '../engine/inbox-tidying.ts'
import { eraseAll } from '../engine/journal/erasing.ts'
import { openReader } from '../engine/journal/reader.ts'
import { asideOf } from '../engine/journal/set-aside.ts'
import { openStore } from '../engine/journal/sqlite.ts'
import { sameNumber } from '../engine/language/flow.ts'
import type { LeftBehind } from '../engine/ports.ts'
import { readRecorded } from '../telephony/survival/recorded.ts'
import { count } from './check.ts'
import { journalFile, readSettings, type Settings } from './settings.ts'

/** What was erased of a caller. `underWay`: calls that are not over, and so are still there. */
export type Erased = { calls: number; left: number; recordings: number; underWay: number }

/** `callwright forget`: erases what is kept of a caller's number. */
export async function forget(number: string): Promise<void> {
  const plain = number.replaceAll(/[\s()/.-]/g, '')
  if (!/^\+?\d{2,}$/.test(plain))
    throw new Error(`${number} is not a telephone number: write it as "callwright calls --numbers" shows it`)
  const settings = readSettings()
  const { calls, left, recordings, underWay } = await erase(plain, settings)
  console.log(
    `Erased of ${plain}: ${count(calls, 'call')}, ${count(left, 'thing')} left for people, ` +
      `${count(recordings, 'recording')}.`,
  )
  if (underWay > 0)
    console.log(
      `${count(underWay, 'call')} under way: write this again when ${underWay === 1 ? 'it is' : 'they are'} over.`,
    )
  console.log("Not erased: Asterisk's own records, logs, and backups.")
  const aside = asideOf(journalFile(settings))
  if (aside.length > 0)
    console.log(`Not erased either: ${aside.join(', ')}, set aside as damaged. Remove what nobody needs any more.`)
}

/** Erases all finished calls of a number, however it is written, with what was left in them and for it. */
export async function erase(number: string, settings: Pick<Settings, 'data' | 'recordings'>): Promise<Erased> {
  const file = journalFile(settings)
  const found = existsSync(file) ? callsFrom(file, number) : []
  const over = found.filter((call) => call.over)
  const inbox = new KeptInbox(settings.data)
  const entries = inbox.list().entries.filter((left) => numbersOf(left).some((one) => sameNumber(one, number)))
  const theirs = entries.filter(({ caller }) => caller !== '' && sameNumber(caller, number)).map(({ call }) => call)
  // Looked for before: what is left for people names some of them, and takes them with it.
  const recordings = recordingsOf(settings.recordings, number, [...over.map(({ id }) => id), ...theirs])
  const left = await eraseFromInbox(
    inbox,
    settings.recordings,
    entries.map(({ id }) => id),
  )
  for (const name of recordings) rmSync(join(settings.recordings, name), { force: true })
  const calls = over.length > 0 ? await eraseCalls(file, new Set(over.map(({ caller }) => caller))) : 0
  return { calls, left: left.length, recordings: recordings.length, underWay: found.length - over.length }
}

function callsFrom(file: string, number: string): { id: string; caller: string; over: boolean }[] {
  const journal = openReader(file)
  try {
    return journal.from(number)
  } finally {
    journal.close()
  }
}

async function eraseCalls(file: string, callers: Set<string>): Promise<number> {
  const store = openStore(file)
  try {
    let gone = 0
    for (const caller of callers) gone += await eraseAll(store, { caller })
    return gone
  } finally {
    store.close()
  }
}

const numbersOf = (left: LeftBehind): string[] =>
  [
    left.caller,
    ...(left.kind === 'callback' ? [left.number] : []),
    ...(left.kind === 'message' ? [left.to] : []),
  ].filter((number) => number !== '')

/** What was spoken in these calls, whose files `recordingName` in engine/behaviour/orders.ts names; and in survival. */
function recordingsOf(folder: string, number: string, calls: string[]): string[] {
  const names = new Set(calls.map((id) => id.replaceAll(/[^A-Za-z0-9.-]/g, '-')))
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((file) => {
    const call = /^(.+)-\d+\.wav$/.exec(file)?.[1]
    const survived = readRecorded(file)?.caller
    return (
      (call !== undefined && names.has(call)) ||
      (survived !== undefined && survived !== '' && sameNumber(survived, number))
    )
  })
}
