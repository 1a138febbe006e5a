import type { CallEvent, PromptEnd } from '../../engine/call/events.ts'
import type { TelephonyError } from '../../engine/errors.ts'
import * as orders from './commands.ts'
import { endOf, ended, spokenAtHangUp, type HandOff } from './ends.ts'
import { leaving } from './leaving.ts'
import type { AmiFields } from './message.ts'
import { CONTEXTS, VARIABLES } from './places.ts'
import { Playback, type PlaybackTimes } from './playback.ts'
import type { PromptOrder } from './prompt.ts'
import type { AgiResult, Arrival } from './translate.ts'

/** What a call needs of the world around it. */
export type Reach = {
  /** `refused` is told as by `AmiLink.send`. */
  send(fields: AmiFields, refused?: (error: TelephonyError) => void): void
  /** What is sent meanwhile arrives at once. */
  together(run: () => void): void
  /** Tells the engine. */
  tell(event: CallEvent): void
  heard(prompt: { id: number; ms: number; how: PromptEnd }): void
  /** As `LineListener.silence`. */
  silence(when: { from: number } | { until: number }): void
  /** The call is over for us. */
  forget(): void
  /** Of the clock that goes forward alone. */
  now(): number
  after(ms: number, run: () => void): () => void
  nextCommandId(): string
  warn(words: string, error?: unknown): void
}

export type CallTimes = PlaybackTimes & {
  /** Until Asterisk takes a call back if nobody renews: nobody waits longer for an engine that is gone. Seconds. Default: `LEASE`. */
  lease: number
  /** Milliseconds. Default 1 s. */
  renewEvery: number
}

/** More keys than can be down at a time. */
const KEYS_KEPT = 15

/**
 * Where a call is: `ours`: waits for orders in Asterisk. `coming`: will in a moment. `away`: with agents, on a
 * transfer or speaking into a recording. `cut-off`: was ours or coming when the connection to Asterisk ended.
 */
type Whereabouts = 'ours' | 'coming' | 'away' | 'cut-off'

/** One call on Asterisk: turns the engine's orders into AMI actions and Asterisk's events into the engine's. */
export class AmiCall {
  /** Its name; empty until a call taken over from another process is found. */
  private channel: string
  private readonly reach: Reach
  private readonly times: CallTimes
  private readonly playback: Playback
  private where: Whereabouts = 'ours'
  /** Another process has left it doing something that we do not know. */
  private unknown = false
  /** That one has told Asterisk where the call is; told once more when there is time. */
  private toldBefore = false
  private away: HandOff | undefined
  private leftAt = 0
  /** Waits until nothing is playing. */
  private handOff: HandOff | undefined
  /** Variables in which Asterisk knows where the call is, and their values as last told. */
  private place: Record<string, string> = {}
  private told: Record<string, string> = {}
  private leaseDue = 0
  private leasedAt: number
  private comingDue = 0
  private hungUp = false
  /** Keys that have begun and not ended; undefined until one has begun at all. */
  private keysDown: string[] | undefined

  /** A call that another process had; `away`: where the caller was sent. It is found at the next connect. */
  static adopted(times: CallTimes, reach: Reach, away: HandOff | undefined): AmiCall {
    const call = new AmiCall('', times, reach)
    call.where = away ? 'away' : 'cut-off'
    call.unknown = call.toldBefore = !away
    call.away = away
    call.leftAt = reach.now()
    return call
  }

  constructor(channel: string, times: CallTimes, reach: Reach) {
    this.channel = channel
    this.times = times
    this.reach = reach
    this.leasedAt = reach.now()
    this.playback = new Playback(times, {
      ...reach,
      mayCommand: () => this.where === 'ours',
      command: (text, id, refused) => reach.together(() => {
        reach.send(orders.command(this.channel, text, id), refused)
        this.renewLease()
      }),
      stopPlayback: () => reach.send(orders.stopPlayback(this.channel)),
      finished: (id, failed) => reach.tell({ type: 'prompt-finished', id, ...(failed ? { failed } : {}) }),
      heard: (id, ms, how) => reach.heard({ id, ms, how }),
      controlLost: () => this.comes(),
      idle: () => this.handOver(this.handOff),
      confused: (why) => this.bringBack(why),
    })
  }

