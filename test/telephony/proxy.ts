import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A wire between the line and Asterisk that a test can cut. */
export class Proxy {
  readonly port: number
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private open = true
  private swallowing = false
  private readonly pairs = new Set<[near: Socket, far: Socket]>()
  /** What is to be done when the wire is whole again. */
  private readonly delayed: (() => void)[] = []
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

  /** Lets nothing through until `mend`, and tells nobody: a cable pulled out. What was sent meanwhile comes then. */
  swallow(): void {
    this.swallowing = true
    for (const pair of this.pairs) {
      if (pair.some((socket) => socket.destroyed)) this.pairs.delete(pair)
      else for (const socket of pair) socket.unpipe().pause()
    }
  }

  mend(): void {
    this.open = true
    if (!this.swallowing) return
    this.swallowing = false
    for (const [near, far] of this.pairs) {
      near.pipe(far)
      far.pipe(near)
    }
    for (const goOn of this.delayed.splice(0)) goOn()
  }

  close(): void {
    this.cut()
    this.server.close()
  }

  private join(near: Socket, target: number): void {
    this.keep(near)
    if (this.swallowing) return void this.delayed.push(() => near.destroyed || this.join(near, target))
    const far = connect(target, '127.0.0.1')
    this.keep(far)
    near.on('data', (data: Buffer) => this.onSent(data))
    for (const [one, other] of [[near, far], [far, near]] as const) {
      one.setNoDelay(true)
      one.on('close', () => this.whenWhole(() => other.destroy()))
      one.pipe(other)
    }
    this.pairs.add([near, far])
    if (!this.open) near.destroy()
  }

  private whenWhole(run: () => void): void {
    if (this.swallowing) this.delayed.push(run)
    else run()
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.sockets.delete(socket))
  }
}
