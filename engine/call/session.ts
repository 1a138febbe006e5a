import { noJournal, type CallJournal } from '../journal/journal.ts'
import type { Entry, StoredCall } from '../journal/store.ts'
import type { Compiled } from '../language/compile.ts'
import { ownName } from '../language/step-names.ts'
import type { CallRecord, Line, Switches } from '../ports.ts'
import { switchesOn } from '../switches.ts'
import { advance, askAgain, begin, isSecret, placeOf, restored, type Advanced, type Snapshot } from './advance.ts'
import type { CallContext } from './context.ts'
import { DeadAir } from './dead-air.ts'
import { Deeds, type DeedPorts, type Timer } from './deeds.ts'
import type { Effect } from './effects.ts'
import type { CallEvent, CallFacts, PromptEnd } from './events.ts'
import { HeardPrompts } from './heard.ts'
import { keptState, keptStory } from './kept.ts'
import type { CallNote, NoteWords } from './notes.ts'
import { toAskAgain } from './lost-secrets.ts'
import { nothingPending, pendingAfter } from './pending.ts'
import { VoiceWaits } from './voice-waits.ts'

/** What a session needs of its surroundings. */
export type SessionPorts = DeedPorts & {
  switches: Switches
  /** Default: nothing is kept, and nobody can go on with the call. */
  journal?: CallJournal
  note(note: CallNote): void
  /** The call is over; nothing of it is left running. */
  over(record: CallRecord): void
}

type EndedBy = Extract<CallNote, { type: 'ended' }>['by']

/**
 * One running call: a snapshot and a queue of events. Events are taken one at a time, in their order; what they lead to
 * is in the journal before any of it is done.
 */
export class Session {
  readonly facts: CallFacts
  private readonly compiled: Compiled
  private readonly ports: SessionPorts
  private readonly journal: CallJournal
  private readonly deeds: Deeds
  private readonly waiting: { event: CallEvent; timer?: Timer | undefined }[] = []
  private snapshot: Snapshot | undefined
  private pending = nothingPending
  private earlier: CallRecord[] | undefined
  /** The steps that have asked for secret answers, by the answer. */
  private readonly asked = new Map<string, string>()
  private busy = false
  private over = false
  private record: CallRecord
  private outcome: string | undefined
  private deadAir = new DeadAir()
  private waits = new VoiceWaits()
  private readonly prompts = new HeardPrompts()
  /** Prompts in a row that could not be played. */
  private silent = 0

  constructor(line: Line, facts: CallFacts, compiled: Compiled, ports: SessionPorts) {
    this.facts = facts
    this.compiled = compiled
    this.ports = ports
    this.journal = ports.journal ?? noJournal
    this.record = {
      id: facts.id, caller: facts.caller, called: facts.called, hotline: compiled.flow.name,
      at: ports.clock.now(), outcome: '', step: '', language: compiled.flow.languages[0],
    }
    this.deeds = new Deeds(line, facts, ports, {
      happened: (event, timer) => this.happened(event, timer),
      note: (note) => this.note(note),
      giveUp: (words) => this.giveUp(words),
      heard: () => this.deadAir.over(this.now()),
      plays: (effect, sound) => this.prompts.began(effect, { at: this.now(), step: this.step, language: this.record.language, of: sound?.ms }),
      waits: (now) => this.waits.now(now, this.now()),
      about: () => ({ hotline: this.record.hotline, language: this.record.language, step: this.step }),
    })
  }

  /** The step that the call is in. */
  get step(): string {
    return this.record.step
  }

  /** Begins the call. */
  start(earlier: CallRecord[]): void {
    this.note({ type: 'arrived', facts: this.facts, hotline: this.compiled.flow.name })
    this.deadAir.quiet(this.now())
    this.earlier = earlier
    const { flow, machine } = this.compiled
    this.first(undefined, () => begin(machine, this.facts, earlier, this.now(), switchesOn(flow, this.ports.switches)))
  }

