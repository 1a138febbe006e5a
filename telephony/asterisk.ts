import { existsSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { TelephonyError } from '../engine/errors.ts'
import type { Clock, Line, LineListener, Log, Order } from '../engine/ports.ts'
import { AmiCall, type CallTimes } from './ami/call.ts'
import { ended, type HandOff } from './ami/ends.ts'
import { AmiLink, type AmiMessage, type LinkState, type LinkTimes } from './ami/link.ts'
import { EXTENSION, transferAllowed } from './ami/places.ts'
import { translate } from './ami/translate.ts'

export type AsteriskOptions = {
  host: string
  port: number
  /** The AMI user of manager.conf; `writeDialplan` makes one with what it needs. */
  user: string
  secret: string
  log: Log
  clock: Clock
  /** The folder of the prompts as we see it, and as Asterisk sees it. Default: both see the same. */
  promptsOnAsterisk?: { ours: string; theirs: string }
  /** Numbers that flows may transfer to; one ending in `*` stands for all that begin so. Default none. */
  transfers?: readonly string[]
  times?: Partial<CallTimes & LinkTimes>
}

const TIMES: CallTimes = { lease: 10, renewEvery: 4000, stopCheck: 60, overdue: 5000 }
/** How often calls are looked after: leases renewed, what is overdue noticed. Milliseconds. */
const TICK = 100

/** Calls on Asterisk, driven over AMI with AsyncAGI. Needs the dialplan of `writeDialplan`. */
export class AsteriskLine implements Line {
  readonly name = 'asterisk'
  readonly wantsSound = 'needs'
  private readonly options: AsteriskOptions
  private readonly clock: Clock
  private readonly log: Log
  private readonly link: AmiLink
  private readonly times: CallTimes
  private listener: LineListener | undefined
  private calls = new Map<string, AmiCall>()
  private commands = 0
  private cancelTick: (() => void) | undefined

  constructor(options: AsteriskOptions) {
    this.options = options
    this.clock = options.clock
    this.log = options.log
    this.times = { ...TIMES, ...options.times }
    this.link = new AmiLink({
      ...options,
      onUp: () => void this.reconcile(new Map(this.calls)),
      onDown: () => this.calls.forEach((call) => call.cutOff()),
      onEvent: (event) => this.heard(event),
    })
  }

  /** How the connection to Asterisk stands. */
  get state(): LinkState {
    return this.link.state
  }

  /** Whether Asterisk is connected now. */
  get connected(): boolean {
    return this.link.state === 'up'
  }

  async open(listener: LineListener): Promise<void> {
    this.listener = listener
    this.link.start()
    const tick = (): void => {
      const now = this.clock.now()
      for (const call of this.calls.values()) call.tick(now)
      this.cancelTick = this.clock.after(TICK, tick)
    }
    tick()
  }

  order(callId: string, order: Order): void {
    const call = this.calls.get(callId)
    if (!call) return
    switch (order.type) {
      case 'play':
        return this.play(callId, call, order)
      case 'stop-playback':
        return call.stopPlayback()
      case 'queue':
        if (EXTENSION.test(order.queue)) return call.leave(order)
        return this.refuse(callId, order, `no queue can be called ${JSON.stringify(order.queue)}`)
      case 'transfer':
        if (transferAllowed(order.to, this.options.transfers ?? [])) return call.leave(order)
        return this.refuse(callId, order, `transfers to ${JSON.stringify(order.to)} are not allowed`)
      case 'fall-back':
        return call.letGo()
      case 'hang-up':
        return call.hangUp()
    }
  }

  /** Gives the calls that are still ours to the fallback of their hotline, and ends the connection. */
  async close(): Promise<void> {
    this.cancelTick?.()
    this.listener = undefined
    for (const call of this.calls.values()) call.letGo()
    // Answers come in order: with this one, Asterisk has done what was sent before.
    if (this.connected) await this.link.action({ Action: 'Ping' }, { deadline: 1000 }).catch(() => {})
    this.link.stop()
  }

  private play(callId: string, call: AmiCall, order: Extract<Order, { type: 'play' }>): void {
    const { sound } = order
    // A missing file would end Asterisk's control of the call. Looked for each time: files come and go.
    if (!sound || !existsSync(sound.file)) {
      this.log.error({ call: callId, file: sound?.file }, 'a prompt has no sound file and is passed over')
      return this.tellSoon(callId, { type: 'prompt-finished', id: order.id, failed: true })
    }
    call.play({ id: order.id, path: this.pathOnAsterisk(sound.file), bargeIn: order.bargeIn, ms: sound.ms })
  }

  private pathOnAsterisk(file: string): string {
    const bare = file.replace(/\.wav$/, '')
    const { promptsOnAsterisk: folders } = this.options
    if (!folders) return bare
    const inside = relative(resolve(folders.ours), bare)
    return inside.startsWith('..') ? bare : `${folders.theirs.replace(/\/$/, '')}/${inside.split(sep).join('/')}`
  }

  private refuse(callId: string, order: HandOff, words: string): void {
    this.log.warn({ call: callId }, words)
    this.tellSoon(callId, ended(order, 'failed'))
  }

  /** After the order that is being dealt with, so that the engine never hears back while it is ordering. */
  private tellSoon(callId: string, event: Parameters<LineListener['happened']>[1]): void {
    queueMicrotask(() => {
      if (this.calls.has(callId)) this.listener?.happened(callId, event)
    })
  }

  private heard(event: AmiMessage): void {
    const fact = translate(event)
    if (!fact) return
    const call = this.calls.get(fact.call)
    switch (fact.type) {
      case 'waits-for-orders':
        if (call) return call.waitsForOrders(fact.arrival)
        if (fact.arrival.why !== 'entry' || !this.listener) return // not known to us: its lease leads it on
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
    return new AmiCall(channel, this.times, {
      send: (fields, refused) => this.link.send(fields, refused),
      tell: (event) => this.listener?.happened(id, event),
      forget: () => this.calls.delete(id),
      now: () => this.clock.now(),
      after: (ms, run) => this.clock.after(ms, run),
      nextCommandId: () => `play-${++this.commands}`,
      warn: (words) => this.log.warn({ call: id }, words),
    })
  }

  /** After each connect: the calls that were ours before, against the channels that Asterisk has. */
  private async reconcile(before: Map<string, AmiCall>): Promise<void> {
    if (before.size === 0) return
    const found = await this.link.list({ Action: 'CoreShowChannels' }).catch((error: unknown) => {
      if (error instanceof TelephonyError && error.code === 'link-lost') return undefined
      this.log.error({ err: error }, 'Asterisk does not list its channels: give the AMI user write=reporting')
      return undefined
    })
    if (!found) return
    const channels = new Map(found.map((channel) => [channel.uniqueid, channel]))
    for (const [id, call] of before) {
      if (this.calls.get(id) !== call) continue // ended meanwhile
      const channel = channels.get(id)
      if (channel) call.foundAt(channel.context ?? '', channel.exten ?? channel.extension ?? '')
      else call.ended()
    }
  }
}

