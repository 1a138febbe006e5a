import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A wire between the line and Asterisk that a test can cut. */
export class Proxy {
  readonly port: number
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private open = true

  private constructor(server: Server, port: number) {
    this.server = server
    this.port = port
  }

  static async to(target: number): Promise<Proxy> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const proxy = new Proxy(server, typeof address === 'object' && address ? address.port : 0)
    server.on('connection', (near) => proxy.join(near, connect(target, '127.0.0.1')))
    return proxy
  }

  /** Ends all connections and lets none through until `mend`. */
  cut(): void {
    this.open = false
    for (const socket of this.sockets) socket.destroy()
  }

  mend(): void {
    this.open = true
  }

  close(): void {
    this.cut()
    this.server.close()
  }

  private join(near: Socket, far: Socket): void {
    for (const [one, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(one)
      one.setNoDelay(true)
      one.on('error', () => {})
      one.on('close', () => {
        this.sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
    if (!this.open) near.destroy()
  }
}
