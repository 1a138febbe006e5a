import { readFileSync, readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../ports.ts'
import { WorstLately } from './worst-lately.ts'

/** How this process does. Bytes and milliseconds. */
export type ProcessState = {
  memory: number
  heap: number
  /** Processor time used. */
  cpu: number
  /** How late the event loop was: in 99 of 100 cases of the last ten seconds, and at worst in the last five minutes. */
  delayP99: number
  delayWorst: number
  /** Open files and connections, and how many there may be; undefined where the system does not tell. */
  descriptors: number | undefined
  mostDescriptors: number | undefined
}

/** Milliseconds. */
const resolution = 10
const window = 10_000
const lately = 300_000

/** Looks after the process itself, above all whether its event loop is held up: then all callers wait. */
export class ProcessWatch {
  private readonly delay = monitorEventLoopDelay({ resolution })
  private readonly clock: Clock
  private readonly worst: WorstLately
  private readonly mostDescriptors = mostDescriptors()
  private p99: number | undefined
  private cancel = (): void => {}

  constructor(clock: Clock) {
    this.clock = clock
    this.worst = new WorstLately(clock, lately)
    this.delay.enable()
    this.again()
  }

  read(): ProcessState {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    return {
      memory: rss,
      heap: heapUsed,
      cpu: (user + system) / 1000,
      delayP99: this.p99 ?? this.late(this.delay.percentile(99)),
      delayWorst: Math.max(this.worst.value, this.late(this.delay.max)),
      descriptors: descriptors(),
      mostDescriptors: this.mostDescriptors,
    }
  }

  close(): void {
    this.cancel()
    this.delay.disable()
  }

  private again(): void {
    this.cancel = this.clock.after(window, () => {
      this.p99 = this.late(this.delay.percentile(99))
      this.worst.add(this.late(this.delay.max))
      this.delay.reset()
      this.again()
    })
  }

  /** What is measured, in nanoseconds, holds the time that the timer was to take. */
  private late(nanoseconds: number): number {
    return this.delay.count === 0 ? 0 : Math.max(0, nanoseconds / 1e6 - resolution)
  }
}

function descriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return undefined
  }
}

function mostDescriptors(): number | undefined {
  try {
    const most = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return most === undefined ? undefined : Number(most)
  } catch {
    return undefined
  }
}
