import { readFile } from 'node:fs/promises'
import type { Answered } from './backends/answered.ts'
import type { BackendOrder } from './backends/wire.ts'
import { aliasOf, type KeptInbox } from './inbox.ts'
import { fileOf } from './inbox-tidying.ts'
import type { Clock, Log } from './ports.ts'

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

/** How sending does. `failing`: since when something cannot be sent (milliseconds since 1970), and why. */
export type SendingState = { to: string; waiting: number; failing: { since: number; why: string } | undefined }

type Message = ReturnType<KeptInbox['unsent']>[number]
/** `own`: it is about this message alone, whatever becomes of others. `erased`: it is not there any more. */
type Outcome = 'sent' | 'erased' | { why: string; own: boolean }
/** How often something has failed, when it is tried again (`Clock.steady`), since when it fails, and why. */
type Failure = { count: number; due: number; since: number; why: string }

/** For one message with its sound. Milliseconds. */
const timeout = 60_000
/** Between two tries, in milliseconds; doubles up to the second. */
const firstPause = 5_000
const longestPause = 900_000
/** When so many different messages fail, and none gets through between them, it is not they but the address. */
const several = 3
/** Answers that are about one message and say nothing of the next. */
const aboutOne = new Set([400, 409, 413, 415, 422])

/**
 * Sends each message that callers leave to an address, with its sound. The inbox is the queue: what it does not know as
 * sent is sent, after a restart as before. A message that fails waits by itself, and the others go on. While the
 * address is down everything waits, one message at a time finds out whether it is there again, and nothing is lost.
 */
export class InboxSending {
  private readonly options: SendingOptions
  private readonly origin: string
  private readonly gone = new AbortController()
  /** Messages that failed, and whether that is about them alone; the one that was tried last stands last. */
  private readonly failed = new Map<string, Failure & { own: boolean }>()
  /** Messages that failed since one got through, and that may be the address's fault. */
  private readonly inRow = new Set<string>()
  private down: Failure | undefined
  private cancel = (): void => {}
  private busy = false
  private again = false
  private waiting = 0

  constructor(options: SendingOptions) {
    this.options = options
    this.origin = new URL(options.url).origin
    options.inbox.onKept = () => void this.look()
    void this.look()
  }

  get state(): SendingState {
    const failures = [...this.failed.values()].filter(({ own }) => !own)
    const first = [...failures, ...(this.down ? [this.down] : [])].toSorted((a, b) => a.since - b.since)[0]
    const failing = first && { since: first.since, why: this.down?.why ?? first.why }
    return { to: this.origin, waiting: this.waiting, failing }
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
      await this.round().catch((error: unknown) => this.isDown(`the inbox: ${(error as Error).message}`))
    } while (this.again && !this.gone.signal.aborted)
    this.busy = false
    this.awaitNext()
  }

  private async round(): Promise<void> {
    const unsent = this.options.inbox.unsent()
    this.waiting = unsent.length
    const ids = new Set(unsent.map(({ id }) => id))
    for (const id of this.failed.keys()) if (!ids.has(id)) this.failed.delete(id)
    // What failed comes behind what was not tried yet, and what was tried last comes last.
    const turns = new Map([...this.failed.keys()].map((id, turn) => [id, turn]))
    for (const message of unsent.toSorted((a, b) => (turns.get(a.id) ?? -1) - (turns.get(b.id) ?? -1))) {
      if (this.gone.signal.aborted || (this.down && !this.isDue(this.down))) return
      const before = this.failed.get(message.id)
      // Whether the address is there again any message finds out.
      if (this.isDue(before) || (this.down && !before?.own)) await this.take(message)
    }
    // Nothing is left that could find out.
    if (this.waiting === [...this.failed.values()].filter(({ own }) => own).length) this.isUp()
  }

  private async take(message: Message): Promise<void> {
    const { inbox, clock, log } = this.options
    const outcome = await this.send(message)
    if (this.gone.signal.aborted) return
    if (outcome === 'sent') await inbox.sent(message.id, clock.now())
    if (typeof outcome === 'object') return this.fails(message.id, outcome)
    this.waiting--
    this.failed.delete(message.id)
    if (outcome === 'erased') return
    if (this.down) log.info({ waiting: this.waiting }, `messages are sent to ${this.origin} again`)
    this.isUp()
  }

  private async send(message: Message): Promise<Outcome> {
    const { inbox, recordings, url, token, request } = this.options
    const file = fileOf(recordings, message.recording)
    const sound = file && (await readFile(file).catch(() => undefined))
    // It may have been erased while others were sent.
    if (!inbox.isUnsent(message.id)) return 'erased'
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

  private fails(id: string, { why, own }: { why: string; own: boolean }): void {
    const before = this.failed.get(id)
    // While the address is down that is not held against the message: it is sent as soon as the address is there again.
    const failure = this.down && !own ? { ...(before ?? this.after(undefined, why)), why } : this.after(before, why)
    this.failed.delete(id)
    this.failed.set(id, { ...failure, own })
    if (own) return before?.own ? undefined : this.tellOf(id, why)
    this.inRow.add(id)
    if (this.down || this.inRow.size >= several) this.isDown(why)
    else if (!before) this.tellOf(id, why)
  }

  private tellOf(id: string, why: string): void {
    this.options.log.warn({ message: aliasOf(id) }, `a message could not be sent: ${why}; it is kept, and tried again`)
  }

  private isDown(why: string): void {
    if (this.down?.why !== why)
      this.options.log.warn({ waiting: this.waiting }, `messages cannot be sent: ${why}; they are kept, and tried again`)
    this.down = this.after(this.down, why)
  }

  private isUp(): void {
    this.down = undefined
    this.inRow.clear()
  }

  /** What has failed once more. */
  private after(before: Failure | undefined, why: string): Failure {
    const { clock } = this.options
    const count = (before?.count ?? 0) + 1
    const pause = Math.min(longestPause, firstPause * 2 ** (count - 1))
    return { count, due: clock.steady() + pause, since: before?.since ?? clock.now(), why }
  }

  private isDue(failure: Failure | undefined): boolean {
    return failure === undefined || failure.due <= this.options.clock.steady()
  }

  private awaitNext(): void {
    this.cancel()
    const next = this.down?.due ?? Math.min(...[...this.failed.values()].map(({ due }) => due))
    if (this.gone.signal.aborted || next === Infinity) return
    const { clock } = this.options
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
