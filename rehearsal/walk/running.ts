import { advance, type Advanced, type Snapshot } from '../../engine/call/advance.ts'
import type { CallContext } from '../../engine/call/context.ts'
import type { Effect, Prompt } from '../../engine/call/effects.ts'
import type { CallEvent, RecordEnd } from '../../engine/call/events.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { spokenMs } from '../../engine/saying/length.ts'
import type { Conversation, Said } from '../conversation.ts'
import { leftSaid, toldInTests } from '../left.ts'
import { requestOf, type Answer, type Request } from '../stubs.ts'
import { askedOf } from '../unplugged.ts'
import { beginningOf } from './beginning.ts'
import type { Mark } from './mark.ts'
import { UnderWay, type Away, type Due, type Recording } from './under-way.ts'

/** Who calls when. */
export type World = Pick<Conversation, 'at' | 'dials' | 'before' | 'switches'> & { caller: string }

type Asking = { id: number; request: Request }

/** A call that runs by itself, in a time of its own. It hears every prompt to its end; what happens is written down. */
export class RunningCall {
  readonly world: World
  readonly lines: Said[]
  readonly walked: Mark[]
  /** What backends have answered. */
  readonly answers: { request: Request; answer: Answer }[]
  readonly compiled: Compiled
  snapshot: Snapshot
  now: number
  step: string
  /** A backend has been asked. */
  asking: Asking | undefined
  /** What the caller has left is being kept; undefined when nothing is. */
  keeping: number | undefined
  /** Whether what the caller leaves can be kept; unknown until something is left. */
  inbox: 'works' | 'failed' | undefined
  over: boolean
  protected outcome: string | undefined
  private recorded: { name: string; ms: number }
  protected readonly underWay: UnderWay
  private readonly waiting: CallEvent[] = []

  protected constructor(compiled: Compiled, world: World, from?: RunningCall) {
    this.compiled = compiled
    this.world = world
    this.lines = [...(from?.lines ?? [])]
    this.walked = [...(from?.walked ?? [])]
    this.answers = [...(from?.answers ?? [])]
    this.underWay = new UnderWay(from?.underWay)
    this.now = from?.now ?? world.at
    this.step = from?.step ?? ''
    this.asking = from?.asking
    this.keeping = from?.keeping
    this.inbox = from?.inbox
    this.recorded = from?.recorded ?? { name: '', ms: 0 }
    this.over = from?.over ?? false
    this.outcome = from?.outcome
    this.snapshot = from?.snapshot as Snapshot
  }

  get context(): CallContext {
    return this.snapshot.context as CallContext
  }

  get away(): Away | undefined {
    return this.underWay.away
  }

  /** The caller may speak. */
  get recording(): Recording | undefined {
    return this.underWay.recording
  }

  /** Milliseconds to what happens when nobody does anything; undefined when nothing does. */
  get untilNext(): number | undefined {
    const { next } = this.underWay
    return next && next.at - this.now
  }

  protected endRecording(how: RecordEnd = this.recording?.spoken ? 'recorded' : 'nothing-said'): void {
    const { recording } = this
    if (!recording) return
    this.underWay.recording = undefined
    this.recorded = { name: recording.name, ms: recording.spoken }
    this.happened({ type: 'recorded', id: recording.id, how, ms: recording.spoken })
  }

  protected comeBack(how: 'answered' | 'failed' | 'timed-out'): void {
    const { away } = this
    if (!away) return
    this.underWay.away = undefined
    if (away.type === 'transferred' && how === 'answered') this.outcome ??= 'transferred'
    this.happened(
      away.type === 'queued'
        ? { type: 'queue-left', id: away.id, how }
        : { type: 'transfer-ended', id: away.id, how: how as 'failed' },
    )
  }

  /** To the end of all that is said. */
  protected listen(): void {
    for (let n = 0; this.underWay.playing && n < 1000; n++) this.pass(this.underWay.playing.until)
  }

  /** Lets time pass; what falls due happens at its time. */
  protected pass(end: number): void {
    for (let n = 0; n < 1000; n++) {
      const due = this.underWay.next
      if (!due || due.at > end) break
      this.now = due.at
      this.fellDue(due)
    }
    this.now = Math.max(this.now, end)
  }

