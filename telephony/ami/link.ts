import { randomBytes } from 'node:crypto'
import { TelephonyError } from '../../engine/errors.ts'
import type { Clock, Log } from '../../engine/ports.ts'
import { AmiConnection } from './connection.ts'
import { type AmiFields, type AmiMessage, refuseUnsafe } from './message.ts'
import { PendingActions } from './pending.ts'

export type { AmiFields, AmiMessage } from './message.ts'

/** `refused`: Asterisk answers but does not let us in; tried again like the rest. `down`: not started, or stopped. */
export type LinkState = 'connecting' | 'up' | 'refused' | 'down'

/** Milliseconds. */
export type LinkTimes = {
  /** Wait before the second try to connect; doubles with each try, give or take a fifth. Default 200. */
  retryFirst: number
  /** Longest wait between two tries, give or take a fifth. Default 5 s. */
  retryMost: number
  /** For connecting and logging in, and for each action unless it says otherwise. Default 5 s. */
  deadline: number
  /** How often Asterisk is asked whether it is alive. Default 2 s. */
  pingEvery: number
  /** Silence after such a question that ends the connection; with `pingEvery` 5 s at most. Default 3 s. */
  pingDeadline: number
}

export type LinkOptions = {
  host: string
  port: number
  user: string
  secret: string
  log: Log
  /** Classes of events wanted, as in manager.conf's `read`. Default `system,call,agent,agi,dtmf`. */
  events?: string
  clock: Clock
  times?: Partial<LinkTimes>
  /** Logged in; actions are taken from now on. */
  onUp?(): void
  /** The connection that was up has ended; everything pending has been rejected. */
  onDown?(): void
  onEvent?(event: AmiMessage): void
}

const TIMES: LinkTimes = { retryFirst: 200, retryMost: 5000, deadline: 5000, pingEvery: 2000, pingDeadline: 3000 }

/** A lasting link to Asterisk's manager interface (AMI): one connection after the other, as long as it is started. */
export class AmiLink {
  state: LinkState = 'down'
  private readonly options: LinkOptions
  private readonly times: LinkTimes
  private readonly clock: Clock
  private readonly log: Log
  private connection: AmiConnection | undefined
  private readonly pending = new PendingActions()
  private readonly idStart = `cw${randomBytes(3).toString('hex')}-`
  private ids = 0
  private tries = 0
  private stopping = false
  private heardAt = 0
  private lastWords = ''
  private timers = new Set<() => void>()

  constructor(options: LinkOptions) {
    this.options = options
    this.times = { ...TIMES, ...options.times }
    this.clock = options.clock
    this.log = options.log
    refuseUnsafe({ Username: options.user, Secret: options.secret })
  }

  /** The address of this machine that Asterisk knows; undefined without a connection. */
  get localAddress(): string | undefined {
    return this.connection?.localAddress
  }

  /** Begins to connect and never stops trying. */
  start(): void {
    if (this.state === 'down') this.connect()
  }

  /** Ends the connection and all tries; what is pending is rejected with `link-lost`. */
  stop(): void {
    this.stopping = true
    this.connection?.close()
    this.stopping = false
    this.state = 'down'
    this.cancelTimers()
  }

  /**
   * Sends an action and resolves with its answer. Rejects with `action-refused`, `no-answer`, `link-lost` or
   * `unsafe-value`.
   */
  async action(fields: AmiFields, { deadline = this.times.deadline } = {}): Promise<AmiMessage> {
    return (await this.ask(fields, deadline))[0] ?? {}
  }

  /** As `action`, for one whose answer is a list (`CoreShowChannels`): resolves with the rows. */
  async list(fields: AmiFields, { deadline = this.times.deadline } = {}): Promise<AmiMessage[]> {
    return this.ask(fields, deadline, [])
  }

  /**
   * Sends and does not wait; for what must be quick. `refused` is told if Asterisk says no or nothing, but not when
   * the connection ends (then comes `onDown`). Without a connection nothing is sent; throws `unsafe-value` alone.
   */
  send(fields: AmiFields, refused?: (error: TelephonyError) => void): void {
    refuseUnsafe(fields)
    if (this.state !== 'up') return
    const ActionID = this.nextId()
    if (refused) {
      this.pending.add(ActionID, {
        due: this.clock.steady() + this.times.deadline,
        answered() {},
        failed: (error) => {
          if (error.code !== 'link-lost') refused(error)
        },
      })
    }
    this.connection?.send({ ...fields, ActionID })
  }

  /** What is sent meanwhile leaves in one piece: Asterisk need not wake for each of it. */
  together(run: () => void): void {
    if (this.connection) this.connection.together(run)
    else run()
  }

