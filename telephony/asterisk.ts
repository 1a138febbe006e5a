import type { TelephonyError } from '../engine/errors.ts'
import type { Clock, Line, LineListener, Log, Order } from '../engine/ports.ts'
import { AmiCall, type CallTimes, type Reach } from './ami/call.ts'
import { Channels } from './ami/channels.ts'
import { Driver, DRIVER_TIMES, type DriverOptions, type DriverTimes } from './ami/driver.ts'
import { AmiLink, type AmiFields, type AmiMessage, type LinkState, type LinkTimes } from './ami/link.ts'
import { hangUp, redirect, setGlobal } from './ami/commands.ts'
import { CONTEXTS, LEASE } from './ami/places.ts'
import { translate } from './ami/translate.ts'
import { Orders } from './orders.ts'
import { Recordings } from './recordings.ts'
import { Sounds, type SoundsOptions } from './sounds.ts'
import { switchVariable } from './survival/extension.ts'
import { stepExtension } from './survival/names.ts'

export type AsteriskOptions = {
  host: string
  port: number
  /** The AMI user of manager.conf; `writeDialplan` makes one with what it needs. */
  user: string
  secret: string
  log: Log
  clock: Clock
  /** How Asterisk gets at the prompts, which is found out. Default: it is told the paths that we know. */
  sounds?: SoundsOptions
  /** The folder of recordings as we see it, and as Asterisk sees it. Default none: every recording fails. */
  recordings?: { ours: string; theirs: string }
  /** Numbers that flows may transfer to; one ending in `*` stands for all that begin so. Default none. */
  transfers?: readonly string[]
  /** How it is made sure that no other engine drives the calls of this Asterisk. Default: there is none. */
  driving?: Pick<DriverOptions, 'family' | 'instance' | 'aloneInFamily'> & {
    /** We drive from now on; what another process left is to be resumed before this returns. */
    onTakeOver(): void
    /** Another engine has the calls now. */
    onStoodDown(): void
  }
  times?: Partial<CallTimes & LinkTimes & DriverTimes>
}

const TIMES: CallTimes = { lease: LEASE, renewEvery: 1000, stopCheck: 60, overdue: 5000 }
/** How often calls are looked after: leases renewed, what is overdue noticed. Milliseconds. */
const TICK = 100

/** Calls on Asterisk, driven over AMI with AsyncAGI. Needs the dialplan of `writeDialplan`. */
export class AsteriskLine implements Line {
  readonly name = 'asterisk'
  readonly wantsSound = 'needs'
  /** How Asterisk gets at the prompts; undefined: it is told the paths that we know. */
  readonly sounds: Sounds | undefined
  private readonly options: AsteriskOptions
  private readonly clock: Clock
  private readonly log: Log
  private readonly link: AmiLink
  private readonly channels: Channels
  private readonly times: CallTimes
  private readonly recordings: Recordings | undefined
  private readonly orders: Orders
  private readonly driver: Driver | undefined
  private listener: LineListener | undefined
  private calls = new Map<string, AmiCall>()
  private commands = 0
  /** Another engine has the calls, or will have. */
  private forsaken = false
  private isReconciling = false
  private cancelTick: (() => void) | undefined
  /** How often Asterisk has let us in. */
  connects = 0

  /** Throws an Error that says what to do when the folder of recordings cannot be used. */
  constructor(options: AsteriskOptions) {
    this.options = options
    this.recordings = options.recordings && new Recordings(options.recordings)
    this.clock = options.clock
    this.log = options.log
    this.times = { ...TIMES, ...options.times }
    this.link = new AmiLink({
      ...options,
      onUp: () => {
        this.connects++
        if (this.driver) this.driver.connected()
        else this.takeOver()
      },
      onDown: () => {
        this.driver?.disconnected()
        this.sounds?.lost()
        this.calls.forEach((call) => call.cutOff())
      },
      onEvent: (event) => this.heard(event),
    })
    this.channels = new Channels({ link: this.link, clock: this.clock, log: this.log })
    this.sounds = options.sounds && new Sounds(options.sounds, { link: this.link, clock: this.clock, log: this.log })
    this.orders = new Orders({
      sounds: this.sounds, recordings: this.recordings, transfers: options.transfers ?? [], log: this.log,
      tellSoon: (call, event) => this.tellSoon(call, event),
    })
    this.driver = options.driving && new Driver({
      ...options.driving,
      link: this.link, clock: this.clock, log: this.log, times: { ...DRIVER_TIMES, ...options.times },
      onDriving: () => this.takeOver(),
      onStoodDown: () => this.standDown(),
    })
  }

