import type { Request, Response } from 'express'
import type { CallNote } from '../engine/call/notes.ts'
import type { AsteriskState, ConsoleDeps, HotlineState } from './deps.ts'
import { Feed } from './feed.ts'
import { LiveCalls, type LiveCall } from './live-calls.ts'

/** How often hotlines and Asterisk are looked at while a browser watches. Milliseconds. */
const LOOK = 1_000

/** Everything there is to see at one moment. */
export type Status = { type: 'status'; hotlines: HotlineState[]; asterisk: AsteriskState; calls: LiveCall[] }

/** Hotlines, Asterisk and the calls under way, as they are and as they change. */
export class Overview {
  private readonly deps: ConsoleDeps
  private readonly feed: Feed
  private readonly live = new LiveCalls()
  private shown = ''
  private stopLooking = () => {}

  constructor(deps: ConsoleDeps) {
    this.deps = deps
    this.feed = new Feed({ clock: deps.clock, emptied: () => this.stopLooking() })
  }

  /** The stream: a `status` at once and whenever hotlines or Asterisk change, a `call` whenever a call does, a `left` when a caller leaves something. */
  attach(request: Request, response: Response): void {
    const status = this.status()
    if (this.feed.audience === 0) this.look(status)
    this.feed.attach(request, response, status)
  }

  noted(note: CallNote): void {
    const call = this.live.noted(note)
    if (this.feed.audience === 0) return
    if (call) this.feed.publish({ type: 'call', call })
    if (note.type === 'left') this.feed.publish({ type: 'left' })
  }

  status(): Status {
    const { deps } = this
    return { type: 'status', hotlines: deps.hotlines(), asterisk: deps.asterisk(), calls: this.live.all() }
  }

  /** Something of hotlines has just been changed from a page: every page is to see it at once. */
  changed(): void {
    if (this.feed.audience === 0) return
    this.stopLooking()
    this.look(this.status())
  }

  close(): void {
    this.stopLooking()
    this.feed.end()
  }

  private look(status: Status): void {
    const { calls: _calls, ...slow } = status
    const now = JSON.stringify(slow)
    if (this.feed.audience > 0 && now !== this.shown) this.feed.publish(status)
    this.shown = now
    this.stopLooking = this.deps.clock.after(LOOK, () => this.look(this.status()))
  }
}