  /**
   * Goes on with a call that another process had: what was being said is said again, what was under way is asked for
   * again, and timers fire when they are due. Where a secret was lost, its question is asked again.
   */
  resume(stored: StoredCall, earlier: CallRecord[]): void {
    const { machine, flow } = this.compiled
    const { startedAt, step, language, outcome, state, pending } = stored
    this.record = { ...this.record, at: startedAt, step, language }
    this.outcome = outcome === '' ? undefined : outcome
    this.deadAir = new DeadAir(stored.deadAir)
    this.waits = new VoiceWaits(stored.waits)
    this.note({ type: 'arrived', facts: this.facts, hotline: flow.name })
    this.note({ type: 'resumed', step, silentFor: this.now() - stored.at })
    const context = { ...state.context, facts: this.facts, earlier, lost: state.lost.map(({ name }) => name) }
    this.snapshot = restored(machine, context, state.value)
    for (const { name, step: at } of state.lost) this.asked.set(name, at)
    this.pending = pending
    if (!pending.away) this.deadAir.quiet(stored.at)
    // Who waits for people, or has recorded something, is not asked out of it.
    const isElsewhere = pending.away !== undefined || (this.snapshot.context as CallContext).recording !== undefined
    const lost = isElsewhere ? undefined : toAskAgain(flow, placeOf(state.value), state.lost)
    if (lost) return this.first(undefined, () => askAgain(machine, this.snapshot!, lost.step, this.now()))
    const { playing, request, deliver, deadlines } = pending
    for (const one of [request, deliver, playing]) if (one) this.deeds.do(one)
    for (const [timer, due] of Object.entries(deadlines))
      this.deeds.do({ type: 'start-timer', timer, ms: Math.max(0, due - this.now()) })
  }

  /** Something happened to the call. `timer`: the one that has run out. */
  happened(event: CallEvent, timer?: Timer): void {
    this.waiting.push({ event, timer })
    this.drain()
  }

  /** The line tells how much of a prompt was heard; written down with what happens next. */
  heard(heard: { id: number; ms: number; how: PromptEnd }): void {
    this.prompts.ended(heard)
  }

  /** A switch of this hotline has been turned: the call sees it at its next branch. */
  switched(hotline: string): void {
    const { flow } = this.compiled
    if (hotline === flow.name && Object.keys(flow.switches).length > 0)
      this.happened({ type: 'switched', switches: switchesOn(flow, this.ports.switches) })
  }

  /** We cannot go on with this call: the line brings the caller to people. */
  letGo(): void {
    this.deeds.fallBack()
    this.end('line')
  }

  /** Another engine has the call: it goes on there, and ends here without a word. */
  forsake(): void {
    this.over = true
    this.deeds.end()
  }

  /** Takes the first step of this process. What comes back from within its orders waits until all are given. */
  private first(event: CallEvent | undefined, step: () => Advanced): void {
    this.busy = true
    this.run(event, step, () => {
      this.busy = false
      this.drain()
    })
  }

  private drain(): void {
    // A line may answer an order at once, from within the order: such an event waits for its turn.
    if (this.busy) return
    this.busy = true
    while (!this.over) {
      const next = this.waiting.shift()
      if (!next) break
      const { event, timer } = next
      if (event.type === 'timer-fired' && !this.deeds.hasRunOut(event.timer, timer)) continue
      let [done, gone] = [false, false]
      this.take(event, () => {
        done = true
        if (!gone) return
        this.busy = false
        this.drain()
      })
      // The journal has it in a moment, and then it goes on.
      if (!done) {
        gone = true
        return
      }
    }
    this.busy = false
  }

