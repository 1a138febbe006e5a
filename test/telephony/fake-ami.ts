import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

type Fields = Record<string, string>

/** A stand-in for Asterisk's manager interface on loopback: notes every action and answers as it is told. */
export class FakeAmi {
  readonly port: number
  readonly actions: Fields[] = []
  /** The bytes of each action as they came. */
  readonly raw: string[] = []
  connections = 0
  /** Ends every connection as soon as it is made. */
  cutsAtOnce = false
  /** Answers to send; undefined: none. Default: `Success` to everything. */
  answer: (action: Fields) => Partial<Fields> | undefined = () => ({ Response: 'Success' })
  onAction: (action: Fields) => void = () => {}
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private waiting = new Set<() => void>()

  private constructor(server: Server, port: number) {
    this.server = server
    this.port = port
  }

  static async open(port = 0): Promise<FakeAmi> {
    const server = createServer()
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const fake = new FakeAmi(server, typeof address === 'object' && address ? address.port : 0)
    server.on('connection', (socket) => fake.serve(socket))
    return fake
  }

  event(name: string, fields: Fields = {}): void {
    this.write(text({ Event: name, ...fields }))
  }

  write(bytes: string): void {
    for (const socket of this.sockets) socket.write(bytes)
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    this.server.close()
    await once(this.server, 'close')
  }

  /** The names of the actions so far, without those that every connection begins with. */
  names(): string[] {
    return this.actions.map(({ action }) => action ?? '').filter((name) => !/^(login|Events|CoreSettings|Ping)$/i.test(name))
  }

  /** Resolves with the first action from number `from` on that fits. */
  async gets(fits: (action: Fields) => boolean, from = 0, within = 3000): Promise<Fields> {
    const deadline = performance.now() + within
    for (;;) {
      const found = this.actions.slice(from).find(fits)
      if (found) return found
      if (performance.now() > deadline) throw new Error(`not sent; only: ${JSON.stringify(this.actions.slice(from))}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - performance.now() + 1)
        this.waiting.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
      this.waiting.clear()
    }
  }

  private serve(socket: Socket): void {
    this.connections++
    this.sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('error', () => {})
    if (this.cutsAtOnce) return void socket.destroy()
    socket.write('Asterisk Call Manager/11.0.0\r\n')
    let rest = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\r\n\r\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) this.take(socket, block)
    })
  }

  private take(socket: Socket, block: string): void {
    const action = Object.fromEntries(
      block.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
    )
    this.actions.push(action)
    this.raw.push(block)
    const answer = this.answer(action)
    if (answer) socket.write(text({ ...(action.actionid ? { ActionID: action.actionid } : {}), ...answer }))
    this.onAction(action)
    for (const wake of this.waiting) wake()
  }
}

export function text(fields: Partial<Fields>): string {
  return `${Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}
