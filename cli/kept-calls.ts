import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sessions } from '../engine/call/sessions.ts'
import { RecentCalls } from '../engine/history.ts'
import type { Hotline } from '../engine/hotlines.ts'
import { Journal } from '../engine/journal/journal.ts'
import { openStore } from '../engine/journal/sqlite.ts'
import type { FlowText, Store, StoredCall } from '../engine/journal/store.ts'
import { StoredHistory } from '../engine/journal/stored-history.ts'
import { checkFlow } from '../engine/language/check.ts'
import type { Compiled } from '../engine/language/compile.ts'
import type { Clock, History, Line, Log } from '../engine/ports.ts'
import { journalFile, type Settings } from './settings.ts'

const hour = 3_600_000
const day = 24 * hour

/** The calls that are kept over restarts, and the flows on which they began. */
export class KeptCalls {
  readonly journal: Journal | undefined
  readonly history: History
  private readonly store: Store | undefined
  private readonly settings: Settings
  private readonly log: Log
  private readonly clock: Clock
  private readonly flows = new Map<string, Compiled>()
  private cancel = (): void => {}

  /** Without a journal, because its file cannot be used, calls are answered all the same; that is said. */
  constructor(settings: Settings, { clock, log }: { clock: Clock; log: Log }) {
    this.settings = settings
    this.clock = clock
    this.log = log
    this.store = opened(journalFile(settings), log)
    this.journal = this.store && new Journal(this.store, log, () => clock.now())
    const keepMs = settings.callsDays * day
    this.history = this.store ? new StoredHistory(this.store, keepMs, log) : new RecentCalls({ keepMs })
  }

  /** A version of a flow answers calls from now on. */
  keepFlow({ compiled, text }: Hotline): void {
    if (!compiled || !text) return
    this.flows.set(compiled.flow.hash, compiled)
    this.safely('the flow cannot be kept, so that calls on it would not survive a restart', () => this.store?.keepFlow(text))
  }

  /** Goes on with the calls that a process before this one had on a line; where the line cannot, they are over. */
  resume(sessions: Sessions, line: Line): void {
    this.safely('the calls of the process before cannot be read', () => {
      for (const { call, earlier } of this.store?.live() ?? []) {
        if (call.facts.line !== line.name || sessions.has(call.facts.id)) continue
        const compiled = line.adopt && this.flowOf(call)
        if (!compiled || !sessions.resume(line, call, earlier, compiled)) this.lost(call)
      }
    })
  }

  /** Erases what is too old, now and once an hour: callers wait meanwhile, so it is to be little. */
  tidy(): void {
    const hourly = (): void => {
      this.safely('old calls could not be erased', () => {
        const gone = this.store?.erase({ before: this.clock.now() - this.settings.callsDays * day }) ?? 0
        if (gone > 0) this.log.info({ calls: gone }, `${gone} calls older than ${this.settings.callsDays} days erased from the journal`)
      })
      this.cancel = this.clock.after(hour, hourly)
    }
    hourly()
  }

  close(): void {
    this.cancel()
    this.journal?.close()
    this.safely('the journal could not be closed', () => this.store?.close())
  }

  private flowOf(call: StoredCall): Compiled | undefined {
    const known = this.flows.get(call.flow)
    if (known) return known
    const text = this.store?.flow(call.flow)
    const compiled = text && compiledFrom(text)
    if (!compiled) {
      this.log.error({ call: call.facts.id, flow: call.flow }, `the version of ${call.hotline} on which this call began is gone; Asterisk leads the caller on`)
      return undefined
    }
    this.flows.set(call.flow, compiled)
    return compiled
  }

  private lost(call: StoredCall): void {
    this.store?.write([{ call: { ...call, endedAt: this.clock.now(), outcome: call.outcome || 'failed' }, event: { type: 'lost' }, effects: [] }])
  }

  private safely(words: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.log.error({ err: error }, words)
    }
  }
}

function opened(file: string, log: Log): Store | undefined {
  try {
    return openStore(file)
  } catch (error) {
    log.error({ err: error }, `the journal ${file} cannot be used: calls are answered, but would not survive a restart, and callers are not recognised; see to its disk and rights, or move the file away`)
    return undefined
  }
}

function compiledFrom({ name, file, texts, recordings = [], env }: FlowText): Compiled | undefined {
  const { '': text = '', ...beside } = texts
  const names = Object.keys(beside)
  return checkFlow(text, { name, file, env, beside: { names, text: (one) => beside[one], called: (one) => one, recordings } }).compiled
}

/** What all processes with this data folder have in common, made once. */
export function familyOf(data: string): string {
  const file = join(data, 'engine.id')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const id = randomBytes(8).toString('hex')
  writeFileSync(file, `${id}\n`)
  return id
}
