import { closeSync, openSync, readSync, statSync, unlinkSync, type Stats } from 'node:fs'
import { join } from 'node:path'

/**
 * What can be seen of a recording. `said`: whether anything can be heard in it; undefined when we may not read it.
 * `unseen`: the folder is on another machine, or closed to us.
 */
export type Found =
  | { state: 'there'; ms: number; said: boolean | undefined }
  | { state: 'missing' }
  | { state: 'unseen' }

/** A recording by its name: where Asterisk finds it, without ending, and what we can see of it. */
export type RecordingFile = { path: string; look(): Found; remove(): void }

/** Asterisk keeps the path of a recording in 256 bytes (`record_exec` in apps/app_record.c). */
const longestPath = 250
/** Asterisk's `wav`: 8,000 samples a second, one channel, 16 bit, after 44 bytes of header (formats/format_wav.c). */
const headerBytes = 44
const bytesPerMs = 16
const frameBytes = 20 * bytesPerMs
/** Mean amplitude from which a frame of 20 ms is no silence: Asterisk's own `silencethreshold` (main/dsp.c). */
const silenceBelow = 256
/** So many frames in a row are a sound, and no click. */
const framesOfSound = 3

/** The folder of recordings, as we see it and as Asterisk does. */
export class Recordings {
  private readonly ours: string
  private readonly theirs: string

  /** Throws an Error that says what to do when Asterisk could not be told this folder. */
  constructor({ ours, theirs }: { ours: string; theirs: string }) {
    this.ours = ours
    this.theirs = theirs.replace(/\/$/, '')
    // What an application's arguments, or `%d` in a file's name, would be read as.
    if (!/^\/[^,"'\\%$|{};\p{Cc}]*$/u.test(theirs))
      throw new Error(
        `the folder of recordings ${JSON.stringify(theirs)} cannot be told to Asterisk: ` +
          'take a whole path without any of , " \' \\ % $ | ; { }',
      )
  }

  /** What to see to when Asterisk could not record. */
  get hint(): string {
    return `may its user write into the folder ${this.theirs}, is there room, and is app_record loaded?`
  }

  /** The recording of this name; undefined when it can be no name of one. */
  file(name: string): RecordingFile | undefined {
    if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,119}$/.test(name) || name.includes('..')) return undefined
    const path = `${this.theirs}/${name}`
    if (Buffer.byteLength(path) > longestPath) return undefined
    const file = join(this.ours, `${name}.wav`)
    return { path, look: () => this.look(file), remove: () => removed(file) }
  }

  private look(file: string): Found {
    const about = seen(file)
    if (about === 'unseen') return { state: 'unseen' }
    // Where not even the folder is to be seen, Asterisk may have one all the same.
    if (about === 'missing') return { state: typeof seen(this.ours) === 'object' ? 'missing' : 'unseen' }
    const ms = Math.max(0, Math.round((about.size - headerBytes) / bytesPerMs))
    return { state: 'there', ms, said: holdsSound(file) }
  }
}

function seen(file: string): Stats | 'missing' | 'unseen' {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? 'missing'
  } catch {
    return 'unseen'
  }
}

function removed(file: string): void {
  try {
    unlinkSync(file)
  } catch {
    // It goes with the old ones.
  }
}

/** Whether anything can be heard; reads no further than to the first sound, which is at the beginning mostly. */
function holdsSound(file: string): boolean | undefined {
  let opened: number | undefined
  try {
    opened = openSync(file, 'r')
    const chunk = Buffer.alloc(100 * frameBytes)
    let run = 0
    for (let at = headerBytes, read = readSync(opened, chunk, 0, chunk.length, at); read > 0; ) {
      for (let from = 0; from + frameBytes <= read; from += frameBytes) {
        run = isSilent(chunk, from) ? 0 : run + 1
        if (run === framesOfSound) return true
      }
      at += read
      read = readSync(opened, chunk, 0, chunk.length, at)
    }
    return false
  } catch {
    return undefined
  } finally {
    if (opened !== undefined) closeSync(opened)
  }
}

function isSilent(bytes: Buffer, from: number): boolean {
  let sum = 0
  for (let at = from; at < from + frameBytes; at += 2) sum += Math.abs(bytes.readInt16LE(at))
  return sum / (frameBytes / 2) < silenceBelow
}
