import type { Prompt, Told } from '../engine/call/effects.ts'
import type { CallFacts, PromptEnd, QueueEnd, RecordEnd, TransferEnd } from '../engine/call/events.ts'
import type { Clock, Line, LineListener, Order, Sound } from '../engine/ports.ts'
import { spokenMs } from '../engine/saying/length.ts'

/** What the person holding the simulated phone perceives. */
export type Perceived =
  | { type: 'prompt'; prompt: Prompt; sound?: Sound; ms: number }
  /** The prompt that was playing was cut off. */
  | { type: 'prompt-stopped' }
  /** Waiting for an agent, with music. `tell` is what the agent's screen would show. */
  | { type: 'queued'; queue: string; tell: Told; maxWait: number }
  | { type: 'transferred'; to: string }
  /** A tone: now the caller speaks. Times in milliseconds. */
  | { type: 'recording'; longest: number; silence: number; end: string }
  | { type: 'recorded'; how: RecordEnd; ms: number }
  /** What was recorded is played. */
  | { type: 'replay'; ms: number }
  | { type: 'agent-answered'; agent: string }
  /** The line is dead: the flow, the agent or the person hung up. */
  | { type: 'ended'; by: 'caller' | 'line' }

/**
 * The line in memory: calls without a telephone network, for tests, `callwright play` and the page with the phone.
 * A prompt lasts as long as its sound, or as long as a person would need to say it. Time comes from the clock given,
 * so a test lets hours pass in no time.
 */
export class Simulator implements Line {
  readonly name: string
  readonly wantsSound: 'likes' | 'no'
  readonly clock: Clock
  private listener: LineListener | undefined
  private calls = new Map<string, SimulatedCall>()
  private dialled = 0

  constructor(options: { name: string; clock: Clock; wantsSound?: boolean }) {
    this.name = options.name
    this.clock = options.clock
    this.wantsSound = options.wantsSound ? 'likes' : 'no'
  }

  async open(listener: LineListener): Promise<void> {
    this.listener = listener
  }

  /** Dials; what is heard goes to `perceive`, from the first prompt on. */
  dial(call: { called: string; caller?: string }, perceive: (what: Perceived) => void): SimulatedCall {
    const { listener } = this
    if (!listener) throw new Error('the simulator is not open yet: await open() before dial()')
    const facts: CallFacts = {
      id: `${this.name}-${this.clock.now()}-${++this.dialled}`,
      line: this.name,
      called: call.called,
      caller: call.caller ?? '',
    }
    const simulated = new SimulatedCall(facts, this.clock, listener, perceive, () => this.calls.delete(facts.id))
    this.calls.set(facts.id, simulated)
    listener.callArrived(facts)
    return simulated
  }

  order(callId: string, order: Order): void {
    this.calls.get(callId)?.obey(order)
  }

  async close(): Promise<void> {
    for (const call of this.calls.values()) call.obey({ type: 'hang-up' })
    this.listener = undefined
  }
}

/** One call on the simulator, from the side of the person who dialled, and of the agent who may answer. */
export class SimulatedCall {
  readonly facts: CallFacts
  private readonly clock: Clock
  private readonly listener: LineListener
  private readonly perceive: (what: Perceived) => void
  private readonly forget: () => void
  private playing: { id: number; at: number; cancel: () => void; bargeIn: boolean } | undefined
  private away: { kind: 'queue' | 'transfer'; id: number; cancel: () => void } | undefined
  private recording: { id: number; name: string; longest: number; silence: number; end: string; at: number; spoken: number; cancel: () => void } | undefined
  private recorded = { name: '', ms: 0 }
  private over = false

  constructor(
    facts: CallFacts,
    clock: Clock,
    listener: LineListener,
    perceive: (what: Perceived) => void,
    forget: () => void,
  ) {
    this.facts = facts
    this.clock = clock
    this.listener = listener
    this.perceive = perceive
    this.forget = forget
  }

  /** Presses a key. While waiting for an agent or talking to one, keys mean nothing to the flow. */
  press(key: string): void {
    if (this.over || this.away) return
    if (this.recording) return key === this.recording.end ? this.endRecording() : undefined
    if (this.playing?.bargeIn) this.stopPlayback('key')
    this.listener.happened(this.facts.id, { type: 'key-pressed', key })
  }

  hangUp(): void {
    if (this.over) return
    const spoken = this.recording && this.spoken()
    this.end('caller')
    this.listener.happened(this.facts.id, { type: 'caller-hung-up', ...(spoken ? { recorded: spoken } : {}) })
  }

  /** The caller speaks for so long from now on, if what they say is being recorded. Milliseconds. */
  speak(ms: number): void {
    const { recording } = this
    if (!recording) return
    const begins = this.clock.steady() - recording.at
    recording.spoken = Math.min(Math.max(recording.spoken, begins + ms), recording.longest)
    this.awaitSilence()
  }

