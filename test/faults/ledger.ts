import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A backend on loopback that makes entries, and honours the key of a request: the same one makes the same entry. */
export class Ledger {
  readonly port: number
  /** What was entered, by the key of the request that did it. */
  readonly entries = new Map<string, { caller: string; number: string }>()
  private readonly server: Server

  private constructor(server: Server) {
    this.server = server
    this.port = (server.address() as AddressInfo).port
    server.on('request', (request, response) => {
      let body = ''
      request.on('data', (data: Buffer) => (body += data.toString())).on('end', () => {
        const key = String(request.headers['idempotency-key'])
        this.entries.set(key, JSON.parse(body) as { caller: string; number: string })
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ number: this.entries.size }))
      })
    })
  }

  static async open(): Promise<Ledger> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Ledger(server)
  }

  /** The numbers of those who have an entry. */
  get callers(): Set<string> {
    return new Set([...this.entries.values()].map(({ caller }) => caller))
  }

  /** How many entries there are beyond the first of each caller. */
  get twice(): number {
    return this.entries.size - this.callers.size
  }

  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}
