import { createServer as createHttp, type RequestListener, type Server as HttpServer } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Certificate } from './certificate.ts'

/** Servers on this machine for one test, and what they have seen. */
export class FarEnds {
  /** Connections open now, and the most that ever were. */
  open = 0
  most = 0
  /** Connections ever made. */
  made = 0
  private readonly servers: Server[] = []
  private readonly sockets = new Set<Socket>()
  private readonly timers = new Set<NodeJS.Timeout>()

  /** Answers HTTP. */
  http(answer: RequestListener): Promise<string> {
    const server = createHttp(answer)
    return this.listen(server, 'http')
  }

  /** Answers HTTP over TLS. */
  https(certificate: Certificate, answer: RequestListener): Promise<string> {
    return this.listen(createHttps(certificate, answer), 'https')
  }

  /** Does with a connection what it likes. */
  tcp(met: (socket: Socket) => void, scheme = 'http'): Promise<string> {
    return this.listen(createTcp(met), scheme)
  }

  /** Does it again and again until the test is over. */
  every(ms: number, run: () => void): void {
    this.timers.add(setInterval(run, ms))
  }

  async end(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    for (const socket of this.sockets) socket.destroy()
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }

  private listen(server: Server | HttpServer, scheme: string): Promise<string> {
    this.servers.push(server)
    server.on('connection', (socket: Socket) => {
      this.made++
      this.most = Math.max(this.most, ++this.open)
      this.sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => {
        this.open--
        this.sockets.delete(socket)
      })
    })
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`)))
  }
}

/** Waits until it is so; fails after 2 s. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 2_000
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never: ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
