import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { lstat, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Sound } from '../ports.ts'
import { countSamples, msOf, samplesOf, wavOf } from '../sound/wav.ts'

/** Changes when the same text in the same voice is made into another sound: level, trim, pauses, reading. */
const formatVersion = '5'

const day = 86_400_000
/** For how long ahead a sound is marked as needed; it is to be marked anew once a day. */
const neededFor = 2 * day
/** A file that has been half written for so long is not being written any more. */
const unfinishedFor = 3_600_000

/** The id of what is made from these words: 32 hexadecimal digits, the same for ever. */
export function soundId(...from: string[]): string {
  return createHash('sha256').update(JSON.stringify([formatVersion, ...from])).digest('hex').slice(0, 32)
}

/** What may be removed: not heard for so many milliseconds; more than so many bytes in all, the oldest first. */
export type Limits = { unheardFor: number; mostBytes: number }

/**
 * Sounds by content, as WAV files in one folder, `<id>.wav`, which any number of engines share. A file that was cut off
 * or changed is not taken but made again. Other files are left alone.
 *
 * The time of a file tells who may remove it: when it was last used, to a day; or, when a flow that is live needs it, a
 * time that is still to come. So an engine spares what another one needs without knowing of it.
 */
export class SoundStore {
  readonly folder: string
  private readonly kept = new Map<string, { sound: Sound; bytes: number }>()

  constructor(folder: string) {
    this.folder = resolve(folder)
    fs.mkdirSync(this.folder, { recursive: true })
  }

  /** A sound that is there now, in full length, whoever has made it. */
  find(id: string, now: number): Sound | undefined {
    const about = aboutOf(this.fileOf(id))
    const known = this.kept.get(id)
    const found = about && (known?.bytes === about.size ? known : this.take(id))
    if (!found) {
      this.kept.delete(id)
      return undefined
    }
    if (about.mtimeMs < now - day) void this.mark(id, now)
    return found.sound
  }

  /** The samples of a sound that was found or kept. Rejects when its file is gone or damaged by now. */
  async samples(sound: Sound): Promise<Int16Array> {
    const samples = samplesOf(await readFile(sound.file))
    if (!samples) throw new Error(`${sound.file} is damaged; delete it and it is made again`)
    return samples
  }

  /** Writes a sound whole or not at all: nobody ever plays half a file. */
  async keep(id: string, samples: Int16Array, now: number): Promise<Sound> {
    const file = this.fileOf(id)
    const unfinished = join(this.folder, `${id}.${randomBytes(6).toString('hex')}.tmp`)
    const bytes = wavOf(samples)
    try {
      // The folder may have been removed while we run.
      await mkdir(this.folder, { recursive: true })
      await writeFile(unfinished, bytes)
      await utimes(unfinished, now / 1000, now / 1000)
      await rename(unfinished, file)
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {})
      throw error
    }
    const sound = { id, file, ms: msOf(samples.length) }
    this.kept.set(id, { sound, bytes: bytes.length })
    return sound
  }

  /** Marks sounds as needed by a flow that is live: for two days no engine removes them. */
  async need(ids: Iterable<string>, now: number): Promise<void> {
    for (const id of ids) {
      const about = aboutOf(this.fileOf(id))
      if (about && about.mtimeMs < now + neededFor - day) await this.mark(id, now + neededFor)
    }
  }

  /** Removes what may be removed: what was said to one caller must not lie here for ever. Answers how many sounds. */
  async tidy({ unheardFor, mostBytes }: Limits, now: number): Promise<number> {
    const sounds = await this.all(now)
    let bytes = sounds.reduce((sum, { size }) => sum + size, 0)
    let removed = 0
    for (const { name, size, time } of sounds.sort((a, b) => a.time - b.time)) {
      if (time > now || (time >= now - unheardFor && bytes <= mostBytes)) break
      await rm(join(this.folder, name), { force: true })
      this.kept.delete(name.slice(0, 32))
      bytes -= size
      removed++
    }
    return removed
  }

  /** The files of sounds; on the way, what was never finished is removed. */
  private async all(now: number): Promise<{ name: string; size: number; time: number }[]> {
    const sounds: { name: string; size: number; time: number }[] = []
    for (const name of await readdir(this.folder)) {
      const [, kind] = /^[0-9a-f]{32}\.(wav|[0-9a-f]{12}\.tmp)$/.exec(name) ?? []
      // Another engine may have removed it meanwhile.
      const about = kind && (await lstat(join(this.folder, name)).catch(() => undefined))
      if (!about || !about.isFile()) continue
      if (kind === 'wav') sounds.push({ name, size: about.size, time: about.mtimeMs })
      else if (about.mtimeMs < now - unfinishedFor) await rm(join(this.folder, name), { force: true })
    }
    return sounds
  }

  private fileOf(id: string): string {
    return join(this.folder, `${id}.wav`)
  }

  private async mark(id: string, time: number): Promise<void> {
    // It may be gone, or another's: then it is made again when it is wanted.
    await utimes(this.fileOf(id), time / 1000, time / 1000).catch(() => {})
  }

  /** A file that is not known yet, or has changed: it is looked into before it is trusted. */
  private take(id: string): { sound: Sound; bytes: number } | undefined {
    const file = this.fileOf(id)
    const whole = wholeSound(file)
    if (!whole) return undefined
    const found = { sound: { id, file, ms: msOf(whole.samples) }, bytes: whole.bytes }
    this.kept.set(id, found)
    return found
  }
}

/** How long a sound file is, in samples and in bytes; undefined when there is none, it is cut off, or a link. */
export function wholeSound(file: string): { samples: number; bytes: number } | undefined {
  const start = aboutOf(file) && startOf(file)
  const samples = start && countSamples(start.bytes, start.size)
  return samples === undefined ? undefined : { samples, bytes: start!.size }
}

/** Undefined when there is no such file, or none that may be looked at. A link could lead anywhere: it is none. */
function aboutOf(file: string): fs.Stats | undefined {
  try {
    const about = fs.lstatSync(file, { throwIfNoEntry: false })
    return about?.isFile() ? about : undefined
  } catch {
    return undefined
  }
}

/** The first bytes of a file, and its size. */
function startOf(file: string): { bytes: Buffer; size: number } | undefined {
  let open: number | undefined
  try {
    open = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW)
    const bytes = Buffer.alloc(44)
    return { bytes: bytes.subarray(0, fs.readSync(open, bytes, 0, bytes.length, 0)), size: fs.fstatSync(open).size }
  } catch {
    return undefined
  } finally {
    if (open !== undefined) fs.closeSync(open)
  }
}