  /** An agent takes the call out of the queue. */
  agentAnswers(agent: string): void {
    if (this.away?.kind !== 'queue') return
    this.away.cancel()
    this.perceive({ type: 'agent-answered', agent })
    this.listener.happened(this.facts.id, { type: 'agent-answered', id: this.away.id, agent })
  }

  /** The stay in the queue ends: the agent hung up, nobody is there, the wait was too long. */
  leaveQueue(how: QueueEnd): void {
    const { away } = this
    if (away?.kind !== 'queue') return
    this.comeBack()
    this.listener.happened(this.facts.id, { type: 'queue-left', id: away.id, how })
  }

  /** Somebody answers where the call was transferred to; until then it rings, and not for ever. */
  answerTransfer(): void {
    if (this.away?.kind === 'transfer') this.away.cancel()
  }

  endTransfer(how: TransferEnd): void {
    const { away } = this
    if (away?.kind !== 'transfer') return
    this.comeBack()
    this.listener.happened(this.facts.id, { type: 'transfer-ended', id: away.id, how })
  }

  /** What the engine orders. For the simulator alone. */
  obey(order: Order): void {
    if (this.over) return
    switch (order.type) {
      case 'play': {
        this.stopPlayback()
        const ms = order.sound?.ms ?? spokenMs(order.prompt)
        this.startPlaying(order, ms)
        this.perceive({ type: 'prompt', prompt: order.prompt, ms, ...(order.sound ? { sound: order.sound } : {}) })
        return
      }
      case 'stop-playback':
        return this.stopPlayback()
      case 'record':
        this.stopPlayback()
        this.recording = { ...order, name: order.recording, at: this.clock.steady(), spoken: 0, cancel: () => {} }
        this.awaitSilence()
        return this.perceive({ type: 'recording', longest: order.longest, silence: order.silence, end: order.end })
      case 'replay': {
        this.stopPlayback()
        const ms = this.recorded.name === order.recording ? this.recorded.ms : 0
        this.startPlaying(order, ms)
        return this.perceive({ type: 'replay', ms })
      }
      case 'queue': {
        this.stopPlayback()
        const cancel = order.maxWait > 0 ? this.clock.after(order.maxWait, () => this.leaveQueue('timed-out')) : () => {}
        this.away = { kind: 'queue', id: order.id, cancel }
        return this.perceive({ type: 'queued', queue: order.queue, tell: order.tell, maxWait: order.maxWait })
      }
      case 'transfer': {
        this.stopPlayback()
        const cancel = this.clock.after(order.ring, () => this.endTransfer('no-answer'))
        this.away = { kind: 'transfer', id: order.id, cancel }
        return this.perceive({ type: 'transferred', to: order.to })
      }
      // People beyond the engine are not simulated.
      case 'fall-back':
      case 'hang-up':
        return this.end('line')
    }
  }

  private startPlaying({ id, bargeIn }: { id: number; bargeIn: boolean }, ms: number): void {
    const cancel = this.clock.after(ms, () => {
      this.heard('end')
      this.playing = undefined
      this.listener.happened(this.facts.id, { type: 'prompt-finished', id })
    })
    this.playing = { id, at: this.clock.steady(), cancel, bargeIn }
  }

  /** The recording ends after the last word and a silence, or at its longest. */
  private awaitSilence(): void {
    const { recording } = this
    if (!recording) return
    recording.cancel()
    const until = Math.min(recording.spoken + recording.silence, recording.longest)
    recording.cancel = this.clock.after(recording.at + until - this.clock.steady(), () => this.endRecording())
  }

  private spoken(): number {
    const { spoken = 0, at = 0 } = this.recording ?? {}
    return Math.min(spoken, this.clock.steady() - at)
  }

  /** Nothing can be recorded, as when there is no room. */
  failRecording(): void {
    this.endRecording('failed')
  }

  private endRecording(how: RecordEnd = this.spoken() > 0 ? 'recorded' : 'nothing-said'): void {
    const { recording } = this
    if (!recording) return
    const ms = how === 'recorded' ? this.spoken() : 0
    recording.cancel()
    this.recording = undefined
    this.recorded = { name: recording.name, ms }
    this.perceive({ type: 'recorded', how, ms })
    this.listener.happened(this.facts.id, { type: 'recorded', id: recording.id, how, ms })
  }

  private heard(how: PromptEnd): void {
    const { playing } = this
    if (playing) this.listener.heard?.(this.facts.id, { id: playing.id, ms: this.clock.steady() - playing.at, how })
  }

  private stopPlayback(how: PromptEnd = 'stopped'): void {
    if (!this.playing) return
    this.heard(how)
    this.playing.cancel()
    this.playing = undefined
    this.perceive({ type: 'prompt-stopped' })
  }

  private comeBack(): void {
    this.away?.cancel()
    this.away = undefined
  }

  private end(by: 'caller' | 'line'): void {
    this.stopPlayback(by === 'caller' ? 'hang-up' : 'stopped')
    this.comeBack()
    this.recording?.cancel()
    this.recording = undefined
    this.over = true
    this.forget()
    this.perceive({ type: 'ended', by })
  }
}