  /** Whether another engine drives the calls of this Asterisk. */
  get standsBy(): boolean {
    return this.driver?.standsBy ?? false
  }

  /** How the connection to Asterisk stands. */
  get state(): LinkState {
    return this.link.state
  }

  /** Whether Asterisk is connected now. */
  get connected(): boolean {
    return this.link.state === 'up'
  }

  /** Whether calls are taken and ordered about by us. */
  get drives(): boolean {
    return this.connected && this.mayDrive
  }

  /** Whether calls of before are being taken up: some of them are not in our hands yet. */
  get takesUp(): boolean {
    return this.connected && (this.isReconciling || [...this.calls.values()].some(({ isComing }) => isComing))
  }

  /** How long a lease lasts that nobody renews, in milliseconds. */
  get lease(): number {
    return this.times.lease * 1000
  }

  /** How long ago the lease of the call that waits longest for it was renewed, in milliseconds. */
  get oldestLease(): number | undefined {
    const now = this.clock.steady()
    const ages = [...this.calls.values()].flatMap((call) => call.leaseAge(now) ?? [])
    return ages.length > 0 ? Math.max(...ages) : undefined
  }

  async open(listener: LineListener): Promise<void> {
    this.listener = listener
    this.link.start()
    const tick = (): void => {
      const now = this.clock.steady()
      // Whoever was frozen knows nothing of its calls.
      if (this.calls.size > 0 && this.connected && !this.mayDrive) this.doubt()
      for (const call of this.calls.values()) call.tick(now)
      this.cancelTick = this.clock.after(TICK, tick)
    }
    tick()
  }

  adopt(callId: string, away?: Extract<Order, { type: 'queue' | 'transfer' | 'record' }>): void {
    const file = away?.type === 'record' ? this.recordings?.file(away.recording) : undefined
    const handOff = away?.type === 'record' ? file && { ...away, file } : away
    this.calls.set(callId, AmiCall.adopted(this.times, this.reachOf(callId), handOff))
    if (away?.type === 'record' && !file) this.tellSoon(callId, { type: 'recorded', id: away.id, how: 'failed', ms: 0 })
  }

  at(callId: string, step: string, language: string): void {
    this.calls.get(callId)?.at(stepExtension(step), language)
  }

  /** Tells Asterisk how a switch of a hotline stands, for callers whom it leads on without us. */
  tellSwitch(hotline: string, name: string, on: boolean): void {
    if (this.drives) this.link.send(setGlobal(switchVariable(hotline, name), on ? 'on' : 'off'))
  }

  order(callId: string, order: Order): void {
    const call = this.calls.get(callId)
    if (call) this.orders.carryOut(callId, call, order)
  }

  /** Gives the calls that are still ours to the fallback of their hotline, and ends the connection. */
  async close(): Promise<void> {
    this.cancelTick?.()
    this.channels.forget()
    this.sounds?.close()
    this.listener = undefined
    for (const call of this.calls.values()) call.letGo()
    // Answers come in order: with this one, Asterisk has done what was sent before.
    await this.driver?.release({ follows: this.forsaken })
    if (this.connected) await this.link.action({ Action: 'Ping' }, { deadline: 1000 }).catch(() => {})
    this.link.stop()
  }

  /** After the order that is being dealt with, so that the engine never hears back while it is ordering. */
  private tellSoon(callId: string, event: Parameters<LineListener['happened']>[1]): void {
    queueMicrotask(() => {
      if (this.calls.has(callId)) this.listener?.happened(callId, event)
    })
  }

