import type { CallNote } from '../engine/call/notes.ts'
import type { Clock } from '../engine/ports.ts'
import type { Perceived } from '../telephony/simulator.ts'
import type { ConsoleDeps, DialledCall } from './deps.ts'
import { Feed } from './feed.ts'
import { fromEngine, fromLine, type Heard } from './heard.ts'
import { Refusal } from './refusal.ts'

/** Calls that browsers may hold at once. */
const MOST = 50

/** How long the end of a call can still be read by a browser that was away just then. Milliseconds. */
const LINGER = 10_000

/** What the person at the browser can do in the agent's place, or in that of whom the call was transferred to. */
export const AGENT_DOES = ['answers', 'hangs-up', 'nobody-there'] as const
export type AgentDoes = (typeof AGENT_DOES)[number]

/** The calls that browsers hold. */
export class BrowserCalls {
  private readonly deps: ConsoleDeps
  private readonly calls = new Map<string, BrowserCall>()
  private dialling: BrowserCall | undefined
  private closed = false

  constructor(deps: ConsoleDeps) {
    this.deps = deps
  }

  /** The id of the new call. */
  dial(called: string): string {
    if (this.closed) throw new Refusal(503, 'stopping', 'Callwright is stopping.', 'Try again when it has started.')
    if ([...this.calls.values()].filter((call) => !call.over).length >= MOST)
      throw new Refusal(429, 'too-many-calls', `${MOST} browser calls are under way.`, 'Hang up one, then dial again.')
    const { clock, awayMs } = this.deps
    const call = new BrowserCall({ clock, awayMs: awayMs ?? 8_000, forget: () => this.calls.delete(call.id) })
    this.dialling = call
    try {
      call.connect(this.deps.dial(called, (what) => call.heard(what)))
    } finally {
      this.dialling = undefined
    }
    this.calls.set(call.id, call)
    return call.id
  }

  call(id: string): BrowserCall {
    const call = this.calls.get(id)
    if (!call) throw new Refusal(404, 'unknown-call', 'This call has ended, or never was.', 'Dial again.')
    return call
  }

  /** For every note of every call. While one is being dialled its id is not known yet, so it gets them all. */
  noted(note: CallNote): void {
    this.dialling?.noted(note)
    this.calls.get(note.call)?.noted(note)
  }

  /** Hangs up everything and takes no more. */
  close(): void {
    this.closed = true
    for (const call of this.calls.values()) call.close()
  }
}

/** One call that a browser holds. It is hung up when no browser has listened to it for a while. */
export class BrowserCall {
  readonly feed: Feed
  /** The line is dead. */
  over = false
  private readonly clock: Clock
  private readonly awayMs: number
  private readonly forget: () => void
  private phone: DialledCall | undefined
  /** What happened before `connect`, in order. */
  private early: (() => void)[] = []
  private where: 'flow' | 'queue' | 'agent' | 'transfer' = 'flow'
  private stopWaiting = () => {}

  constructor(options: { clock: Clock; awayMs: number; forget: () => void }) {
    this.clock = options.clock
    this.awayMs = options.awayMs
    this.forget = options.forget
    this.feed = new Feed({ clock: this.clock, keep: 200, emptied: () => this.alone() })
  }

  get id(): string {
    return this.line.facts.id
  }

  connect(phone: DialledCall): void {
    this.phone = phone
    this.alone()
    for (const happen of this.early.splice(0)) happen()
  }

  heard(what: Perceived): void {
    this.whenConnected(() => this.tell(fromLine(what, this.clock.now())))
  }

  noted(note: CallNote): void {
    this.whenConnected(() => {
      const heard = note.call === this.id ? fromEngine(note) : undefined
      if (heard) this.tell(heard)
    })
  }

  /** A browser listens: nobody needs to be waited for. */
  attended(): void {
    if (!this.over) this.stopWaiting()
  }

  press(key: string): void {
    if (this.over) throw new Refusal(409, 'call-over', 'This call has ended.', 'Dial again.')
    this.line.press(key)
  }

  hangUp(): void {
    this.line.hangUp()
  }

  agent(does: AgentDoes): void {
    const { where, line } = this
    if (does === 'answers' && where === 'queue') line.agentAnswers('you')
    else if (does === 'nobody-there' && where === 'queue') line.leaveQueue('nobody-there')
    else if (does === 'nobody-there' && where === 'transfer') line.endTransfer('no-answer')
    else if (does === 'hangs-up' && where === 'agent') line.leaveQueue('answered')
    else if (does === 'hangs-up' && where === 'transfer') line.endTransfer('answered')
    else throw new Refusal(409, 'no-agent', 'No agent can do that now.', 'Wait until the caller is in a queue.')
  }

  close(): void {
    this.hangUp()
    this.over = true
    this.stopWaiting()
    this.feed.end()
    this.forget()
  }

  private get line(): DialledCall {
    if (!this.phone) throw new Error('the call is not connected yet')
    return this.phone
  }

  private whenConnected(happen: () => void): void {
    if (this.phone) happen()
    else this.early.push(happen)
  }

  private tell(heard: Heard): void {
    if (heard.type === 'step') this.where = 'flow'
    if (heard.type === 'queued') this.where = 'queue'
    if (heard.type === 'agent-answered') this.where = 'agent'
    if (heard.type === 'transferred') this.where = 'transfer'
    // There is no microphone here: who is asked to speak does, until the end key.
    if (heard.type === 'recording') this.line.speak(heard.longest)
    this.feed.publish(heard)
    if (heard.type === 'ended' && !this.over) this.end()
  }

  private end(): void {
    this.over = true
    this.stopWaiting()
    this.stopWaiting = this.clock.after(LINGER, () => {
      this.feed.end()
      this.forget()
    })
  }

  private alone(): void {
    if (this.over) return
    this.stopWaiting()
    this.stopWaiting = this.clock.after(this.awayMs, () => this.hangUp())
  }
}
