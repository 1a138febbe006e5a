import { advance, begin, type Advanced, type Snapshot } from '../../engine/call/advance.ts'
import type { CallContext } from '../../engine/call/context.ts'
import type { Effect, Prompt } from '../../engine/call/effects.ts'
import type { CallEvent, RecordEnd } from '../../engine/call/events.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { fixedSwitches, onlyOn, switchesOn } from '../../engine/switches.ts'
import { spokenMs } from '../../engine/saying/length.ts'
import type { Conversation, Said } from '../conversation.ts'
import { earlierCalls } from '../earlier.ts'
import { leftSaid, toldInTests } from '../left.ts'
import { requestOf, type Answer, type Request } from '../stubs.ts'
import { askedOf } from '../unplugged.ts'

/** Who calls when. */
export type World = Pick<Conversation, 'at' | 'dials' | 'before' | 'switches'> & { caller: string }

/** Steps and ways in the order in which a call came to them. */
export type Mark = { step: string; way?: string }
export const idOf = ({ step, way }: Mark): string => (way === undefined ? step : `${step}\n${way}`)

/** What is done when a call waits: the lines of a test, or what a backend answers. */
export type Move = Said[] | { answer: Answer } | { inbox: 'failed' | undefined }

type Recording = { id: number; name: string; end: string; longest: number; until: number; spoken: number }
type Asking = { id: number; request: Request }
type Away = { type: 'queued' | 'transferred'; id: number; until: number }

/**
 * A call that can be gone on with in several ways: it can be copied, and each copy goes its own. It hears every prompt
 * to its end. What happens is written down as the lines of a test.
 */
export class Course {
  readonly world: World
  readonly lines: Said[]
  readonly walked: Mark[]
  /** What backends have answered. */
  readonly answers: { request: Request; answer: Answer }[]
  readonly compiled: Compiled
  snapshot: Snapshot
  now: number
  step: string
  away: Away | undefined
  /** A backend has been asked. */
  asking: Asking | undefined
  /** The caller may speak. */
  recording: Recording | undefined
  /** What the caller has left is being kept; undefined when nothing is. */
  keeping: number | undefined
  /** Whether what the caller leaves can be kept; unknown until something is left. */
  inbox: 'works' | 'failed' | undefined
  over: boolean
  private outcome: string | undefined
  private recorded: { name: string; ms: number }
  private playing: { id: number; until: number } | undefined
  private readonly timers: Map<string, number>
  private readonly waiting: CallEvent[] = []

  private constructor(compiled: Compiled, world: World, from?: Course) {
    this.compiled = compiled
    this.world = world
    this.lines = [...(from?.lines ?? [])]
    this.walked = [...(from?.walked ?? [])]
    this.answers = [...(from?.answers ?? [])]
    this.timers = new Map(from?.timers)
    this.now = from?.now ?? world.at
    this.step = from?.step ?? ''
    this.away = from?.away
    this.asking = from?.asking
    this.recording = from?.recording
    this.keeping = from?.keeping
    this.inbox = from?.inbox
    this.recorded = from?.recorded ?? { name: '', ms: 0 }
    this.over = from?.over ?? false
    this.outcome = from?.outcome
    this.snapshot = from?.snapshot as Snapshot
  }

  /** A call comes in, and is at its first question, in a queue or at its end. */
  static begin(compiled: Compiled, world: World): Course {
    const { name, languages, numbers } = compiled.flow
    const course = new Course(compiled, world)
    const facts = {
      id: `test-${world.at}-1`,
      line: 'test',
      called: world.dials ?? numbers[0] ?? '',
      caller: world.caller,
    }
    // The latest call stands first.
    const earlier = earlierCalls(world, name, languages[0]).reverse()
    course.came(begin(compiled.machine, facts, earlier, world.at, switchesIn(compiled, world)))
    course.drain()
    course.listen()
    return course
  }

  /** A copy that goes on by itself, as it is after this. */
  after(move: Move): Course {
    const course = new Course(this.compiled, this.world, this)
    if ('answer' in move) course.answered(move.answer)
    else if ('inbox' in move) course.kept(move.inbox ?? 'works')
    else for (const line of move) course.take(line)
    return course
  }

  get context(): CallContext {
    return this.snapshot.context as CallContext
  }

  /** Milliseconds to what happens when nobody does anything; undefined when nothing does. */
  get untilNext(): number | undefined {
    const next = Math.min(...this.timers.values(), this.away?.until ?? Infinity, this.recording?.until ?? Infinity)
    return Number.isFinite(next) ? next - this.now : undefined
  }

  private take(line: Said): void {
    this.lines.push(line)
    const { away, recording } = this
    switch (line.type) {
      case 'presses':
        for (const key of line.keys) this.press(key)
        break
      case 'waits':
        this.pass(this.now + line.ms)
        break
      case 'speaks':
        if (recording) this.recording = { ...recording, spoken: line.ms, until: recording.until + line.ms }
        this.pass(this.now + line.ms)
        break
      case 'agent':
        if (away?.type === 'queued' && line.does === 'answers') {
          this.outcome ??= 'answered'
          this.away = { ...away, until: Infinity }
          this.happened({ type: 'agent-answered', id: away.id, agent: 'Agent 1' })
        } else if (line.does === 'hangs-up') this.comeBack('answered')
        break
      default:
        if (this.recording) this.endRecording('failed')
        else this.comeBack(line.type as 'failed')
    }
    this.listen()
  }

  private answered(answer: Answer): void {
    const { asking } = this
    if (!asking) return
    this.asking = undefined
    this.answers.push({ request: asking.request, answer })
    const ok = answer.status === 'failed' ? undefined : { data: answer.json }
    this.happened({ type: 'request-answered', id: asking.id, how: ok ? 'ok' : 'failed', ...ok })
    this.listen()
  }

