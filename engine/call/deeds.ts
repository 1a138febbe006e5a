import type { BackendAnswer, BackendPort, Clock, Inbox, Line, Log, Order, Sound, Voice } from '../ports.ts'
import type { Compiled } from '../language/compile.ts'
import { placeOf, type Snapshot } from './advance.ts'
import { ahead } from './ahead.ts'
import { callKey } from './context.ts'
import type { Effect, LineEffect } from './effects.ts'
import type { CallEvent, CallFacts } from './events.ts'
import type { NoteWords } from './notes.ts'
import type { Pending } from './pending.ts'

/** What the deeds of a call need of their surroundings. */
export type DeedPorts = { clock: Clock; voice: Voice; backends: BackendPort; inbox: Inbox; log: Log }

/** What they tell the call. */
export type DeedsOf = {
  /** `timer`: the one that has run out; see `Deeds.hasRunOut`. */
  happened(event: CallEvent, timer?: Timer): void
  note(note: NoteWords): void
  /** The call cannot go on with us; words for an admin. */
  giveUp(words: string): void
  /** Something is to be heard now. */
  heard(): void
  /** A prompt begins, with this sound; without one it is shown, or cannot be played. */
  plays(effect: Play, sound: Sound | undefined): void
  /** How long the caller may wait for a prompt, in milliseconds; undefined: as long as anybody. */
  patience(): number | undefined
  /** The caller waits from now on for a prompt that is being made audible, or does not any more. */
  waits(now: boolean): void
  /** What the call is known by now. */
  about(): { hotline: string; language: string; step: string }
  /** When the call began. Milliseconds since 1970. */
  began(): number
}

export type Deed = Exclude<Effect, { type: 'enter' | 'leave' | 'outcome' | 'note' | 'trouble' }>
export type Play = Extract<LineEffect, { type: 'play' }>
export type Timer = { cancel: () => void }

/** Carries out what a call asks of the world: orders to its line, requests, deliveries and timers. */
export class Deeds {
  private readonly line: Line
  private readonly facts: CallFacts
  private readonly ports: DeedPorts
  private readonly call: DeedsOf
  private readonly timers = new Map<string, Timer>()
  /** The prompt that is being made audible; another order makes it unwanted. */
  private wanted: number | undefined
  /** Fires when the call is over: nobody waits for answers any more. */
  private readonly gone = new AbortController()

  constructor(line: Line, facts: CallFacts, ports: DeedPorts, call: DeedsOf) {
    this.line = line
    this.facts = facts
    this.ports = ports
    this.call = call
  }

  do(deed: Deed): void {
    switch (deed.type) {
      case 'start-timer': return this.startTimer(deed.timer, deed.ms)
      case 'cancel-timer':
        this.timers.get(deed.timer)?.cancel()
        this.timers.delete(deed.timer)
        return
      case 'request': return this.request(deed)
      case 'deliver': return this.deliver(deed)
      case 'play': return this.play(deed)
      default: return this.order(deed)
    }
  }

  /** Whether anything may be done for the call: not while another engine may have it. */
  get mayAct(): boolean {
    return this.line.drives ?? true
  }

  /** Goes on with what another process has ordered. */
  goOn({ playing, request, deliver, deadlines }: Pending): void {
    for (const one of [request, deliver, playing]) if (one) this.do(one)
    const now = this.ports.clock.steady()
    for (const [timer, due] of Object.entries(deadlines)) this.startTimer(timer, Math.max(0, due - now))
  }

  /** A timer that was cancelled or started afresh while its event waited has not run out. */
  hasRunOut(name: string, timer: Timer | undefined): boolean {
    if (this.timers.get(name) !== timer) return false
    return this.timers.delete(name)
  }

  /** Tells the line where the call is. */
  at(step: string, language: string): void {
    this.line.at?.(this.facts.id, step, language)
  }

  /** What may be said next is made while a prompt is heard, once all that was ordered has left. */
  ahead(compiled: Compiled, snapshot: Snapshot, effects: readonly Effect[]): void {
    const { voice, clock } = this.ports
    if (!voice.ahead || this.line.wantsSound === 'no' || !effects.some(({ type }) => type === 'play')) return
    if (!compiled.nearValues.has(placeOf(snapshot.value))) return
    setImmediate(() => this.gone.signal.aborted || voice.ahead!(ahead(compiled, snapshot, clock.now())))
  }

  /** The line brings the caller to people without us. */
  fallBack(): void {
    this.command({ type: 'fall-back' })
  }

  /** The call is over: nothing of it is left running. */
  end(): void {
    for (const { cancel } of this.timers.values()) cancel()
    this.timers.clear()
    this.want(undefined)
    this.gone.abort()
  }

