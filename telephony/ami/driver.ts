import type { Clock, Log } from '../../engine/ports.ts'
import type { AmiLink } from './link.ts'
import { VARIABLES } from './places.ts'

/** The global variable in which the engine that drives the calls of an Asterisk says so. */
const CLAIM = VARIABLES.driver
/** The claim of an engine that has ended in good order. */
const NOBODY = 'none'

/** Milliseconds. */
export type DriverTimes = {
  /** How often the claim is renewed, or looked at by one that stands by. Default 1 s. */
  claimEvery: number
  /** A claim that has not been renewed for so long has lapsed. Default 3 s. */
  claimLapses: number
  /** How long one that claims waits to see whether another did at the same moment. Default 300 ms. */
  claimSettles: number
}

export const DRIVER_TIMES: DriverTimes = { claimEvery: 1000, claimLapses: 3000, claimSettles: 300 }

export type DriverOptions = {
  link: Pick<AmiLink, 'action'>
  clock: Clock
  log: Log
  times: DriverTimes
  /** Unique for this process. */
  instance: string
  /** The same for all processes that share one journal: `[0-9a-z]+`. */
  family: string
  /** Whether no other process of this family can be alive: then its claim is ours at once. */
  aloneInFamily(): boolean
  /** From now on we drive. Called again after each time that we did not, and after each new connection. */
  onDriving(): void
  /** Another engine drives now. */
  onStoodDown(): void
}

type State = 'idle' | 'standing-by' | 'claiming' | 'driving'

/**
 * One Asterisk, one driver. Two engines that both order calls about would ruin them; so each says in a variable of
 * Asterisk that it drives, again and again, and whoever finds another's claim there stands by until that has lapsed. No
 * clocks are compared: a claim lives as long as it is seen to change.
 */
export class Driver {
  private readonly options: DriverOptions
  private state: State = 'idle'
  private count = 0
  private ours = ''
  /** When Asterisk last had our claim. */
  private confirmedAt = -Infinity
  private seen = { claim: '', at: 0 }
  private cancel: (() => void) | undefined
  private looking = false
  /** Counts what ended our looking: what was asked for before that is no longer wanted. */
  private turn = 0
  /** Connected, and not told since then that we drive. */
  private anew = false
  private told = false

  constructor(options: DriverOptions) {
    this.options = options
  }

  /** Whether orders may leave: we drive, and were not away so long that another may have taken over meanwhile. */
  get drives(): boolean {
    return this.state === 'driving' && this.now() - this.confirmedAt < this.options.times.claimLapses * 0.8
  }

  get standsBy(): boolean {
    return this.state === 'standing-by' || this.state === 'claiming'
  }

  /** There is a connection to Asterisk: finds out who drives. */
  connected(): void {
    if (this.state === 'idle') this.state = 'standing-by'
    this.anew = true
    this.look()
  }

  /** There is none: nobody can be asked, and nothing can be ordered. */
  disconnected(): void {
    this.cancel?.()
    this.looking = false
    this.turn++
  }

  /** We were frozen, or Asterisk did not answer: looks now whether the claim is still ours. */
  doubted(): void {
    if (!this.looking) this.look()
  }

  /**
   * Gives the claim up, so that another need not wait for it to lapse. Unless one `follows`, new callers are told by it
   * that nobody is there, and need not find out by waiting.
   */
  async release({ follows }: { follows: boolean }): Promise<void> {
    this.disconnected()
    if (this.drives) {
      const absent = { Action: 'Setvar', Variable: VARIABLES.absent, Value: `x${NOBODY}` }
      await Promise.all([this.set(NOBODY), ...(follows ? [] : [this.options.link.action(absent)])]).catch(() => {})
    }
    this.state = 'idle'
  }

  private look(): void {
    this.cancel?.()
    this.looking = true
    this.round().then(
      () => this.again(this.options.times.claimEvery),
      () => this.again(this.options.times.claimEvery),
    )
  }

  private again(ms: number): void {
    if (!this.looking) return
    this.looking = false
    this.cancel = this.options.clock.after(ms, () => this.look())
  }

  private async round(): Promise<void> {
    const { claimLapses, claimSettles } = this.options.times
    const { turn } = this
    const asked = this.now()
    const claim = await this.get()
    if (turn !== this.turn) return
    // Frozen since it was asked for: somebody else may have claimed meanwhile.
    if (this.now() - asked >= claimLapses / 2) return this.round()
    if (claim !== this.seen.claim) this.seen = { claim, at: this.now() }
    const nobody = claim === '' || claim === NOBODY
    const drove = this.state === 'driving'
    if (drove && claim === this.ours) return this.renew()
    if (drove && !nobody) return this.standDown()
    const [family, instance] = claim.split(' ')
    const free = nobody || instance === this.options.instance || (family === this.options.family && this.options.aloneInFamily())
    if (!free && this.now() - this.seen.at < claimLapses) return this.standBy()
    // Asterisk was restarted, and another may claim it now as well. Who has lost the claim alone, and no call, drives on.
    if (!drove || this.anew || !this.drives) this.state = 'claiming'
    await this.set(this.next())
    // Whose claim stands there in a moment is the driver; one whose own family is gone has nobody to wait for.
    if (!free || nobody) {
      await new Promise<void>((resolve) => void this.options.clock.after(claimSettles, resolve))
      if (turn !== this.turn) return
      if ((await this.get()) !== this.ours) return drove ? this.standDown() : this.standBy()
    }
    if (turn === this.turn && this.state === 'claiming') this.drive()
  }

  private async renew(): Promise<void> {
    const drove = await this.set(this.next())
    // However short it was: calls may have ended meanwhile, and Asterisk be another one.
    const missed = this.anew || !drove
    this.anew = false
    if (missed) this.options.onDriving()
  }

  private drive(): void {
    this.state = 'driving'
    this.anew = false
    if (this.told) this.options.log.info({}, 'this engine drives the calls of this Asterisk now')
    this.told = false
    this.options.onDriving()
  }

  private standBy(): void {
    this.state = 'standing-by'
    if (!this.told) this.options.log.warn({}, 'another engine drives the calls of this Asterisk; this one stands by and takes over when that one is gone')
    this.told = true
  }

  private standDown(): void {
    this.standBy()
    this.seen.at = this.now()
    this.options.onStoodDown()
  }

  private next(): string {
    return (this.ours = `${this.options.family} ${this.options.instance} ${++this.count}`)
  }

  private async get(): Promise<string> {
    const { value = '' } = await this.options.link.action({ Action: 'Getvar', Variable: CLAIM })
    return value
  }

  /** Answers whether orders might leave until now. */
  private async set(claim: string): Promise<boolean> {
    const sent = this.now()
    await this.options.link.action({ Action: 'Setvar', Variable: CLAIM, Value: claim })
    const drove = this.drives
    // What counts is when Asterisk can have had it at the earliest.
    this.confirmedAt = sent
    this.seen = { claim, at: sent }
    return drove
  }

  private now(): number {
    return this.options.clock.steady()
  }
}
