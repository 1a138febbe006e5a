import { realClock } from '../engine/clock.ts'
import type { InboxSending } from '../engine/inbox-sending.ts'
import { Health } from '../engine/health/health.ts'
import type { AsteriskHealth, HotlineHealth } from '../engine/health/state.ts'
import type { KeptCalls } from './kept-calls.ts'
import type { Voices } from '../engine/voice/voices.ts'
import type { LiveHotlines } from './live.ts'
import type { SurvivalUpkeep } from './survival-upkeep.ts'
import { asteriskState, type Connection } from './telephone.ts'
import { version } from './version.ts'

/** The parts of an engine whose health is looked at. */
export type Parts = {
  live: LiveHotlines
  voices: Voices
  kept: KeptCalls
  /** Undefined: messages of callers are not sent anywhere. */
  sending: InboxSending | undefined
  /** Undefined until it is known whether there is one. */
  asterisk(): Connection | undefined
  survival(): SurvivalUpkeep | undefined
  stopping(): boolean
  /** Until when calls under way may go on, while it ends. */
  drainsUntil(): number | undefined
}

/** The health of the engine made of these parts. */
export function healthOf({ live, voices, kept, sending, asterisk, survival, stopping, drainsUntil }: Parts): Health {
  const watched = {
    version,
    asterisk: () => asteriskHealth(asterisk()),
    hotlines: () => hotlineHealth(live),
    voices: () => voices.states,
    journal: () => kept.journal.state,
    file: () => kept.file,
    dialplan: () => survival()?.outdated ?? [],
    sending: () => sending?.state,
    stopping,
    drainsUntil,
  }
  return new Health(watched, realClock)
}

const notYet = { drives: false, standsBy: false, connects: 0, lease: 0, oldestLease: undefined }

function asteriskHealth(connection: Connection | undefined): AsteriskHealth {
  if (!connection) return { state: 'connecting', words: 'It is being looked for.', ...notYet }
  const { line } = connection
  if (!line) return { ...asteriskState(connection), ...notYet }
  const { drives, standsBy, connects, lease, oldestLease, sounds } = line
  const { way, words, todo } = sounds?.state ?? {}
  const prompts = words ? { playable: way !== 'none', words, ...(todo === undefined ? {} : { todo }) } : undefined
  return { ...asteriskState(connection), drives, standsBy, connects, lease, oldestLease, prompts }
}

function hotlineHealth(live: LiveHotlines): HotlineHealth[] {
  return live.all.map(({ name, mistakes }) => {
    const answering = live.live.find((one) => one.name === name)
    return {
      name,
      live: answering !== undefined,
      ready: answering !== undefined && live.isReady(answering),
      unheard: answering === undefined ? [] : live.unheard(answering),
      mistakes: mistakes.filter(({ warning }) => !warning).length,
    }
  })
}
