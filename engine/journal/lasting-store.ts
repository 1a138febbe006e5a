import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { CallRecord, Clock, Log } from '../ports.ts'
import { examineAll, examineBeginning } from './examine.ts'
import { rescue } from './rescue.ts'
import { asideOf, identityOf, setAside } from './set-aside.ts'
import { openStore } from './sqlite.ts'
import type { Entry, FlowText, Store } from './store.ts'
import { Damaged, isDamage, troubleWith, type FileTrouble } from './trouble.ts'

/**
 * How the journal's file does. `since`, `goneAt`: milliseconds since 1970. `setAside`: damaged journals that still lie
 * beside it. `goneAt`: when the file was last found to be gone.
 */
export type FileState = {
  open: boolean
  trouble: (FileTrouble & { since: number }) | undefined
  setAside: string[]
  goneAt: number | undefined
}

export type LastingPorts = {
  clock: Clock
  log: Log
  /** Default: the SQLite file. */
  open?: (file: string) => Store
  /** Whether the file is for this process alone to write. Default: it is. */
  ours?: () => boolean
  /** Default: looks through the whole file, beside the calls. */
  examine?: (file: string) => Promise<string | undefined>
}

/** All in milliseconds. */
const second = 1000
const looksAfter = { gone: second, closed: 5 * second, whole: 60 * second, again: 24 * 3_600_000, damaged: 60 * second }

/**
 * A journal that goes on with another file when its own is damaged or gone, and goes on trying when it has none. The
 * newest row of each call that is going on, and the flows, are written into each file that is begun.
 */
export class LastingStore implements Store {
  private readonly file: string
  private readonly ports: Required<LastingPorts>
  private store: Store | undefined
  private identity = ''
  private readonly running = new Map<string, Entry>()
  private readonly flows = new Map<string, { flow: FlowText; at: number }>()
  private trouble: FileState['trouble']
  private goneAt: number | undefined
  private triedAt = -Infinity
  private examinedAt: number
  private asideAt = -Infinity
  private cancel = (): void => {}

  /** Opens the file, or says why it cannot and goes on trying. */
  constructor(file: string, ports: LastingPorts) {
    this.file = file
    this.ports = { open: openFile, ours: () => true, examine: examineAll, ...ports }
    this.examinedAt = ports.clock.steady() + looksAfter.whole - looksAfter.again
    this.open()
    this.look()
  }

  get state(): FileState {
    return { open: this.store !== undefined, trouble: this.trouble, setAside: asideOf(this.file), goneAt: this.goneAt }
  }

  write(entries: readonly Entry[]): void {
    this.using((store) => store.write(entries))
    this.trouble = undefined
    for (const entry of entries) this.remember(entry)
  }

  live(): ReturnType<Store['live']> {
    if (this.store) return this.using((store) => store.live())
    return [...this.running.values()].map(({ call, earlier = [] }) => ({ call, earlier }))
  }

  callsOf(caller: string, since: number): CallRecord[] {
    return this.store ? this.using((store) => store.callsOf(caller, since)) : []
  }

  keepFlow(flow: FlowText, at: number): void {
    this.flows.set(flow.hash, { flow, at })
    if (this.store) this.using((store) => store.keepFlow(flow, at))
  }

  flow(hash: string): FlowText | undefined {
    return this.flows.get(hash)?.flow ?? (this.store && this.using((store) => store.flow(hash)))
  }

  erase(what: Parameters<Store['erase']>[0]): number {
    if ('before' in what) this.forgetFlows(what.before)
    return this.store ? this.using((store) => store.erase(what)) : 0
  }

  close(): void {
    this.cancel()
    this.store?.close()
    this.store = undefined
  }

  private using<T>(run: (store: Store) => T): T {
    if (!this.store) throw new Error(this.trouble?.what ?? `${this.file} is not open`)
    try {
      return run(this.store)
    } catch (error) {
      if (!isDamage(error)) {
        this.is(error)
        throw error
      }
      this.replace(error)
      if (!this.store) throw error
      return run(this.store)
    }
  }

  /** Those that have not answered since then, and that no call needs. */
  private forgetFlows(before: number): void {
    const needed = new Set([...this.running.values()].map(({ call }) => call.flow))
    for (const [hash, { at }] of this.flows) if (at < before && !needed.has(hash)) this.flows.delete(hash)
  }

  private remember(entry: Entry): void {
    const { facts, endedAt } = entry.call
    const earlier = entry.earlier ?? this.running.get(facts.id)?.earlier
    if (endedAt === undefined) this.running.set(facts.id, { ...entry, ...(earlier ? { earlier } : {}) })
    else this.running.delete(facts.id)
  }

