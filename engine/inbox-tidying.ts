import { readdirSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { KeptInbox } from './inbox.ts'

/** As the engine names recordings: the call, and a number. Nothing else in the folder is ever removed. */
const recordingFile = /^[A-Za-z0-9][A-Za-z0-9.-]*-\d+\.wav$/

/** The file of a recording; undefined when it can be no name of one. */
export const fileOf = (folder: string, recording: string): string | undefined =>
  recordingFile.test(`${recording}.wav`) ? join(folder, `${recording}.wav`) : undefined

/**
 * Removes what was left before a time (milliseconds since 1970), and recordings as old that no entry names. Answers how
 * many. Rejects with what to do.
 */
export async function tidyInbox(
  inbox: KeptInbox,
  recordings: string,
  before: number,
): Promise<{ entries: number; recordings: number }> {
  const removed = await inbox.remove(({ at }) => at < before)
  const kept = inbox.list(['voicemail']).entries
  const named = new Set(kept.map((entry) => (entry.kind === 'voicemail' ? entry.recording : '')))
  const old = filesIn(recordings).filter((name) => {
    if (!recordingFile.test(name) || named.has(name.replace(/\.wav$/, ''))) return false
    const about = statSync(join(recordings, name), { throwIfNoEntry: false })
    return about !== undefined && about.mtimeMs < before
  })
  for (const name of old) unlinkSync(join(recordings, name))
  return { entries: removed.length, recordings: old.length }
}

/** Removes entries by their ids, with their recordings. Answers the ids that were there. */
export async function eraseFromInbox(inbox: KeptInbox, recordings: string, ids: readonly string[]): Promise<string[]> {
  const removed = await inbox.remove(({ id }) => ids.includes(id))
  for (const entry of removed) {
    const file = entry.kind === 'voicemail' ? fileOf(recordings, entry.recording) : undefined
    if (file && statSync(file, { throwIfNoEntry: false })) unlinkSync(file)
  }
  return removed.map(({ id }) => id)
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
