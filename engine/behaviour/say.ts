import type { CallContext } from '../call/context.ts'
import type { Effect } from '../call/effects.ts'
import type { Piece } from '../expressions/template.ts'
import type { Flow } from '../language/flow.ts'
import { piecesOf, spoken } from '../language/speech.ts'
import { packFor, type Way } from '../saying/index.ts'
import type { Said } from '../steps/step.ts'
import { scopeOf, type Seen } from './seen.ts'

export type Enqueue = { (action: { type: string; params: unknown }): void; assign(change: Partial<CallContext>): void }

/** Hands an effect out of the machine: XState gives it back as an action that nobody executes. */
export const perform = (enqueue: Enqueue, effect: Effect): void => enqueue({ type: 'perform', params: { effect } })

/** Values, texts and conditions at one moment of a call, and the effects that carry them out. */
export class Say {
  readonly flow: Flow
  readonly seen: Seen
  readonly enqueue: Enqueue

  constructor(flow: Flow, seen: Seen, enqueue: Enqueue) {
    this.flow = flow
    this.seen = seen
    this.enqueue = enqueue
  }

  /** The value of an expression; undefined, and said to the admin, when it cannot be computed. */
  value(cel: string): unknown {
    try {
      return this.flow.expressions.evaluate(cel, scopeOf(this.flow, this.seen))
    } catch (error) {
      this.trouble(`{{ ${cel} }} could not be computed: ${String((error as Error).message).split('\n')[0]}`)
      return undefined
    }
  }

  words(piece: Extract<Piece, { value: string }>, language: string): string {
    const value = this.value(piece.value)
    if (value === undefined || value === null) return ''
    const pack = packFor(language)
    const { timezone: zone, currency } = this.flow
    const when = { now: this.seen.event.at, zone, ...(currency ? { currency } : {}) }
    const way = (piece.way as Way | undefined) ?? (typeof value === 'number' ? 'number' : undefined)
    const said = way && pack?.[way]?.(value, when)
    if (said !== undefined) return said
    if (typeof value !== 'object') return String(value)
    this.trouble(`{{ ${piece.value} }} is several values, which cannot be said`)
    return ''
  }

  trouble(words: string): void {
    perform(this.enqueue, { type: 'trouble', words })
  }

  text(text: string): string {
    return piecesOf(text)
      .map((piece) => ('words' in piece ? piece.words : this.words(piece, this.seen.context.language)))
      .join('')
  }

  play(say: Said[], bargeIn: boolean): void {
    const prompt = spoken(say, this.seen.context.language, (piece, language) => this.words(piece, language), this.flow)
    perform(this.enqueue, { type: 'play', id: this.nextId(), prompt, bargeIn })
  }

  nextId(): number {
    const id = this.seen.context.effect + 1
    this.enqueue.assign({ effect: id })
    return id
  }
}
