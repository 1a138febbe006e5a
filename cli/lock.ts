import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../engine/ports.ts'

/** How often the holder of a folder shows that it is alive, and how long without that it counts as frozen. Milliseconds. */
const beat = 1000
const frozen = 5000

/** The hold of this process on a data folder. */
export type Lock = {
  /** Whether no other process that has worked with this folder can be alive. */
  alone(): boolean
  release(): void
}

const fileIn = (data: string): string => join(data, 'engine.pid')

/**
 * Makes sure that one engine at a time works with a data folder. Answers the process that is there already, or the
 * hold. A process that is gone holds nothing, and one that is frozen for five seconds holds it no more: what it would
 * order when it wakes the driver's claim prevents (`telephony/ami/driver.ts`).
 */
export function takeLock(data: string, clock: Clock): { heldBy: number } | Lock {
  mkdirSync(data, { recursive: true })
  const file = fileIn(data)
  let alone = true
  for (let tries = 0; tries < 3; tries++) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx' })
      return hold(file, clock, () => alone)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = pidIn(file)
      if (pid !== process.pid && isAlive(pid)) {
        if (ageOf(file) < frozen) return { heldBy: pid }
        alone = false
      }
      rmSync(file, { force: true })
    }
  }
  throw new Error(`${file} cannot be taken: remove it when no Callwright is running`)
}

/** Waits until the folder is free. `waiting` is told once, when it is not. Undefined when `signal` fired before. */
export async function awaitLock(data: string, clock: Clock, waiting: (pid: number) => void, signal: AbortSignal): Promise<Lock | undefined> {
  let told = false
  while (!signal.aborted) {
    const lock = takeLock(data, clock)
    if ('release' in lock) {
      rmSync(standbyFile(data), { force: true })
      return lock
    }
    if (!told) waiting(lock.heldBy)
    told = true
    writeFileSync(standbyFile(data), `${process.pid}\n`)
    await new Promise<void>((resolve) => void clock.after(200, resolve))
  }
  rmSync(standbyFile(data), { force: true })
  return undefined
}

const standbyFile = (data: string): string => join(data, 'standby.pid')

/** Whether another process waits to take over this folder. */
export const hasStandby = (data: string): boolean => existsSync(standbyFile(data)) && isAlive(pidIn(standbyFile(data)))

/** The engine that works with a data folder; undefined when none does. */
export function runningIn(data: string): number | undefined {
  const pid = pidIn(fileIn(data))
  return isAlive(pid) ? pid : undefined
}

function hold(file: string, clock: Clock, alone: () => boolean): Lock {
  const ours = (): boolean => pidIn(file) === process.pid
  let cancel = (): void => {}
  const show = (): void => {
    if (ours()) utimesSync(file, new Date(), new Date())
    cancel = clock.after(beat, show)
  }
  show()
  return {
    alone,
    release() {
      cancel()
      if (ours()) rmSync(file, { force: true })
    },
  }
}

function pidIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
}

const ageOf = (file: string): number => Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is one all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