  private startTimer(name: string, ms: number): void {
    this.timers.get(name)?.cancel()
    const timer: Timer = { cancel: this.ports.clock.after(ms, () => this.call.happened({ type: 'timer-fired', timer: name }, timer)) }
    this.timers.set(name, timer)
  }

  /** A line is not to throw. One that does it cannot be trusted with this call any more. */
  private command(order: Order): void {
    try {
      this.line.order(this.facts.id, order)
    } catch (error) {
      const words = `the line ${this.line.name} failed at the order ${order.type}`
      this.ports.log.error({ call: this.facts.id, step: this.call.about().step, err: error }, words)
      if (order.type !== 'fall-back') this.call.giveUp(words)
    }
  }

  private request({ id, backend, asked }: Extract<Effect, { type: 'request' }>): void {
    const { clock } = this.ports
    const began = clock.steady()
    this.call.note({ type: 'request', backend })
    const answered = (answer: BackendAnswer): void => {
      if (this.gone.signal.aborted) return
      this.call.note({ type: 'request-answered', backend, how: answer.how, ms: clock.steady() - began })
      if (answer.how === 'failed') this.trouble(`the backend ${backend} did not help: ${answer.words}`)
      this.call.happened({ type: 'request-answered', id, ...(answer.how === 'ok' ? answer : { how: 'failed' }) })
    }
    if ('refused' in asked) return answered({ how: 'failed', words: asked.refused })
    const failed = (error: Error): void => answered({ how: 'failed', words: error.message })
    this.ports.backends.request({ ...asked, signal: this.gone.signal }).then(answered, failed)
  }

  private deliver({ id, left }: Extract<Effect, { type: 'deliver' }>): void {
    const { facts, ports } = this
    const ended = (trouble?: string): void => {
      if (this.gone.signal.aborted && trouble !== undefined) return ports.log.error({ call: facts.id }, trouble)
      if (trouble !== undefined) this.trouble(trouble)
      this.call.happened({ type: 'delivered', id, how: trouble === undefined ? 'ok' : 'failed' })
    }
    if ('refused' in left) return ended(`nothing was left for people: ${left.refused}`)
    this.call.note({ type: 'left', left })
    const about = { id: `${callKey(facts, this.call.began())}:${id}`, at: ports.clock.now(), call: facts.id, caller: facts.caller, ...this.call.about() }
    ports.inbox.keep({ ...left, ...about }).then(
      () => ended(),
      (error: Error) => ended(`what the caller left (${left.kind}) could not be kept: ${error.message}`),
    )
  }

  private play(effect: Play): void {
    this.want(undefined)
    if (effect.prompt.length === 0) return this.call.happened({ type: 'prompt-finished', id: effect.id })
    if (this.line.wantsSound === 'no') return this.playNow(effect)
    const sound = this.ports.voice.sound(effect.prompt, this.call.patience())
    if (!(sound instanceof Promise)) return this.playNow(effect, sound)
    this.want(effect.id)
    sound.then(
      (made) => this.wanted === effect.id && this.playNow(effect, made),
      (error: Error) => {
        if (this.wanted !== effect.id) return
        this.want(undefined)
        this.ports.log.error({ call: this.facts.id, step: this.call.about().step }, error.message)
        if (this.line.wantsSound === 'likes') return this.playNow(effect)
        this.call.plays(effect, undefined)
        this.call.happened({ type: 'prompt-finished', id: effect.id, failed: true })
      },
    )
  }

  private want(prompt: number | undefined): void {
    this.wanted = prompt
    this.call.waits(prompt !== undefined)
  }

  private playNow(effect: Play, sound?: Sound): void {
    this.want(undefined)
    this.call.note({ type: 'prompt', prompt: effect.prompt, ...(sound ? { ms: sound.ms } : {}) })
    this.call.heard()
    this.call.plays(effect, sound)
    this.command(sound ? { ...effect, sound } : effect)
  }

  private order(effect: Exclude<LineEffect, { type: 'play' }>): void {
    // A prompt still being made is not to be played any more, and there is nothing on the line to stop.
    const unheard = this.wanted !== undefined && effect.type === 'stop-playback'
    this.want(undefined)
    if (unheard) return
    if (effect.type === 'queue') this.call.note({ type: 'queued', queue: effect.queue, tell: effect.tell })
    if (effect.type === 'transfer') this.call.note({ type: 'transferred', to: effect.to })
    if (effect.type === 'record') this.call.note({ type: 'recording', recording: effect.recording })
    if (effect.type === 'replay') this.call.note({ type: 'replay', recording: effect.recording })
    if (effect.type !== 'stop-playback') this.call.heard()
    this.command(effect)
  }

  private trouble(words: string): void {
    this.call.note({ type: 'trouble', words })
  }
}
