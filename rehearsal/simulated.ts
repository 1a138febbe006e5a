import { isDeepStrictEqual } from 'node:util'
import type { Left } from '../engine/call/effects.ts'
import type { CallNote } from '../engine/call/notes.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { sameNumber } from '../engine/language/flow.ts'
import type { Perceived, SimulatedCall } from '../telephony/simulator.ts'
import { writtenTime, type Caller, type Conversation, type Ending, type LeftSaid } from './conversation.ts'
import { Ears } from './ears.ts'
import { isLeft, leftInWords, toldInTests } from './left.ts'
import { standing, wrongEnd } from './standing.ts'
import { Stage } from './stage.ts'
import { madeInWords, type Request, type StubbedBackends } from './stubs.ts'
import { seen, Transcript, type Who } from './transcript.ts'
import { unplugged } from './unplugged.ts'

/** Prompts said one after the other while one line of a test is carried out; more are a hotline that never stops. */
const mostPrompts = 1000

/** A caller on the simulator: no second of real time passes. */
export class SimulatedCaller implements Caller {
  private readonly stage: Stage
  private readonly said = new Transcript()
  private readonly ears = new Ears()
  private away: Extract<Perceived, { type: 'queued' | 'transferred' }> | undefined
  private talking = false
  /** After the tone, and whether the caller has spoken. */
  private recording: { spoken: boolean } | undefined
  /** What the caller has left and no line of the test has been about yet. */
  private readonly leftBehind: Left[] = []
  private noted: string | undefined
  private ended: Extract<CallNote, { type: 'ended' }> | undefined
  private call!: SimulatedCall

  private constructor(compiled: Compiled, conversation: Conversation) {
    this.stage = new Stage(unplugged(compiled), conversation, (who, words) => this.tell(who, words))
  }

  /** Dials. `watch` is told of everything that happens to the call. */
  static async dial(
    compiled: Compiled,
    conversation: Conversation,
    watch: (note: CallNote) => void = () => {},
  ): Promise<SimulatedCaller> {
    const caller = new SimulatedCaller(compiled, conversation)
    const noted = (note: CallNote): void => {
      caller.happens(note)
      watch(note)
    }
    caller.call = await caller.stage.dial(noted, (what) => caller.perceives(what))
    await caller.stage.answered()
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
    this.tell('caller', `presses ${keys}`)
    for (const [i, key] of [...keys].entries()) {
      if (this.ended)
        throw new Error(i === 0 ? 'the call is over: nobody hears a key' : `the call was over before key ${i + 1}`)
      this.call.press(key)
      await this.stage.answered()
    }
  }

  async waits(ms: number): Promise<void> {
    await this.listen()
    if (this.ended) throw new Error('the call is over')
    this.tell('caller', `says nothing for ${writtenTime(ms)}`)
    await this.stage.pass(ms)
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
    await this.listen(() => this.stage.backends.find(request, json) >= 0)
    const found = this.stage.backends.take(request, json)
    if (found === 'taken') return
    const instead = found.other === undefined ? this.now() : `asked was ${found.other}`
    throw new Error(`nobody asked for ${madeInWords(request, json)}; ${instead}`)
  }

  async agent(does: 'answers' | 'hangs-up'): Promise<void> {
    const away = await this.mustBeAway()
    if (does === 'answers' && this.talking) throw new Error('an agent talks with the caller already')
    if (does === 'hangs-up' && !this.talking) throw new Error('no agent has answered; write agent: answers before')
    this.tell('agent', does === 'answers' ? 'answers' : 'hangs up')
    if (does === 'answers') {
      this.talking = true
      if (away === 'queued') this.call.agentAnswers('Agent 1')
      else this.call.answerTransfer()
    } else await this.comeBack(away, 'answered')
  }

  async speaks(ms: number): Promise<void> {
    await this.listen(() => this.recording !== undefined)
    if (!this.recording) throw new Error(`nothing is recorded; ${this.now()}`)
    this.recording.spoken = true
    this.tell('caller', `speaks for ${writtenTime(ms)}`)
    this.call.speak(ms)
    await this.stage.pass(ms)
  }

