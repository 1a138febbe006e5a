import { accessSync, constants } from 'node:fs'

const todo = 'run this as the user who runs Callwright'

type Send = (pid: number, name: NodeJS.Signals) => unknown

/** Sends a signal to the engine. Throws, with what to do, when it belongs to another user. */
export function signal(pid: number, name: NodeJS.Signals, send: Send = process.kill): void {
  try {
    send(pid, name)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error
    throw new Error(`the engine (process ${pid}) belongs to another user: ${todo}`, { cause: error })
  }
}

/** Throws, with what to do, when a data folder with which another process works is not ours to write into. */
export function mustMayWrite(data: string, look: (path: string, mode: number) => void = accessSync): void {
  try {
    look(data, constants.W_OK)
  } catch (error) {
    if (codeOf(error) !== 'EACCES') return
    const words = `another Callwright works with ${data}, and this user may not write there`
    throw new Error(`${words}: ${todo}`, { cause: error })
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code
