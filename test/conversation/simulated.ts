import assert from 'node:assert/strict'
import type { CallNote } from '../../engine/call/notes.ts'
import { Sessions } from '../../engine/call/sessions.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { RecentCalls } from '../../engine/history.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { milliseconds } from '../../engine/duration.ts'
import { Simulator, type Perceived, type SimulatedCall } from '../../telephony/simulator.ts'
import { quiet } from '../quiet.ts'
import { timeOf, type Caller, type Conversation } from './script.ts'

/** A caller on the simulator: no second of real time passes. */
export class SimulatedCaller implements Caller {
  private readonly clock: VirtualClock
  private readonly sessions: Sessions
  private readonly lines: string[] = []
  private readonly notes: CallNote[] = []
  /** Prompts begun and not yet listened to. */
  private unheard: string[] = []
  private playing: { until: number } | undefined
  private last: Perceived | undefined
  private call!: SimulatedCall

  private constructor(clock: VirtualClock, sessions: Sessions) {
    this.clock = clock
    this.sessions = sessions
  }

  static async dial(compiled: Compiled, conversation: Conversation): Promise<SimulatedCaller> {
    const { flow } = compiled
    const clock = new VirtualClock(timeOf(conversation.at, flow.timezone))
    const history = new RecentCalls()
    const number = conversation.caller ?? '+61255501234'
    const { before } = conversation
    if (before) history.keep({ id: 'before', caller: number, called: '', hotline: flow.name, at: clock.now() - milliseconds(before.ago)!, outcome: before.outcome, step: '', language: flow.languages[0] })
    const sessions = new Sessions({ flowFor: () => compiled, clock, history, log: quiet, voice: { sound: () => Promise.reject(new Error('not on the simulator')) } })
    const simulator = new Simulator({ name: 'test', clock })
    await sessions.answer(simulator)
    const caller = new SimulatedCaller(clock, sessions)
    sessions.watch((note) => caller.notes.push(note))
    caller.call = simulator.dial({ called: flow.numbers[0]!, caller: number }, (what) => caller.perceives(what))
    return caller
  }

  async hears(text: string): Promise<void> {
    for (;;) {
      for (let heard = this.unheard.shift(); heard !== undefined; heard = this.unheard.shift()) if (heard.includes(text)) return
      // What is being said is listened to; a silence is not waited for: that is what `waits` is for.
      if (!this.playing) throw new Error(`"${text}" was not said`)
      this.toTheEndOfThePrompt()
    }
  }

  async presses(keys: string): Promise<void> {
    this.lines.push(`  presses ${keys}`)
    for (const key of keys) this.call.press(key)
  }

  async waits(ms: number): Promise<void> {
    while (this.playing) this.toTheEndOfThePrompt()
    this.lines.push(`  ${ms / 1000} s of silence`)
    this.clock.pass(ms)
  }

  async queued(queue: string, tell: Record<string, string> | undefined): Promise<void> {
    while (this.last?.type !== 'queued' && this.playing) this.toTheEndOfThePrompt()
    assert.equal(this.last?.type, 'queued', 'the caller is not in a queue')
    if (this.last.type !== 'queued') return
    assert.equal(this.last.queue, queue)
    if (tell) assert.deepEqual(this.last.tell, tell)
  }

  async agent(does: 'answers' | 'hangs-up'): Promise<void> {
    this.lines.push(`  the agent ${does}`)
    if (does === 'answers') this.call.agentAnswers('Agent 1')
    else this.call.leaveQueue('answered')
  }

  async hangsUp(): Promise<void> {
    this.call.hangUp()
  }

  async hungUp(outcome: string): Promise<void> {
    while (this.last?.type !== 'ended' && this.playing) this.toTheEndOfThePrompt()
    const end = this.notes.find((note) => note.type === 'ended')
    assert.ok(end?.type === 'ended', 'the call goes on')
    assert.equal(end.outcome, outcome)
    assert.equal(this.sessions.count, 0, 'a call is left behind')
    assert.equal(this.clock.pending, 0, 'a timer is left behind')
  }

  transcript(): string {
    return this.lines.join('\n')
  }

  private toTheEndOfThePrompt(): void {
    const { playing } = this
    if (playing) this.clock.pass(Math.max(0, playing.until - this.clock.now()))
    if (this.playing === playing) this.playing = undefined
  }

  private perceives(what: Perceived): void {
    this.last = what
    if (what.type === 'prompt') {
      const text = what.prompt.map((part) => part.text).join(' ')
      this.unheard.push(text)
      this.playing = { until: this.clock.now() + what.ms }
      this.lines.push(text)
    } else {
      this.playing = undefined
      if (what.type !== 'prompt-stopped') this.lines.push(`  (${what.type})`)
    }
  }
}
