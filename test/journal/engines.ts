import type { CallEvent, CallFacts, PromptEnd } from '../../engine/call/events.ts'
import type { CallNote } from '../../engine/call/notes.ts'
import { Sessions } from '../../engine/call/sessions.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { milliseconds } from '../../engine/duration.ts'
import { Journal } from '../../engine/journal/journal.ts'
import type { Store } from '../../engine/journal/store.ts'
import { StoredHistory } from '../../engine/journal/stored-history.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import type { BackendAnswer, Inbox, LeftBehind, Line, LineListener, Log, Order } from '../../engine/ports.ts'
import { fixedSwitches } from '../../engine/switches.ts'
import { monday } from '../calls/play.ts'

/** The telephone network, which goes on whatever becomes of an engine: it keeps what was ordered. */
class Network {
  readonly ordered: Order[] = []
  adopted: string[] = []
  /** Where the calls were said to be. */
  readonly places: string[] = []
  listener: LineListener | undefined
  /** Whether the engine knows that it drives the calls. */
  drives = true

  /** The line of one engine process. */
  line(): Line {
    const drives = (): boolean => this.drives
    return {
      get drives() { return drives() },
      name: 'test',
      wantsSound: 'no',
      open: async (listener) => void (this.listener = listener),
      order: (_call, order) => void this.ordered.push(order),
      at: (_call, step, language) => void this.places.push(`${step} ${language}`),
      adopt: (call, away) => void this.adopted.push(away ? `${call} in ${away.type}` : call),
      close: async () => {},
    }
  }
}

const facts: CallFacts = { id: 'call-1', line: 'test', called: '100', caller: '+61255501234' }

/** Engine processes, one after the other, on one network and one store. */
export class Engines {
  readonly clock = new VirtualClock(monday)
  readonly network = new Network()
  readonly notes: CallNote[] = []
  readonly logged: string[] = []
  readonly asked: { key: string; url: string }[] = []
  readonly left: LeftBehind[] = []
  /** Switches that somebody has turned. */
  readonly switches = new Map<string, boolean>()
  /** What backends answer; default never. */
  answer: () => Promise<BackendAnswer> = () => new Promise(() => {})
  private readonly store: Store
  private readonly flow: Compiled
  private sessions!: Sessions
  private journal!: Journal
  /** Of a dead process nothing is heard any more. */
  private alive = 0

  constructor(flow: Compiled, store: Store) {
    this.flow = flow
    this.store = store
    this.startEngine()
  }

  private startEngine(): void {
    const me = ++this.alive
    const { clock, store, flow } = this
    const began = clock.steady()
    const write = (about: object, words: string): void => void this.logged.push(`${words} ${JSON.stringify(about)}`)
    const log: Log = { info: write, warn: write, error: write }
    this.journal = new Journal(store, log, () => clock.now())
    const inbox: Inbox = { keep: async (left) => void (this.alive === me && this.left.push(left)) }
    this.sessions = new Sessions({
      flowFor: () => flow,
      // Timers of a dead process do not fire.
      clock: { now: () => clock.now(), steady: () => clock.steady() - began, after: (ms, run) => clock.after(ms, () => this.alive === me && run()) },
      voice: { sound: () => Promise.reject(new Error('no sound here')) },
      backends: {
        request: async ({ idempotencyKey, url }) => {
          this.asked.push({ key: idempotencyKey, url })
          return this.answer()
        },
      },
      inbox,
      switches: fixedSwitches(this.switches),
      history: new StoredHistory(store, 7 * 86_400_000, log),
      journal: this.journal,
      log,
    })
    this.sessions.watch((note) => this.notes.push(note))
    const line = this.network.line()
    for (const { call, earlier } of store.live()) this.sessions.resume(line, call, earlier, flow)
    void this.sessions.answer(line)
    this.settle()
  }

  /** Everything that is in the journal's hands is written and done. */
  settle(): this {
    for (let i = 0; i < 20; i++) this.journal.flush()
    return this
  }

  arrives(): this {
    this.network.listener!.callArrived(facts)
    return this.settle()
  }

  /** `kill -9`, and another process after `ms`. What waits to be written is lost with it. */
  killed(ms = 0): this {
    this.alive++
    this.network.adopted = []
    if (ms > 0) this.clock.pass(ms)
    this.startEngine()
    return this
  }

  /** One after the other: `key 1`, `finished`, `hangs up`, `queue: answered`, `Mia answers`, `5s passes`. */
  happens(...words: string[]): this {
    for (const one of words) {
      const passes = /^(\S+) passes$/.exec(one)?.[1]
      if (passes === undefined) this.network.listener!.happened(facts.id, this.eventOf(one))
      else this.clock.pass(milliseconds(passes)!)
      this.settle()
    }
    return this
  }

  /** The line tells that the caller has heard so much of what is said now. */
  heard(ms: number, how: PromptEnd): this {
    const id = this.network.ordered.findLast((order) => order.type === 'play')?.id ?? 0
    this.network.listener!.heard!(facts.id, { id, ms, how })
    return this
  }

  /** What backends and inbox have answered arrives. */
  async answered(): Promise<this> {
    await new Promise(setImmediate)
    return this.settle()
  }

  /** The engine was frozen, and does not know yet whether another one has its calls. */
  frozen(): this {
    this.network.drives = false
    return this
  }

  /** It has found out that none has. */
  drives(): this {
    this.network.drives = true
    this.network.listener!.drives!()
    return this.settle()
  }

  /** It has found out that another one has them. */
  standsDown(): this {
    this.journal.forsake()
    this.sessions.forsake()
    return this.settle()
  }

  /** When the call is over: the longest time in which the caller heard nothing, in milliseconds. */
  get deadAir(): number | undefined {
    return this.notes.findLast((note) => note.type === 'ended')?.deadAir
  }

  get sessionsRunning(): number {
    return this.sessions.count
  }

  get steps(): string[] {
    return this.notes.flatMap((note) => (note.type === 'step' ? [note.step] : []))
  }

  /** The last that was ordered, in words. */
  get last(): string {
    const order = this.network.ordered.at(-1)
    if (order?.type === 'play') return order.prompt.map(({ text }) => text).join(' ')
    return order?.type === 'queue' ? `queue ${order.queue}` : (order?.type ?? 'nothing')
  }

  private eventOf(words: string): CallEvent {
    const last = this.network.ordered.findLast((order) => 'id' in order) as { id: number } | undefined
    const id = last?.id ?? 0
    const [, what, rest = ''] = /^(\w+):? ?(\S*)$/.exec(words) ?? []
    if (what === 'key') return { type: 'key-pressed', key: rest }
    if (what === 'finished') return { type: 'prompt-finished', id }
    if (what === 'hangs') return { type: 'caller-hung-up' }
    if (words === 'line lost') return { type: 'line-lost' }
    if (what === 'speaks') return { type: 'recorded', id, how: 'recorded', ms: milliseconds(rest)! }
    if (what === 'queue') return { type: 'queue-left', id, how: rest as 'answered' }
    if (rest === 'answers') return { type: 'agent-answered', id, agent: what! }
    throw new Error(`nothing that can happen: ${words}`)
  }
}
