import { begin } from '../../engine/call/advance.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { plainNumber } from '../../engine/language/flow.ts'
import { fixedSwitches, onlyOn, switchesOn } from '../../engine/switches.ts'
import type { Said } from '../conversation.ts'
import { earlierCalls } from '../earlier.ts'
import type { Answer } from '../stubs.ts'
import { RunningCall, type World } from './running.ts'

/** What is done when a call waits: the lines of a test, or what a backend answers. */
export type Move = Said[] | { answer: Answer } | { inbox: 'failed' | undefined }

/** A call that can be gone on with in several ways: it can be copied, and each copy goes its own. */
export class Course extends RunningCall {
  /** A call comes in, and is at its first question, in a queue or at its end. */
  static begin(compiled: Compiled, world: World): Course {
    const { name, languages, numbers } = compiled.flow
    const course = new Course(compiled, world)
    const facts = {
      id: `test-${world.at}-1`,
      line: 'test',
      called: plainNumber(world.dials ?? numbers[0] ?? ''),
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
        if (recording) this.underWay.recording = { ...recording, spoken: line.ms, until: recording.until + line.ms }
        this.pass(this.now + line.ms)
        break
      case 'agent':
        if (away?.type === 'queued' && line.does === 'answers') {
          this.outcome ??= 'answered'
          this.underWay.away = { ...away, until: Infinity }
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

  private press(key: string): void {
    if (this.recording) return key === this.recording.end ? this.endRecording() : undefined
    if (!this.over && !this.away) this.happened({ type: 'key-pressed', key })
  }
}

/** The switches that are on. */
const switchesIn = ({ flow }: Compiled, { switches }: Pick<World, 'switches'>): string[] =>
  switchesOn(flow, fixedSwitches(switches && onlyOn(flow, switches)))
