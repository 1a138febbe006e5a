import { isDeepStrictEqual } from 'node:util'
import type { Left } from '../engine/call/effects.ts'
import type { CallNote } from '../engine/call/notes.ts'
import { Sessions } from '../engine/call/sessions.ts'
import { VirtualClock } from '../engine/clock.ts'
import { RecentCalls } from '../engine/history.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { fixedSwitches, onlyOn } from '../engine/switches.ts'
import { sameNumber } from '../engine/language/flow.ts'
import type { Log } from '../engine/ports.ts'
import { Simulator, type Perceived, type SimulatedCall } from '../telephony/simulator.ts'
import { usualCaller, writtenTime, type Caller, type Conversation, type Ending, type LeftSaid } from './conversation.ts'
import { earlierCalls } from './earlier.ts'
import { Ears } from './ears.ts'
import { isLeft, leftInWords, toldInTests } from './left.ts'
import { madeInWords, StubbedBackends, type Request } from './stubs.ts'
import { seen, Transcript } from './transcript.ts'
import { unplugged } from './unplugged.ts'

/** Prompts said one after the other while one line of a test is carried out; more are a hotline that never stops. */
const mostPrompts = 1000

/** A caller on the simulator: no second of real time passes. */
export class SimulatedCaller implements Caller {
  private readonly clock: VirtualClock
  private readonly sessions: Sessions
  private readonly simulator: Simulator
  private readonly said = new Transcript()
  private readonly ears = new Ears()
  private away: Extract<Perceived, { type: 'queued' | 'transferred' }> | undefined
  private talking = false
  private readonly backends: StubbedBackends
  /** An answer from outside has come, and what it does to the call has not happened yet. */
  private outside = false
  /** After the tone, and whether the caller has spoken. */
  private recording: { spoken: boolean } | undefined
  /** What the caller has left and no line of the test has been about yet. */
  private readonly leftBehind: Left[] = []
  private noted: string | undefined
  private ended: Extract<CallNote, { type: 'ended' }> | undefined
  private call!: SimulatedCall

  private constructor(compiled: Compiled, conversation: Conversation) {
    this.clock = new VirtualClock(conversation.at)
    const answered = (): void => void (this.outside = true)
    this.backends = new StubbedBackends(
      conversation.backends,
      this.clock,
      (who, words) => this.said.add(this.clock.now(), who, words),
      answered,
    )
    const history = new RecentCalls()
    for (const record of earlierCalls(
      { ...conversation, caller: conversation.caller ?? usualCaller },
      compiled.flow.name,
      compiled.flow.languages[0],
    ))
      history.keep(record)
    this.sessions = new Sessions({
      flowFor: () => compiled,
      clock: this.clock,
      history,
      log: quiet,
      voice: silent,
      switches: fixedSwitches(conversation.switches && onlyOn(compiled.flow, conversation.switches)),
      backends: this.backends,
      inbox: {
        async keep() {
          answered()
          if (conversation.inbox === 'failed') throw new Error('the inbox of the test fails')
        },
      },
    })
    this.simulator = new Simulator({ name: 'test', clock: this.clock })
  }

  /** Dials. `watch` is told of everything that happens to the call. */
  static async dial(
    compiled: Compiled,
    conversation: Conversation,
    watch: (note: CallNote) => void = () => {},
  ): Promise<SimulatedCaller> {
    const caller = new SimulatedCaller(unplugged(compiled), conversation)
    await caller.sessions.answer(caller.simulator)
    caller.sessions.watch((note) => {
      if (note.type === 'outcome') caller.noted = note.name
      if (note.type === 'ended') caller.ended = note
      if (note.type === 'left') caller.leftBehind.push(note.left)
      caller.said.noted(note)
      watch(note)
    })
    const called = conversation.dials ?? compiled.flow.numbers[0] ?? ''
    caller.call = caller.simulator.dial({ called, caller: conversation.caller ?? usualCaller }, (what) =>
      caller.perceives(what),
    )
    await caller.answered()
    return caller
  }

  async hears(text: string): Promise<void> {
    for (let n = 0; n < mostPrompts; n++) {
      if (this.ears.hears(text)) return
      if (!(await this.goesOn())) break
    }
    throw new Error(`"${text}" was not said; ${this.ears.why(text) ?? this.now()}`)
  }

