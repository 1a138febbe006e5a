import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Sound } from '../ports.ts'
import { countSamples, msOf, samplesOf, wavOf } from './wav.ts'

/** Changes when the same text in the same voice is made into another sound: level, trim, pauses, reading. */
const formatVersion = '1'

/** The id of what is made from these words: 32 hexadecimal digits, the same for ever. */
export function soundId(...from: string[]): string {
  return createHash('sha256').update(JSON.stringify([formatVersion, ...from])).digest('hex').slice(0, 32)
}

type Kept = { sound: Sound; bytes: number; usedAt: number }

/**
 * Sounds by content, as WAV files in one folder: `<id>.wav`. What is in the folder at the start is known from then
 * on; a file that was cut off or changed is not taken but made again. Other files are left alone.
 */
export class SoundStore {
  readonly folder: string
  private kept = new Map<string, Kept>()
  private writes = 0

  constructor(folder: string) {
    this.folder = resolve(folder)
    fs.mkdirSync(this.folder, { recursive: true })
    for (const name of fs.readdirSync(this.folder)) {
      if (/^[0-9a-f]{32}\.wav$/.test(name)) this.take(name.slice(0, 32))
      else if (/^[0-9a-f]{32}\.\d+\.\d+\.tmp$/.test(name)) fs.rmSync(join(this.folder, name), { force: true })
    }
  }

  /** How many sounds there are. */
  get size(): number {
    return this.kept.size
  }

  /** A sound that is there now, in full length. */
  find(id: string, now: number): Sound | undefined {
    const found = this.kept.get(id)
    if (!found) return undefined
    if (sizeOf(found.sound.file) !== found.bytes) {
      this.kept.delete(id)
      return undefined
    }
    found.usedAt = now
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
    const unfinished = join(this.folder, `${id}.${process.pid}.${++this.writes}.tmp`)
    const bytes = wavOf(samples)
    try {
      // The folder may have been removed while we run.
      await mkdir(this.folder, { recursive: true })
      await writeFile(unfinished, bytes)
      await rename(unfinished, file)
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {})
      throw error
    }
    const sound = { id, file, ms: msOf(samples.length) }
    this.kept.set(id, { sound, bytes: bytes.length, usedAt: now })
    return sound
  }

  /**
   * Forgets sounds not used since a time (milliseconds since 1970), and removes their files: what was said to one
   * caller must not lie here for ever. Answers how many. A file found at the start counts as used when written.
   */
  async forget(before: number, but: ReadonlySet<string>): Promise<number> {
    const old = [...this.kept.entries()].filter(([id, { usedAt }]) => usedAt < before && !but.has(id))
    for (const [id, { sound }] of old) {
      this.kept.delete(id)
      await rm(sound.file, { force: true })
    }
    return old.length
  }

  private fileOf(id: string): string {
    return join(this.folder, `${id}.wav`)
  }

  private take(id: string): void {
    const file = this.fileOf(id)
    const about = fs.lstatSync(file)
    // A link could lead anywhere; only what was written here is played.
    if (!about.isFile()) return
    const start = Buffer.alloc(44)
    const open = fs.openSync(file, 'r')
    const read = fs.readSync(open, start, 0, start.length, 0)
    fs.closeSync(open)
    const samples = countSamples(start.subarray(0, read), about.size)
    if (samples === undefined) return
    this.kept.set(id, { sound: { id, file, ms: msOf(samples) }, bytes: about.size, usedAt: about.mtimeMs })
  }
}

/** Undefined when there is no such file, or none that may be looked at. */
function sizeOf(file: string): number | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false })?.size
  } catch {
    return undefined
  }
}
