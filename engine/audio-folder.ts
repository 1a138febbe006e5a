import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs'
import { join, sep } from 'node:path'
import type { Beside, Misfit, Recording } from './language/beside.ts'

/** Endings of the sound files that can be recordings. */
export const soundEnding = /\.(wav|mp3|flac|ogg)$/i
/** No prompt is as long; what is larger is no recording of one. */
export const mostBytes = 50 * 1024 * 1024
const mostFiles = 5000
/** Folders below `audio/`: `en/identify/ask/no-input/1.wav` is four deep. */
const deepest = 6
/** What else may lie there: notes of people and of their machines. */
export const aside = /^\.|^recorded\.yaml$|^Thumbs\.db$|^desktop\.ini$|\.(txt|md|csv|html)$/i

/** What is wrong with a file, and what to do. */
type Trouble = Omit<Misfit, 'file'>

/** The recordings in `audio/en/`, `audio/de/` ..., in the order of their names, and what lies there and is none. */
export function audioIn(
  folder: string,
  called: (name: string) => string,
): Required<Pick<Beside, 'recordings' | 'misfits'>> {
  const recordings: Recording[] = []
  const misfits: Misfit[] = []
  let looked = 0
  const look = (name: string, depth: number): void => {
    if (++looked > mostFiles) return
    const file = plain(called(name))
    const found = foundAt(folder, name)
    if (Array.isArray(found)) {
      if (depth < deepest) for (const one of found) look(`${name}/${one}`, depth + 1)
    } else if ('hash' in found) recordings.push({ ...found, file })
    else misfits.push({ ...found, file })
  }
  if (existsSync(join(folder, 'audio'))) look('audio', 0)
  if (looked > mostFiles)
    misfits.push({
      file: called('audio'), detail: `it holds more than ${mostFiles} files`,
      suggestion: 'keep in it only what callers are to hear',
    })
  return { recordings, misfits }
}

/** A recording, or why it is none; of a folder, the names in it. */
function foundAt(folder: string, name: string): string[] | Omit<Recording, 'file'> | Trouble {
  const path = join(folder, name)
  try {
    if (!realpathSync(path).startsWith(realpathSync(folder) + sep))
      return {
        detail: "it is a link that leads out of the hotline's folder", suggestion: 'put the file itself in its place',
      }
    const about = statSync(path)
    if (about.isDirectory()) return readdirSync(path).filter((one) => !aside.test(one)).sort()
    return fitting(name, about) ?? { ...namesIn(name), hash: hashOf(path, about) }
  } catch {
    return { detail: 'it cannot be read', suggestion: 'see whose it is, and that it is a file' }
  }
}

/** What is wrong with a file as far as its name and size tell. */
function fitting(name: string, about: Stats): Trouble | undefined {
  if (!soundEnding.test(name) || !about.isFile())
    return { detail: 'it is no sound file that can be played', suggestion: 'save it as WAV, MP3, FLAC or Ogg' }
  if (namesIn(name).name === '')
    return { detail: 'it lies in no folder of a language', suggestion: 'move it, for instance to audio/en/' }
  if (about.size > mostBytes) {
    const detail = `it has ${Math.ceil(about.size / 1024 / 1024)} MB, and 50 MB are the most`
    return { detail, suggestion: 'cut out what callers are to hear' }
  }
  return undefined
}

/** `audio/en/main/no-input/1.wav`: language `en`, name `main/no-input/1`. */
function namesIn(path: string): { language: string; name: string } {
  const [, language = '', ...parts] = plain(path).split('/')
  return { language, name: parts.join('/').replace(soundEnding, '') }
}

/** A name as it may be shown at a terminal, which signs that nobody sees could take over. */
const plain = (name: string): string => name.replaceAll(/\p{Cc}/gu, '?')

const hashes = new Map<string, { of: string; hash: string }>()

/** Of what is in a file, read again only when it has changed: 32 hexadecimal digits of its SHA-256. */
function hashOf(path: string, { mtimeMs, size, ino }: Stats): string {
  const of = `${mtimeMs} ${size} ${ino}`
  const known = hashes.get(path)
  if (known?.of === of) return known.hash
  const hash = contentHash(readFileSync(path))
  hashes.set(path, { of, hash })
  return hash
}

/** That by which a recording is known: 32 hexadecimal digits of the SHA-256 of what is in its file. */
export const contentHash = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 32)
