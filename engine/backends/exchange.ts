import { request as httpRequest, type Agent as HttpAgent, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import type { Clock } from '../ports.ts'
import { failure, type Answered } from './answered.ts'
import { faultOf, timedOut, type Stage } from './faults.ts'
import type { Names } from './names.ts'
import type { Places } from './places.ts'
import { readAnswer, refusedByHead, tooLarge, type Head } from './read-answer.ts'
import type { Wire } from './wire.ts'

/** What all exchanges share. */
export type Shared = { http: HttpAgent; https: () => HttpsAgent; names: Names; places: Places; clock: Clock; largest: number }

/** Bytes that are read of an answer which is thrown away, so that its connection can be used again. */
const worthReading = 16_384
/** Times a request is sent again because a kept connection turned out to be gone. */
const mostAgain = 3

/** One request from the row for a place to the end of its answer. */
export class Exchange {
  /** Never rejects, and comes no later than the timeout. */
  readonly answer: Promise<Answered>
  /** When nothing of it is left: no timer, no listener, no place taken. */
  readonly closed: Promise<void>
  private readonly wire: Wire
  private readonly shared: Shared
  private tell!: (answer: Answered) => void
  private close!: () => void
  private settled = false
  private stage: Stage = 'waiting'
  private request: ClientRequest | undefined
  private again = 0
  private sendAgain = false

  constructor(wire: Wire, shared: Shared) {
    this.wire = wire
    this.shared = shared
    this.answer = new Promise((resolve) => (this.tell = resolve))
    this.closed = new Promise((resolve) => (this.close = resolve))
  }

  begin(): this {
    const { wire: { signal, timeout, origin }, shared: { clock, places } } = this
    const giveUp = (): void => this.end(givenUp(origin))
    signal?.addEventListener('abort', giveUp, { once: true })
    const stopTimer = clock.after(timeout, () => this.end(timedOut(origin, timeout, this.stage)))
    const leave = places.take(origin, () => this.send())
    const { close } = this
    this.close = () => {
      stopTimer()
      signal?.removeEventListener('abort', giveUp)
      leave()
      close()
    }
    if (this.settled) this.close()
    return this
  }

  /** Ends it now with this answer, if it has none yet. */
  end(answer: Answered): void {
    this.settle(answer)
    if (this.request) this.request.destroy()
    else this.close()
  }

  private settle(answer: Answered): void {
    if (this.settled) return
    this.settled = true
    this.tell(answer)
  }

  private send(): void {
    const { wire, shared } = this
    this.stage = 'looking-up'
    this.request = undefined
    const { method, host, port, path, headers } = wire
    const options = { method, host, port, path, headers, lookup: shared.names.forPort(port) }
    try {
      this.request = wire.secure
        ? httpsRequest({ ...options, agent: shared.https() })
        : httpRequest({ ...options, agent: shared.http })
    } catch (error) {
      this.end(faultOf(wire.origin, error, this.stage))
      return
    }
    this.request
      .on('socket', (socket) => this.follow(socket))
      .on('response', (response) => this.read(response))
      .on('error', (error) => this.failed(error))
      .on('close', () => this.over())
      .end(wire.body)
  }

  /** Keeps in mind how far the connection has come. */
  private follow(socket: Socket): void {
    if (!socket.connecting) {
      this.stage = 'asked'
      return
    }
    const reach = (stage: Stage) => (): void => void (this.stage = stage)
    socket.once('lookup', reach('connecting')).once('connect', reach(this.wire.secure ? 'handshake' : 'asked'))
    if (this.wire.secure) socket.once('secureConnect', reach('asked'))
  }

  private read(response: IncomingMessage): void {
    this.stage = 'answering'
    const { wire: { origin, method }, shared: { largest } } = this
    const { statusCode: status = 0, headers } = response
    const head: Head = { origin, method, status, headers, largest }
    const refused = refusedByHead(head)
    response.on('error', (error) => this.settle(faultOf(origin, error, this.stage)))
    if (refused) this.settle(refused)
    const most = refused ? worthReading : largest
    if (refused && Number(headers['content-length']) > most) {
      this.request?.destroy()
      return
    }
    const body: Buffer[] = []
    let size = 0
    response.on('data', (part: Buffer) => {
      size += part.length
      if (size > most) this.end(tooLarge(origin, largest, status))
      else if (!refused) body.push(part)
    })
    response.on('end', () => refused ?? this.settle(readAnswer(head, Buffer.concat(body))))
  }

  /**
   * A kept connection may have been closed by the far end at the very moment of asking: that is not the caller's loss.
   * A POST is then sent again if it has a key: a far end that passes over the key might do it twice.
   */
  private failed(error: Error): void {
    const { request, wire } = this
    const isGone = ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')
    const isKept = this.stage === 'asked' && request?.reusedSocket === true
    this.sendAgain = !this.settled && isGone && isKept && wire.again && this.again < mostAgain
    if (!this.sendAgain) this.settle(faultOf(wire.origin, error, this.stage))
  }

  private over(): void {
    if (this.sendAgain && !this.settled) {
      this.sendAgain = false
      this.again++
      this.send()
      return
    }
    this.settle(failure('connection', `${this.wire.origin}: the connection ended before the answer did`))
    this.close()
  }
}

export const givenUp = (origin: string): Answered => failure('given-up', `${origin}: the answer is no longer wanted`)