  private fellDue(due: Due): void {
    const { underWay } = this
    switch (due.type) {
      case 'timer':
        underWay.timers.delete(due.timer)
        return this.happened({ type: 'timer-fired', timer: due.timer })
      case 'prompt':
        underWay.playing = undefined
        return this.happened({ type: 'prompt-finished', id: due.id })
      case 'recording':
        return this.endRecording()
      case 'away':
        return this.comeBack('timed-out')
    }
  }

  protected happened(event: CallEvent): void {
    this.waiting.push(event)
    this.drain()
  }

  protected drain(): void {
    for (let next = this.waiting.shift(); next && !this.over; next = this.waiting.shift())
      this.came(advance(this.compiled.machine, this.snapshot, next, this.now))
  }

  protected came({ snapshot, effects }: Advanced): void {
    this.snapshot = snapshot
    for (const effect of effects) this.perform(effect)
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case 'enter':
        this.step = effect.step
        this.walked.push({ step: effect.step })
        return
      case 'leave':
        return void this.walked.push({ step: effect.step, way: effect.way })
      case 'outcome':
        this.outcome = effect.name
        return
      case 'start-timer':
        return void this.underWay.timers.set(effect.timer, this.now + effect.ms)
      case 'cancel-timer':
        return void this.underWay.timers.delete(effect.timer)
      case 'play':
        return this.play(effect.id, effect.prompt)
      case 'request':
        return this.request(effect)
      case 'record':
        return this.record(effect)
      case 'replay': {
        const { name, ms } = this.recorded
        this.underWay.playing = { id: effect.id, until: this.now + (name === effect.recording ? ms : 0) }
        return
      }
      case 'deliver':
        return this.deliver(effect)
      case 'stop-playback':
        // A prompt cut off by the next key of the same line is not heard.
        if (this.underWay.playing && this.lines.at(-1)?.type === 'hears') this.lines.pop()
        this.underWay.playing = undefined
        return
      case 'queue': {
        const until = effect.maxWait > 0 ? this.now + effect.maxWait : Infinity
        this.underWay.playing = undefined
        this.underWay.away = { type: 'queued', id: effect.id, until }
        return void this.lines.push({
          type: 'queued',
          queue: effect.queue,
          ...(Object.keys(effect.tell).length > 0 ? { tell: toldInTests(effect.tell) } : {}),
        })
      }
      case 'transfer':
        this.underWay.playing = undefined
        this.underWay.away = { type: 'transferred', id: effect.id, until: Infinity }
        return void this.lines.push({ type: 'transferred', to: effect.to })
      case 'hang-up':
        this.over = true
        this.underWay.playing = undefined
        return void this.lines.push({ type: 'hung-up', outcome: this.outcome ?? 'finished' })
      default:
    }
  }

  private request({ id, asked }: Extract<Effect, { type: 'request' }>): void {
    const request = 'url' in asked ? requestOf(askedOf(asked.url)) : undefined
    if (!request || 'refused' in asked) return void this.waiting.push({ type: 'request-answered', id, how: 'failed' })
    this.asking = { id, request: { method: asked.method, path: request.path } }
  }

  private record({ id, recording: name, end, longest, silence }: Extract<Effect, { type: 'record' }>): void {
    this.underWay.playing = undefined
    this.underWay.recording = { id, name, end, longest, until: this.now + Math.min(silence, longest), spoken: 0 }
  }

  private deliver({ id, left }: Extract<Effect, { type: 'deliver' }>): void {
    if ('refused' in left) return void this.waiting.push({ type: 'delivered', id, how: 'failed' })
    this.lines.push({ type: 'left', left: leftSaid(left) })
    if (this.inbox === undefined) this.keeping = id
    else this.waiting.push({ type: 'delivered', id, how: this.inbox === 'works' ? 'ok' : 'failed' })
  }

  private play(id: number, prompt: Prompt): void {
    if (prompt.length === 0) return void this.waiting.push({ type: 'prompt-finished', id })
    this.underWay.playing = { id, until: this.now + spokenMs(prompt) }
    const text = beginningOf(prompt[0]!.text)
    if (text !== '') this.lines.push({ type: 'hears', text })
  }
}
