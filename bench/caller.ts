import { setTimeout as delay } from 'node:timers/promises'
import type { PhoneCall } from '../test/phone/phone.ts'
import { keyFor } from './flow.ts'
import { PROMPTS, type KnownPackets } from './prompts.ts'

/** What callers have seen, together. */
export type Seen = {
  /** From the last packet of each key to the first packet of the next prompt, in milliseconds. */
  waits: number[]
  keys: number
  /** Keys that were not followed by the next prompt within two seconds. */
  lost: number
  /** Prompts that were not heard from their first packet on. */
  clipped: number
  /** Calls that did not come about, and why. */
  refused: string[]
  /** Calls in which no prompt began. */
  mute: number
}

export const nothingSeen = (): Seen => ({ waits: [], keys: 0, lost: 0, clipped: 0, refused: [], mute: 0 })

const KEY_MS = 100
const PATIENCE_MS = 2000

/** Somebody who presses the key that each menu wants, in the middle of its prompt. */
export class Caller {
  private readonly call: PhoneCall
  private readonly packets: KnownPackets
  private readonly seen: Seen
  private prompt = 0

  constructor(call: PhoneCall, packets: KnownPackets, seen: Seen) {
    this.call = call
    this.packets = packets
    this.seen = seen
  }

  /** Resolves when the first prompt plays. */
  async settles(): Promise<void> {
    const until = performance.now() + 5000
    while (this.find(0, 0) === undefined) {
      if (performance.now() > until) {
        this.seen.mute++
        return
      }
      await delay(50)
    }
  }

  /** Presses keys until a time, each 0.6 to 1.6 s after the last: at no common beat with other callers. */
  async pressesUntil(end: number): Promise<void> {
    await delay(1000 * Math.random())
    while (performance.now() < end) await this.presses()
  }

  async hangUp(): Promise<void> {
    await this.call.hangUp()
  }

  private async presses(): Promise<void> {
    const { seen } = this
    const released = await this.call.press(keyFor(this.prompt), { ms: KEY_MS })
    const next = (this.prompt + 1) % PROMPTS.length
    seen.keys++
    // What came is looked at later: looking must not delay anybody's packets now.
    await delay(500 + 1000 * Math.random())
    let began = this.find(next, released)
    while (began === undefined && performance.now() < released + PATIENCE_MS) {
      await delay(50)
      began = this.find(next, released)
    }
    if (began === undefined) {
      seen.lost++
      this.prompt = this.playingNow() ?? this.prompt
      return
    }
    this.prompt = next
    seen.waits.push(began.at - released)
    if (began.packet !== 0) seen.clipped++
  }

  /** The first packet of a prompt that came after a time. */
  private find(prompt: number, since: number): { at: number; packet: number } | undefined {
    let first: { at: number; packet: number } | undefined
    for (const frame of newestFirst(this.call.frames)) {
      if (frame.at <= since) break
      const place = this.packets.find(frame.bytes)
      if (place?.prompt === prompt) first = { at: frame.at, packet: place.packet }
    }
    return first
  }

  private playingNow(): number | undefined {
    for (const frame of newestFirst(this.call.frames)) {
      const place = this.packets.find(frame.bytes)
      if (place) return place.prompt
    }
    return undefined
  }
}

function* newestFirst<T>(list: readonly T[]): Generator<T> {
  for (let i = list.length - 1; i >= 0; i--) yield list[i]!
}
