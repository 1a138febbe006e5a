import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CallEvent, CallFacts } from '../../engine/call/events.ts'
import type { CallNote } from '../../engine/call/notes.ts'
import type { InboxEntry } from '../../engine/inbox.ts'
import type { Clock } from '../../engine/ports.ts'
import { createApp } from '../../console/app.ts'
import type { ConsoleDeps, HotlineState } from '../../console/deps.ts'
import { Simulator } from '../../telephony/simulator.ts'

/** Time that passes when a test says so. */
export class TestClock implements Clock {
  pending = new Set<{ at: number; run: () => void }>()
  private time = 1_000_000

  now(): number {
    return this.time
  }

  steady(): number {
    return this.time
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run }
    this.pending.add(timer)
    return () => this.pending.delete(timer)
  }

  pass(ms: number): void {
    const end = this.time + ms
    for (;;) {
      const due = [...this.pending].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0]
      if (!due) break
      this.pending.delete(due)
      this.time = due.at
      due.run()
    }
    this.time = end
  }
}

export const GREETING = [{ text: 'Welcome.', language: 'en' }]
const BROKEN = { name: 'broken', title: '', numbers: ['200'], languages: ['en'], switches: [], live: false, mistakes: ['no'] }
export const SOUND = 'd41d8cd98f00b204e9800998ecf8427e'

/** The console on a loopback port, with the simulator and a flow of one menu: 1 queues, 2 transfers, 9 hangs up. */
export class World {
  clock = new TestClock()
  simulator = new Simulator({ name: 'browser', clock: this.clock })
  events: CallEvent[] = []
  hotline: HotlineState = {
    name: 'clinic',
    title: 'Clinic',
    numbers: ['100'],
    languages: ['en'],
    switches: [],
    live: true,
    mistakes: [],
  }
  /** Switches that were turned. */
  turned: object[] = []
  /** What callers have left, and where the recordings of it are. */
  left: InboxEntry[] = []
  recordings = new Map<string, string>()
  /** What went to the log as an error. */
  logged: object[] = []
  stop = new AbortController()
  port = 0
  private watchers = new Set<(note: CallNote) => void>()
  private close = async () => {}

  async start(more: Partial<ConsoleDeps> = {}, address = '127.0.0.1'): Promise<this> {
    await this.simulator.open({
      callArrived: (facts) => this.arrived(facts),
      happened: (id, event) => this.happened(id, event),
    })
    const app = createApp({
      dial: (called, perceive) => this.simulator.dial({ called }, perceive),
      watch: (listener) => {
        this.watchers.add(listener)
        return () => this.watchers.delete(listener)
      },
      hotlines: () => [this.hotline, BROKEN],
      turn: (hotline, name, how) => void this.turned.push({ hotline, name, ...how }),
      asterisk: () => ({ state: 'off', words: 'No Asterisk is configured.' }),
      left: (kinds) => this.left.filter(({ kind }) => kinds.includes(kind)),
      recordingFile: (name) => this.recordings.get(name),
      soundFile: () => undefined,
      clock: this.clock,
      log: { info() {}, warn() {}, error: (facts) => this.logged.push(facts) },
      until: this.stop.signal,
      ...more,
    })
    const server = app.listen(0, address)
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
    this.close = async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    }
    return this
  }

  /** Ends everything and says what is left: timers and watchers. */
  async end(): Promise<{ timers: number; watchers: number }> {
    this.stop.abort()
    await this.close()
    return { timers: this.clock.pending.size, watchers: this.watchers.size }
  }

  note(note: Omit<CallNote, 'at'> & Record<string, unknown>): void {
    for (const watcher of this.watchers) watcher({ at: this.clock.now(), ...note } as CallNote)
  }

  /** A request; a body that is no string is sent as JSON. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.open(method, path, body, headers)
    const chunks = await response.toArray()
    const text = Buffer.concat(chunks).toString()
    const json = response.headers['content-type']?.startsWith('application/json')
    const { statusCode: status = 0, headers: got } = response
    return { status, headers: got, text, body: json ? JSON.parse(text) : undefined }
  }

  async dial(): Promise<string> {
    return (await this.ask('POST', '/api/calls', { called: '100' })).body.id
  }

  /** Listens to a stream of server-sent events. */
  async listen(path: string, headers: Record<string, string> = {}): Promise<Stream> {
    return new Stream(await this.open('GET', path, undefined, headers))
  }

  private async open(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<IncomingMessage> {
    const type = body === undefined || typeof body === 'string' ? {} : { 'Content-Type': 'application/json' }
    const to = { host: '127.0.0.1', port: this.port, method, path, agent: false as const }
    const sent = request({ ...to, headers: { ...type, ...headers } })
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return response
  }

  private arrived(facts: CallFacts): void {
    const call = facts.id
    this.note({ call, type: 'arrived', facts, hotline: 'clinic' })
    this.note({ call, type: 'step', step: 'welcome', kind: 'menu' })
    this.simulator.order(call, { type: 'play', id: 1, prompt: GREETING, bargeIn: true })
  }

  private happened(call: string, event: CallEvent): void {
    this.events.push(event)
    if (event.type === 'key-pressed') {
      this.note({ call, type: 'key', key: event.key })
      if (event.key === '1') {
        const tell = { postcode: '2600' }
        this.simulator.order(call, { type: 'queue', id: 2, queue: 'nurses', maxWait: 0, tell })
        this.note({ call, type: 'queued', queue: 'nurses', tell })
      }
      if (event.key === '2') this.simulator.order(call, { type: 'transfer', id: 3, to: '555', ring: 20_000 })
      if (event.key === '9') this.simulator.order(call, { type: 'hang-up' })
    }
    if (event.type === 'agent-answered') this.note({ call, type: 'agent', agent: event.agent })
    if (event.type === 'queue-left') this.simulator.order(call, { type: 'hang-up' })
    if (event.type === 'caller-hung-up') this.note({ call, type: 'ended', by: 'caller', outcome: 'gave-up' })
  }
}

// What the server sends is looked into by each test.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { status: number; headers: IncomingMessage['headers']; text: string; body: any }

/** Server-sent events as they arrive. */
export class Stream {
  readonly headers: IncomingMessage['headers']
  private readonly response: IncomingMessage
  private readonly chunks: AsyncIterator<Buffer>
  private text = ''

  constructor(response: IncomingMessage) {
    this.response = response
    this.headers = response.headers
    this.chunks = response[Symbol.asyncIterator]()
  }

  /** The next event with data; undefined when the stream has ended. */
  // oxlint-disable-next-line typescript/no-explicit-any
  async next(): Promise<{ id?: string; data: any } | undefined> {
    for (;;) {
      const end = this.text.indexOf('\n\n')
      if (end < 0) {
        const chunk = await this.chunks.next()
        if (chunk.done) return undefined
        this.text += chunk.value.toString()
        continue
      }
      const fields = this.text.slice(0, end).split('\n')
      this.text = this.text.slice(end + 2)
      const field = (name: string) => fields.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const data = field('data')
      const id = field('id')
      if (data !== undefined) return { ...(id === undefined ? {} : { id }), data: JSON.parse(data) }
    }
  }

  /** The types of the next events. */
  async types(count: number): Promise<string[]> {
    const types: string[] = []
    while (types.length < count) types.push((await this.next())?.data.type)
    return types
  }

  leave(): void {
    this.response.destroy()
  }
}

/** Lets the network deliver until something is so. */
export async function until(so: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !so(); turn++) await new Promise((next) => setImmediate(next))
  if (!so()) throw new Error('it never came to be')
}
