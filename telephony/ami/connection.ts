import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import Manager from 'asterisk-manager'
import { TelephonyError } from '../../engine/errors.ts'
import { type AmiFields, type AmiMessage, cleaned } from './message.ts'

export type ConnectionOptions = {
  host: string
  port: number
  user: string
  secret: string
  /** Asterisk has let us in. */
  loggedIn(): void
  /** Every answer and event, in order. */
  heard(message: AmiMessage): void
  /** Once, whatever the cause; nothing comes after it. `refused`: the login was. */
  ended(reason: string, refused: boolean): void
}

/**
 * One TCP connection to Asterisk, from dialling to its end; never used twice. The only place that knows
 * asterisk-manager, and where its faults stop: its own dispatch by event name is taken out (an event called `Close`
 * or `Error` would pass for one of the socket), and a signal ends sockets that it would leave open.
 */
export class AmiConnection {
  private readonly manager = new Manager()
  private readonly cut = new AbortController()
  private readonly socket: Socket | undefined
  private readonly options: ConnectionOptions
  private in = false
  private over = false

  constructor(options: ConnectionOptions) {
    this.options = options
    const { manager } = this
    manager.options.username = options.user
    manager.options.password = options.secret
    // After this nothing is emitted by name any more: we alone see what was parsed.
    manager.removeAllListeners('rawevent')
    manager.on('rawevent', (item) => this.parsed(item as object))
    manager.on('connect', () => {
      if (!this.over) manager.login((refusal) => this.loginAnswered(refusal))
    })
    manager.on('error', (error) => this.end(wordsFor(error)))
    manager.on('close', () => this.end('Asterisk closed the connection'))
    this.socket = socketOf(() => manager.connect({ host: options.host, port: options.port, signal: this.cut.signal }))
  }

  /** The address of this machine at this end. */
  get localAddress(): string | undefined {
    return this.socket?.localAddress?.replace(/^::ffff:/, '')
  }

  /** Sends one action. The caller has checked it with `refuseUnsafe` and gives it an `ActionID`. */
  send(fields: AmiFields): void {
    if (!this.in || this.over) throw new TelephonyError('link-lost', 'no connection to Asterisk')
    const { ActionID: actionid = '', ...rest } = fields
    // In lower case it is the id; in any other spelling the library makes up one of its own.
    this.manager.action({ ...rest, actionid })
  }

  /** What is sent meanwhile leaves in one piece. */
  together(run: () => void): void {
    this.socket?.cork()
    try {
      run()
    } finally {
      this.socket?.uncork()
    }
  }

  /** Ends the connection in good order: what was sent still leaves, answers no longer come. */
  close(): void {
    this.finish('stopped', false)
  }

  /**
   * Breaks the connection off: what has not left yet is thrown away. An order that reached Asterisk when a cut wire is
   * whole again would find the caller elsewhere.
   */
  end(reason: string, refused = false): void {
    this.socket?.resetAndDestroy()
    this.finish(reason, refused)
  }

  private finish(reason: string, refused: boolean): void {
    if (this.over) return
    this.over = true
    this.manager.removeAllListeners('rawevent')
    this.manager.disconnect()
    // `disconnect` leaves a socket that is dialling, and one whose other side is silent, open for ever.
    setImmediate(() => this.cut.abort())
    this.options.ended(reason, refused)
  }

  private loginAnswered(refusal: unknown): void {
    if (this.over) return
    if (refusal) return this.end('login refused', true)
    this.in = true
    this.options.loggedIn()
  }

  private parsed(item: object): void {
    const message = cleaned(item)
    const { response, actionid } = message
    if (response !== undefined && actionid !== undefined) {
      const login = !this.in
      // Runs the library's own callback for this answer: for the login that lets actions through, else a no-op.
      this.manager.emit(actionid, /^error$/i.test(response) ? message : undefined, message)
      if (login) return
    }
    if (this.in && !this.over) this.options.heard(message)
  }
}

/** The socket that is made meanwhile: the library keeps its own to itself. */
function socketOf(connect: () => void): Socket | undefined {
  let found: Socket | undefined
  const made = (message: unknown): void => void (found ??= (message as { socket: Socket }).socket)
  subscribe('net.client.socket', made)
  try {
    connect()
  } finally {
    unsubscribe('net.client.socket', made)
  }
  return found
}

function wordsFor(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused'
    case 'ECONNRESET':
    case 'EPIPE':
      return 'connection reset'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no such host'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'host unreachable'
    case 'ETIMEDOUT':
      return 'no answer'
    default:
      return code ?? 'connection failed'
  }
}
