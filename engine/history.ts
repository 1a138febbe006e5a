import type { CallRecord, History } from './ports.ts'

/** Calls of the last days in memory, by the caller's number. Gone when the process ends. */
export class RecentCalls implements History {
  private readonly byCaller = new Map<string, CallRecord[]>()
  private readonly keepMs: number
  private readonly mostCallers: number

  /** `keepMs`: how long a call is remembered, default 7 days. `mostCallers`: numbers remembered, default 50,000. */
  constructor(options: { keepMs?: number; mostCallers?: number } = {}) {
    this.keepMs = options.keepMs ?? 7 * 86_400_000
    this.mostCallers = options.mostCallers ?? 50_000
  }

  of(caller: string, now: number): CallRecord[] {
    return (this.byCaller.get(caller) ?? []).filter((call) => call.at > now - this.keepMs)
  }

  keep(record: CallRecord): void {
    if (record.caller === '') return
    const calls = [record, ...this.of(record.caller, record.at)].slice(0, 100)
    // Taken out and put in again, so that the map's order is that of the last call.
    this.byCaller.delete(record.caller)
    this.byCaller.set(record.caller, calls)
    if (this.byCaller.size > this.mostCallers) this.byCaller.delete(this.byCaller.keys().next().value!)
  }
}