  private kept(inbox: 'works' | 'failed'): void {
    const { keeping } = this
    if (keeping === undefined) return
    this.keeping = undefined
    this.inbox = inbox
    this.happened({ type: 'delivered', id: keeping, how: inbox === 'works' ? 'ok' : 'failed' })
    this.listen()
  }

  private endRecording(how: RecordEnd = this.recording?.spoken ? 'recorded' : 'nothing-said'): void {
    const { recording } = this
    if (!recording) return
    this.recording = undefined
    this.recorded = { name: recording.name, ms: recording.spoken }
    this.happened({ type: 'recorded', id: recording.id, how, ms: recording.spoken })
  }

  private press(key: string): void {
    if (this.recording) return key === this.recording.end ? this.endRecording() : undefined
    if (!this.over && !this.away) this.happened({ type: 'key-pressed', key })
  }

  private comeBack(how: 'answered' | 'failed' | 'timed-out'): void {
    const { away } = this
    if (!away) return
    this.away = undefined
    if (away.type === 'transferred' && how === 'answered') this.outcome ??= 'transferred'
    this.happened(
      away.type === 'queued'
        ? { type: 'queue-left', id: away.id, how }
        : { type: 'transfer-ended', id: away.id, how: how as 'failed' },
    )
  }

  /** To the end of all that is said. */
  private listen(): void {
    for (let n = 0; this.playing && n < 1000; n++) this.pass(this.playing.until)
  }

  /** Lets time pass; what falls due happens at its time. */
  private pass(end: number): void {
    for (let n = 0; n < 1000; n++) {
      const due = this.due()
      if (!due || due.at > end) break
      this.now = due.at
      due.run()
    }
    this.now = Math.max(this.now, end)
  }

  private due(): { at: number; run: () => void } | undefined {
    const { playing, away, recording } = this
    const all = [...this.timers].map(([timer, at]) => ({ at, run: () => this.fire(timer) }))
    if (playing) all.push({ at: playing.until, run: () => this.finish(playing.id) })
    if (recording) all.push({ at: recording.until, run: () => this.endRecording() })
    if (away) all.push({ at: away.until, run: () => this.comeBack('timed-out') })
    return all.sort((a, b) => a.at - b.at)[0]
  }

  private fire(timer: string): void {
    this.timers.delete(timer)
    this.happened({ type: 'timer-fired', timer })
  }

  private finish(id: number): void {
    this.playing = undefined
    this.happened({ type: 'prompt-finished', id })
  }

  private happened(event: CallEvent): void {
    this.waiting.push(event)
    this.drain()
  }

  private drain(): void {
    for (let next = this.waiting.shift(); next && !this.over; next = this.waiting.shift())
      this.came(advance(this.compiled.machine, this.snapshot, next, this.now))
  }

  private came({ snapshot, effects }: Advanced): void {
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
        return void this.timers.set(effect.timer, this.now + effect.ms)
      case 'cancel-timer':
        return void this.timers.delete(effect.timer)
      case 'play':
        return this.play(effect.id, effect.prompt)
      case 'request':
        return this.request(effect)
      case 'record':
        return this.record(effect)
      case 'replay': {
        const { name, ms } = this.recorded
        this.playing = { id: effect.id, until: this.now + (name === effect.recording ? ms : 0) }
        return
      }
      case 'deliver':
        return this.deliver(effect)
      case 'stop-playback':
        // A prompt cut off by the next key of the same line is not heard.
        if (this.playing && this.lines.at(-1)?.type === 'hears') this.lines.pop()
        this.playing = undefined
        return
      case 'queue':
        this.playing = undefined
        this.away = { type: 'queued', id: effect.id, until: effect.maxWait > 0 ? this.now + effect.maxWait : Infinity }
        return void this.lines.push({
          type: 'queued',
          queue: effect.queue,
          ...(Object.keys(effect.tell).length > 0 ? { tell: toldInTests(effect.tell) } : {}),
        })
      case 'transfer':
        this.playing = undefined
        this.away = { type: 'transferred', id: effect.id, until: Infinity }
        return void this.lines.push({ type: 'transferred', to: effect.to })
      case 'hang-up':
        this.over = true
        this.playing = undefined
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
    this.playing = undefined
    this.recording = { id, name, end, longest, until: this.now + Math.min(silence, longest), spoken: 0 }
  }

  private deliver({ id, left }: Extract<Effect, { type: 'deliver' }>): void {
    if ('refused' in left) return void this.waiting.push({ type: 'delivered', id, how: 'failed' })
    this.lines.push({ type: 'left', left: leftSaid(left) })
    if (this.inbox === undefined) this.keeping = id
    else this.waiting.push({ type: 'delivered', id, how: this.inbox === 'works' ? 'ok' : 'failed' })
  }

  private play(id: number, prompt: Prompt): void {
    if (prompt.length === 0) return void this.waiting.push({ type: 'prompt-finished', id })
    this.playing = { id, until: this.now + spokenMs(prompt) }
    const text = beginningOf(prompt[0]!.text)
    if (text !== '') this.lines.push({ type: 'hears', text })
  }
}

/** The switches that are on. */
export const switchesIn = ({ flow }: Compiled, { switches }: Pick<World, 'switches'>): string[] =>
  switchesOn(flow, fixedSwitches(switches && onlyOn(flow, switches)))

/** The first words of a text: enough to know it by. */
function beginningOf(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  if (plain.length <= 60) return plain
  const end = plain.lastIndexOf(' ', 60)
  return plain.slice(0, end > 20 ? end : 60)
}