  private take(event: CallEvent, done: () => void): void {
    const { snapshot } = this
    if (event.type === 'line-lost') this.end('line')
    this.prompts.happened(event)
    if (!snapshot || this.over || isLate(snapshot, event)) return done()
    if (event.type === 'prompt-finished' && event.failed && this.unheard()) return done()
    this.before(event)
    const { machine } = this.compiled
    this.run(event, () => advance(machine, snapshot, event, this.now()), () => {
      if (event.type === 'caller-hung-up') this.end('caller')
      done()
    })
  }

  private before(event: CallEvent): void {
    if (event.type === 'prompt-finished' && !event.failed) this.silent = 0
    if ('id' in event && event.type !== 'request-answered' && event.type !== 'agent-answered') this.deadAir.quiet(this.now())
    if (event.type === 'key-pressed') this.deadAir.quiet(this.now())
    if (event.type === 'agent-answered') {
      this.outcome ??= 'answered'
      this.note({ type: 'agent', agent: event.agent })
    } else if (event.type === 'transfer-ended' && event.how === 'answered') this.outcome ??= 'transferred'
  }

  /** Takes one step of the machine. What goes wrong in it ends this call with people, and no other call. */
  private run(event: CallEvent | undefined, step: () => Advanced, done: () => void): void {
    const secretBefore = this.snapshot !== undefined && isSecret(this.snapshot)
    const digitsBefore = (this.snapshot?.context as CallContext | undefined)?.digits ?? ''
    this.safely(() => {
      const { snapshot, effects } = step()
      this.snapshot = snapshot
      const context = snapshot.context as CallContext
      this.record.language = context.language
      // A key kept for later may be the answer to a secret question.
      const secret = secretBefore || isSecret(snapshot) || context.keys.length > 0 || !this.isUsed(event, digitsBefore, context.digits, effects)
      if (event?.type === 'key-pressed') this.note({ type: 'key', key: secret ? '•' : event.key })
      if (snapshot.hasTag('listens')) this.deadAir.over(this.now())
      for (const effect of effects) this.learn(effect)
      this.pending = pendingAfter(this.pending, event, effects, this.now())
      this.journal.write(() => this.entry(event, effects, secret), () => {
        this.safely(() => effects.forEach((effect) => this.perform(effect)))
        this.deeds.ahead(this.compiled, snapshot, effects)
        done()
      })
    }, done)
  }

  private safely(run: () => void, failed: () => void = () => {}): void {
    try {
      run()
    } catch (error) {
      const words = 'the engine failed in this call; the caller goes to the fallback'
      this.ports.log.error({ call: this.facts.id, step: this.step, err: error }, words)
      this.giveUp(words)
      failed()
    }
  }

  /** Where a flow has secrets only keys that answer something are shown: any other may be one of a secret keyed ahead. */
  private isUsed(event: CallEvent | undefined, before: string, digits: string, effects: readonly Effect[]): boolean {
    const { flow } = this.compiled
    if (flow.secrets.size === 0 || event?.type !== 'key-pressed' || before !== digits) return true
    return effects.some((effect) => {
      if (effect.type !== 'leave') return false
      return effect.way === `key ${event.key}` || flow.steps.get(effect.step)?.parts.sets?.some((set) => set.digits)
    })
  }

  /** What the call's record is to know of an effect, before it is written down. */
  private learn(effect: Effect): void {
    if (effect.type === 'enter') this.record.step = ownName(effect.step)
    if (effect.type === 'outcome') this.outcome = effect.name
    if (effect.type !== 'leave') return
    const { sets = [] } = this.compiled.flow.steps.get(effect.step)?.parts ?? {}
    for (const { name, secret, by = effect.way } of sets) if (secret && by === effect.way) this.asked.set(name, effect.step)
  }

