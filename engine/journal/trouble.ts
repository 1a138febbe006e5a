import { dirname } from 'node:path'

/** What is wrong with the journal's file, and what an admin can do. */
export type FileTrouble = { what: string; todo: string }

/** The file holds something else than was written into it. */
export class Damaged extends Error {
  override name = 'Damaged'
}

/** Whether an error means that the file is damaged: no waiting helps then. */
export const isDamage = (error: unknown): boolean =>
  // What has been written as JSON and is none any more.
  error instanceof Damaged || error instanceof SyntaxError || /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))

/** Why a file cannot be used, for an admin. */
export function troubleWith(file: string, error: unknown): FileTrouble {
  const code = codeOf(error)
  const words = error instanceof Error ? error.message : String(error)
  if (isDamage(error))
    return { what: `${file} is damaged (${words})`, todo: 'see whether the disk is well: sudo journalctl -k' }
  if (/FULL|SHMSIZE|ENOSPC|IOERR_WRITE/.test(code))
    return { what: `there is no room for ${file} (${words})`, todo: `make room on its disk: df -h ${dirname(file)}` }
  if (/READONLY|CANTOPEN|PERM|AUTH|EACCES|EROFS/.test(code))
    return {
      what: `${file} may not be written (${words})`,
      todo: `see whose it is: ls -la ${dirname(file)}; and whether its disk is read-only: findmnt -T ${dirname(file)}`,
    }
  if (/BUSY|LOCKED/.test(code))
    return { what: `another program holds ${file} (${words})`, todo: `see which, and end it: fuser -v ${file}` }
  if (/IOERR|EIO/.test(code))
    return { what: `the disk of ${file} reports errors (${words})`, todo: 'see what is wrong with it: sudo journalctl -k' }
  return { what: `${file} cannot be used (${words})`, todo: 'mend that, or move the file away: a new one is made' }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? '')
