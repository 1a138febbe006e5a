import type { Log } from '../engine/ports.ts'

/**
 * What goes wrong where nobody has thought of it ends one thing and not all calls: it is told, with its stack, and the
 * engine goes on. Where a single call is concerned it is caught before. Ending instead would put all callers into
 * survival for the fault of one.
 */
export function outliveMistakes(log: Log): void {
  // Promises that nobody minds come here as well.
  process.on('uncaughtException', (error) => log.error({ err: error }, 'Callwright has a mistake, and goes on: please report this line'))
}
