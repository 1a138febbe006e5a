import assert from 'node:assert/strict'
import type { CallNote } from '../../engine/call/notes.ts'
import type { Caller } from '../conversation/script.ts'
import type { Phone, PhoneCall } from '../phone/phone.ts'
import type { Station } from './station.ts'

/** Longer than any prompt and silence of a conversation. */
const patience = 40_000

/** A caller with a phone on a real Asterisk: what is heard is found in the sound that arrives. */
export class DialledCaller implements Caller {
  private readonly station: Station
  private readonly phone: PhoneCall
  private readonly agentPhone: Phone | undefined
  private readonly from: string
  private readonly id: string
  private agentCall: PhoneCall | undefined
  private read = 0

  private constructor(station: Station, phone: PhoneCall, id: string, from: string, agentPhone: Phone | undefined) {
    this.station = station
    this.phone = phone
    this.id = id
    this.from = from
    this.agentPhone = agentPhone
  }

  /** Dials `called` from `from`, a number that nobody else calls from. */
  static async dial(station: Station, phone: Phone, called: string, from: string, agent?: Phone): Promise<DialledCaller> {
    const call = await phone.dial(called, { from })
    const arrived = await station.until(
      () => station.notes.find((note) => note.type === 'arrived' && note.facts.caller === from), 5000, `no call from ${from} arrived`)
    return new DialledCaller(station, call, arrived.call, from, agent)
  }

  async hears(text: string): Promise<void> {
    const prompt = await this.next(`"${text}" was not said`, (note) => (note.type === 'prompt' && note.prompt.some((part) => part.text.includes(text)) ? note.prompt : undefined))
    const part = prompt.find((one) => one.text.includes(text))!
    await this.phone.hears(await this.station.learn(part), { within: patience })
  }

  async presses(keys: string): Promise<void> {
    await this.phone.press(keys, { ms: 60 })
  }

  // Time passes by itself; what comes after the silence is awaited by the next line.
  async waits(): Promise<void> {}

  async queued(queue: string, tell: Record<string, string> | undefined): Promise<void> {
    const note = await this.next('the caller is not in a queue', (one) => (one.type === 'queued' ? one : undefined))
    assert.equal(note.queue, queue)
    if (tell) assert.deepEqual(note.tell, tell)
  }

  async agent(does: 'answers' | 'hangs-up'): Promise<void> {
    if (does === 'answers') {
      this.agentCall = await this.ringing()
      await this.agentCall.answer()
      await this.next('the engine does not know that an agent has answered', (note) => (note.type === 'agent' ? note : undefined))
    } else await this.agentCall?.hangUp()
  }

  async hangsUp(): Promise<void> {
    await this.phone.hangUp()
  }

  async hungUp(outcome: string): Promise<void> {
    const end = await this.next('the call goes on', (note) => (note.type === 'ended' ? note : undefined))
    assert.equal(end.outcome, outcome)
    await this.phone.ended({ within: 5000 })
  }

  transcript(): string {
    const notes = this.station.notes.filter((note) => note.call === this.id)
    return [...notes.map((note) => `  ${inWords(note)}`), `  heard: ${this.phone.transcript()}`].join('\n')
  }

  /** The agent's phone may ring for others first; they are left to ring until their caller gives up. */
  private async ringing(): Promise<PhoneCall> {
    const until = performance.now() + patience
    for (;;) {
      const call = await this.agentPhone!.rings({ within: until - performance.now() })
      if (call.callerId.number === this.from) return call
      await call.ended({ within: patience })
    }
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

function inWords(note: CallNote): string {
  switch (note.type) {
    case 'prompt': return note.prompt.map((part) => part.text).join(' ')
    case 'key': return `  presses ${note.key}`
    case 'step': return `  [${note.step}]`
    case 'trouble': return `  trouble: ${note.words}`
    default: return `  (${note.type})`
  }
}