  private heard(event: AmiMessage): void {
    const fact = translate(event)
    if (!fact || this.sounds?.heard(fact)) return
    const call = this.calls.get(fact.call)
    switch (fact.type) {
      case 'waits-for-orders':
        if (call) return call.waitsForOrders(fact.arrival)
        // Not known to us, or not ours: its lease leads it on.
        if (fact.arrival.why !== 'entry' || !this.listener || !this.mayDrive) return
        this.calls.set(fact.call, this.newCall(fact.call, fact.channel))
        return this.listener.callArrived({
          id: fact.call,
          line: this.name,
          called: fact.arrival.called,
          caller: fact.arrival.caller,
        })
      case 'command-began':
        return call?.commandBegan(fact.text)
      case 'command-ended':
        return call?.commandEnded(fact.command, fact.result)
      case 'control-ended':
        return call?.controlEnded()
      case 'key-began':
        return call?.keyBegan(fact.key)
      case 'key-ended':
        return call?.keyEnded(fact.key)
      case 'agent-answered':
        return call?.agentAnswered(fact.agent)
      case 'hung-up':
        return call?.ended()
    }
  }

  private newCall(id: string, channel: string): AmiCall {
    return new AmiCall(channel, this.times, this.reachOf(id))
  }

  private get mayDrive(): boolean {
    return this.driver?.drives ?? true
  }

  /** One order for a call. Who was frozen finds out first whether another engine has the calls now. */
  private send(fields: AmiFields, refused?: (error: TelephonyError) => void): void {
    if (this.mayDrive) this.link.send(fields, refused)
    else this.doubt()
  }

  private doubt(): void {
    this.calls.forEach((call) => call.cutOff())
    this.driver?.doubted()
  }

  private reachOf(id: string): Reach {
    return {
      send: (fields, refused) => this.send(fields, refused),
      together: (run) => this.link.together(run),
      tell: (event) => {
        if (event.type === 'recorded' && event.how === 'failed')
          this.log.error({ call: id }, `Asterisk could not record: ${this.recordings?.hint}`)
        if (event.type === 'prompt-finished' && event.failed) this.sounds?.doubted()
        this.listener?.happened(id, event)
      },
      heard: (prompt) => this.listener?.heard?.(id, prompt),
      silence: (when) => this.listener?.silence?.(id, when),
      forget: () => this.calls.delete(id),
      now: () => this.clock.steady(),
      after: (ms, run) => this.clock.after(ms, run),
      nextCommandId: () => `play-${++this.commands}`,
      warn: (words, err) => this.log.warn({ call: id, ...(err ? { err } : {}) }, words),
    }
  }

  /** We drive from now on: calls of another process, then what has become of all of them. */
  private takeOver(): void {
    this.options.driving?.onTakeOver()
    // Calls come first.
    const before = new Map(this.calls)
    this.isReconciling = true
    void this.channels.find((found) => this.reconcile(before, found)).then(() => {
      this.isReconciling = false
      this.listener?.drives?.()
      return this.sounds?.find()
    })
  }

  /** Leaves all calls as they are, for the engine that follows: their leases hold until it is there. */
  forsake(): void {
    this.forsaken = true
    this.channels.forget()
    this.calls.forEach((call) => call.forget())
    this.calls.clear()
  }

  private standDown(): void {
    this.forsake()
    this.options.driving?.onStoodDown()
  }

  /** After each connect: the calls that were ours before, against the channels that Asterisk has. */
  private reconcile(before: Map<string, AmiCall>, found: AmiMessage[]): void {
    const channels = new Map(found.map((channel) => [channel.uniqueid, channel]))
    for (const [id, call] of before) {
      if (this.calls.get(id) !== call) continue // ended meanwhile
      const channel = channels.get(id)
      if (channel) call.foundAt(channel.channel ?? '', channel.context ?? '', channel.exten ?? channel.extension ?? '')
      else call.ended()
    }
    // Callers who came while nobody listened are asked to come in again; it does not take longer than they have waited.
    for (const { uniqueid = '', channel = '', context, exten, extension } of found) {
      if (!this.calls.has(uniqueid) && context === CONTEXTS.control && (exten ?? extension) === 'entry')
        this.send(redirect(channel, CONTEXTS.control, 'entry'))
      // Of an engine that ended while it tried sounds.
      if (context === CONTEXTS.check && !this.sounds?.isOwn(uniqueid)) this.send(hangUp(channel))
    }
  }
}

