import { TelephonyError } from '../../engine/errors.ts'
import type { Clock } from '../../engine/ports.ts'
import * as orders from './commands.ts'
import type { AmiLink } from './link.ts'
import { CHECK_EXTENSIONS, CONTEXTS } from './places.ts'
import type { Heard } from './translate.ts'

/** How long Asterisk may take to bring the channel, and then with each sound. Milliseconds. */
const channelMs = 2000
const soundMs = 5000
/** How long the channel may last when we are gone. Seconds. */
const leaseSeconds = 30
/** Behind the end of any sound: it is opened as for a caller, and takes no time to play. Samples. */
const behindTheEnd = 1_000_000_000

/** What a check waits for on its channel. */
type Waiting = {
  call: string
  fits(fact: Heard): boolean
  /** Undefined: it did not come in time. */
  done(fact: Heard | undefined): void
  failed(error: TelephonyError): void
}

/**
 * Tries sounds in Asterisk, by the command with which callers hear them, on a channel of our own that nobody hears.
 * What Asterisk has to fetch for that it has from then on.
 */
export class SoundCheck {
  private readonly link: Pick<AmiLink, 'action' | 'send'>
  private readonly clock: Clock
  /** Unique for this process: the names of its channels begin so. */
  private readonly name: string
  private count = 0
  private turn: Promise<unknown> = Promise.resolve()
  private waiting: Waiting | undefined

  constructor(link: Pick<AmiLink, 'action' | 'send'>, clock: Clock, name: string) {
    this.link = link
    this.clock = clock
    this.name = name
  }

  /**
   * The first of these, named as for `streamFile`, that Asterisk cannot play; undefined: it can play them all. One
   * check after the other. Rejects with a TelephonyError when it cannot be tried: `action-refused`, `no-answer`,
   * `link-lost`.
   */
  async missing(paths: readonly string[]): Promise<string | undefined> {
    if (paths.length === 0) return undefined
    const own = this.turn.then(() => this.check(paths))
    this.turn = own.catch(() => {})
    return own
  }

  /** Takes what is about a channel of ours; false when it is about another. */
  heard(fact: Heard): boolean {
    const { waiting } = this
    if (waiting?.call === fact.call && waiting.fits(fact)) waiting.done(fact)
    return this.isOwn(fact.call)
  }

  /** Whether this is a channel of ours, by its Uniqueid. */
  isOwn(call: string): boolean {
    return call.startsWith(this.name)
  }

  /** The connection has ended. */
  lost(): void {
    this.waiting?.failed(new TelephonyError('link-lost', 'the connection to Asterisk ended'))
  }

  private async check(paths: readonly string[]): Promise<string | undefined> {
    const call = `${this.name}-${++this.count}`
    const came = this.awaits(call, ({ type }) => type === 'waits-for-orders', channelMs)
    const originated = this.link.action({
      Action: 'Originate', ChannelId: call, Channel: `Local/${CHECK_EXTENSIONS.listen}@${CONTEXTS.check}`,
      Context: CONTEXTS.check, Exten: CHECK_EXTENSIONS.play, Priority: '1', Async: 'true',
    })
    const arrival = this.waiting
    originated.catch((error: TelephonyError) => arrival?.failed(error))
    const fact = await came
    if (fact?.type !== 'waits-for-orders') throw new TelephonyError('no-answer', 'Asterisk opens no channel for it')
    const { channel } = fact
    try {
      for (const [at, path] of paths.entries())
        if (!(await this.plays(call, channel, `${call}-${at}`, path))) return path
      return undefined
    } finally {
      this.link.send(orders.hangUp(channel))
    }
  }

  private async plays(call: string, channel: string, id: string, path: string): Promise<boolean> {
    const ends = (fact: Heard): boolean =>
      fact.type === 'command-ended' ? fact.command === id : fact.type === 'control-ended' || fact.type === 'hung-up'
    const ended = this.awaits(call, ends, soundMs)
    this.link.send(orders.command(channel, orders.streamFile(path, false, behindTheEnd), id))
    this.link.send(orders.lease(channel, leaseSeconds))
    const fact = await ended
    return fact?.type === 'command-ended' && fact.result?.code === 200 && fact.result.result >= 0
  }

  /** Undefined: nothing that fits came in time. */
  private awaits(call: string, fits: (fact: Heard) => boolean, ms: number): Promise<Heard | undefined> {
    return new Promise<Heard | undefined>((resolve, reject) => {
      const cancel = this.clock.after(ms, () => waiting.done(undefined))
      const end = (): void => {
        cancel()
        if (this.waiting === waiting) this.waiting = undefined
      }
      const waiting: Waiting = {
        call,
        fits,
        done(fact: Heard | undefined): void {
          end()
          resolve(fact)
        },
        failed(error: TelephonyError): void {
          end()
          reject(error)
        },
      }
      this.waiting = waiting
    })
  }
}
