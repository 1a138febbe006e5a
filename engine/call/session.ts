import { noJournal, type CallJournal } from '../journal/journal.ts'
import type { Entry, StoredCall } from '../journal/store.ts'
import type { Compiled } from '../language/compile.ts'
import { ownName } from '../language/step-names.ts'
import type { CallRecord, Line, Switches } from '../ports.ts'
import { switchesOn } from '../switches.ts'
import { advance, askAgain, begin, isLate, isSecret, placeOf, restored, type Advanced, type Snapshot } from './advance.ts'
import { CallBook } from './book.ts'
import type { CallContext } from './context.ts'
import { Deeds, type DeedPorts, type Timer } from './deeds.ts'
import type { Effect } from './effects.ts'
import { EventQueue, type Happened } from './event-queue.ts'
import type { CallEvent, CallFacts, PromptEnd } from './events.ts'
import { goingOn, quietSince, type GoingOn } from './going-on.ts'
import type { CallNote, NoteWords } from './notes.ts'
import { nothingPending, pendingAfter, pendingBy } from './pending.ts'

/** What a session needs of its surroundings. */
export type SessionPorts = DeedPorts & {
  switches: Switches
  /** Default: nothing is kept, and nobody can go on with the call. */
  journal?: CallJournal
  note(note: CallNote): void
  /** The call is over; nothing of it is left running. */
  over(record: CallRecord): void
}

