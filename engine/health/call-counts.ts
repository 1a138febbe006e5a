import type { CallNote } from '../call/notes.ts'
import type { Clock } from '../ports.ts'
import { Counter, gauge, Histogram, type Family } from './series.ts'
import { WorstLately } from './worst-lately.ts'

/** Where callers are. */
export const places = ['flow', 'queue', 'agent', 'transfer', 'recording'] as const
export type Place = (typeof places)[number]

/** Since the start of this process. `fellBack`: Asterisk had to lead the caller on. */
export type CallTotals = { arrived: number; resumed: number; ended: number; fellBack: number }

type Running = { hotline: string; line: string; place: Place; counted: boolean }

/** What a call can come to without an outcome that its author has named; those are all `own` here. */
const outcomes = new Set(['answered', 'transferred', 'gave-up', 'finished', 'failed'])

/** Seconds. A caller waits in silence for three at most: that is to be a bound. */
const silences = [0.25, 0.5, 1, 2, 3, 5, 10, 30]
const answerTimes = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Counts calls from what is noted of them: no number, key or answer is kept. */
export class CallCounts {
  readonly totals: CallTotals = { arrived: 0, resumed: 0, ended: 0, fellBack: 0 }
  private readonly running = new Map<string, Running>()
  private readonly hotlines = new Set<string>()
  private readonly silence: WorstLately
  private readonly counters = {
    arrived: new Counter('callwright_calls_arrived_total', 'Calls that came in.'),
    resumed: new Counter(
      'callwright_calls_resumed_total',
      'Calls that another engine process had and this one went on with.',
    ),
    ended: new Counter(
      'callwright_calls_ended_total',
      'Calls that are over for the engine; by="line": Asterisk had to lead the caller on.',
    ),
    queued: new Counter('callwright_queue_handoffs_total', 'Callers handed over to a queue.'),
    answered: new Counter('callwright_agent_answers_total', 'Callers from a queue whom an agent answered.'),
    transferred: new Counter('callwright_transfers_total', 'Callers transferred to another number.'),
    recorded: new Counter('callwright_recordings_total', 'Recordings begun.'),
    left: new Counter('callwright_left_total', 'Things that callers have left for people.'),
    keys: new Counter('callwright_keys_total', 'Keys pressed.'),
    troubles: new Counter('callwright_troubles_total', 'Things that went wrong in calls; the log has the words.'),
    requests: new Counter(
      'callwright_requests_total',
      'Requests to backends that came to an end while the caller was there.',
    ),
  }
  private readonly requestTimes = new Histogram(
    'callwright_request_seconds',
    'How long backends took, failures included.',
    answerTimes,
  )
  private readonly deadAirs = new Histogram(
    'callwright_dead_air_seconds',
    'The longest silence of each call.',
    silences,
  )

  constructor(clock: Pick<Clock, 'steady'>) {
    this.silence = new WorstLately(clock, 3_600_000)
  }

  noted(note: CallNote): void {
    if (note.type === 'arrived') {
      const { line } = note.facts
      this.hotlines.add(note.hotline)
      this.running.set(note.call, { hotline: note.hotline, line, place: 'flow', counted: false })
      return
    }
    const call = this.running.get(note.call)
    if (!call) return
    const { hotline, line } = call
    // A call that is gone on with is told of as one that arrives, and then at once as what it is.
    if (!call.counted) {
      const how = note.type === 'resumed' ? 'resumed' : 'arrived'
      call.counted = true
      this.totals[how]++
      this.counters[how].add({ hotline, line })
    }
    this.countOne(call, note)
  }

  /** How many callers are where. */
  get now(): Record<Place, number> {
    const now = Object.fromEntries(places.map((place) => [place, 0])) as Record<Place, number>
    for (const { place } of this.running.values()) now[place]++
    return now
  }

  /** The longest silence of any call that ended in the last hour. Milliseconds. */
  get worstSilence(): number {
    return this.silence.value
  }

  families(): Family[] {
    return [
      gauge('callwright_calls_running', 'Callers on the line, by where they are.', this.runningNow()),
      ...Object.values(this.counters).map((counter) => counter.family()),
      this.requestTimes.family(),
      this.deadAirs.family(),
      gauge(
        'callwright_dead_air_worst_seconds',
        'The longest silence of the calls that ended in the last hour.',
        this.worstSilence / 1000,
      ),
    ]
  }

  private countOne(call: Running, note: Exclude<CallNote, { type: 'arrived' }>): void {
    const { hotline } = call
    const { counters } = this
    switch (note.type) {
      case 'step':
        call.place = 'flow'
        return
      case 'key':
        return counters.keys.add({ hotline })
      case 'queued':
        call.place = 'queue'
        return counters.queued.add({ hotline, queue: note.queue })
      case 'agent':
        call.place = 'agent'
        return counters.answered.add({ hotline })
      case 'transferred':
        call.place = 'transfer'
        return counters.transferred.add({ hotline })
      case 'recording':
        call.place = 'recording'
        return counters.recorded.add({ hotline })
      case 'left':
        return counters.left.add({ hotline, kind: note.left.kind })
      case 'request-answered':
        counters.requests.add({ backend: note.backend, how: note.how })
        return this.requestTimes.observe({ backend: note.backend }, note.ms / 1000)
      case 'trouble':
        return counters.troubles.add({ hotline })
      case 'ended':
        return this.ended(call, note)
    }
  }

  private ended({ hotline, line }: Running, note: Extract<CallNote, { type: 'ended' }>): void {
    this.running.delete(note.call)
    this.totals.ended++
    if (note.by === 'line') this.totals.fellBack++
    const outcome = outcomes.has(note.outcome) ? note.outcome : 'own'
    this.counters.ended.add({ hotline, line, by: note.by, outcome })
    this.deadAirs.observe({ line }, note.deadAir / 1000)
    this.silence.add(note.deadAir)
  }

  /** Also where there is nobody now, so that no series comes and goes. */
  private runningNow(): { labels: { hotline: string; place: string }; value: number }[] {
    const calls = [...this.running.values()]
    return [...this.hotlines].flatMap((hotline) =>
      places.map((place) => ({
        labels: { hotline, place },
        value: calls.filter((call) => call.hotline === hotline && call.place === place).length,
      })),
    )
  }
}
