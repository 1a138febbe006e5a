import { existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { DateTime } from 'luxon'
import { didYouMean } from '../engine/did-you-mean.ts'
import { KeptInbox, leftKinds, type InboxEntry, type LeftKind } from '../engine/inbox.ts'
import { eraseFromInbox, fileOf } from '../engine/inbox-tidying.ts'
import { count } from './check.ts'
import { giveTo } from './owner.ts'
import { readSettings, type Settings } from './settings.ts'

export type InboxOptions = { all?: boolean; json?: boolean }

const isKind = (word: string): word is LeftKind => (leftKinds as readonly string[]).includes(word)

/** `callwright inbox`: tells what callers have left, marks it as dealt with, and erases it. */
export async function inbox(what: string | undefined, ids: string[], options: InboxOptions): Promise<void> {
  const settings = readSettings()
  const kept = new KeptInbox(settings.data)
  if (what === 'done' || what === 'erase') await dealWith(what, kept, settings, ids)
  else if (what === undefined || isKind(what)) list(kept, settings, what, options)
  else throw new Error(`"${what}" is nothing that callers leave; ${didYouMean(what, [...leftKinds, 'done', 'erase'])}`)
}

async function dealWith(what: 'done' | 'erase', kept: KeptInbox, settings: Settings, ids: string[]): Promise<void> {
  if (ids.length === 0)
    throw new Error(`which one? Write "callwright inbox ${what} ID"; "callwright inbox" lists the ids`)
  const there = new Set(kept.list().entries.map(({ id }) => id))
  const unknown = ids.find((id) => !there.has(id))
  if (unknown !== undefined)
    throw new Error(`nothing with the id ${unknown} is there; "callwright inbox --all" lists the ids`)
  const by = process.env.SUDO_USER ?? userInfo().username
  if (what === 'done') for (const id of ids) await kept.done({ id, at: Date.now(), by })
  else await eraseFromInbox(kept, settings.recordings, ids)
  // Written by root, it is still for whoever runs the engine.
  const files = [...leftKinds, 'done', 'sent'].map((name) => join(kept.folder, `${name}.jsonl`))
  giveTo(statSync(settings.data), kept.folder, ...files.filter((path) => existsSync(path)))
  console.log(`${ids.join(', ')}: ${what === 'done' ? 'dealt with' : 'erased'}.`)
}

function list(kept: KeptInbox, settings: Settings, kind: LeftKind | undefined, { all, json }: InboxOptions): void {
  const { entries, unreadable } = kept.list(kind ? [kind] : leftKinds)
  const shown = entries.filter(({ done }) => all || !done)
  if (unreadable > 0) console.error(`${count(unreadable, 'line')} in ${kept.folder} cannot be read and is left out`)
  if (json) {
    const rows = shown.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString(), ...file(entry, settings) }))
    return console.log(JSON.stringify(rows, null, 2))
  }
  for (const entry of shown) {
    // Without being asked for them, answers of a survey are told as one figure.
    if (entry.kind !== 'survey' || kind === 'survey') console.log(inWords(entry, settings))
  }
  for (const words of averages(entries)) console.log(words)
  if (entries.length === 0) console.log('Nobody has left anything.')
  else if (shown.length === 0) console.log('Nothing waits: all of it is dealt with. --all shows it.')
}

/** `{ file }` of a recording, when it is there. */
function file(entry: InboxEntry, settings: Pick<Settings, 'recordings'>): { file?: string } {
  const path = entry.kind === 'voicemail' ? fileOf(settings.recordings, entry.recording) : undefined
  return path !== undefined && existsSync(path) ? { file: path } : {}
}

const when = (ms: number): string => DateTime.fromMillis(ms).setLocale('en').toFormat('ccc d LLL yyyy HH:mm')

/** An entry over a few lines: when, where and from whom; what was left; what was told; how to name it. */
export function inWords(entry: InboxEntry, settings: Pick<Settings, 'recordings'>): string {
  const { id, at, caller, hotline, done } = entry
  const told = 'tell' in entry ? Object.entries(entry.tell).map(([name, value]) => `${name} ${value}`).join(', ') : ''
  return [
    `${when(at)}  ${hotline}, ${left(entry)}`,
    `    from ${caller || 'a withheld number'}${told ? `; ${told}` : ''}`,
    ...(entry.kind === 'voicemail' ? [`    ${file(entry, settings).file ?? 'its sound is not here'}`] : []),
    ...(entry.kind === 'message' ? [`    ${entry.text}`] : []),
    `    id ${id}${done ? `, dealt with by ${done.by}, ${when(done.at)}` : ''}`,
  ].join('\n')
}

function left(entry: InboxEntry): string {
  switch (entry.kind) {
    case 'voicemail': return `a message of ${Math.round(entry.ms / 1000)} s for ${entry.box}`
    case 'callback': return `to be called back by ${entry.queue} on ${entry.number}`
    case 'survey': return `${entry.score} of ${entry.least} to ${entry.most}, at the step ${entry.step}`
    case 'message': return `a text message to ${entry.to}`
  }
}

/** `vaccination, survey: 4.2 on average, of 1 to 5, from 12 answers`, for each question. */
export function averages(entries: readonly InboxEntry[]): string[] {
  const questions = new Map<string, number[]>()
  for (const entry of entries) {
    if (entry.kind !== 'survey') continue
    const question = `${entry.hotline}, ${entry.step}: N on average, of ${entry.least} to ${entry.most}`
    questions.set(question, [...(questions.get(question) ?? []), entry.score])
  }
  return [...questions].map(([question, scores]) => {
    const mean = (scores.reduce((a, b) => a + b, 0) / scores.length).toFixed(1)
    return `${question.replace(': N', `: ${mean}`)}, from ${count(scores.length, 'answer')}`
  })
}