  async left(said: LeftSaid): Promise<void> {
    const found = (): number => this.leftBehind.findIndex((one) => isLeft(one, said))
    await this.listen(() => found() >= 0)
    if (found() >= 0) return void this.leftBehind.splice(found(), 1)
    const other = this.leftBehind.find(({ kind }) => kind === said.kind) ?? this.leftBehind[0]
    if (!other) throw new Error(`the caller has left nothing; ${this.now()}`)
    throw new Error(`the caller has left ${leftInWords(other)}; the test says ${leftInWords(said)}`)
  }

  async ends(how: Ending): Promise<void> {
    await this.listen(() => this.away !== undefined || this.recording !== undefined)
    if (this.recording && how === 'failed') {
      this.tell('line', 'nothing can be recorded')
      return this.call.failRecording()
    }
    const away = await this.mustBeAway()
    if (this.talking) throw new Error('an agent talks with the caller')
    const wrong = wrongEnd(away, how)
    if (wrong !== undefined) throw new Error(wrong)
    this.tell('line', how)
    await this.comeBack(away, how as 'failed')
  }

  async hangsUp(): Promise<void> {
    if (this.ended) throw new Error('the call is over already')
    this.tell('caller', 'hangs up')
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
    const { noted } = this
    if (noted === undefined) throw new Error(`no outcome has been noted; ${this.now()}`)
    if (noted !== name) throw new Error(`the outcome is ${noted}, not ${name}`)
  }

  async end(): Promise<void> {
    if (!this.ended) this.call.hangUp()
    if (this.stage.goesOn)
      throw new Error('the call is over, and something of it goes on: a mistake of Callwright, not of the flow')
  }

  transcript(): string[] {
    return this.said.lines()
  }

  /** What was asked of backends, and what they were to answer. */
  get asking(): Pick<StubbedBackends, 'unknown' | 'unused'> {
    return this.stage.backends
  }

  private tell(who: Who, words: string): void {
    this.said.add(this.stage.clock.now(), who, words)
  }

  private happens(note: CallNote): void {
    if (note.type === 'outcome') this.noted = note.name
    if (note.type === 'ended') this.ended = note
    if (note.type === 'left') this.leftBehind.push(note.left)
    this.said.noted(note)
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
    const { backends, clock } = this.stage
    const { playing } = this.ears
    if (playing) {
      await this.stage.pass(Math.max(0, playing.until - clock.now()))
      if (this.ears.playing === playing) this.ears.playing = undefined
    } else if (backends.waiting > 0 || this.recording?.spoken) await this.stage.pass(clock.untilNext ?? 0)
    else return false
    return true
  }

  private async mustBeAway(): Promise<'queued' | 'transferred'> {
    await this.listen(() => this.away !== undefined)
    if (!this.away) throw new Error(`the caller is neither in a queue nor transferred; ${this.now()}`)
    return this.away.type
  }

  private async comeBack(from: 'queued' | 'transferred', how: 'answered' | 'failed'): Promise<void> {
    this.away = undefined
    this.talking = false
    if (from === 'queued') this.call.leaveQueue(how)
    else this.call.endTransfer(how)
    await this.stage.answered()
  }

  /** How things stand, for the reason why a line does not fit. */
  private now(): string {
    const { ended, talking, away, recording } = this
    const { untilNext } = this.stage.clock
    return standing({ over: ended !== undefined, talking, away, recording: recording !== undefined, untilNext })
  }

  private perceives(what: Perceived): void {
    this.recording = what.type === 'recording' ? { spoken: false } : undefined
    if (what.type !== 'prompt-stopped') this.ears.playing = undefined
    switch (what.type) {
      case 'replay':
        return this.ears.begins('', this.stage.clock.now() + what.ms)
      case 'prompt':
        this.away = undefined
        this.talking = false
        return this.ears.begins(what.prompt.map(({ text }) => text).join(' '), this.stage.clock.now() + what.ms)
      case 'prompt-stopped':
        this.ears.cut()
        return this.said.cut()
      case 'queued':
      case 'transferred':
        this.away = what
    }
  }
}
