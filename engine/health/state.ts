import type { SendingState } from '../inbox-sending.ts'
import type { JournalState } from '../journal/journal.ts'
import type { FileState } from '../journal/lasting-store.ts'
import type { CallTotals, Place } from './call-counts.ts'
import { journalTroubles } from './journal-troubles.ts'
import type { ProcessState } from './process-watch.ts'
import { seconds, trouble, type Trouble } from './trouble.ts'

/** The way to Asterisk. `off`: none is set up. */
export type AsteriskHealth = {
  state: 'off' | 'connecting' | 'up' | 'refused' | 'down'
  /** For an admin: where it is, and what to do. */
  words: string
  /** Whether we drive its calls, or another engine does. */
  drives: boolean
  standsBy: boolean
  /** How often it has let us in. */
  connects: number
  /** How long a lease lasts that nobody renews: then Asterisk leads the caller on. Milliseconds. */
  lease: number
  /** How long ago the lease of the call that waits longest was renewed. Milliseconds. */
  oldestLease: number | undefined
  /** How it gets at the prompts; with `todo` when something is wrong with that. Undefined: it was not looked at. */
  prompts?: { playable: boolean; words: string; todo?: string } | undefined
}

/**
 * A hotline. `live`: a version of it answers; `ready`: on a telephone, too, for it has prompts. `unheard`: the names of
 * those that could not be made.
 */
export type HotlineHealth = { name: string; live: boolean; ready: boolean; unheard: readonly string[]; mistakes: number }

/**
 * A voice. `spoken`: sounds it made; `failed`: times it did not; `replaced`: sounds that another one made in its place.
 * `fails`: why, when it has failed lately and not spoken since.
 */
export type VoiceHealth = { name: string; spoken: number; failed: number; replaced: number; fails: string | undefined }

/** What the admin sees of an engine; nothing of any one caller. Times in milliseconds, since 1970. */
export type EngineState = {
  version: string
  pid: number
  startedAt: number
  at: number
  /** It takes no more calls and ends. */
  stopping: boolean
  /** Until when calls under way may go on while it ends. Undefined: it does not end, or nobody has to wait. */
  drainsUntil?: number | undefined
  asterisk: AsteriskHealth
  hotlines: HotlineHealth[]
  calls: CallTotals & { running: Record<Place, number> }
  /** Prompts that had to be made while a caller waited, the longest wait of the last hour, and what could not be made. */
  prompts: { waited: number; worstWait: number; failed: number }
  voices: VoiceHealth[]
  /** The longest silence of any call that ended in the last hour. */
  worstSilence: number
  journal: JournalState
  /** The journal's file. */
  file: FileState
  /** What is out of date in the dialplan that callers go through while no engine runs. */
  dialplan: Trouble[]
  /** Undefined: messages are not sent anywhere. */
  sending?: SendingState | undefined
  process: ProcessState
}

/** Whether calls are taken, and if not, why; `lacks`: what callers do without, if anything. Words that anybody may read. */
export type Readiness = { ready: boolean; why: string[]; lacks?: string[]; standsBy: boolean }

export function readinessOf({
  stopping,
  asterisk,
  hotlines,
}: Pick<EngineState, 'stopping' | 'asterisk' | 'hotlines'>): Readiness {
  const byTelephone = asterisk.state !== 'off'
  const why = [
    ...(stopping ? ['it is stopping'] : []),
    ...(byTelephone && asterisk.state !== 'up' ? ['Asterisk is not connected'] : []),
    ...(asterisk.state === 'up' && asterisk.standsBy ? ['it stands by: another engine drives the calls'] : []),
    ...(asterisk.state === 'up' && !asterisk.standsBy && !asterisk.drives
      ? ['it is not known yet who drives the calls']
      : []),
    ...(asterisk.state === 'up' && asterisk.prompts?.playable === false ? ['Asterisk can play no prompts'] : []),
    ...(hotlines.some(({ live, ready }) => (byTelephone ? live && ready : live)) ? [] : ['no hotline answers']),
  ]
  const lacks = hotlines.flatMap(({ name, unheard }) =>
    byTelephone && unheard.length > 0 ? [`callers of ${name} do not hear ${count(unheard)}`] : [],
  )
  return { ready: why.length === 0, why, ...(lacks.length > 0 ? { lacks } : {}), standsBy: asterisk.standsBy }
}

const count = ({ length }: readonly string[]): string => (length === 1 ? 'one prompt' : `${length} prompts`)