  private perform(effect: Effect): void {
    if (this.over) return
    switch (effect.type) {
      case 'enter':
        this.tellLine(effect.step)
        return this.note({ type: 'step', step: ownName(effect.step), kind: this.compiled.flow.steps.get(effect.step)?.kind.kind ?? '' })
      case 'leave': return this.note({ type: 'way', step: ownName(effect.step), way: effect.way })
      case 'outcome': return this.note({ type: 'outcome', name: effect.name })
      case 'note': return this.note({ type: 'note', text: effect.text })
      case 'trouble': return this.note({ type: 'trouble', words: effect.words })
      default: this.deeds.do(effect)
    }
    if (effect.type === 'hang-up') this.end('flow')
  }

  /** Where the caller hears or does something the line can go on without us; what decides between may not be known there. */
  private tellLine(step: string): void {
    const { kind, parts } = this.compiled.flow.steps.get(step) ?? {}
    const isPlace = kind?.role !== 'passes' || (parts?.texts?.length ?? 0) + (parts?.backends?.length ?? 0) > 0
    if (isPlace) this.deeds.at(step, this.record.language)
  }

  /** A prompt could not be played. One is passed over; after the second in a row the caller, in silence, goes to people. */
  private unheard(): boolean {
    if (++this.silent < 2) this.note({ type: 'trouble', words: 'a prompt could not be played; the call goes on without it' })
    else this.giveUp('two prompts in a row could not be played; the caller goes to the fallback')
    return this.over
  }

  private giveUp(words: string): void {
    if (this.over) return
    this.note({ type: 'trouble', words })
    this.letGo()
  }

  private end(by: EndedBy): void {
    if (this.over) return
    if (by === 'line') this.rescue()
    this.over = true
    this.deeds.end()
    this.deadAir.over(this.now())
    const outcome = this.outcome ?? (by === 'caller' ? 'gave-up' : by === 'line' ? 'failed' : 'finished')
    this.record = { ...this.record, outcome, endedAt: this.now() }
    this.note({ type: 'ended', by, outcome, deadAir: this.deadAir.longest, ...this.waits.all })
    if (this.snapshot) this.journal.write(() => ({ ...this.entry(undefined, [], true), event: { type: 'ended', by } }), () => {})
    this.ports.over(this.record)
  }

  /** What the caller has recorded and would have kept by hanging up is kept when we have to let them go, too. */
  private rescue(): void {
    if (!this.snapshot || (this.snapshot.context as CallContext).recording === undefined) return
    try {
      const { effects } = advance(this.compiled.machine, this.snapshot, { type: 'caller-hung-up' }, this.now())
      for (const effect of effects) if (effect.type === 'deliver') this.deeds.do(effect)
    } catch (error) {
      this.ports.log.error({ call: this.facts.id, err: error }, 'what the caller has recorded could not be kept')
    }
  }

  private entry(event: CallEvent | undefined, effects: readonly Effect[], secret: boolean): Entry {
    const { facts, record, compiled, deadAir, snapshot, earlier } = this
    const { flow } = compiled
    this.earlier = undefined
    return {
      call: {
        facts, hotline: flow.name, flow: flow.hash, startedAt: record.at, at: this.now(),
        ...(record.endedAt === undefined ? {} : { endedAt: record.endedAt }),
        outcome: this.outcome ?? record.outcome, step: record.step, language: record.language, deadAir: deadAir.longest, ...this.waits.all,
        ...keptState(snapshot!, this.pending, { secrets: flow.secrets, secretNow: isSecret(snapshot!), asked: this.asked }),
      },
      ...keptStory(event, effects, secret),
      ...(earlier ? { earlier } : {}),
      ...this.prompts.take(),
    }
  }

  private now(): number {
    return this.ports.clock.now()
  }

  private note(note: NoteWords): void {
    this.ports.note({ call: this.facts.id, at: this.now(), ...note } as CallNote)
  }
}

/** It answers something that is no longer under way, as an agent who takes a call that has left the queue. */
const isLate = (snapshot: Snapshot, event: CallEvent): boolean =>
  'id' in event && event.type !== 'request-answered' && event.id !== (snapshot.context as CallContext).effect
