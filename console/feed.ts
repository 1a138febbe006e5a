import type { Request, Response } from 'express'
import type { Clock } from '../engine/ports.ts'
import { Refusal } from './refusal.ts'

/** Silence after which a stream gets a comment, so that a connection that has died is noticed. Milliseconds. */
const HEARTBEAT = 15_000

/** A browser that reads so slowly that this many bytes wait for it is let go; it comes back and reads on. */
const TOO_SLOW = 1_000_000

/** Browsers that may listen to one feed. */
const MOST = 100

/** Events to any number of browsers, as server-sent events. Source: WHATWG HTML §9.2. */
export class Feed {
  private readonly clock: Clock
  private readonly keep: number
  private readonly emptied: () => void
  private readonly streams = new Set<Response>()
  private kept: { id: number; line: string }[] = []
  private last = 0
  private stopHeartbeat = () => {}

  /** `keep`: how many past events a browser that comes back can still get. `emptied`: the last browser has gone. */
  constructor(options: { clock: Clock; keep?: number; emptied?: () => void }) {
    this.clock = options.clock
    this.keep = options.keep ?? 0
    this.emptied = options.emptied ?? (() => {})
  }

  /** How many browsers are listening. */
  get audience(): number {
    return this.streams.size
  }

  publish(what: object): void {
    const id = ++this.last
    const line = `id: ${id}\ndata: ${JSON.stringify(what)}\n\n`
    this.kept.push({ id, line })
    if (this.kept.length > this.keep) this.kept.shift()
    for (const stream of this.streams) this.write(stream, line)
  }

  /** Connects a browser: first `greeting`, then the kept events it has not had, then all that come. */
  attach(request: Request, response: Response, greeting?: object): void {
    if (this.streams.size >= MOST)
      throw new Refusal(429, 'too-many-streams', 'Too many pages are open.', 'Close some, then load this one again.')
    const had = Number(request.headers['last-event-id'] ?? 0) || 0
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
    response.flushHeaders()
    if (this.streams.size === 0) this.beat()
    this.streams.add(response)
    response.on('close', () => this.detach(response))
    this.write(response, 'retry: 1000\n\n')
    if (greeting) this.write(response, `data: ${JSON.stringify(greeting)}\n\n`)
    for (const { id, line } of this.kept) if (id > had) this.write(response, line)
  }

  /** Ends all streams. */
  end(): void {
    for (const stream of this.streams) stream.end()
  }

  private detach(stream: Response): void {
    if (!this.streams.delete(stream) || this.streams.size > 0) return
    this.stopHeartbeat()
    this.emptied()
  }

  private beat(): void {
    this.stopHeartbeat = this.clock.after(HEARTBEAT, () => {
      for (const stream of this.streams) this.write(stream, ': still here\n\n')
      this.beat()
    })
  }

  private write(stream: Response, text: string): void {
    if (stream.writableLength > TOO_SLOW) stream.destroy()
    else stream.write(text)
  }
}