/** Milliseconds, and how much of a lease; beyond these something is wrong. */
const limits = { leaseUsed: 0.8, silence: 3_000, delayP99: 100, delayWorst: 1_000 }

/** Everything that is wrong, the gravest first. An engine that stands by is well. */
export function troublesOf(state: EngineState): Trouble[] {
  return [
    ...asteriskTroubles(state.asterisk),
    ...hotlineTroubles(state),
    ...voiceTroubles(state),
    ...journalTroubles(state),
    ...state.dialplan,
    ...sendingTroubles(state),
    ...timeTroubles(state),
  ]
}

function asteriskTroubles({ state, words, standsBy, drives, lease, oldestLease = 0, prompts }: AsteriskHealth): Trouble[] {
  const up = state === 'up'
  return [
    ...trouble(
      state === 'refused',
      words,
      'compare the secrets, as "Asterisk does not let us in" tells in docs/admins/what-happens-when.md',
    ),
    ...trouble(
      state === 'connecting' || state === 'down',
      words,
      'see whether Asterisk runs: sudo systemctl status asterisk; Callwright connects by itself',
    ),
    ...trouble(
      up && !drives && !standsBy,
      'it is not known whether another engine drives the calls',
      'ask again in a few seconds; if it stays, give our user of the manager interface write=call,reporting',
    ),
    ...trouble(up && !standsBy && prompts?.todo !== undefined, prompts?.words ?? '', prompts?.todo ?? ''),
    ...trouble(
      up && oldestLease > limits.leaseUsed * lease,
      `the lease of a call has not been renewed for ${seconds(oldestLease)}, and it lasts ${seconds(lease)}`,
      'see what keeps this machine busy',
    ),
  ]
}

function hotlineTroubles({ hotlines, asterisk }: EngineState): Trouble[] {
  const check = 'run "callwright check", mend what it names, and save: it is taken at once'
  return [
    ...trouble(hotlines.length === 0, 'there is no hotline', 'see CALLWRIGHT_FLOWS, then run "callwright check"'),
    ...hotlines.flatMap(({ name, live, ready, unheard, mistakes }) => [
      ...trouble(!live, `${name} does not answer: it holds mistakes`, check),
      ...trouble(
        live && asterisk.state !== 'off' && !ready,
        `${name} does not answer on the telephone: prompts are missing`,
        'the log says which and why; they are tried again every 30 seconds',
      ),
      ...trouble(
        asterisk.state !== 'off' && unheard.length > 0,
        `callers of ${name} do not hear ${count(unheard)}: ${unheard.join(', ')}`,
        'the log says why; they are tried again every 30 seconds',
      ),
      ...trouble(
        live && mistakes > 0,
        `the newest version of ${name} was refused: it holds mistakes; the version before answers`,
        check,
      ),
    ]),
  ]
}

function voiceTroubles({ voices }: EngineState): Trouble[] {
  const todo = 'the next voice in its order speaks meanwhile, if there is one; see docs/admins/voices.md'
  return voices.flatMap(({ name, fails }) => trouble(fails !== undefined, `the voice ${name} fails: ${fails}`, todo))
}

function sendingTroubles({ sending }: EngineState): Trouble[] {
  const { failing, waiting = 0 } = sending ?? {}
  return trouble(
    failing !== undefined,
    `messages of callers cannot be sent, ${waiting} ${waiting === 1 ? 'waits' : 'wait'}: ${failing?.why}`,
    'see to RECORDINGS_TO; nothing is lost, they are tried again and lie in the inbox meanwhile',
  )
}

function timeTroubles({ worstSilence, process: own }: EngineState): Trouble[] {
  const { delayP99, delayWorst, descriptors = 0, mostDescriptors = Infinity } = own
  return [
    ...trouble(
      worstSilence > limits.silence,
      `a caller heard nothing for ${seconds(worstSilence)} within the last hour`,
      'callwright calls shows which; callwright calls ID tells what happened',
    ),
    ...trouble(
      delayP99 > limits.delayP99,
      `the engine answers ${seconds(delayP99)} late`,
      'see what keeps this machine busy: top',
    ),
    ...trouble(
      delayWorst > limits.delayWorst,
      `the engine was held up for ${seconds(delayWorst)} within the last five minutes`,
      'was it stopped, or the machine asleep or out of memory? journalctl -k tells',
    ),
    ...trouble(
      descriptors > 0.8 * mostDescriptors,
      `${descriptors} of ${mostDescriptors} files and connections are open`,
      'raise LimitNOFILE in the unit; if the number grows without calls, report it',
    ),
  ]
}
