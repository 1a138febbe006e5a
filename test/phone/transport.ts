import { createSocket, type Socket } from 'node:dgram'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { header, parseSip, writeSip, type SipMessage, type SipRequest, type SipResponse } from './sip.ts'

/** First wait before a message is sent again, in ms; doubled each time up to 4 s (T1 and T2, RFC 3261 §17.1.1.1). */
const T1 = 500
const T2 = 4000
/** How long a request may stay without any answer, in ms. */
const NO_ANSWER_MS = 8000
/** How long an answer is kept to be repeated, in ms. */
const KEPT_MS = 10_000

export interface Address {
  host: string
  port: number
}

/** Sends a response to a request; in a dialog, the final one to an INVITE is repeated until `acknowledged`. */
export type Reply = (status: number, reason: string, headers?: [string, string][], body?: string) => void

interface Sent {
  onProvisional: (response: SipResponse) => void
  onFinal: (response: SipResponse) => void
  stopRepeating: () => void
  fail: (reason: Error) => void
}

/** A request on its way. */
export interface Pending {
  request: SipRequest
  /** The final response; rejects if there is none at all. */
  final: Promise<SipResponse>
}

/** SIP over one UDP socket on loopback: what is lost is sent again, what comes twice is answered the same way. */
export class SipTransport {
  readonly address: Address
  /** What is done with each new request; ACK included. */
  onRequest: (request: SipRequest, reply: Reply) => void = () => {}
  /** What is done with a 2xx to an INVITE that came again, since our ACK was lost. */
  onRepeatedAnswer: (response: SipResponse) => void = () => {}
  readonly #socket: Socket
  readonly #server: Address
  readonly #sent = new Map<string, Sent>()
  readonly #answered = new Map<string, string | undefined>()
  readonly #repeating = new Map<string, () => void>()
  readonly #timers = new Set<NodeJS.Timeout>()

