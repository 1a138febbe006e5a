import type { JournalState } from '../journal/journal.ts'
import type { FileState } from '../journal/lasting-store.ts'
import { seconds, trouble, type Trouble } from './trouble.ts'

/** How long it is told that the journal's file was gone. Milliseconds. */
const toldFor = 3_600_000

/** What is wrong with the journal and its file. */
export function journalTroubles({ journal: { failing }, file, at }: { journal: JournalState; file: FileState; at: number }): Trouble[] {
  const { open, trouble: cause, setAside, goneAt = -Infinity } = file
  const since = cause?.since ?? failing
  const names = setAside.join(', ')
  return [
    ...trouble(
      since !== undefined && (!open || failing !== undefined),
      `${open ? 'nothing can be written to the journal' : 'the journal is not open'} for ${seconds(at - (since ?? at))}: ` +
        `no call would survive a restart${cause ? `; ${cause.what}` : ''}`,
      `${cause?.todo ?? 'the log says why'}; it is tried again by itself`,
    ),
    ...trouble(
      setAside.length > 0,
      `the journal was damaged, and was set aside; earlier calls are forgotten: ${names}`,
      'see whether the disk is well: sudo journalctl -k; then move these files away, or remove them: they hold the numbers of callers',
    ),
    ...trouble(
      at - goneAt < toldFor,
      `the journal's file was gone ${seconds(at - goneAt)} ago, and a new one was begun; earlier calls are forgotten`,
      'find out what has removed or replaced it; there is nothing to mend, and this is told for an hour',
    ),
  ]
}
