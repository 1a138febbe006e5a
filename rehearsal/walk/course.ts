import { advance, begin, type Advanced, type Snapshot } from '../../engine/call/advance.ts'
import type { CallContext } from '../../engine/call/context.ts'
import type { Effect, Prompt } from '../../engine/call/effects.ts'
import type { CallEvent } from '../../engine/call/events.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { spokenMs } from '../../engine/saying/length.ts'
import type { Conversation, Said } from '../conversation.ts'
import { earlierCalls } from '../earlier.ts'

/** Who calls when. */
export type World = Pick<Conversation, 'at' | 'dials' | 'before'> & { caller: string }

/** Steps and ways in the order in which a call came to them. */
export type Mark = { step: string; way?: string }
export const idOf = ({ step, way }: Mark): string => (way === undefined ? step : `${step}\n${way}`)

type Away = { type: 'queued' | 'transferred'; id: number; until: number }

/**
 * A call that can be gone on with in several ways: it can be copied, and each copy goes its own. It hears every prompt
 * to its end. What happens is written down as the lines of a test.
 */
export class Course {
  readonly world: World
  readonly lines: Said[]
  readonly walked: Mark[]
  readonly compiled: Compiled
  snapshot: Snapshot
  now: number
  step: string
  away: Away | undefined
  over: boolean
  private outcome: string | undefined
  private playing: { id: number; until: number } | undefined
  private readonly timers: Map<string, number>
  private readonly waiting: CallEvent[] = []

  private constructor(compiled: Compiled, world: World, from?: Course) {
    this.compiled = compiled
    this.world = world
    this.lines = [...(from?.lines ?? [])]
    this.walked = [...(from?.walked ?? [])]
    this.timers = new Map(from?.timers)
    this.now = from?.now ?? world.at
    this.step = from?.step ?? ''
    this.away = from?.away
    this.over = from?.over ?? false
    this.outcome = from?.outcome
    this.snapshot = from?.snapshot as Snapshot
  }

  /** A call comes in, and is at its first question, in a queue or at its end. */
  static begin(compiled: Compiled, world: World): Course {
    const { name, languages, numbers } = compiled.flow
    const course = new Course(compiled, world)
    const facts = {
      id: `walk-${world.at}`,
      line: 'test',
      called: world.dials ?? numbers[0] ?? '',
      caller: world.caller,
    }
    // The latest call stands first.
    const earlier = earlierCalls(world, name, languages[0]).reverse()
    course.came(begin(compiled.machine, facts, earlier, world.at))
    course.drain()
    course.listen()
    return course
  }

  /** A copy that goes on by itself, as it is after these lines. */
  after(lines: Said[]): Course {
    const course = new Course(this.compiled, this.world, this)
    for (const line of lines) course.take(line)
    return course
  }

  get context(): CallContext {
    return this.snapshot.context as CallContext
  }

  /** Milliseconds to what happens when nobody does anything; undefined when nothing does. */
  get untilNext(): number | undefined {
    const next = Math.min(...this.timers.values(), this.away?.until ?? Infinity)
    return Number.isFinite(next) ? next - this.now : undefined
  }

  private take(line: Said): void {
    this.lines.push(line)
    const { away } = this
    switch (line.type) {
      case 'presses':
        for (const key of line.keys) this.press(key)
        break
      case 'waits':
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
        this.comeBack(line.type as 'failed')
    }
    this.listen()
  }

  private press(key: string): void {
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
    const { playing, away } = this
    const all = [...this.timers].map(([timer, at]) => ({ at, run: () => this.fire(timer) }))
    if (playing) all.push({ at: playing.until, run: () => this.finish(playing.id) })
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
      // Tests cannot give the answers of backends yet.
      case 'request':
        return void this.waiting.push({ type: 'request-answered', id: effect.id, how: 'failed' })
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
          ...(Object.keys(effect.tell).length > 0 ? { tell: effect.tell } : {}),
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

  private play(id: number, prompt: Prompt): void {
    if (prompt.length === 0) return void this.waiting.push({ type: 'prompt-finished', id })
    this.playing = { id, until: this.now + spokenMs(prompt) }
    const text = beginningOf(prompt[0]!.text)
    if (text !== '') this.lines.push({ type: 'hears', text })
  }
}

/** The first words of a text: enough to know it by. */
function beginningOf(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  if (plain.length <= 60) return plain
  const end = plain.lastIndexOf(' ', 60)
  return plain.slice(0, end > 20 ? end : 60)
}
