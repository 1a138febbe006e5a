import type { CallRecord } from '../ports.ts'

/** `caller` in an expression. */
export class Caller {
  /** As the network gave it; empty when withheld. */
  readonly number: string
  /** Whether this number has called before. */
  readonly known: boolean
  /** The language of the last call; empty when there was none. */
  readonly language: string
  readonly last: LastCall
  private readonly earlier: CallRecord[]
  private readonly now: number

  constructor(number: string, earlier: CallRecord[], now: number) {
    this.number = number
    this.known = earlier.length > 0
    this.last = new LastCall(earlier[0])
    this.language = this.last.language
    this.earlier = earlier
    this.now = now
  }

  /** How many calls within the last `ms` milliseconds, this one not counted. */
  calls(ms: number): number {
    return this.earlier.filter((call) => call.at > this.now - ms).length
  }
}

/** `caller.last`: the call before this one; every text is empty when there was none. */
export class LastCall {
  readonly outcome: string
  readonly step: string
  readonly language: string
  readonly hotline: string

  constructor(record: CallRecord | undefined) {
    this.outcome = record?.outcome ?? ''
    this.step = record?.step ?? ''
    this.language = record?.language ?? ''
    this.hotline = record?.hotline ?? ''
  }
}

/** `call` in an expression. */
export class Call {
  /** The number that was dialled. */
  readonly number: string
  readonly language: string
  /** The step that the call is in, as its author has named it. */
  readonly step: string
  /** Since the call came in. */
  readonly seconds: bigint

  constructor(number: string, language: string, step: string, seconds: number) {
    this.number = number
    this.language = language
    this.step = step
    this.seconds = BigInt(Math.floor(seconds))
  }
}

/** What an expression can read at one moment of a call. */
export type Scope = {
  answers: Record<string, unknown>
  known: { caller: Caller; call: Call; now: Date; hours: Record<string, boolean>; switches: Record<string, boolean>; env: Record<string, string> }
}
