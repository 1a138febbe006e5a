import type { TelephonyError } from '../../engine/errors.ts'
import type { Clock, Log } from '../../engine/ports.ts'
import type { AmiLink, AmiMessage } from './link.ts'

/** How long Asterisk may take to list its channels, the first times and from then on: callers wait for it. Milliseconds. */
const deadlines = [1000, 2000]
const patience = 5000
/** Between two tries, in milliseconds. */
const pause = 500

/** The channels that Asterisk has, asked for until it tells. */
export class Channels {
  private readonly link: Pick<AmiLink, 'list'>
  private readonly clock: Clock
  private readonly log: Log
  private wish = 0
  private cancelAgain = (): void => {}

  constructor({ link, clock, log }: { link: Pick<AmiLink, 'list'>; clock: Clock; log: Log }) {
    this.link = link
    this.clock = clock
    this.log = log
  }

  /**
   * Has the channels told, once: now, or when Asterisk answers at last. Resolves after the first try. A later wish
   * takes the place of this one, and the end of the connection ends it.
   */
  find(tell: (channels: AmiMessage[]) => void): Promise<void> {
    this.forget()
    return this.ask(tell, this.wish, 0)
  }

  /** Nobody wants to know any more. */
  forget(): void {
    this.wish++
    this.cancelAgain()
  }

  private async ask(tell: (channels: AmiMessage[]) => void, wish: number, tries: number): Promise<void> {
    const found = await this.link.list({ Action: 'CoreShowChannels' }, { deadline: deadlines[tries] ?? patience }).catch((error: TelephonyError) => error)
    if (wish !== this.wish) return
    if (Array.isArray(found)) return tell(found)
    if (found.code === 'link-lost') return
    if (tries === 0) {
      const todo = found.code === 'action-refused' ? 'give the AMI user write=reporting' : 'see what keeps it busy'
      this.log.error({ err: found }, `Asterisk does not list its channels (${found.message}), and calls from before wait for that; trying again; ${todo}`)
    }
    this.cancelAgain = this.clock.after(pause, () => void this.ask(tell, wish, tries + 1))
  }
}
