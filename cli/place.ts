import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Log } from '../engine/ports.ts'
import { writeWhole } from './write-whole.ts'

/** How long until it is tried again to write the file. Milliseconds. */
const again = 5000

/** The file that says where the engine can be asked. */
export const placeFile = (data: string): string => join(data, 'engine.json')

/**
 * Writes down where this engine can be asked how it does, for `callwright status`; as soon as the folder can be written,
 * when it cannot now. The function returned takes it back.
 */
export function tellPlace(data: string, url: string, { clock, log }: { clock: Clock; log: Log }): () => void {
  const file = placeFile(data)
  const place = JSON.stringify({ pid: process.pid, url, startedAt: clock.now() })
  let failing = false
  let cancel = (): void => {}
  const write = (): void => {
    try {
      writeWhole(file, place)
      if (failing) log.info({}, `${file} is written: callwright status can ask this engine`)
    } catch (error) {
      if (!failing) log.warn({ err: error }, `${file} cannot be written: callwright status cannot ask this engine until it can`)
      failing = true
      cancel = clock.after(again, write)
    }
  }
  write()
  return () => {
    cancel()
    try {
      rmSync(file, { force: true })
    } catch (error) {
      log.warn({ err: error }, `${file} cannot be removed: it names an engine that has ended`)
    }
  }
}