  // What the engine orders.

  play(order: PromptOrder): void {
    if (this.where !== 'away') return this.playback.play(order)
    this.reach.warn('a prompt was ordered for a caller who is with agents, transferred or recording; it is not played')
  }

  stopPlayback(): void {
    this.playback.stop()
  }

  /** The call is at this step of the dialplan made from its flow, in this language. Told when something is sent anyway. */
  at(step: string, language: string): void {
    // What the process before has told is where it left off.
    if (VARIABLES.step in this.place) this.toldBefore = false
    this.place = { ...this.place, [VARIABLES.step]: step, [VARIABLES.language]: language }
  }

  /** Hands over to agents, to another number or to a recording, as soon as nothing is playing any more. */
  leave(order: HandOff): void {
    this.playback.stop()
    this.handOff = order
    this.playback.goOn()
  }

  hangUp(): void {
    this.hungUp = true
    if (this.channel !== '') this.reach.send(orders.hangUp(this.channel))
  }

  /**
   * The engine goes away: the caller goes to the fallback now, not when the lease runs out. From here on nothing is
   * sent, above all no lease, which would throw the caller out of the fallback; nor is anything told.
   */
  letGo(): void {
    if (this.where === 'ours' || this.where === 'coming') {
      this.reach.send(orders.redirect(this.channel, CONTEXTS.control, 'let-go'))
    }
    this.playback.end('stopped')
    this.reach.forget()
  }

  // What Asterisk tells.

  keyBegan(key: string): void {
    this.keysDown = [...(this.keysDown ?? []).slice(-KEYS_KEPT), key]
  }

  keyEnded(key: string): void {
    // Asterisk may read the end of a short key twice, each time with an event, but it begins once. (Keys that come
    // by SIP INFO never begin.)
    const index = this.keysDown?.indexOf(key)
    if (index === -1) return
    if (index !== undefined) this.keysDown?.splice(0, index + 1)
    this.playback.keyHeard()
    if (this.where !== 'away' && !this.hungUp) this.reach.tell({ type: 'key-pressed', key })
  }

  commandBegan(text: string): void {
    this.playback.commandBegan(text)
  }

  commandEnded(command: string, result: AgiResult): void {
    this.playback.commandEnded(command, result)
  }

  controlEnded(): void {
    if (this.where === 'ours') this.comes()
  }

  waitsForOrders(arrival: Arrival): void {
    const { away } = this
    this.where = 'ours'
    this.away = undefined
    this.leaseDue = 0
    // The dialplan has set one.
    this.leasedAt = this.reach.now()
    if (this.hungUp) this.hangUp()
    else if (away) this.reach.tell(endOf(away, arrival, this.reach.now() - this.leftAt))
    else {
      this.playback.restart()
      if (this.playback.busy) this.reach.silence({ until: this.reach.now() })
    }
  }

  agentAnswered(agent: string): void {
    if (this.away?.type === 'queue') this.reach.tell({ type: 'agent-answered', id: this.away.id, agent })
  }

  /** Another engine has the call: nothing is sent or told any more. */
  forget(): void {
    this.playback.drop()
  }

  /** The channel is no more. */
  ended(): void {
    const spoken = spokenAtHangUp(this.away, this.reach.now() - this.leftAt)
    this.over({ type: 'caller-hung-up', ...(spoken > 0 ? { recorded: spoken } : {}) })
  }

  /** The caller is still there, but with the fallback. */
  private lost(): void {
    // There it hears something as soon as the lease has run out.
    this.reach.silence({ until: Math.min(this.reach.now(), this.leasedAt + this.times.lease * 1000) })
    this.over({ type: 'line-lost' })
  }

  private over(event: CallEvent): void {
    this.playback.end(event.type === 'caller-hung-up' ? 'hang-up' : 'stopped')
    this.reach.forget()
    if (!this.hungUp) this.reach.tell(event)
  }

  // What happens to the connection, and time.

  cutOff(): void {
    // Nobody tells when what is playing ends.
    if (this.playback.busy && (this.where === 'ours' || this.where === 'coming')) this.reach.silence({ from: this.playback.audibleUntil })
    if (this.where !== 'away') this.where = 'cut-off'
    this.playback.drop()
  }