  private constructor(socket: Socket, server: Address) {
    this.#socket = socket
    this.#server = server
    const { address, port } = socket.address()
    this.address = { host: address, port }
    socket.on('message', (bytes, from) => this.#receive(bytes.toString(), { host: from.address, port: from.port }))
    socket.on('error', () => {}) // a server that is gone shows as a request without an answer
  }

  static async open(server: Address): Promise<SipTransport> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 21 })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new SipTransport(socket, server)
  }

  /** Sends a request, with a Via of its own, until something comes back. */
  send(request: SipRequest, onProvisional: (response: SipResponse) => void = () => {}): Pending {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`
    const sent = this.#withVia(request, branch)
    const key = `${branch} ${request.method}`
    const final = new Promise<SipResponse>((resolve, reject) => {
      const stopRepeating = this.#repeat(sent, () => {
        this.#sent.delete(key)
        reject(new Error(`no answer to ${request.method} from ${this.#server.host}:${this.#server.port} in ${NO_ANSWER_MS / 1000} s`))
      })
      const onFinal = (response: SipResponse) => {
        this.#sent.delete(key)
        // The ACK of a refusal belongs to the transaction (§17.1.1.3), that of a success to the dialog.
        if (request.method === 'INVITE' && response.status >= 300) this.#acknowledge(sent, response)
        resolve(response)
      }
      this.#sent.set(key, { onProvisional, onFinal, stopRepeating, fail: reject })
    })
    return { request: sent, final }
  }

  /** CANCEL of a request under way: same Via, same CSeq number (RFC 3261 §9.1). */
  cancel({ request }: Pending): void {
    this.#write({ ...request, method: 'CANCEL', body: '', headers: sameHeaders(request, 'CANCEL', header(request, 'to') ?? '') })
  }

  #acknowledge(request: SipRequest, response: SipResponse): void {
    this.#write({ ...request, method: 'ACK', body: '', headers: sameHeaders(request, 'ACK', header(response, 'to') ?? '') })
  }

  /** Sends a request that has no answer: the ACK of a success. */
  sendOnce(request: SipRequest): void {
    this.#write(this.#withVia(request, `z9hG4bK${randomBytes(8).toString('hex')}`))
  }

  /** Closes the socket; requests without an answer fail. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    for (const { fail } of this.#sent.values()) fail(new Error('the phone was closed before the answer came'))
    this.#sent.clear()
    this.#socket.close()
  }

  #receive(text: string, from: Address): void {
    const message = parseSip(text)
    if (message === undefined) return
    const branch = /branch=([^;\s]+)/.exec(header(message, 'via') ?? '')?.[1] ?? ''
    const method = header(message, 'cseq')?.split(' ').at(-1) ?? ''
    if ('status' in message) this.#receiveResponse(message, `${branch} ${method}`, method)
    else this.#receiveRequest(message, `${branch} ${message.method}`, from)
  }

  #receiveResponse(response: SipResponse, key: string, method: string): void {
    const sent = this.#sent.get(key)
    if (sent === undefined) {
      if (method === 'INVITE' && response.status >= 200 && response.status < 300) this.onRepeatedAnswer(response)
      return
    }
    sent.stopRepeating()
    if (response.status < 200) sent.onProvisional(response)
    else sent.onFinal(response)
  }

  #receiveRequest(request: SipRequest, key: string, from: Address): void {
    const call = header(request, 'call-id') ?? ''
    if (request.method === 'ACK') {
      this.#repeating.get(call)?.()
      this.#repeating.delete(call)
    } else if (this.#answered.has(key)) {
      const answer = this.#answered.get(key)
      if (answer !== undefined) this.#socket.send(answer, from.port, from.host)
      return
    }
    this.#answered.set(key, undefined)
    this.#after(KEPT_MS, () => this.#answered.delete(key))
    this.onRequest(request, (status, reason, headers = [], body = '') => {
      const copied = request.headers.filter(([name]) => /^(via|v|from|f|to|t|call-id|i|cseq)$/i.test(name) && !headers.some(([own]) => own.toLowerCase() === name.toLowerCase()))
      const response: SipResponse = { status, reason, headers: [...copied, ...headers], body }
      this.#answered.set(key, writeSip(response))
      if (request.method !== 'INVITE' || status < 200) this.#write(response, from)
      else this.#repeating.set(call, this.#repeat(response, () => this.#repeating.delete(call), from))
    })
  }

  /** Sends now and again until stopped; then, or when it was all in vain, no more. */
  #repeat(message: SipMessage, inVain: () => void, to = this.#server): () => void {
    let timer: NodeJS.Timeout
    let [wait, total] = [T1, 0]
    const again = () => {
      this.#write(message, to)
      timer = this.#after(wait, () => {
        total += wait
        wait = Math.min(2 * wait, T2)
        if (total >= NO_ANSWER_MS) inVain()
        else again()
      })
    }
    again()
    return () => this.#forget(timer)
  }

  #withVia(request: SipRequest, branch: string): SipRequest {
    const via = `SIP/2.0/UDP ${this.address.host}:${this.address.port};rport;branch=${branch}`
    return { ...request, headers: [['Via', via], ['Max-Forwards', '70'], ...request.headers] }
  }

  #write(message: SipMessage, to = this.#server): void {
    this.#socket.send(writeSip(message), to.port, to.host)
  }

  #after(ms: number, then: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      then()
    }, ms)
    this.#timers.add(timer)
    return timer
  }

  #forget(timer: NodeJS.Timeout): void {
    clearTimeout(timer)
    this.#timers.delete(timer)
  }
}

function sameHeaders(request: SipRequest, method: string, to: string): [string, string][] {
  const number = header(request, 'cseq')?.split(' ')[0] ?? '1'
  return [
    ...['Via', 'Max-Forwards', 'From', 'Call-ID'].map((name): [string, string] => [name, header(request, name) ?? '']),
    ['To', to], ['CSeq', `${number} ${method}`],
  ]
}