  /** Once a second, as long as it is open and when it is not. */
  private look(): void {
    const { clock, ours } = this.ports
    this.cancel = clock.after(looksAfter.gone, () => this.look())
    if (!ours()) return
    if (!this.store) {
      if (clock.steady() - this.triedAt >= looksAfter.closed) this.open()
    } else if (identityOf(this.file) !== this.identity) this.beginAnew()
    else if (clock.steady() - this.examinedAt >= looksAfter.again) void this.examine(this.store)
  }

  private open(): void {
    const { clock, log } = this.ports
    this.triedAt = clock.steady()
    const before = this.trouble
    try {
      examineBeginning(this.file)
      this.take(this.ports.open(this.file))
      this.trouble = undefined
      if (before) log.info({}, `the journal ${this.file} is open again: ${this.inIt()}`)
    } catch (error) {
      this.rescue()
      if (isDamage(error) && this.isMovedAway(error)) return this.open()
      this.is(error)
      if (before?.what !== this.trouble?.what)
        log.error(
          { err: error },
          `the journal cannot be opened: ${this.trouble?.what}; calls are answered, but would not survive a restart, and ` +
            `callers are not recognised; it is tried again every ${looksAfter.closed / second} seconds; ${this.trouble?.todo}`,
        )
    }
  }

  private take(store: Store): void {
    try {
      const there = store.live()
      const known = new Set(there.map(({ call }) => call.facts.id))
      for (const { flow, at } of this.flows.values()) store.keepFlow(flow, at)
      const missing = [...this.running.values()].filter(({ call }) => !known.has(call.facts.id))
      const begun = { at: this.ports.clock.now(), event: { type: 'journal-begun' }, effects: [], heard: [] }
      if (missing.length > 0) store.write(missing.map((entry) => ({ ...entry, ...begun })))
      this.identity = identityOf(this.file)
      this.know(there)
      this.store = store
    } catch (error) {
      store.close()
      throw error
    }
  }

  /** Calls of the process before; of our own more is known. */
  private know(live: ReturnType<Store['live']>): void {
    for (const { call, earlier } of live)
      if (!this.running.has(call.facts.id)) this.running.set(call.facts.id, { call, event: {}, effects: [], earlier })
  }

  /** What can still be read goes on. */
  private rescue(): void {
    if (this.running.size > 0 || !existsSync(this.file)) return
    const { live, flows } = rescue(this.file)
    this.know(live)
    for (const flow of flows) this.flows.set(flow.hash, { flow, at: this.ports.clock.now() })
  }

  private beginAnew(): void {
    const { clock, log } = this.ports
    this.goneAt = clock.now()
    this.letGo()
    const words = 'something has removed it, or put another file in its place; find out what; earlier calls are forgotten'
    log.error({}, `${this.file} is gone: ${words}`)
    this.open()
    if (this.store) log.warn({}, `the journal goes on in a new ${this.file}: ${this.inIt()}`)
  }

  private replace(error: unknown): void {
    if (this.isMovedAway(error)) return this.open()
    this.is(error)
    this.letGo()
  }

  /** Whether the damaged file is out of the way now. Not again and again: a broken disk damages every file. */
  private isMovedAway(error: unknown): boolean {
    const { clock, log, ours } = this.ports
    if (!ours() || clock.steady() - this.asideAt < looksAfter.damaged) return false
    this.asideAt = clock.steady()
    try {
      // Moved before it is closed: closing would write into it once more.
      const name = setAside(this.file, clock.now())
      this.letGo()
      const { what, todo } = troubleWith(this.file, error)
      const aside = `it is set aside as ${basename(name)}, and a new journal is begun`
      log.error({ err: error }, `${what}: ${aside}; calls go on, earlier ones are forgotten; ${todo}`)
      return true
    } catch (failed) {
      log.error({ err: failed }, `${this.file} is damaged, and cannot be set aside`)
      return false
    }
  }

  private async examine(store: Store): Promise<void> {
    this.examinedAt = this.ports.clock.steady()
    const found = await this.ports.examine(this.file)
    if (found !== undefined && this.store === store) this.replace(new Damaged(found))
  }

  private letGo(): void {
    try {
      this.store?.close()
    } catch {
      // There is nothing in it that is missed.
    }
    this.store = undefined
  }

  private is(error: unknown): void {
    this.trouble = { ...troubleWith(this.file, error), since: this.trouble?.since ?? this.ports.clock.now() }
  }

  private inIt(): string {
    const { size } = this.running
    if (size === 0) return 'no call was under way'
    return `the newest of ${size === 1 ? 'the call' : `all ${size} calls`} under way is in it`
  }
}

const openFile = (file: string): Store => openStore(file)
