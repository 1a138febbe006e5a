import type { Compiled } from '../language/compile.ts'
import type { BackendAnswer, BackendPort, CallRecord, Clock, Line, Log, Order, Sound, Voice } from '../ports.ts'
import { advance, begin, type Advanced, type Snapshot } from './advance.ts'
import type { CallContext } from './context.ts'
import type { Effect, LineEffect } from './effects.ts'
import type { CallEvent, CallFacts } from './events.ts'
import type { CallNote } from './notes.ts'

/** What a session needs of its surroundings. */
export type SessionPorts = {
  clock: Clock
  voice: Voice
  backends: BackendPort
  log: Log
  note(note: CallNote): void
  /** The call is over; nothing of it is left running. */
  over(record: CallRecord): void
}

type Timer = { cancel: () => void }
type EndedBy = Extract<CallNote, { type: 'ended' }>['by']
type Play = Extract<LineEffect, { type: 'play' }>

/** One running call: a snapshot, a queue of events, and its timers. Events are taken one at a time, in their order. */
export class Session {
  readonly facts: CallFacts
  private readonly line: Line
  private readonly compiled: Compiled
  private readonly ports: SessionPorts
  private readonly waiting: { event: CallEvent; timer?: Timer }[] = []
  private readonly timers = new Map<string, Timer>()
  private snapshot: Snapshot | undefined
  private busy = false
  private over = false
  /** The prompt that is being made audible; another order makes it unwanted. */
  private wanted: number | undefined
  private record: CallRecord
  private outcome: string | undefined
  /** Fires when the call is over: nobody waits for answers any more. */
  private readonly gone = new AbortController()
  /** Prompts in a row that could not be played. */
  private silent = 0

  constructor(line: Line, facts: CallFacts, compiled: Compiled, ports: SessionPorts) {
    this.line = line
    this.facts = facts
    this.compiled = compiled
    this.ports = ports
    this.record = {
      id: facts.id, caller: facts.caller, called: facts.called, hotline: compiled.flow.name,
      at: ports.clock.now(), outcome: '', step: '', language: compiled.flow.languages[0],
    }
  }

  /** The step that the call is in. */
  get step(): string {
    return this.record.step
  }

  start(earlier: CallRecord[]): void {
    const { clock } = this.ports
    this.note({ type: 'arrived', facts: this.facts, hotline: this.compiled.flow.name })
    // What comes back from within the first orders waits until all of them are given.
    this.busy = true
    this.run(() => begin(this.compiled.machine, this.facts, earlier, clock.now()))
    this.busy = false
    this.drain()
  }

  /** Something happened to the call. */
  happened(event: CallEvent): void {
    this.waiting.push({ event })
    this.drain()
  }

  /** We cannot go on with this call: the line brings the caller to people. */
  letGo(): void {
    this.command({ type: 'fall-back' })
    this.end('line')
  }

  private end(by: EndedBy): void {
    if (this.over) return
    this.over = true
    for (const { cancel } of this.timers.values()) cancel()
    this.timers.clear()
    this.wanted = undefined
    this.gone.abort()
    const outcome = this.outcome ?? (by === 'caller' ? 'gave-up' : by === 'line' ? 'failed' : 'finished')
    this.record = { ...this.record, outcome, endedAt: this.ports.clock.now() }
    this.note({ type: 'ended', by, outcome })
    this.ports.over(this.record)
  }

  private drain(): void {
    // A line may answer an order at once, from within the order: such an event waits for its turn.
    if (this.busy) return
    this.busy = true
    try {
      for (let next = this.waiting.shift(); next && !this.over; next = this.waiting.shift()) {
        // A timer that was cancelled or started afresh while its event waited has not run out.
        if (next.event.type !== 'timer-fired' || this.timers.get(next.event.timer) === next.timer) this.take(next.event)
      }
    } finally {
      this.busy = false
    }
  }

  private take(event: CallEvent): void {
    const { snapshot } = this
    if (!snapshot) return
    if (event.type === 'line-lost') return this.end('line')
    if (event.type === 'timer-fired') this.timers.delete(event.timer)
    if (isLate(snapshot, event)) return
    if (event.type === 'prompt-finished' && event.failed && this.unheard()) return
    if (event.type === 'prompt-finished' && !event.failed) this.silent = 0
    if (event.type === 'agent-answered') this.note({ type: 'agent', agent: event.agent })
    if (event.type === 'agent-answered' || (event.type === 'transfer-ended' && event.how === 'answered'))
      this.outcome ??= event.type === 'agent-answered' ? 'answered' : 'transferred'
    const secret = isSecret(snapshot)
    this.run(() => advance(this.compiled.machine, snapshot, event, this.ports.clock.now()), event.type === 'key-pressed' ? { key: event.key, secret } : undefined)
    if (event.type === 'caller-hung-up') this.end('caller')
  }

