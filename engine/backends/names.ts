import { lookup } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { refusal, type Allowed } from './address.ts'
import { RefusedAddress } from './faults.ts'

/** All addresses of a name; rejects as `node:dns` does. */
export type LookUp = (host: string) => Promise<LookupAddress[]>

export const systemLookUp: LookUp = (host) => lookup(host, { all: true })

/**
 * Looks names up for new connections, once for all that ask at the same time: a look-up that hangs holds a thread,
 * and there are few of them. A connection goes to an address that was checked here, and to no other.
 */
export class Names {
  private readonly allowed: readonly Allowed[]
  private readonly lookUp: LookUp
  private readonly running = new Map<string, Promise<LookupAddress[]>>()

  constructor(allowed: readonly Allowed[], lookUp: LookUp) {
    this.allowed = allowed
    this.lookUp = lookUp
  }

  /** The look-up of connections to this port. One refused address among several refuses the name. */
  forPort(port: number): LookupFunction {
    return (host, options, found) => {
      this.checked(host, port).then(
        (addresses) => (options.all ? found(null, addresses) : found(null, addresses[0].address, addresses[0].family)),
        (error: NodeJS.ErrnoException) => found(error, []),
      )
    }
  }

  private async checked(host: string, port: number): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...others] = await this.addressesOf(host)
    if (!first) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })
    for (const { address } of [first, ...others]) {
      const refused = refusal(address, { host, port }, this.allowed)
      if (refused !== undefined) throw new RefusedAddress(refused)
    }
    return [first, ...others]
  }

  private addressesOf(host: string): Promise<LookupAddress[]> {
    let running = this.running.get(host)
    if (!running) {
      running = this.lookUp(host).finally(() => this.running.delete(host))
      this.running.set(host, running)
    }
    return running
  }
}
