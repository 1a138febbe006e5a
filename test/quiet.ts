import type { Log } from '../engine/ports.ts'

/** A log that nobody reads. */
export const quiet: Log = { info() {}, warn() {}, error() {} }