  async presses(keys: string): Promise<void> {
    this.said.add(this.clock.now(), 'caller', `presses ${keys}`)
    for (const [i, key] of [...keys].entries()) {
      if (this.ended)
        throw new Error(i === 0 ? 'the call is over: nobody hears a key' : `the call was over before key ${i + 1}`)
      this.call.press(key)
      await this.answered()
    }
  }

  async waits(ms: number): Promise<void> {
    await this.listen()
    if (this.ended) throw new Error('the call is over')
    this.said.add(this.clock.now(), 'caller', `says nothing for ${writtenTime(ms)}`)
    await this.pass(ms)
  }

  async queued(queue: string, tell: Record<string, string> | undefined): Promise<void> {
    await this.listen(() => this.away !== undefined)
    const { away } = this
    if (away?.type !== 'queued' || this.talking) throw new Error(`the caller is in no queue; ${this.now()}`)
    if (away.queue !== queue) throw new Error(`the caller is in the queue ${away.queue}, not in ${queue}`)
    if (tell && !isDeepStrictEqual(toldInTests(away.tell), { ...tell }))
      throw new Error(`the agent sees ${seen(away.tell)}; the test says ${seen(tell)}`)
  }

  async transferred(to: string): Promise<void> {
    await this.listen(() => this.away !== undefined)
    const { away } = this
    if (away?.type !== 'transferred') throw new Error(`the caller is not transferred; ${this.now()}`)
    if (!sameNumber(away.to, to)) throw new Error(`the caller is transferred to ${away.to}, not to ${to}`)
  }

  async asked(request: Request, json: unknown): Promise<void> {
    await this.listen(() => this.backends.find(request, json) >= 0)
    const found = this.backends.take(request, json)
    if (found === 'taken') return
    const instead = found.other === undefined ? this.now() : `asked was ${found.other}`
    throw new Error(`nobody asked for ${madeInWords({ request, json })}; ${instead}`)
  }

  async agent(does: 'answers' | 'hangs-up'): Promise<void> {
    const away = await this.mustBeAway()
    if (does === 'answers' && this.talking) throw new Error('an agent talks with the caller already')
    if (does === 'hangs-up' && !this.talking) throw new Error('no agent has answered; write agent: answers before')
    this.said.add(this.clock.now(), 'agent', does === 'answers' ? 'answers' : 'hangs up')
    if (does === 'answers') {
      this.talking = true
      if (away === 'queued') this.call.agentAnswers('Agent 1')
      else this.call.answerTransfer()
    } else
      await this.comeBack(() =>
        away === 'queued' ? this.call.leaveQueue('answered') : this.call.endTransfer('answered'),
      )
  }

  async speaks(ms: number): Promise<void> {
    await this.listen(() => this.recording !== undefined)
    if (!this.recording) throw new Error(`nothing is recorded; ${this.now()}`)
    this.recording.spoken = true
    this.said.add(this.clock.now(), 'caller', `speaks for ${writtenTime(ms)}`)
    this.call.speak(ms)
    await this.pass(ms)
  }

  async left(said: LeftSaid): Promise<void> {
    const found = (): number => this.leftBehind.findIndex((one) => isLeft(one, said))
    await this.listen(() => found() >= 0)
    if (found() >= 0) return void this.leftBehind.splice(found(), 1)
    const other = this.leftBehind.find(({ kind }) => kind === said.kind) ?? this.leftBehind[0]
    throw new Error(
      other
        ? `the caller has left ${leftInWords(other)}; the test says ${leftInWords(said)}`
        : `the caller has left nothing; ${this.now()}`,
    )
  }

  async ends(how: Ending): Promise<void> {
    await this.listen(() => this.away !== undefined || this.recording !== undefined)
    if (this.recording && how === 'failed') {
      this.said.add(this.clock.now(), 'line', 'nothing can be recorded')
      this.call.failRecording()
      return
    }
    const away = await this.mustBeAway()
    if (this.talking) throw new Error('an agent talks with the caller')
    const fits = away === 'queued' ? ['nobody-there', 'failed'] : ['busy', 'no-answer', 'failed']
    if (!fits.includes(how))
      throw new Error(
        `a ${away === 'queued' ? 'queue' : 'transfer'} does not end with ${how}; it can be ${fits.join(', ')}`,
      )
    this.said.add(this.clock.now(), 'line', how)
    await this.comeBack(() =>
      away === 'queued' ? this.call.leaveQueue(how as 'failed') : this.call.endTransfer(how as 'failed'),
    )
  }

  async hangsUp(): Promise<void> {
    if (this.ended) throw new Error('the call is over already')
    this.said.add(this.clock.now(), 'caller', 'hangs up')
    this.call.hangUp()
  }

