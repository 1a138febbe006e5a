import { setTimeout as passes } from 'node:timers/promises'
import { MUSIC_ON_HOLD_TONE } from '../asterisk/config.ts'
import type { Ending } from '../phone/leg.ts'
import type { Phone, PhoneCall } from '../phone/phone.ts'
import type { Bed, Spoken } from './bed.ts'
import type { Engine } from './engine.ts'
import { count, ms, quantile, type Figure } from './figures.ts'
import { longestSilence } from './silence.ts'
import { until } from './until.ts'

/** New calls a second. */
const RAMP = 50
const music = { tone: MUSIC_ON_HOLD_TONE }

type Wanted = Spoken | typeof music

/** Where a caller can be: how they get there, what they hear there, and how they go on from there. */
type Place = {
  keys: string
  hears: Wanted
  /** How long it is their turn behind the prompt. Milliseconds. */
  turn: number
  next?: { keys: string; hears: Wanted }
}
const PLACES = {
  main: { keys: '', hears: 'main', turn: 5000, next: { keys: '2', hears: 'second' } },
  number: { keys: '1', hears: 'number', turn: 5000, next: { keys: '4711', hears: music } },
  second: { keys: '2', hears: 'second', turn: 5000, next: { keys: '0', hears: music } },
  brief: { keys: '3', hears: 'brief', turn: 3000, next: { keys: '0', hears: music } },
  queue: { keys: '0', hears: music, turn: 0 },
} satisfies Record<string, Place>
export type PlaceName = keyof typeof PLACES

/** Somebody on the line. */
export class Caller {
  readonly from: string
  readonly call: PhoneCall
  readonly place: Place
  ending: Ending | undefined

  constructor(from: string, call: PhoneCall, place: Place) {
    this.from = from
    this.call = call
    this.place = place
    void call.ended({ within: 2 ** 31 - 1 }).then((ending) => (this.ending = ending))
  }

  /** Goes to the place and resolves when it is heard. */
  async settles(): Promise<void> {
    const { call, place } = this
    await call.hears('main', { within: 15_000 })
    if (place.keys === '') return
    await call.press(place.keys, { ms: 60 })
    await call.hears(place.hears, { within: 15_000 })
  }

  /** Whether a prompt was playing to them at a time. */
  listenedAt(at: number): boolean {
    if (typeof this.place.hears !== 'string') return false
    return this.call.playings().some(({ began, until }) => began < at && until > at - 60)
  }

  /** Presses the keys of the place. How long until what follows was heard, in milliseconds; NaN when it was not. */
  async goesOn(): Promise<number> {
    const { next } = this.place
    if (!next) return this.ending ? NaN : 0
    try {
      const released = await this.call.press(next.keys, { ms: 60 })
      await this.call.hears(next.hears, { within: 10_000 })
      return await this.call.hearsAnything({ since: released }) - released
    } catch (error) {
      if (process.env.FAULTS_SHOW) console.error(`${this.from}: ${(error as Error).message}`)
      return NaN
    }
  }
}

/** People on the line at the same time, and what a fault does to them. */
export class Crowd {
  readonly callers: Caller[] = []
  private readonly phone: Phone

  private constructor(phone: Phone) {
    this.phone = phone
  }

  /** So many people dial and go to these places; resolves when all are there. */
  static async gather(bed: Bed, places: Partial<Record<PlaceName, number>>): Promise<Crowd> {
    const crowd = new Crowd(await bed.phone())
    const names = Object.entries(places)
      .flatMap(([name, many]) => Array.from({ length: many }, () => name as PlaceName))
    await Promise.all(names.map(async (name, i) => {
      await passes((i * 1000) / RAMP)
      const caller = await crowd.dials(`+6125550${String(i).padStart(4, '0')}`, PLACES[name])
      await caller.settles()
    }))
    return crowd
  }

  /**
   * Resolves a little after the engine is back and all prompts that were cut short at `from` have begun again; in ten
   * seconds at most. What was heard is looked at late, since looking takes a processor that the engine wants.
   */
  async settled(from: number, engine: Engine): Promise<void> {
    await engine.says(/is connected/)
    await passes(1000)
    const cut = this.callers.filter((caller) => caller.listenedAt(from))
    await until(() => cut.every(({ call }) => (call.playings().at(-1)?.began ?? 0) > from), 10_000)
    await passes(500)
  }

  /** What a fault that began at `from` did until now. `again`: how soon prompts cut short should begin anew. */
  figures(from: number, again?: { p95: number; max: number }): Figure[] {
    const silence = ms('longest silence', this.silence(from, performance.now()), 3000)
    const dropped = count(`dropped of ${this.callers.length}`, this.dropped(from))
    if (!again) return [dropped, silence]
    const begun = this.callers.filter((caller) => caller.listenedAt(from)).map(({ call, place }) => {
      const next = call.playings().find(({ began }) => began > from)
      return { after: (next?.began ?? NaN) - from, same: next?.names.includes(place.hears as string) ?? false }
    })
    const times = begun.map(({ after }) => after).filter((one) => !Number.isNaN(one))
    return [
      dropped,
      count(`of ${begun.length} cut short, heard another prompt or none`, begun.filter(({ same }) => !same).length),
      ms('until the prompt began again, p50', quantile(times, 0.5), again.p95),
      ms('p95', quantile(times, 0.95), again.p95),
      ms('longest', quantile(times, 1), again.max),
      silence,
    ]
  }

  /** How many did not hear this as the next prompt after a time. */
  begunAgain(from: number, prompt: Spoken): Figure {
    const next = this.callers.map(({ call }) => call.playings().find(({ began }) => began > from))
    const elsewhere = next.filter((one) => !one?.names.includes(prompt))
    return count(`then killed: of ${next.length}, not at the step they had come to`, elsewhere.length)
  }

  /** How many calls ended since then without the caller's doing. */
  dropped(since: number): number {
    return this.callers.filter(({ ending }) => ending?.by === 'them' && ending.at > since).length
  }

  /** The longest silence of anybody still there, between two times. Milliseconds. */
  silence(from: number, to: number): number {
    const there = this.callers.filter(({ ending }) => !ending || ending.at > to)
    const silences = there.map(({ call, place }) => longestSilence(call, { from, to, turn: place.turn }))
    const longest = Math.max(0, ...silences)
    if (process.env.FAULTS_SHOW) {
      const { from: who, call } = there[silences.indexOf(longest)]!
      console.error(`${who} had the longest silence: ${call.transcript()}`)
    }
    return longest
  }

  /** Everybody presses the keys of their place: how many did not get where these lead, and how long it took. */
  async goOn(longest = 1000): Promise<Figure[]> {
    const took = await Promise.all(this.callers.filter(({ ending }) => !ending).map((caller) => caller.goesOn()))
    const went = took.filter((one) => !Number.isNaN(one))
    return [
      count('whose next key did not count', took.length - went.length),
      ms('from that key to the next prompt, longest', quantile(went, 1), longest),
    ]
  }

  async hangUp(callers: readonly Caller[] = this.callers): Promise<void> {
    await Promise.all(callers.map(({ call }) => call.hangUp()))
  }

  private async dials(from: string, place: Place): Promise<Caller> {
    const caller = new Caller(from, await this.phone.dial('900', { from, within: 15_000 }), place)
    this.callers.push(caller)
    return caller
  }
}
