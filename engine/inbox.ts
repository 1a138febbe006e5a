import { createHash } from 'node:crypto'
import { existsSync, fstatSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Left } from './call/effects.ts'
import { InboxLines, parsed } from './inbox-lines.ts'
import type { Inbox, LeftBehind } from './ports.ts'

export type LeftKind = Left['kind']
export const leftKinds: readonly LeftKind[] = ['voicemail', 'callback', 'survey', 'message']

/** That somebody has dealt with an entry; `at` in milliseconds since 1970. */
type Done = { id: string; at: number; by: string }
type Sent = { id: string; at: number }
type Voicemail = Extract<LeftBehind, { kind: 'voicemail' }>
type FileName = LeftKind | 'done' | 'sent'
/** What a caller has left, and who has dealt with it. */
export type InboxEntry = LeftBehind & { done?: { at: number; by: string } }

/** An id for addresses and keys that are seen elsewhere: the entry's own may hold the number of its caller. */
export const aliasOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 32)

const about = {
  id: z.string(),
  at: z.number(),
  call: z.string(),
  caller: z.string(),
  hotline: z.string(),
  language: z.string(),
  step: z.string(),
}
const tell = z.record(z.string(), z.string())
const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('voicemail'), box: z.string(), recording: z.string(), ms: z.number(), tell, ...about }),
  z.object({ kind: z.literal('callback'), queue: z.string(), number: z.string(), tell, ...about }),
  z.object({ kind: z.literal('survey'), score: z.number(), least: z.number(), most: z.number(), ...about }),
  z.object({ kind: z.literal('message'), to: z.string(), text: z.string(), ...about }),
])
const sentSchema = z.object({ id: z.string(), at: z.number() })
const doneSchema = z.object({ id: z.string(), at: z.number(), by: z.string() })

/**
 * What callers have left, in files of JSON lines that only their owner can read: one for each kind, `done.jsonl`
 * for what has been dealt with, and `sent.jsonl` for messages that were sent on. This process and `callwright inbox` may write at the same time.
 */
export class KeptInbox implements Inbox {
  /** `inbox` in the data folder. */
  readonly folder: string
  /** One entry is written after the other. */
  private last: Promise<unknown> = Promise.resolve()
  /** What is in the files: read once and then followed, for the inbox grows and calls wait while it is read. */
  private readonly files: Record<LeftKind, InboxLines<LeftBehind>>
  private readonly marks: { done: InboxLines<Done>; sent: InboxLines<Sent> }
  /** Called when something new is kept. */
  onKept: () => void = () => {}

  /** `data`: the engine's data folder. */
  constructor(data: string) {
    this.folder = join(data, 'inbox')
    const of = (kind: LeftKind): InboxLines<LeftBehind> => new InboxLines(this.file(kind), entrySchema)
    this.files = { voicemail: of('voicemail'), callback: of('callback'), survey: of('survey'), message: of('message') }
    this.marks = {
      done: new InboxLines(this.file('done'), doneSchema),
      sent: new InboxLines(this.file('sent'), sentSchema),
    }
  }

  /** Resolves when it is on the disk; rejects with what to do. What is kept already stays as it is. */
  keep(left: LeftBehind): Promise<void> {
    return this.inTurn(async () => {
      if (leftKinds.some((kind) => this.of(kind).entries.has(left.id))) return
      await this.append(left.kind, left)
      this.onKept()
    })
  }

  /** Marks an entry as dealt with. */
  done(done: Done): Promise<void> {
    return this.inTurn(() => this.append('done', done))
  }

  /** Messages that were not sent on yet, oldest first. */
  unsent(): Voicemail[] {
    const sent = this.marks.sent.read().entries
    return [...this.of('voicemail').entries.values()].filter(isVoicemail).filter(({ id }) => !sent.has(id))
  }

  /** Whether a message is there, and was not sent on yet. */
  isUnsent(id: string): boolean {
    return this.of('voicemail').entries.has(id) && !this.marks.sent.read().entries.has(id)
  }

  /** Marks a message as sent on. Of one that was erased meanwhile nothing is written: its id may hold the caller's number. */
  sent(id: string, at: number): Promise<void> {
    return this.inTurn(async () => {
      if (this.of('voicemail').entries.has(id)) await this.append('sent', { id, at })
    })
  }

