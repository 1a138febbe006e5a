import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { createSecureContext, rootCertificates } from 'node:tls'
import { realClock } from '../clock.ts'
import type { Clock, Log } from '../ports.ts'
import { allowedOf, type Allowed } from './address.ts'
import { failure, type Answered, type Failed } from './answered.ts'
import { Exchange, givenUp, type Shared } from './exchange.ts'
import { Names, systemLookUp, type LookUp } from './names.ts'
import { Places } from './places.ts'
import { wireOf, type BackendOrder } from './wire.ts'

export type BackendSettings = {
  /**
   * Addresses (`10.0.0.5`, `127.0.0.1:8080`), ranges (`10.1.0.0/16`) and hosts (`clinic.internal:8443`) that may be
   * asked although they are not on the public internet. Default none. A host opens private, loopback, unique-local
   * and shared addresses; all others, and metadata services always, are opened by their own address alone.
   */
  allow: readonly string[]
  log?: Log
  clock?: Clock
  /** Bytes of an answer, before and after decoding. Default 256 KB. */
  largest?: number
  limits?: {
    /** Requests to one origin at once, and so connections. Default 50. Who comes later waits, within the timeout. */
    atOnce?: number
    /** Milliseconds for which a connection is kept without a request. Default 4 s: many servers close theirs at 5 s. */
    idle?: number
  }
  /** Certificates of authorities trusted besides those that Node brings. PEM. Default none, or NODE_EXTRA_CA_CERTS. */
  authorities?: readonly string[]
  /** How names are looked up. Default: as all programs on this machine do. */
  lookUp?: LookUp
}

/**
 * Asks the backends of flows over HTTP. Whatever they do, a request ends within its timeout, as data; no connection
 * goes to an address that was not checked; no redirect is followed and no proxy asked.
 */
export class Backends {
  private readonly allowed: readonly Allowed[]
  private readonly shared: Shared
  private readonly log: Log | undefined
  private readonly running = new Set<Exchange>()
  private secure: HttpsAgent | undefined
  private isClosed = false

  /** Throws when `allow` holds a mistake: that is the admin's, and shows at the start. */
  constructor(settings: BackendSettings) {
    const { allow, log, clock = realClock, largest = 262_144, limits = {}, authorities } = settings
    const { lookUp = systemLookUp } = settings
    const { allowed, mistakes } = allowedOf(allow)
    if (mistakes.length > 0) throw new Error(`Backends cannot be allowed as written: ${mistakes.join('; ')}`)
    const { atOnce = 50, idle = 4_000 } = limits
    this.allowed = allowed
    this.log = log
    const kept = { keepAlive: true, scheduling: 'lifo', maxFreeSockets: atOnce, timeout: idle } as const
    const secure = (): HttpsAgent => {
      const trusted = authorities && { ca: [...rootCertificates, ...authorities] }
      const secureContext = createSecureContext({ minVersion: 'TLSv1.2', ...trusted })
      // Said outright, for NODE_TLS_REJECT_UNAUTHORIZED=0 would make it false.
      return new HttpsAgent({ ...kept, secureContext, rejectUnauthorized: true })
    }
    this.shared = {
      http: new HttpAgent(kept), https: () => (this.secure ??= secure()),
      names: new Names(allowed, lookUp), places: new Places(atOnce), clock, largest,
    }
  }

  /**
   * Reads the certificates of all authorities, which takes 40 ms: once, and not before the first request needs them
   * unless this is called.
   */
  trust(): void {
    this.shared.https()
  }

  /** Asks. Never rejects; the answer is there by the timeout. */
  async request(order: BackendOrder): Promise<Answered> {
    const began = this.shared.clock.steady()
    const wire = wireOf(order, this.allowed)
    if ('how' in wire) return this.told(wire, began)
    if (this.isClosed || order.signal?.aborted) return givenUp(wire.origin)
    const exchange = new Exchange(wire, this.shared)
    this.running.add(exchange)
    void exchange.closed.then(() => this.running.delete(exchange))
    const answer = await exchange.begin().answer
    return answer.how === 'failed' ? this.told(answer, began) : answer
  }

  /** Ends all that is under way, as `given-up`, and all connections. What is asked afterwards is given up at once. */
  async close(): Promise<void> {
    this.isClosed = true
    const running = [...this.running]
    for (const exchange of running) exchange.end(failure('given-up', 'the engine stops'))
    await Promise.all(running.map(({ closed }) => closed))
    this.shared.http.destroy()
    this.secure?.destroy()
  }

  private told(failed: Failed, began: number): Failed {
    const { why, words, status } = failed
    if (why !== 'given-up') this.log?.warn({ why, status, ms: this.shared.clock.steady() - began }, words)
    return failed
  }
}