  /** There is a connection again, and Asterisk has the call at this place of its dialplan. */
  foundAt(channel: string, context: string, exten: string): void {
    if (channel !== '') this.channel = channel
    if (this.hungUp) return this.hangUp()
    const isLed = context === CONTEXTS.fallback || context.startsWith(CONTEXTS.survival)
    if (isLed && this.where !== 'ours') return this.lost()
    if (this.where === 'away') {
      if (context !== CONTEXTS.control) return
      // Came back while nobody listened: let it say again how it ended. Else the order did not arrive.
      if (['queue-left', 'transfer-ended', 'recorded'].includes(exten)) this.reach.send(orders.redirect(this.channel, context, exten))
      else this.handOver(this.away)
    } else if (this.where === 'cut-off') {
      if (context !== CONTEXTS.control) return this.lost()
      this.where = 'ours'
      this.leaseDue = 0
      // What was playing may have ended unheard of, and what was ordered may not have left: play it again. What another
      // process has ordered still plays, and what we shall order would wait for its end.
      if (this.unknown || this.playback.busy || this.handOff) this.bringBack()
      this.unknown = false
    }
  }

  /** Called again and again; sees to what is due. What goes wrong ends this call: the others need their leases. */
  tick(now: number): void {
    try {
      this.lookAfter(now)
    } catch (error) {
      this.reach.warn('the call cannot be looked after any more; it is left to the fallback', error)
      this.lost()
    }
  }

  private lookAfter(now: number): void {
    if (this.where === 'coming' && now > this.comingDue) {
      this.reach.warn('Asterisk did not give the call back; it is left to the fallback')
      this.lost()
    } else if (this.where === 'ours') {
      if (now >= this.leaseDue) this.renewLease()
      this.playback.tick(now)
    }
  }

  /** Whether it is not in our hands yet, and will be in a moment. */
  get isComing(): boolean {
    return this.where === 'coming' || this.where === 'cut-off'
  }

  /** For how long the lease has not been renewed, in milliseconds; undefined while the caller needs none. */
  leaseAge(now: number): number | undefined {
    return this.where === 'away' ? undefined : now - this.leasedAt
  }

  private renewLease(): void {
    const { lease, renewEvery } = this.times
    // Calls that came at once, as after a reconnect, are soon out of step.
    this.leasedAt = this.reach.now()
    this.leaseDue = this.leasedAt + renewEvery * (0.75 + Math.random() / 4)
    this.reach.send(orders.lease(this.channel, lease))
    this.tellPlace()
  }

  private tellPlace(): void {
    if (this.toldBefore) return void (this.toldBefore = false)
    for (const [name, value] of Object.entries(this.place))
      if (this.told[name] !== value) this.reach.send(orders.setVariable(this.channel, name, value))
    this.told = { ...this.place }
  }

  private comes(): void {
    this.where = 'coming'
    this.comingDue = this.reach.now() + this.times.overdue
    this.playback.drop()
  }

  /** Takes the call out of whatever it is doing; what was to be played is played again. */
  private bringBack(why?: string): void {
    if (why) this.reach.warn(`${why}; the call is brought back`)
    this.comes()
    this.reach.send(orders.redirect(this.channel, CONTEXTS.control, 'resumed'))
  }

  private handOver(order: HandOff | undefined): void {
    if (!order) return
    this.handOff = undefined
    // There is no later: nothing is sent while the caller is away.
    this.toldBefore = false
    this.tellPlace()
    const { context, exten, variables } = leaving(order)
    for (const [name, value] of variables) this.reach.send(orders.setVariable(this.channel, name, value))
    // From here on no AGI command and no lease may leave: they would take effect where they must not.
    this.where = 'away'
    this.away = order
    this.leftAt = this.reach.now()
    this.reach.send(orders.redirect(this.channel, context, exten), ({ code }) => {
      if (this.away !== order) return // has come back
      // Without an answer the caller may be there all the same. If not, the lease, no longer renewed, leads them on.
      if (code !== 'action-refused') return this.reach.warn(`Asterisk does not say whether the caller is in ${context}`)
      this.where = 'ours'
      this.away = undefined
      this.reach.tell(ended(order, 'failed'))
    })
  }
}
