import { readFile } from 'node:fs/promises'
import { contentHash } from '../audio-folder.ts'
import type { Clock, Log, Sound } from '../ports.ts'
import { Retries, type Outcome } from './retries.ts'
import { takeOf } from '../sound/recording.ts'
import { words } from './speaker.ts'
import { soundId } from './store.ts'
import { withinTime } from './time-limit.ts'
import { Turns } from './turns.ts'

/** How long it may take to read and convert a recording, in milliseconds. */
const longestMs = 10_000

/** A recording and where it lies. `hash`: of what is in the file. */
export type RecordingFile = { hash: string; file: string }

/** The id of a recording's sound: the same wherever it lies, and whatever has become of its flow. */
export const recordingId = (hash: string): string => soundId('recording', hash)

/** Recordings that lie beside flows, by their content; each is converted once. */
export class Recordings {
  private readonly clock: Clock
  private readonly log: Log
  private readonly keep: (id: string, samples: Int16Array) => Promise<Sound>
  private readonly turns = new Turns<Sound>(2)
  private readonly files = new Map<string, string>()
  /** Those that were told of: no caller waits for them until they have been read anew, or could be played after all. */
  private readonly broken = new Set<string>()
  private readonly retries: Retries

  constructor(ports: { clock: Clock; log: Log; keep(id: string, samples: Int16Array): Promise<Sound> }) {
    this.clock = ports.clock
    this.log = ports.log
    this.keep = (id, samples) => ports.keep(id, samples)
    this.retries = new Retries(ports.clock, () => this.tryBroken())
  }

  /** From now on these are known, too. */
  know(recordings: readonly RecordingFile[]): void {
    for (const { hash, file } of recordings) {
      this.files.set(hash, file)
      this.broken.delete(hash)
    }
  }

  /** Its sound; undefined when it is gone or broken, which is said once, or not there within `ms` milliseconds. */
  async sound(hash: string, ms?: number): Promise<Sound | undefined> {
    const convert = async (): Promise<Sound> => this.keep(recordingId(hash), await this.samples(hash))
    const made = (): Promise<Sound> => this.turns.take(hash, ms !== undefined, convert)
    return (ms === undefined ? made() : withinTime(this.clock, ms, made)).catch(() => undefined)
  }

  stop(): void {
    this.retries.stop()
  }

  private async samples(hash: string): Promise<Int16Array> {
    const file = this.files.get(hash)
    try {
      if (this.broken.has(hash) || file === undefined) throw new Error('it is not there any more')
      return await withinTime(this.clock, longestMs, (signal) => samplesIn(file, hash, signal))
    } catch (error) {
      if (!this.broken.has(hash))
        this.log.warn({}, `the recording ${file ?? hash} cannot be played: ${words(error)}; a voice speaks instead`)
      this.broken.add(hash)
      this.retries.later()
      throw error
    }
  }

  /** The disk may have been away, or the file half written. One after the other: there are calls. */
  private async tryBroken(): Promise<Outcome> {
    const tried = [...this.broken].filter((hash) => this.files.has(hash))
    let mended = 0
    for (const hash of tried) {
      const file = this.files.get(hash)!
      try {
        const samples = await withinTime(this.clock, longestMs, (signal) => samplesIn(file, hash, signal))
        await this.keep(recordingId(hash), samples)
      } catch {
        continue
      }
      mended++
      this.broken.delete(hash)
      this.log.info({}, `the recording ${file} can be played again`)
    }
    return mended === tried.length ? 'all' : mended > 0 ? 'some' : 'nothing'
  }
}

async function samplesIn(file: string, hash: string, signal: AbortSignal): Promise<Int16Array> {
  const bytes = await readFile(file, { signal })
  // What replaces it is another recording, and known by another name when its hotline is read anew.
  if (contentHash(bytes) !== hash) throw new Error('it has been replaced')
  return (await takeOf(bytes, signal)).samples
}