/** For so long a caller whose last prompt could not be played may hear nothing, in milliseconds. */
const longestSilence = 2500

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
  private readonly events = new EventQueue({
    mayTake: () => !this.over && this.deeds.mayAct,
    take: (happened, done) => this.take(happened, done),
  })
  private snapshot: Snapshot | undefined
  private pending = nothingPending
  private book: CallBook
  private over = false
  private readonly may = (): boolean => this.deeds.mayAct
  /** Prompts in a row that could not be played. */
  private silent = 0

  constructor(line: Line, facts: CallFacts, compiled: Compiled, ports: SessionPorts) {
    this.facts = facts
    this.compiled = compiled
    this.ports = ports
    this.journal = ports.journal ?? noJournal
    this.book = CallBook.begun(compiled, facts, ports.clock.now())
    this.deeds = new Deeds(line, facts, ports, {
      happened: (event, timer) => this.happened(event, timer),
      note: (note) => this.note(note),
      giveUp: (words) => this.giveUp(words),
      heard: () => this.book.air.over(this.steady()),
      plays: (effect, sound) => this.book.prompts.began(effect, { at: this.now(), step: this.step, language: this.book.record.language, of: sound?.ms }),
      patience: () => (this.silent > 0 ? Math.max(0, longestSilence - this.book.air.lasts(this.steady())) : undefined),
      waits: (now) => this.book.waits.now(now, this.steady()),
      about: () => ({ hotline: this.book.record.hotline, language: this.book.record.language, step: this.step }),
      began: () => this.book.record.at,
    })
  }

  /** The step that the call is in. */
  get step(): string {
    return this.book.record.step
  }

  /** Begins the call. */
  start(earlier: CallRecord[]): void {
    this.note({ type: 'arrived', facts: this.facts, hotline: this.compiled.flow.name })
    this.book.air.quiet(this.steady())
    this.book.knows(earlier)
    const { flow, machine } = this.compiled
    this.first(() => begin(machine, this.facts, earlier, this.now(), switchesOn(flow, this.ports.switches)))
  }

  /**
   * Goes on with a call that another process had: what was being said is said again, what was under way is asked for
   * again, and timers fire when they are due. Where a secret was lost, its question is asked again.
   */
  resume(stored: StoredCall, earlier: CallRecord[]): void {
    const { machine, flow } = this.compiled
    const { step, state, pending } = stored
    // The clock on the wall may have been set back since.
    const unledFor = Math.max(0, this.now() - stored.at)
    const seen = this.steady() - unledFor
    this.book = CallBook.of(stored, this.compiled, this.facts, stored.at - seen)
    this.note({ type: 'arrived', facts: this.facts, hotline: flow.name })
    this.note({ type: 'resumed', step, unledFor })
    const context = { ...state.context, facts: this.facts, earlier, lost: state.lost.map(({ name }) => name) }
    this.snapshot = restored(machine, context, state.value)
    this.pending = pendingBy(pending, seen - stored.at)
    const quiet = quietSince(this.snapshot, this.pending, seen, this.steady())
    if (quiet !== undefined) this.book.air.quiet(quiet)
    this.tellLine(placeOf(state.value))
    const going = goingOn(flow, this.snapshot, pending, state.lost)
    this.keepResumed(stored.at, unledFor, going)
    this.goOnAs(going)
  }

  /** For people who look into the call. `seenAt` stays until something happens: a silence may go on. */
  private keepResumed(seenAt: number, after: number, { how }: GoingOn): void {
    const { request, deliver, playing } = this.pending
    const again = how === 'as-ordered' ? [request, deliver, playing].flatMap((one) => one ?? []) : []
    const { call, ...entry } = this.entry(undefined, again, true)
    this.journal.write(() => ({ ...entry, call: { ...call, at: Math.min(seenAt, call.at) }, at: call.at, event: { type: 'resumed', after } }), () => {}, this.may)
  }

  private goOnAs(going: GoingOn): void {
    if (going.how === 'ask-again') return this.first(() => askAgain(this.compiled.machine, this.snapshot!, going.step, this.now()))
    if (going.how === 'stuck') return this.giveUp('nothing was under way in a call of the process before; the caller goes to the fallback')
    this.deeds.goOn(this.pending)
    if (going.how === 'as-ordered') return
    this.deeds.do({ type: 'hang-up' })
    this.end(going.by)
  }

  /** Something happened to the call. `timer`: the one that has run out. */
  happened(event: CallEvent, timer?: Timer): void {
    this.events.add({ event, timer })
  }

  /** The line tells how much of a prompt was heard; written down with what happens next. */
  heard(heard: { id: number; ms: number; how: PromptEnd }): void {
    this.book.prompts.ended(heard)
  }

  /** The line tells of a silence in which it could not be reached. */
  silence(when: { from: number } | { until: number }): void {
    if ('from' in when) this.book.air.quiet(when.from)
    else this.book.air.over(when.until)
  }

  /** What has waited until it was known that the call is ours goes on. */
  goOn(): void {
    this.events.goOn()
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

  /** Takes the first step of this process. */
  private first(step: () => Advanced): void {
    this.events.first((done) => this.run(undefined, step, done))
  }

  private take({ event, timer }: Happened, done: () => void): void {
    const { snapshot } = this
    if (event.type === 'timer-fired' && !this.deeds.hasRunOut(event.timer, timer)) return done()
    if (event.type === 'line-lost') this.end('line')
    this.book.prompts.happened(event)
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
    if ('id' in event && event.type !== 'request-answered' && event.type !== 'agent-answered') this.book.air.quiet(this.steady())
    if (event.type === 'key-pressed') this.book.air.quiet(this.steady())
    if (event.type === 'agent-answered') {
      this.book.outcome ??= 'answered'
      this.note({ type: 'agent', agent: event.agent })
    } else if (event.type === 'transfer-ended' && event.how === 'answered') this.book.outcome ??= 'transferred'
  }

  /** Takes one step of the machine. What goes wrong in it ends this call with people, and no other call. */
  private run(event: CallEvent | undefined, step: () => Advanced, done: () => void): void {
    const secretBefore = this.snapshot !== undefined && isSecret(this.snapshot)
    const digitsBefore = (this.snapshot?.context as CallContext | undefined)?.digits ?? ''
    this.safely(() => {
      const { snapshot, effects } = step()
      this.snapshot = snapshot
      const context = snapshot.context as CallContext
      this.book.record.language = context.language
      // A key kept for later may be the answer to a secret question.
      const secret = secretBefore || isSecret(snapshot) || context.keys.length > 0 || this.book.secrets.mayHold(event, digitsBefore, context.digits, effects)
      if (event?.type === 'key-pressed') this.note({ type: 'key', key: secret ? '•' : event.key })
      if (snapshot.hasTag('listens')) this.book.air.over(this.steady())
      for (const effect of effects) this.book.learn(effect)
      this.pending = pendingAfter(this.pending, event, effects, this.steady())
      this.journal.write(() => this.entry(event, effects, secret), () => {
        this.safely(() => effects.forEach((effect) => this.perform(effect)))
        this.deeds.ahead(this.compiled, snapshot, effects)
        done()
      }, this.may)
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
    if (isPlace) this.deeds.at(step, this.book.record.language)
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
    const { book } = this
    book.air.over(this.steady())
    book.end(by, this.now())
    this.note({ type: 'ended', by, outcome: book.record.outcome, deadAir: book.air.longest, ...book.waits.all })
    if (this.snapshot) this.journal.write(() => ({ ...this.entry(undefined, [], true), event: { type: 'ended', by } }), () => {}, this.may)
    this.ports.over(book.record)
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
    const at = this.now()
    return this.book.entry(event, effects, secret, { snapshot: this.snapshot!, pending: this.pending, at, ahead: at - this.steady() })
  }

  private now(): number {
    return this.ports.clock.now()
  }

  private steady(): number {
    return this.ports.clock.steady()
  }

  private note(note: NoteWords): void {
    this.ports.note({ call: this.facts.id, at: this.now(), ...note } as CallNote)
  }
}
