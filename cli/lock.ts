import Database from 'better-sqlite3'
import { readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Log } from '../engine/ports.ts'
import { makeFolder } from './settings.ts'
import { writeWhole } from './write-whole.ts'

/**
 * How often the holder of a folder shows that it is alive, how long without that it counts as frozen, and for how long
 * that is looked at before it is believed, for the clock on the wall may have been set. Milliseconds.
 */
const beat = 1000
const frozen = 5000
const believed = 2000
/** How often one that stands by looks, and how long it is believed without having shown that it is alive. Milliseconds. */
const look = 200
const standbyBelieved = 2000

/** The hold of this process on a data folder. */
export type Lock = {
  /** Whether no other process that has worked with this folder can be alive. */
  alone(): boolean
  release(): void
}

/** What a process that looks for the lock needs. */
export type LockPorts = { clock: Clock; log: Log }

const holderFile = (data: string): string => join(data, 'engine.pid')
const standbyFile = (data: string): string => join(data, 'standby.pid')

/**
 * Makes sure that one engine at a time works with a data folder. A process that is gone holds nothing, and one that is
 * frozen for five seconds holds it no more: what it would order when it wakes the driver's claim prevents
 * (`telephony/ami/driver.ts`). A folder in which nothing can be written is worked with all the same, when no process is
 * known to hold it: callers wait.
 */
export class Locks {
  private readonly data: string
  private readonly ports: LockPorts
  /** The holder's sign of life, and since when it is the same. */
  private seen: { sign: number; since: number } | undefined

  constructor(data: string, ports: LockPorts) {
    this.data = data
    this.ports = ports
  }

  /** The process that holds the folder, or the hold. Throws when there is no such folder and none can be made. */
  take(): { heldBy: number } | Lock {
    const holder = this.holder()
    if (holder?.alive === true) return { heldBy: holder.pid }
    makeFolder(this.data)
    try {
      return alone(this.data, () => this.takeNow()) ?? { heldBy: pidIn(holderFile(this.data)) }
    } catch (error) {
      // It cannot show any more that it is alive, and nobody can take its place.
      if (holder) return { heldBy: holder.pid }
      this.ports.log.error({ err: error }, `${this.data} cannot be written: calls are answered, but would not survive a restart, and neither callwright status nor an engine that stands by can tell that this one is here; see to its disk and rights`)
      return this.takeLater()
    }
  }

  /** Works without the hold, and takes it as soon as the folder can be written and nobody else holds it. */
  private takeLater(): Lock {
    const { clock, log } = this.ports
    let lock: Lock | undefined
    const tryAgain = (): void => {
      silently(() => {
        const taken = alone(this.data, () => this.takeNow())
        lock = taken && 'release' in taken ? taken : undefined
      })
      if (lock) log.info({}, `${this.data} can be written now: it shows that this process works there`)
      else cancel = clock.after(beat, tryAgain)
    }
    let cancel = clock.after(beat, tryAgain)
    return {
      // Nobody could see this one before: another may have come.
      alone: () => false,
      release() {
        cancel()
        lock?.release()
      },
    }
  }

  /** Waits until the folder is free. `waiting` is told once, when it is not. Undefined when `signal` fired before. */
  async await(waiting: (pid: number) => void, signal: AbortSignal): Promise<Lock | undefined> {
    let told = false
    try {
      while (!signal.aborted) {
        const lock = this.take()
        if ('release' in lock) return lock
        silently(() => show(standbyFile(this.data), this.ports.clock))
        if (!told) waiting(lock.heldBy)
        told = true
        await new Promise<void>((resolve) => void this.ports.clock.after(look, resolve))
      }
      return undefined
    } finally {
      silently(() => rmSync(standbyFile(this.data), { force: true }))
    }
  }

  /** The process, not this one, that is there and holds the folder; `alive`: as far as can be told, not frozen. */
  private holder(): { pid: number; alive: boolean } | undefined {
    const pid = pidIn(holderFile(this.data))
    if (pid === process.pid || !isAlive(pid)) return undefined
    const sign = signOf(holderFile(this.data))
    const now = this.ports.clock.steady()
    if (this.seen?.sign !== sign) this.seen = { sign, since: now }
    return { pid, alive: isFresh(sign, frozen, this.ports.clock) || now - this.seen.since < believed }
  }

  /** While no other process does the same. */
  private takeNow(): { heldBy: number } | Lock {
    const holder = this.holder()
    if (holder?.alive === true) return { heldBy: holder.pid }
    writeWhole(holderFile(this.data), `${process.pid}\n`)
    return hold(this.data, this.ports, () => !holder)
  }
}

/** Whether another process waits to take over this folder. */
export const hasStandby = (data: string, clock: Clock): boolean =>
  isAlive(pidIn(standbyFile(data))) && isFresh(signOf(standbyFile(data)), standbyBelieved, clock)

/** The engine that works with a data folder; undefined when none does. */
export function runningIn(data: string): number | undefined {
  const pid = pidIn(holderFile(data))
  return isAlive(pid) ? pid : undefined
}

function hold(data: string, { clock, log }: LockPorts, isAlone: () => boolean): Lock {
  const file = holderFile(data)
  const ours = (): boolean => pidIn(file) === process.pid
  let cancel = (): void => {}
  let failing = false
  const beatOnce = (): void => {
    try {
      if (ours()) touch(file, clock)
      if (failing) log.info({}, `${data} can be written again`)
      failing = false
    } catch (error) {
      if (!failing) log.error({ err: error }, `${data} cannot be written any more: calls go on, but would not survive a restart, and an engine that stands by takes over only when this one is gone, not when it is frozen; see to its disk and rights`)
      failing = true
    }
    cancel = clock.after(beat, beatOnce)
  }
  beatOnce()
  return {
    alone: isAlone,
    release() {
      cancel()
      silently(() => alone(data, () => ours() && rmSync(file, { force: true })))
    },
  }
}

/**
 * Runs something while no other process runs such a thing for this folder; undefined when another does. The system
 * itself ends this with the process, however that ends. Throws when nothing can be written there.
 */
function alone<T>(data: string, run: () => T): T | undefined {
  const database = new Database(join(data, 'engine.lock'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return run()
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined
    throw error
  } finally {
    database.close()
  }
}

/** Shows in a file of ours that we are alive. */
function show(file: string, clock: Clock): void {
  if (pidIn(file) !== process.pid) writeWhole(file, `${process.pid}\n`)
  touch(file, clock)
}

const touch = (file: string, clock: Clock): void => utimesSync(file, clock.now() / 1000, clock.now() / 1000)

function silently(run: () => unknown): void {
  try {
    run()
  } catch {
    // The folder cannot be written: that has been said.
  }
}

function pidIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
}

/** When the process of a file has last shown that it is alive, by the clock on the wall. */
const signOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** A sign from the future is as old as one from the past: the clock has been set since. */
const isFresh = (sign: number, within: number, clock: Clock): boolean => Math.abs(clock.now() - sign) < within

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