  private async ask(fields: AmiFields, deadline: number, rows?: AmiMessage[]): Promise<AmiMessage[]> {
    refuseUnsafe(fields)
    if (this.state !== 'up') throw new TelephonyError('link-lost', 'no connection to Asterisk')
    const ActionID = this.nextId()
    const due = this.clock.steady() + deadline
    return new Promise((resolve, reject) => {
      const cancel = this.after(deadline, () => this.pending.giveUp(due))
      this.pending.add(ActionID, {
        ...(rows ? { rows } : {}),
        due,
        answered(messages) {
          cancel()
          resolve(messages)
        },
        failed(error) {
          cancel()
          reject(error)
        },
      })
      this.connection?.send({ ...fields, ActionID })
    })
  }

  private connect(): void {
    this.state = this.state === 'refused' ? 'refused' : 'connecting'
    const { host, port, user, secret } = this.options
    const cancel = this.after(this.times.deadline, () => this.connection?.end('no answer'))
    this.connection = new AmiConnection({
      host,
      port,
      user,
      secret,
      loggedIn: () => {
        cancel()
        this.cameUp()
      },
      heard: (message) => this.heard(message),
      ended: (reason, refused) => {
        cancel()
        this.ended(reason, refused)
      },
    })
  }

  private cameUp(): void {
    this.state = 'up'
    this.tries = 0
    this.heardAt = this.clock.steady()
    this.watch()
    // At the login the library sends `Event:`, which means nothing to Asterisk; so the wish follows here.
    this.send({ Action: 'Events', EventMask: this.options.events ?? 'system,call,agent,agi,dtmf' })
    this.greet().catch(() => {})
    this.safely(() => this.options.onUp?.())
  }

  private async greet(): Promise<void> {
    const settings = await this.action({ Action: 'CoreSettings' }).catch((error: unknown) => {
      if (error instanceof TelephonyError && error.code === 'link-lost') throw error
      return { asteriskversion: undefined }
    })
    const version = settings.asteriskversion ?? '(it does not tell its version)'
    this.say('info', `connected to Asterisk ${version} at ${this.where()}`)
  }

  private ended(reason: string, refused: boolean): void {
    const wasUp = this.state === 'up'
    this.connection = undefined
    this.cancelTimers()
    this.state = refused ? 'refused' : 'connecting'
    this.pending.lose(reason)
    if (wasUp) this.safely(() => this.options.onDown?.())
    if (this.stopping) return
    const { user } = this.options
    if (refused) {
      this.say('error', `Asterisk refused the login of user ${user}: check AMI_SECRET and manager.conf; trying again`)
    } else if (wasUp) this.say('warn', `lost the connection to Asterisk at ${this.where()} (${reason}); trying again`)
    else this.say('warn', `cannot reach Asterisk at ${this.where()} (${reason}); trying again`)
    const pause = Math.min(this.times.retryFirst * 2 ** this.tries++, this.times.retryMost)
    // Many engines that lost one Asterisk must not come back in step.
    this.after(pause * (0.8 + 0.4 * Math.random()), () => this.connect())
  }

  private heard(message: AmiMessage): void {
    this.heardAt = this.clock.steady()
    if (this.pending.take(message) || message.event === undefined) return
    this.safely(() => this.options.onEvent?.(message))
  }

  /** Asks for a sign of life again and again; any message counts as one. */
  private watch(): void {
    const { pingEvery, pingDeadline } = this.times
    this.after(pingEvery, () => {
      const asked = this.clock.steady()
      this.send({ Action: 'Ping' })
      this.after(pingDeadline, () => {
        if (this.heardAt < asked) this.connection?.end(`silent for ${pingDeadline} ms`)
      })
      this.pending.giveUp(asked)
      this.watch()
    })
  }

  private after(ms: number, run: () => void): () => void {
    const forget = this.clock.after(ms, () => {
      this.timers.delete(cancel)
      run()
    })
    const cancel = (): void => {
      this.timers.delete(cancel)
      forget()
    }
    this.timers.add(cancel)
    return cancel
  }

  private cancelTimers(): void {
    for (const cancel of this.timers) cancel()
  }

  /** A fault in what listens must not end the connection, or the process. */
  private safely(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.log.error({ err: error }, 'a message of Asterisk could not be dealt with')
    }
  }

  /** Each change once, not each try. */
  private say(level: 'info' | 'warn' | 'error', words: string): void {
    if (words !== this.lastWords) this.log[level]({}, words)
    this.lastWords = words
  }

  private where(): string {
    return `${this.options.host}:${this.options.port}`
  }

  private nextId(): string {
    return this.idStart + ++this.ids
  }
}
