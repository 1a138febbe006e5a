import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A question as it reached the server. */
export type Asked = { method: string; url: URL; headers: IncomingMessage['headers']; body: string }

/** A server on loopback that notes what it is asked, and answers as it is told. */
export class SpeechServer {
  readonly asked: Asked[] = []
  answer: (response: ServerResponse, asked: Asked) => void = (response) => response.end()
  private readonly server: Server

  constructor() {
    this.server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const { method = '', headers } = request
        const asked = { method, url: new URL(request.url ?? '', this.url), headers, body: Buffer.concat(pieces).toString() }
        this.asked.push(asked)
        this.answer(response, asked)
      })
    })
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  open(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve))
  }

  close(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  /** The next question, answered by nobody; and when the other side has hung up. */
  hang(): { reached: Promise<void>; gone: Promise<void> } {
    const [reached, gone] = [later(), later()]
    this.answer = (response) => {
      response.on('close', gone.resolve)
      response.writeHead(200)
      response.write('R')
      reached.resolve()
    }
    return { reached: reached.promise, gone: gone.promise }
  }
}

/** A promise, and what fulfils it. */
export function later(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}

/** Sends for ever, as fast as it is read. */
export function endless(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536))) { /* until it is full */ }
  }
  response.on('drain', more)
  more()
}
