import { readFile } from 'node:fs/promises'
import type { Answered } from './backends/answered.ts'
import type { BackendOrder } from './backends/wire.ts'
import { aliasOf, type KeptInbox } from './inbox.ts'
import { fileOf } from './inbox-tidying.ts'
import type { Clock, LeftBehind, Log } from './ports.ts'

export type SendingOptions = {
  inbox: KeptInbox
  /** The folder of recordings. */
  recordings: string
  /** Where to: `https://clinic.example/messages`. */
  url: string
  /** Sent as a bearer token. */
  token?: string | undefined
  request(order: BackendOrder): Promise<Answered>
  clock: Clock
  log: Log
}

/** How sending does. `failing`: since when nothing can be sent (milliseconds since 1970), and why. */
export type SendingState = { to: string; waiting: number; failing: { since: number; why: string } | undefined }

type Message = Extract<LeftBehind, { kind: 'voicemail' }>
/** `own`: it is about this message alone. */
type Outcome = 'sent' | { why: string; own: boolean }

/** For one message with its sound. Milliseconds. */
const timeout = 60_000
/** Between two tries, in milliseconds; doubles up to the second. */
const firstPause = 5_000
const longestPause = 900_000
/** Answers that are about one message and say nothing of the next. */
const aboutOne = new Set([400, 409, 413, 415, 422])

/**
 * Sends each message that callers leave to an address, with its sound. The inbox is the queue: what it does not know as
 * sent is sent, after a restart as before. While the address is down everything waits, and nothing is lost.
 */
export class InboxSending {
  private readonly options: SendingOptions
  private readonly origin: string
  private readonly gone = new AbortController()
  /** Tries that failed, by message; '' is for the address itself. */
  private readonly tries = new Map<string, { count: number; due: number }>()
  private cancel = (): void => {}
  private busy = false
  private again = false
  private waiting = 0
  private failing: SendingState['failing']

  constructor(options: SendingOptions) {
    this.options = options
    this.origin = new URL(options.url).origin
    options.inbox.onKept = () => void this.look()
    void this.look()
  }

  get state(): SendingState {
    return { to: this.origin, waiting: this.waiting, failing: this.failing }
  }

  close(): void {
    this.options.inbox.onKept = () => {}
    this.gone.abort()
    this.cancel()
  }

  /** Sends what is to be sent now. One round at a time; what comes meanwhile has another. */
  async look(): Promise<void> {
    if (this.busy) return void (this.again = true)
    this.busy = true
    do {
      this.again = false
      await this.round().catch((error: unknown) => this.fails(`the inbox: ${(error as Error).message}`))
    } while (this.again && !this.gone.signal.aborted)
    this.busy = false
    this.awaitNext()
  }

  private async round(): Promise<void> {
    const { inbox } = this.options
    const unsent = inbox.unsent()
    this.waiting = unsent.length
    if (unsent.length === 0) {
      this.tries.clear()
      this.failing = undefined
    }
    for (const id of this.tries.keys()) if (id !== '' && !unsent.some((one) => one.id === id)) this.tries.delete(id)
    for (const { id } of unsent) {
      if (this.gone.signal.aborted || !this.isDue('')) return
      // It may have been erased while others were sent.
      const message = this.isDue(id) ? inbox.unsent().find((one) => one.id === id) : undefined
      if (message) await this.take(message)
    }
  }

  private async take(message: Message): Promise<void> {
    const { inbox, log, clock } = this.options
    const outcome = await this.send(message)
    if (this.gone.signal.aborted) return
    const about = { message: aliasOf(message.id) }
    if (outcome === 'sent') {
      await inbox.sent(message.id, clock.now())
      this.waiting--
      this.tries.delete(message.id)
      this.tries.delete('')
      if (this.failing) log.info(about, `messages are sent to ${this.origin} again`)
      this.failing = undefined
    } else if (outcome.own) {
      if (this.failed(message.id) === 1) log.warn(about, `a message could not be sent: ${outcome.why}; it is kept, and tried again`)
    } else this.fails(outcome.why)
  }

  private async send(message: Message): Promise<Outcome> {
    const { recordings, url, token, request } = this.options
    const file = fileOf(recordings, message.recording)
    const sound = file && (await readFile(file).catch(() => undefined))
    if (!sound) return { why: 'its sound is not in the folder of recordings, or may not be read', own: true }
    const id = aliasOf(message.id)
    const answer = await request({
      method: 'POST', url, timeout, confidential: true, idempotencyKey: id, signal: this.gone.signal,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      body: form(id, message, sound),
    })
    if (answer.how === 'ok') return 'sent'
    const { status = 0, words } = answer
    // What it says beside yes is of no interest.
    if (status >= 200 && status <= 299) return 'sent'
    return { why: words, own: aboutOne.has(status) }
  }

  private isDue(id: string): boolean {
    return (this.tries.get(id)?.due ?? 0) <= this.options.clock.steady()
  }

  /** How often this has failed now. */
  private failed(id: string): number {
    const count = (this.tries.get(id)?.count ?? 0) + 1
    this.tries.set(id, { count, due: this.options.clock.steady() + Math.min(longestPause, firstPause * 2 ** (count - 1)) })
    return count
  }

  private fails(why: string): void {
    const { clock, log } = this.options
    this.failed('')
    if (this.failing?.why !== why) log.warn({ waiting: this.waiting }, `messages cannot be sent: ${why}; they are kept, and tried again`)
    this.failing = { since: this.failing?.since ?? clock.now(), why }
  }

  private awaitNext(): void {
    this.cancel()
    if (this.gone.signal.aborted || this.tries.size === 0) return
    const { clock } = this.options
    const all = this.tries.get('')?.due ?? 0
    const own = [...this.tries].filter(([id]) => id !== '').map(([, { due }]) => due)
    const next = Math.max(all, own.length > 0 && this.failing === undefined ? Math.min(...own) : all)
    this.cancel = clock.after(Math.max(0, next - clock.steady()), () => void this.look())
  }
}

/** What is known of a message, as JSON, and its sound. Source: RFC 7578. */
function form(id: string, message: Message, sound: Buffer): { type: string; bytes: Buffer } {
  const { box, caller, at, hotline, language, step, ms, tell, call } = message
  const facts = { id, box, caller, at: new Date(at).toISOString(), hotline, language, step, call, seconds: ms / 1000, told: tell }
  const boundary = `callwright-${id}`
  const part = (name: string, type: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name=${name}\r\nContent-Type: ${type}\r\n\r\n`
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([
      Buffer.from(`${part('"facts"', 'application/json')}${JSON.stringify(facts)}\r\n${part(`"sound"; filename="${id}.wav"`, 'audio/wav')}`),
      sound,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  }
}
