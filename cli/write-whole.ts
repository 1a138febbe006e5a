import { renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Writes a file whole or not at all: whoever looks at its folder never sees half of it. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const unfinished = join(dirname(file), `.${basename(file)}.${process.pid}`)
  writeFileSync(unfinished, content)
  renameSync(unfinished, file)
}