  /** Takes one step of the machine. What goes wrong in it ends this call with people, and no other call. */
  private run(step: () => Advanced, pressed?: { key: string; secret: boolean }): void {
    try {
      const { snapshot, effects } = step()
      this.snapshot = snapshot
      this.record.language = (snapshot.context as CallContext).language
      // A key kept for later may be the answer to a secret question.
      if (pressed) this.note({ type: 'key', key: pressed.secret || isSecret(snapshot) || (snapshot.context as CallContext).keys.length > 0 ? '•' : pressed.key })
      for (const effect of effects) if (!this.over) this.perform(effect)
    } catch (error) {
      this.ports.log.error({ call: this.facts.id, step: this.step, err: error }, 'the engine failed in this call; the caller goes to the fallback')
      this.giveUp('the engine failed in this call; the caller goes to the fallback')
    }
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case 'enter': return this.enter(effect.step)
      case 'leave': return this.note({ type: 'way', step: effect.step, way: effect.way })
      case 'outcome':
        this.outcome = effect.name
        return this.note({ type: 'outcome', name: effect.name })
      case 'note': return this.note({ type: 'note', text: effect.text })
      case 'trouble': return this.trouble(effect.words)
      case 'start-timer':
        return this.startTimer(effect.timer, effect.ms)
      case 'cancel-timer':
        this.timers.get(effect.timer)?.cancel()
        this.timers.delete(effect.timer)
        return
      case 'request': return this.request(effect)
      case 'play': return this.play(effect)
      default: return this.order(effect)
    }
  }

  private startTimer(name: string, ms: number): void {
    this.timers.get(name)?.cancel()
    const timer: Timer = { cancel: this.ports.clock.after(ms, () => {
      this.waiting.push({ event: { type: 'timer-fired', timer: name }, timer })
      this.drain()
    }) }
    this.timers.set(name, timer)
  }

  /** A prompt could not be played. One is passed over; after the second in a row the caller, in silence, goes to people. */
  private unheard(): boolean {
    if (++this.silent < 2) this.trouble('a prompt could not be played; the call goes on without it')
    else this.giveUp('two prompts in a row could not be played; the caller goes to the fallback')
    return this.over
  }

  private giveUp(words: string): void {
    this.trouble(words)
    this.letGo()
  }

  /** A line is not to throw. One that does it cannot be trusted with this call any more. */
  private command(order: Order): void {
    try {
      this.line.order(this.facts.id, order)
    } catch (error) {
      const words = `the line ${this.line.name} failed at the order ${order.type}`
      this.ports.log.error({ call: this.facts.id, step: this.step, err: error }, words)
      if (order.type !== 'fall-back') this.giveUp(words)
    }
  }

  private enter(step: string): void {
    this.record.step = step
    this.note({ type: 'step', step, kind: this.compiled.flow.steps.get(step)?.kind.kind ?? '' })
  }

  private request({ id, backend, asked }: Extract<Effect, { type: 'request' }>): void {
    const { backends } = this.ports
    this.note({ type: 'request', backend })
    const answered = (answer: BackendAnswer): void => {
      if (this.over) return
      if (answer.how === 'failed') this.trouble(`the backend ${backend} did not help: ${answer.words}`)
      this.happened({ type: 'request-answered', id, ...(answer.how === 'ok' ? answer : { how: 'failed' }) })
    }
    if ('refused' in asked) return answered({ how: 'failed', words: asked.refused })
    backends.request({ ...asked, signal: this.gone.signal }).then(answered, (error: Error) => answered({ how: 'failed', words: error.message }))
  }

  private play(effect: Play): void {
    this.wanted = undefined
    if (effect.prompt.length === 0) return this.happened({ type: 'prompt-finished', id: effect.id })
    if (this.line.wantsSound === 'no') return this.playNow(effect)
    const sound = this.ports.voice.sound(effect.prompt)
    if (!(sound instanceof Promise)) return this.playNow(effect, sound)
    this.wanted = effect.id
    sound.then(
      (made) => this.wanted === effect.id && this.playNow(effect, made),
      (error: Error) => {
        if (this.wanted !== effect.id) return
        this.ports.log.error({ call: this.facts.id, step: this.step }, error.message)
        if (this.line.wantsSound === 'likes') return this.playNow(effect)
        this.happened({ type: 'prompt-finished', id: effect.id, failed: true })
      },
    )
  }

  private playNow(effect: Play, sound?: Sound): void {
    this.wanted = undefined
    this.note({ type: 'prompt', prompt: effect.prompt, ...(sound ? { ms: sound.ms } : {}) })
    this.command(sound ? { ...effect, sound } : effect)
  }

  private order(effect: Exclude<LineEffect, { type: 'play' }>): void {
    // A prompt still being made is not to be played any more, and there is nothing on the line to stop.
    const unheard = this.wanted !== undefined && effect.type === 'stop-playback'
    this.wanted = undefined
    if (unheard) return
    if (effect.type === 'queue') this.note({ type: 'queued', queue: effect.queue, tell: effect.tell })
    if (effect.type === 'transfer') this.note({ type: 'transferred', to: effect.to })
    this.command(effect)
    if (effect.type === 'hang-up') this.end('flow')
  }

  private trouble(words: string): void {
    this.note({ type: 'trouble', words })
  }

  private note(note: NoteWords): void {
    this.ports.note({ call: this.facts.id, at: this.ports.clock.now(), ...note } as CallNote)
  }
}

type NoteWords = CallNote extends infer N ? (N extends CallNote ? Omit<N, 'call' | 'at'> : never) : never

/** It answers something that is no longer under way, as an agent who takes a call that has left the queue. */
const isLate = (snapshot: Snapshot, event: CallEvent): boolean =>
  'id' in event && event.type !== 'request-answered' && event.id !== (snapshot.context as CallContext).effect

const isSecret = (snapshot: Snapshot): boolean => snapshot.hasTag('secret')
