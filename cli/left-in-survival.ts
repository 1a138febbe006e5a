import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Inbox } from '../engine/ports.ts'
import { readRecorded } from '../telephony/survival/recorded.ts'
import { Recordings } from '../telephony/recordings.ts'

/** A file that has not grown for so long is not being spoken into. Milliseconds. */
const done = 10_000

/**
 * Takes messages that callers have left in survival into the inbox, those in which something is said; the others are
 * removed. Each is taken once, so it can be called as often as one likes. Answers the ids of those that are there.
 */
export async function takeIn(folder: string, inbox: Inbox, now: number): Promise<string[]> {
  const recordings = new Recordings({ ours: folder, theirs: folder })
  const taken: string[] = []
  for (const name of readdirSync(folder)) {
    const recorded = readRecorded(name)
    const about = statSync(join(folder, name), { throwIfNoEntry: false })
    if (!recorded || !about || about.mtimeMs > now - done) continue
    const file = recordings.file(recorded.recording)
    const found = file?.look()
    if (found?.state !== 'there') continue
    if (found.said === false) {
      file!.remove()
      continue
    }
    const id = `${recorded.call}:${recorded.recording}`
    await inbox.keep({ kind: 'voicemail', ...recorded, id, ms: found.ms, tell: {}, step: '' })
    taken.push(id)
  }
  return taken
}
