import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../engine/ports.ts'

/** How often the folder is looked at, in milliseconds. */
const every = 1000
/** Recordings may be thousands, and no call is to wait for that look: they are looked at every so many times. */
const recordingsEvery = 5

/**
 * Tells when the flows in a folder or the recordings beside them have changed, once they have stood still for a moment,
 * so that nobody reads a file half written. Looks again and again, since not every file system tells of changes. The
 * function returned ends it.
 */
export function watchFlows(folder: string, clock: Clock, changed: () => void): () => void {
  let recordings = lookOf(folder, sounds)
  let known = lookOf(folder, yaml) + recordings
  let seen = known
  let looks = 0
  let cancel = (): void => {}
  const look = (): void => {
    if (++looks % recordingsEvery === 0 || seen !== known) recordings = lookOf(folder, sounds)
    const now = lookOf(folder, yaml) + recordings
    if (now !== known && now === seen) {
      known = now
      changed()
    }
    seen = now
    cancel = clock.after(every, look)
  }
  cancel = clock.after(every, look)
  return () => cancel()
}

/** Which files to look at, and how many folders deep; in folders named `audio`, as `audio` says. */
type Look = { files: RegExp; deep: number; audio?: Look }

/** Three folders deep, as deep as a hotline has any YAML. */
const yaml: Look = { files: /\.yaml$/, deep: 3 }
/** `council/audio/en/identify/ask/no-input/1.wav`. */
const sounds: Look = { files: /(?!)/, deep: 1, audio: { files: /\.(wav|mp3|flac|ogg)$/i, deep: 6 } }

/** Every wanted file under a folder with its size and time. */
function lookOf(folder: string, wanted: Look): string {
  const { files, deep, audio } = wanted
  try {
    if (statSync(folder).isFile()) return look(folder)
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => {
        const path = join(folder, entry.name)
        if (files.test(entry.name)) return look(path)
        if (!entry.isDirectory() || entry.name.startsWith('.')) return ''
        if (audio && entry.name === 'audio') return lookOf(path, audio)
        return deep > 0 ? lookOf(path, { ...wanted, deep: deep - 1 }) : ''
      })
      .join('')
  } catch {
    // Gone in this moment: editors save by putting another file in its place.
    return 'gone'
  }
}

function look(path: string): string {
  const { mtimeMs, size, ino } = statSync(path)
  return `${path} ${mtimeMs} ${size} ${ino}\n`
}
