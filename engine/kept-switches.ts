import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Clock, Log, Switches } from './ports.ts'

/** How a switch has been turned, and how it stands since. Times in milliseconds since 1970. */
export type Turned = {
  on: boolean
  at: number
  /** Who, or from where: `anna`, `the page`, `itself`. */
  by: string
  /** When it turns back by itself. */
  until?: number | undefined
}

/** A hotline's switch as people see it; `turned` when somebody has turned it. */
export type SwitchState = { name: string; for: string; on: boolean; turned?: Turned }

/** A hotline's switches by name, as its file gives them. */
type Hotline = { name: string; switches: Record<string, { for: string; starts: string }> }

/** The longest for which a switch can be turned, in milliseconds: 366 days. */
export const longestTurn = 366 * 86_400_000

/** How often the file is looked at, in milliseconds: another process may have written it. */
const lookEvery = 500

const time = z.iso.datetime().transform((text) => Date.parse(text))
const fileSchema = z.record(
  z.string(),
  z.object({ on: z.boolean(), at: time, by: z.string(), until: time.optional() }),
)

/**
 * The switches that have been turned, in a file that this process and others may write: each writes it whole, and the
 * last one wins. While it cannot be read, all switches stay as they are.
 */
export class KeptSwitches implements Switches {
  readonly file: string
  /** Why the file cannot be read, and what to do; undefined when all is well. */
  broken: string | undefined
  private readonly clock: Clock
  private readonly log: Log
  private readonly watchers = new Set<(hotline: string) => void>()
  /** By hotline and name, `power/outage`. */
  private kept = new Map<string, Turned>()
  /** What the file was when it was read last. */
  private version: string | undefined
  /** What the watchers know. */
  private told = new Map<string, boolean>()
  private stopLooking = () => {}

  /** `folder`: the engine's data folder. */
  constructor(folder: string, { clock, log }: { clock: Clock; log: Log }) {
    this.file = join(folder, 'switches.json')
    this.clock = clock
    this.log = log
    this.read()
    this.told = this.now()
  }

  isOn(hotline: string, name: string): boolean | undefined {
    return this.turned(hotline, name)?.on
  }

  /** The switches of a hotline, in the order of its file. */
  states({ name: hotline, switches }: Hotline): SwitchState[] {
    return Object.entries(switches).map(([name, { for: purpose, starts }]) => {
      const turned = this.turned(hotline, name)
      return { name, for: purpose, on: turned?.on ?? starts === 'on', ...(turned ? { turned } : {}) }
    })
  }

  /** Turns a switch, with `ms` for so long. Throws when the file cannot be read or written. */
  turn(hotline: string, name: string, { on, by, ms }: { on: boolean; by: string; ms?: number | undefined }): void {
    this.read()
    if (this.broken !== undefined) throw new Error(this.broken)
    const at = this.clock.now()
    const until = ms === undefined ? undefined : at + ms
    this.write(new Map(this.kept).set(keyOf(hotline, name), { on, at, by, until }))
    this.look()
  }

  /** The file is looked at as long as somebody wants to know. */
  watch(changed: (hotline: string) => void): () => void {
    this.watchers.add(changed)
    if (this.watchers.size === 1) this.lookOn()
    return () => {
      if (this.watchers.delete(changed) && this.watchers.size === 0) this.stopLooking()
    }
  }

  private turned(hotline: string, name: string): Turned | undefined {
    const turned = this.kept.get(keyOf(hotline, name))
    return turned && asOf(turned, this.clock.now())
  }

  private lookOn(): void {
    this.stopLooking = this.clock.after(lookEvery, () => {
      this.look()
      this.lookOn()
    })
  }

  /** Reads what is new, and tells of what has changed, also by the mere passing of time. */
  private look(): void {
    this.read()
    const now = this.now()
    const keys = new Set([...now.keys(), ...this.told.keys()])
    const changed = [...keys].filter((key) => now.get(key) !== this.told.get(key))
    this.told = now
    for (const key of changed) this.tell(key)
    for (const hotline of new Set(changed.map((key) => key.split('/')[0]!)))
      for (const watcher of this.watchers) watcher(hotline)
  }

  private tell(key: string): void {
    const turned = this.kept.get(key)
    const { on, by } = turned ? asOf(turned, this.clock.now()) : { on: undefined, by: undefined }
    const words = on === undefined ? 'stands as its flow starts it' : `has been turned ${on ? 'on' : 'off'} by ${by}`
    this.log.info({ switch: key, on }, `the switch ${key} ${words}`)
  }

  private now(): Map<string, boolean> {
    return new Map([...this.kept].map(([key, turned]) => [key, asOf(turned, this.clock.now()).on]))
  }

  private read(): void {
    try {
      const about = statSync(this.file, { throwIfNoEntry: false })
      const version = about ? `${about.ino} ${about.size} ${about.ctimeMs}` : 'none'
      if (version === this.version) return
      this.version = version
      this.kept = about ? contentOf(this.file) : new Map()
      this.broken = undefined
    } catch (error) {
      const why = (error as Error).message
      const broken = `${this.file} cannot be read (${why}): mend it, or remove it and turn the switches again`
      if (broken !== this.broken)
        this.log.error({ file: this.file }, `${broken}; until then all switches stay as they are`)
      this.broken = broken
    }
  }

  /** Writes the file whole or not at all: nobody ever reads half of it. */
  private write(kept: Map<string, Turned>): void {
    const iso = (ms: number): string => new Date(ms).toISOString()
    const data = [...kept].map(([key, { on, at, by, until }]) => [
      key,
      { on, at: iso(at), by, ...(until === undefined ? {} : { until: iso(until) }) },
    ])
    const unfinished = `${this.file}.${process.pid}.tmp`
    // Others find in it what they know of, such as prompts, and nothing else.
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o711 })
    writeFileSync(unfinished, `${JSON.stringify(Object.fromEntries(data), null, 2)}\n`)
    renameSync(unfinished, this.file)
  }
}

const keyOf = (hotline: string, name: string): string => `${hotline}/${name}`

/** How a switch stands at a time: one that was turned for a while has turned back by itself after it. */
const asOf = ({ on, at, by, until }: Turned, now: number): Turned =>
  until !== undefined && until <= now ? { on: !on, at: until, by: 'itself' } : { on, at, by, until }

function contentOf(file: string): Map<string, Turned> {
  const read = fileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!read.success) throw new Error('it is no list of switches')
  return new Map(Object.entries(read.data))
}
