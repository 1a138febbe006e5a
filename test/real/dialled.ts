import assert from 'node:assert/strict'
import type { PromptPart, Told } from '../../engine/call/effects.ts'
import type { CallNote } from '../../engine/call/notes.ts'
import { sameNumber } from '../../engine/language/flow.ts'
import { plainWords, type Caller, type Ending, type LeftSaid } from '../../rehearsal/conversation.ts'
import { isLeft, leftInWords } from '../../rehearsal/left.ts'
import type { Request, StubbedBackends } from '../../rehearsal/stubs.ts'
import { Transcript } from '../../rehearsal/transcript.ts'
import type { Phone, PhoneCall } from '../phone/phone.ts'
import { patience } from './callers.ts'
import type { Station } from './station.ts'
import type { Switchboard } from './switchboard.ts'

/** Who is there beside the caller. */
type Beside = { agents?: Switchboard; backends: StubbedBackends }

/** A caller with a phone on a real Asterisk: what is heard is found in the sound that arrives. */
export class DialledCaller implements Caller {
  private readonly station: Station
  private readonly phone: PhoneCall
  private readonly agents: Switchboard | undefined
  private readonly backends: StubbedBackends
  private readonly from: string
  private readonly id: string
  private agentCall: PhoneCall | undefined
  private read = 0
  /** What is left of the prompt that was listened to last; of its first part the beginning has been heard. */
  private rest: Left[] = []
  private over = false

  private constructor(station: Station, phone: PhoneCall, id: string, from: string, { agents, backends }: Beside) {
    this.station = station
    this.phone = phone
    this.id = id
    this.from = from
    this.agents = agents
    this.backends = backends
  }

  /** Dials `called` from `from`, a number that nobody else calls from. */
  static async dial(station: Station, phone: Phone, called: string, from: string, beside: Beside): Promise<DialledCaller> {
    const call = await phone.dial(called, { from })
    const arrived = await station.until(
      () => station.notes.find((note) => note.type === 'arrived' && note.facts.caller === from), 5000, `no call from ${from} arrived`)
    return new DialledCaller(station, call, arrived.call, from, beside)
  }

  async hears(text: string): Promise<void> {
    const sought = plainWords(text)
    const found = this.find(this.rest, sought) ?? await this.next(`"${text}" was not said`, (note) =>
      note.type === 'prompt' ? this.find(note.prompt.map((part) => ({ part, text: plainWords(part.text), heard: false })), sought) : undefined)
    if (!found.heard) await this.phone.hears(await this.station.learn(found.part), { within: patience })
  }

  async presses(keys: string): Promise<void> {
    // What a key has cut off is not heard after it.
    this.rest = []
    await this.phone.press(keys, { ms: 60 })
  }

  // Time passes by itself; what comes after the silence is awaited by the next line.
  async waits(): Promise<void> {}

  async queued(queue: string, tell: Record<string, string> | undefined): Promise<void> {
    const note = await this.next('the caller is not in a queue', (one) => (one.type === 'queued' ? one : undefined))
    assert.equal(note.queue, queue)
    if (tell) assert.deepEqual(withRecordings(note.tell), tell)
  }

  async transferred(to: string): Promise<void> {
    const note = await this.next('the caller is not transferred', (one) => (one.type === 'transferred' ? one : undefined))
    assert.ok(sameNumber(note.to, to), `the caller is transferred to ${note.to}, not to ${to}`)
  }

  async asked(request: Request, json: unknown): Promise<void> {
    const taken = (): true | undefined => (this.backends.find(request, json) >= 0 ? true : undefined)
    await this.station.until(taken, patience, `${request.path} has not been asked for`)
    this.backends.take(request, json)
  }

  async speaks(ms: number): Promise<void> {
    await this.next('the caller is not asked to speak', (note) => (note.type === 'recording' ? note : undefined))
    // The tone comes first.
    await new Promise((resolve) => setTimeout(resolve, 800))
    await this.phone.speak({ tone: 700 })
    await new Promise((resolve) => setTimeout(resolve, ms))
    this.phone.mute()
  }

  async left(said: LeftSaid): Promise<void> {
    const note = await this.next(`the caller has left no ${said.kind}`, (one) => (one.type === 'left' ? one : undefined))
    const left = 'tell' in note.left ? { ...note.left, tell: withRecordings(note.left.tell) } : note.left
    assert.ok(isLeft(left, said), `the caller has left ${leftInWords(note.left)}, not ${leftInWords(said)}`)
  }

  async agent(does: 'answers' | 'hangs-up'): Promise<void> {
    if (does === 'answers') {
      this.agentCall = await this.agents!.take(this.from, patience)
      await this.agentCall.answer()
      await this.next('the engine does not know that an agent has answered', (note) => (note.type === 'agent' ? note : undefined))
    } else await this.agentCall?.hangUp()
  }

  ends(how: Ending): Promise<void> {
    return Promise.reject(new Error(`${how}: not with these phones, an agent is there`))
  }

  async hangsUp(): Promise<void> {
    this.over = true
    await this.phone.hangUp()
  }

  async hungUp(outcome: string | undefined): Promise<void> {
    const end = await this.next('the call goes on', (note) => (note.type === 'ended' ? note : undefined))
    this.over = true
    if (outcome !== undefined) assert.equal(end.outcome, outcome)
    await this.phone.ended({ within: 5000 })
  }

  async outcome(name: string): Promise<void> {
    const noted = (): true | undefined =>
      this.station.notes.findLast((note) => note.call === this.id && note.type === 'outcome' && note.name === name) && true
    await this.station.until(noted, patience, `the outcome ${name} has not been noted`)
  }

  async end(): Promise<void> {
    if (!this.over) await this.phone.hangUp()
  }

  transcript(): string[] {
    const said = new Transcript()
    for (const note of this.station.notes) {
      if (note.call !== this.id) continue
      if (note.type === 'key') said.add(note.at, 'caller', `presses ${note.key}`)
      said.noted(note)
    }
    return [...said.lines(), `heard: ${this.phone.transcript()}`]
  }

  /** The first part in which a text is said; those before it are not listened to again. */
  private find(parts: Left[], sought: string): Left | undefined {
    const i = parts.findIndex(({ text }) => text.includes(sought))
    const found = parts[i]
    if (!found) return undefined
    this.rest = [{ ...found, text: found.text.slice(found.text.indexOf(sought) + sought.length), heard: true }, ...parts.slice(i + 1)]
    return found
  }

  /** The next note of this call that fits; notes passed over are not looked at again. */
  private async next<T>(otherwise: string, fits: (note: CallNote) => T | undefined): Promise<T> {
    const find = (): T | undefined => {
      for (; this.read < this.station.notes.length; this.read++) {
        const note = this.station.notes[this.read]!
        const found = note.call === this.id ? fits(note) : undefined
        if (found !== undefined) {
          this.read++
          return found
        }
      }
      return undefined
    }
    return this.station.until(find, patience, otherwise)
  }
}

/** What people are told, as a test says it: the name of a recording is `recording`. */
const withRecordings = (tell: Told): Told =>
  Object.fromEntries(Object.entries(tell).map(([name, value]) => [name, /^\d+\.\d+-[a-z\d]+-\d+$/.test(value) ? 'recording' : value]))

/** A part of a prompt: its words, as they are compared, and whether its sound has been heard. */
type Left = { part: PromptPart; text: string; heard: boolean }