  /** Everything left of some kinds, oldest first; `unreadable` counts lines that are damaged. */
  list(kinds: readonly LeftKind[] = leftKinds): { entries: InboxEntry[]; unreadable: number } {
    const done = this.marks.done.read().entries
    const files = kinds.map((kind) => this.of(kind))
    const marked = (entry: LeftBehind): InboxEntry => {
      const by = done.get(entry.id)
      return by ? { ...entry, done: { at: by.at, by: by.by } } : entry
    }
    return {
      entries: files.flatMap(({ entries }) => [...entries.values()].map(marked)).toSorted((a, b) => a.at - b.at),
      unreadable: files.reduce((sum, { unreadable }) => sum + unreadable, 0),
    }
  }

  /** Removes entries, and that they were dealt with. Answers those removed. */
  remove(unwanted: (entry: LeftBehind) => boolean): Promise<LeftBehind[]> {
    return this.inTurn(async () => {
      const removed = leftKinds.flatMap((kind) => {
        const gone = [...this.of(kind).entries.values()].filter(unwanted)
        const ids = new Set(gone.map(({ id }) => id))
        if (gone.length > 0) this.rewrite(kind, (id) => !ids.has(id))
        return gone
      })
      if (removed.length > 0) {
        const ids = new Set(removed.map(({ id }) => id))
        for (const marks of ['done', 'sent'] as const) this.rewrite(marks, (id) => !ids.has(id))
      }
      return removed
    })
  }

  private of(kind: LeftKind): ReturnType<InboxLines<LeftBehind>['read']> {
    return this.files[kind].read()
  }

  private file(name: FileName): string {
    return join(this.folder, `${name}.jsonl`)
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.last.then(run).catch((error: unknown) => {
      throw new Error(inWords(error as NodeJS.ErrnoException, this.folder), { cause: error })
    })
    this.last = turn.catch(() => {})
    return turn
  }

  private async append(name: FileName, entry: object): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const file = this.file(name)
    for (let written = false; !written; ) {
      const isNew = !existsSync(file)
      const handle = await open(file, 'a+', 0o600)
      try {
        // What was cut off by a full disk or a crash stays a line of its own.
        await handle.appendFile(`${(await endsMidLine(handle)) ? '\n' : ''}${JSON.stringify(entry)}\n`)
        await handle.sync()
        // Another process may have put a new file in the place of this one, see `rewrite`.
        written = statSync(file, { throwIfNoEntry: false })?.ino === fstatSync(handle.fd).ino
      } finally {
        await handle.close()
      }
      if (isNew) await synced(this.folder)
    }
  }

  /** Writes a file again without some of its lines. It is put in place at once, and not if somebody has added to it. */
  private rewrite(name: FileName, wanted: (id: string) => boolean): void {
    const file = this.file(name)
    const unfinished = `${file}.${process.pid}.tmp`
    for (let placed = !existsSync(file); !placed; ) {
      const text = readFileSync(file)
      const lines = text.toString().split('\n').filter((line) => line !== '' && wanted(idOf(line)))
      rmSync(unfinished, { force: true })
      writeFileSync(unfinished, lines.map((line) => `${line}\n`).join(''), { mode: 0o600, flush: true })
      placed = statSync(file).size === text.length
      if (placed) renameSync(unfinished, file)
    }
  }
}

const isVoicemail = (entry: LeftBehind): entry is Voicemail => entry.kind === 'voicemail'

const idOf = (line: string): string => z.object({ id: z.string() }).safeParse(parsed(line)).data?.id ?? ''

async function endsMidLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer.toString() !== '\n'
}

/** A new file is there after a crash only when its folder is on the disk, too. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function inWords({ code, message }: NodeJS.ErrnoException, folder: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk of ${folder} is full: make room there`
    case 'EACCES':
    case 'EPERM':
      return `${folder} may not be read or written: run "sudo chown -R USER ${folder}", USER being who runs Callwright`
    case 'EROFS':
      return `${folder} is on a disk that cannot be written: give CALLWRIGHT_DATA a folder that can`
    default:
      return message
  }
}