  async hungUp(outcome: string | undefined): Promise<void> {
    await this.listen()
    if (!this.ended) throw new Error(`the call goes on; ${this.now()}`)
    if (outcome !== undefined && this.ended.outcome !== outcome)
      throw new Error(`the call ended as ${this.ended.outcome}, not as ${outcome}`)
  }

  async outcome(name: string): Promise<void> {
    await this.listen()
    if (this.noted !== name)
      throw new Error(
        this.noted === undefined
          ? `no outcome has been noted; ${this.now()}`
          : `the outcome is ${this.noted}, not ${name}`,
      )
  }

  async end(): Promise<void> {
    if (!this.ended) this.call.hangUp()
    if (this.sessions.count > 0 || this.clock.pending > 0)
      throw new Error('the call is over, and something of it goes on: a mistake of Callwright, not of the flow')
  }

  transcript(): string[] {
    return this.said.lines()
  }

  /** What was asked of backends, and what they were to answer. */
  get asking(): Pick<StubbedBackends, 'unknown' | 'unused'> {
    return this.backends
  }

  /** Listens to what is being said, to its end or until something is so. */
  private async listen(until: () => boolean = () => false): Promise<void> {
    for (let n = 0; !until() && (await this.goesOn()); n++)
      if (n >= mostPrompts) throw new Error('the hotline talks on and on')
  }

  /**
   * What is being said is listened to, the answer of a backend is waited for, and so is the end of a recording when the
   * caller has spoken. Another silence of the caller's is not: that is what `waits` is for.
   */
  private async goesOn(): Promise<boolean> {
    if (this.ears.playing) await this.toTheEndOfThePrompt()
    else if (this.backends.waiting > 0 || this.recording?.spoken) await this.pass(this.clock.untilNext ?? 0)
    else return false
    return true
  }

  private async toTheEndOfThePrompt(): Promise<void> {
    const { playing } = this.ears
    if (playing) await this.pass(Math.max(0, playing.until - this.clock.now()))
    if (this.ears.playing === playing) this.ears.playing = undefined
  }

  /** Lets time pass; the answer of a backend comes at the time at which it was asked. */
  private async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms
    for (
      let next = this.clock.untilNext;
      next !== undefined && this.clock.now() + next <= end;
      next = this.clock.untilNext
    ) {
      this.clock.pass(next)
      await this.answered()
    }
    this.clock.pass(end - this.clock.now())
  }

  /** Waits for the promises of backends, which know no virtual time: a few turns each. */
  private async answered(): Promise<void> {
    while (this.outside) {
      this.outside = false
      for (let n = 0; n < 8; n++) await undefined
    }
  }

  private async mustBeAway(): Promise<'queued' | 'transferred'> {
    await this.listen(() => this.away !== undefined)
    if (!this.away) throw new Error(`the caller is neither in a queue nor transferred; ${this.now()}`)
    return this.away.type
  }

  private async comeBack(how: () => void): Promise<void> {
    this.away = undefined
    this.talking = false
    how()
    await this.answered()
  }

  /** How things stand, for the reason why a line does not fit. */
  private now(): string {
    if (this.ended) return 'the call is over'
    if (this.talking) return 'the caller talks with an agent'
    if (this.away)
      return this.away.type === 'queued'
        ? `the caller waits in the queue ${this.away.queue}`
        : `it rings at ${this.away.to}`
    if (this.recording) return 'what the caller says is recorded'
    const { untilNext } = this.clock
    return untilNext === undefined
      ? 'nothing more happens'
      : `nothing more is said until a key is pressed or ${writtenTime(untilNext)} pass`
  }

  private perceives(what: Perceived): void {
    this.recording = what.type === 'recording' ? { spoken: false } : undefined
    switch (what.type) {
      case 'replay':
        return this.ears.begins('', this.clock.now() + what.ms)
      case 'prompt':
        this.away = undefined
        this.talking = false
        return this.ears.begins(what.prompt.map(({ text }) => text).join(' '), this.clock.now() + what.ms)
      case 'prompt-stopped':
        this.ears.cut()
        return this.said.cut()
      case 'queued':
      case 'transferred':
        this.ears.playing = undefined
        this.away = what
        return
      default:
        this.ears.playing = undefined
    }
  }
}

const quiet: Log = { info() {}, warn() {}, error() {} }
const silent = { sound: () => Promise.reject(new Error('not on the simulator')) }
