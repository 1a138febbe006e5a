import type { Trouble } from '../engine/health/trouble.ts'
import { switchesOn } from '../engine/switches.ts'
import type { Clock, Inbox, Log, Switches } from '../engine/ports.ts'
import type { AsteriskLine } from '../telephony/asterisk.ts'
import { takeIn } from './left-in-survival.ts'
import type { LiveHotlines } from './live.ts'
import type { Settings } from './settings.ts'
import { outdatedIn } from './written-dialplan.ts'

const minute = 60_000

/** What survival concerns. */
export type Survived = {
  line: Pick<AsteriskLine, 'tellSwitch'> | undefined
  live: Pick<LiveHotlines, 'live'>
  switches: Switches
  inbox: Inbox
  settings: Settings
  clock: Clock
  log: Log
}

/**
 * Keeps what Asterisk needs to lead callers on without us, and takes in what they left with it meanwhile: messages into
 * the inbox, every minute, for Asterisk may have led callers on just now.
 */
export class SurvivalUpkeep {
  private readonly survived: Survived
  private readonly told = new Set<string>()
  private readonly unwatch: () => void
  private cancel = (): void => {}

  constructor(survived: Survived) {
    this.survived = survived
    this.unwatch = survived.switches.watch((hotline) => this.tellSwitches(hotline))
    void this.takeInMessages()
  }

  /** Tells Asterisk how the switches stand, of one hotline or of all. */
  tellSwitches(only?: string): void {
    const { line, live, switches } = this.survived
    for (const { name, compiled } of live.live) {
      if (!compiled || (only !== undefined && only !== name)) continue
      const on = switchesOn(compiled.flow, switches)
      for (const one of Object.keys(compiled.flow.switches)) line?.tellSwitch(name, one, on.includes(one))
    }
  }

  /** What is out of date in the dialplan. */
  get outdated(): Trouble[] {
    const { settings, live, clock, line } = this.survived
    const flows = live.live.flatMap(({ compiled }) => compiled?.flow ?? [])
    try {
      return line ? outdatedIn(settings, flows, clock.now()) : []
    } catch {
      // It is being written just now.
      return []
    }
  }

  /** Says, once each, what is out of date in the dialplan. */
  lookAtDialplan(): void {
    for (const { what, todo } of this.outdated) {
      if (!this.told.has(what)) this.survived.log.warn({}, `${what}: ${todo}`)
      this.told.add(what)
    }
  }

  stop(): void {
    this.unwatch()
    this.cancel()
  }

  private async takeInMessages(): Promise<void> {
    const { settings, inbox, clock, log } = this.survived
    this.cancel = clock.after(minute, () => void this.takeInMessages())
    try {
      await takeIn(settings.recordings, inbox, clock.now())
    } catch (error) {
      log.error({ err: error }, 'messages that callers left while Callwright did not run cannot be taken into the inbox')
    }
  }
}
