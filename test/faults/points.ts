import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import type { Phone, PhoneCall } from '../phone/phone.ts'
import { Bed, type Spoken } from './bed.ts'
import { count, ms, type Figure } from './figures.ts'
import { longestSilence } from './silence.ts'

/** Calls at the same time, each with an Asterisk and an engine of its own. */
const ATONCE = 3
/** What the caller presses at each prompt. */
const keys: Partial<Record<Spoken, string>> = { main: '1', number: '4711', survey: '5' }

/** What came of one call in which the engine was killed. `points`: those it came to. */
type Outcome = { finished: boolean; entries: number; answers: number; talks: number; silence: number; points: string[] }

/**
 * One call with a request, a queue and a survey in it, again and again; each time the engine is killed right behind
 * another durable write, order to Asterisk or request, and started again.
 */
export async function killedAtEveryPoint(): Promise<Figure[]> {
  const first = await Worker.open()
  const whole = await first.call(0)
  const total = whole.points.length
  const workers = [first, ...await Promise.all(Array.from({ length: ATONCE - 1 }, () => Worker.open()))]
  const outcomes: Outcome[] = []
  let next = 1
  await Promise.all(workers.map(async (worker) => {
    while (next <= total) {
      const at = next++
      const outcome = await worker.call(at)
      outcomes.push(outcome)
      if (!isWhole(outcome)) console.error(`point ${at} of ${total}, ${outcome.points.at(-1)}: ${told(outcome)}`)
    }
  }))
  await Promise.all(workers.map((worker) => worker.close()))
  return [
    count(`of ${total} points, the call was not finished`, outcomes.filter(({ finished }) => !finished).length),
    count('entries at the backend twice', outcomes.filter(({ entries }) => entries > 1).length),
    count('answers to the survey twice', outcomes.filter(({ answers }) => answers > 1).length),
    count('request or survey left out, Asterisk having led the call on', outcomes.filter(left).length),
    count('talked with an agent twice or not at all', outcomes.filter(({ talks }) => talks !== 1).length),
    ms('longest silence', Math.max(...outcomes.map(({ silence }) => silence)), 3000),
  ]
}

const left = ({ entries, answers }: Outcome): boolean => entries === 0 || answers === 0

const isWhole = ({ finished, entries, answers, talks }: Outcome): boolean =>
  finished && entries === 1 && answers === 1 && talks === 1

const told = ({ finished, entries, answers, talks }: Outcome): string =>
  `${finished ? '' : 'not '}finished, ${entries} entries, ${answers} answers, ${talks} talks with an agent`

/** A bed with an agent, for one call after the other. */
class Worker {
  private readonly bed: Bed
  private readonly phone: Phone
  private calls = 0
  private talks = 0
  private closed = false

  private constructor(bed: Bed, phone: Phone, agent: Phone) {
    this.bed = bed
    this.phone = phone
    void this.answers(agent)
  }

  static async open(): Promise<Worker> {
    const bed = await Bed.open({ agents: 1 })
    return new Worker(bed, await bed.phone(), await bed.agent())
  }

  /** A call from its beginning to its end; `dieAt`: behind which point the engine is killed, 0 for none. */
  async call(dieAt: number): Promise<Outcome> {
    const { bed } = this
    const points = join(bed.data, 'points')
    rmSync(points, { force: true })
    const engine = await bed.startEngine({
      node: ['--import', './test/faults/points.mjs'],
      env: { DIE_AT: String(dieAt), POINTS: points },
    })
    let done = false
    void engine.whenEnded().then(() => !done && bed.launch())
    const from = `+6125554${String(this.calls++).padStart(4, '0')}`
    this.talks = 0
    const before = bed.ledger.entries.size
    const call = await this.phone.dial('900', { from })
    const dialled = performance.now()
    const over = await conversation(call)
    const finished = call.playings().some(({ names, complete }) => complete && names.includes('goodbye'))
    // To the end of the call, and not of what was to be heard: an Asterisk that is silent sends nothing.
    const silence = longestSilence(call, { from: dialled, to: over, turn: 5000, asks: (names) => names.some((name) => name in keys) })
    await call.hangUp()
    await passes(200)
    const answers = this.survey().filter((line) => line.includes(from)).length
    const entries = bed.ledger.entries.size - before
    const outcome = { finished, entries, answers, talks: this.talks, silence, points: lines(points) }
    done = true
    await bed.stopEngine()
    return outcome
  }

  async close(): Promise<void> {
    this.closed = true
    await this.bed.close()
  }

  private survey(): string[] {
    return lines(join(this.bed.data, 'inbox/survey.jsonl'))
  }

  /** The agent takes every call, says hello and hangs up. */
  private async answers(agent: Phone): Promise<void> {
    while (!this.closed) {
      const ringing = await agent.rings({ within: 1000 }).catch(() => undefined)
      if (!ringing) continue
      await ringing.answer().then(() => this.talks++, () => {})
      await passes(300)
      await ringing.hangUp()
    }
  }
}

/** The caller presses the key of each prompt, soon after it has begun, until the call is over; when that was. */
async function conversation(call: PhoneCall): Promise<number> {
  let over: number | undefined
  void call.ended({ within: 90_000 }).catch(() => {}).then(() => (over = performance.now()))
  for (let seen = 0; over === undefined; await passes(50)) {
    const playing = call.playings()[seen]
    if (!playing) continue
    seen++
    await passes(300)
    const key = playing.names.map((name) => keys[name as Spoken]).find((one) => one !== undefined)
    if (key) await call.press(key, { ms: 60 }).catch(() => {})
  }
  return over
}

const lines = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : []
