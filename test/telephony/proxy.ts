import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A wire between the line and Asterisk that a test can cut. */
export class Proxy {
  readonly port: number
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private open = true
  private swallowing = false
  /** Told of everything that the line sends. */
  onSent: (data: Buffer) => void = () => {}

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
    server.on('connection', (near) => proxy.join(near, target))
    return proxy
  }

  /** Ends all connections and lets none through until `mend`. */
  cut(): void {
    this.open = false
    for (const socket of this.sockets) socket.destroy()
  }

  /** Lets nothing through until `mend`, and closes nothing: a cable pulled out. What was connected then stays dead. */
  swallow(): void {
    this.swallowing = true
    for (const socket of this.sockets) socket.unpipe().resume()
  }

  mend(): void {
    this.open = true
    this.swallowing = false
  }

  close(): void {
    this.cut()
    this.server.close()
  }

  private join(near: Socket, target: number): void {
    near.on('error', () => {})
    if (this.swallowing) return this.keep(near, () => {})
    const far = connect(target, '127.0.0.1')
    near.on('data', (data: Buffer) => this.onSent(data))
    for (const [one, other] of [[near, far], [far, near]] as const) {
      this.keep(one, () => other.destroy())
      one.setNoDelay(true)
      one.on('error', () => {})
      one.pipe(other)
    }
    if (!this.open) near.destroy()
  }

  private keep(socket: Socket, closed: () => void): void {
    this.sockets.add(socket)
    socket.on('close', () => {
      this.sockets.delete(socket)
      closed()
    })
  }
}
