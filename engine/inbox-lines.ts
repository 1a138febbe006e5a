import { closeSync, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs'
import type { z } from 'zod'

/** So much of what was read last is looked at again before more is read: another file stands there when it differs. Bytes. */
const tailBytes = 512

/**
 * The entries of a file of JSON lines, by their ids; the last line of an id is taken. The file is read whole once, and
 * after that only what was added to it; whole again when another has been put in its place. Both this process and
 * others may write it.
 */
export class InboxLines<T extends { id: string }> {
  private readonly file: string
  private readonly schema: z.ZodType<T>
  private entries = new Map<string, T>()
  private damaged = 0
  /** How much has been read: whole lines only. And its end. */
  private offset = 0
  private tail: Buffer = Buffer.alloc(0)
  private seen: Pick<Stats, 'ino' | 'size' | 'mtimeMs'> | undefined
  /** The line at the end that lacks its line break: cut off, or being written just now. */
  private last = ''

  constructor(file: string, schema: z.ZodType<T>) {
    this.file = file
    this.schema = schema
  }

  /** What is in the file now, in the order in which ids came first; `unreadable` counts lines that are damaged. Throws when it cannot be read. */
  read(): { entries: ReadonlyMap<string, T>; unreadable: number } {
    this.follow()
    const last = this.last === '' ? undefined : this.entryOf(this.last)
    return {
      entries: last ? new Map([...this.entries, [last.id, last]]) : this.entries,
      unreadable: this.damaged + (this.last !== '' && !last ? 1 : 0),
    }
  }

  private follow(): void {
    const now = statSync(this.file, { throwIfNoEntry: false })
    if (!now) return this.forget()
    const { seen } = this
    if (seen?.ino === now.ino && seen.size === now.size && seen.mtimeMs === now.mtimeMs) return
    const open = openSync(this.file, 'r')
    try {
      // What has the same size and another time was changed in the middle.
      if (seen?.ino !== now.ino || now.size <= seen.size || !this.goesOn(open)) this.forget()
      this.take(bytesOf(open, this.offset, fstatSync(open).size))
    } finally {
      closeSync(open)
    }
    this.seen = now
  }

  /** Whether what was read last still stands where it stood: a new file may have the number of an old one. */
  private goesOn(open: number): boolean {
    return bytesOf(open, this.offset - this.tail.length, this.offset).equals(this.tail)
  }

  private take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(10) + 1
    for (const line of bytes.toString('utf8', 0, end).split('\n')) {
      if (line === '') continue
      const entry = this.entryOf(line)
      if (entry) this.entries.set(entry.id, entry)
      else this.damaged++
    }
    this.last = bytes.toString('utf8', end)
    this.offset += end
    this.tail = Buffer.concat([this.tail, bytes.subarray(Math.max(0, end - tailBytes), end)])
    // A copy: the whole file is not to stay in memory.
    this.tail = Buffer.from(this.tail.subarray(-tailBytes))
  }

  private forget(): void {
    this.entries = new Map()
    this.damaged = this.offset = 0
    this.tail = Buffer.alloc(0)
    this.last = ''
    this.seen = undefined
  }

  private entryOf(line: string): T | undefined {
    return this.schema.safeParse(parsed(line)).data
  }
}

export function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

/** Fewer when the file has been cut meanwhile. */
function bytesOf(open: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from))
  let read = 0
  for (let more = 1; more > 0 && read < bytes.length; read += more) more = readSync(open, bytes, read, bytes.length - read, from + read)
  return bytes.subarray(0, read)
}
