import express from 'express'
import { aliasOf, type InboxEntry } from '../engine/inbox.ts'
import type { ConsoleDeps } from './deps.ts'

/** So many are shown; `callwright inbox` tells of all. */
const MOST = 100

/** What a caller has left, as the page shows it; without the answers of surveys, which only say something together. */
export type LeftRow = {
  /** For addresses: the entry's own id may hold the number of the caller. */
  id: string
  at: number
  hotline: string
  caller: string
  tell: Record<string, string>
  done: boolean
} & (
  /** `sound`: there is one to be played. */
  | { kind: 'voicemail'; box: string; ms: number; sound: boolean }
  | { kind: 'callback'; queue: string; number: string }
  | { kind: 'message'; to: string; text: string }
)

/** What callers have left, newest first, and the sound of each message. */
export function leftRoutes({ left, recordingFile }: Pick<ConsoleDeps, 'left' | 'recordingFile'>): express.Router {
  const routes = express.Router()
  routes.get('/', (_request, response) => {
    const entries = left(['voicemail', 'callback', 'message'])
    const waiting = entries.filter(({ done }) => done === undefined).length
    // Only these are looked at more closely: there may be thousands, and calls wait meanwhile.
    const newest = entries.slice(-MOST).toReversed().flatMap((entry) => rowOf(entry, recordingFile))
    response.json({ waiting, total: entries.length, newest })
  })
  routes.get('/:id/sound.wav', (request, response, next) => {
    // Most of what is listened to is new.
    const entry = left(['voicemail']).findLast(({ id }) => aliasOf(id) === request.params.id)
    const file = entry?.kind === 'voicemail' ? recordingFile(entry.recording) : undefined
    if (!file) return next()
    // The folder's name may begin with a dot; how long it may be kept is said for all of /api: not at all.
    response.sendFile(file, { dotfiles: 'allow', cacheControl: false, etag: false, lastModified: false })
  })
  return routes
}

function rowOf(entry: InboxEntry, recordingFile: ConsoleDeps['recordingFile']): LeftRow[] {
  const { id, at, hotline, caller, done } = entry
  const about = { id: aliasOf(id), at, hotline, caller, done: done !== undefined }
  switch (entry.kind) {
    case 'voicemail': {
      const { kind, box, ms, tell, recording } = entry
      return [{ ...about, kind, box, ms, tell, sound: recordingFile(recording) !== undefined }]
    }
    case 'callback':
      return [{ ...about, kind: entry.kind, queue: entry.queue, number: entry.number, tell: entry.tell }]
    case 'message':
      return [{ ...about, kind: entry.kind, to: entry.to, text: entry.text, tell: {} }]
    case 'survey':
      return []
  }
}
