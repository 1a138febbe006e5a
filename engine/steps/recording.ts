import { z } from 'zod'
import type { Act } from '../survival.ts'
import { asking, ladders, questionOf } from './asking.ts'
import { duration, stepName, text, written } from './fields.ts'
import { does, firstOf, when, type ActionData, type Ask, type Compiling, type Said, type StateData, type Surviving, type Way, type Wording } from './step.ts'

/** The fields of every step in which the caller speaks. */
export const recordingFields = {
  longest: duration.default(120_000).describe('The longest time for speaking. Default: `2m`.'),
  silence: duration.default(4000).describe('The silence that ends it. Default: `4s`.'),
  end: written(/^[*#]$/, 'must be a key; write "#" or "*"').default('#').describe('The key that ends it: `"#"` or `"*"`. Default: `"#"`.').meta({ title: 'a key' }),
  consent: text
    .optional()
    .describe(
      'Asks first whether the caller agrees to be recorded: the text says that key 1 agrees. Any other key, or silence, ' +
        'goes by `declined`. Default: not asked.',
    ),
  review: z
    .boolean({ error: 'must be true or false; write true or false without quotes' })
    .default(true)
    .describe('Whether the caller can hear it, and speak again. Default: `true`.'),
  next: stepName.optional(),
  'nothing-said': stepName.optional().describe('Where the call goes when not a word was said. Default: as `next`.'),
  declined: stepName.optional().describe('Where the call goes when the caller does not agree. Default: as `nothing-said`.'),
  failed: stepName.optional().describe('Where the call goes when nothing can be recorded.'),
}

type Ways = Partial<Record<'next' | 'nothing-said' | 'declined' | 'failed', string | undefined>> & { consent?: unknown }

/** The ways on from a step in which the caller speaks. */
export const recordingWays = (step: Ways): Way[] => [
  { what: 'next', path: ['next'], to: step.next, orElse: 'following', pressed: true },
  { what: 'nothing-said', ...firstOf(step, ['nothing-said', 'next']), orElse: 'following' },
  ...(step.consent === undefined
    ? []
    : [{ what: 'declined', ...firstOf(step, ['declined', 'nothing-said', 'next']), orElse: 'following' as const }]),
  { what: 'failed', path: ['failed'], to: step.failed, orElse: 'failed' },
]

/** What is particular to a kind in which the caller speaks. */
type Speaking = {
  prompt: Said
  consent: Said | undefined
  longest: number
  silence: number
  end: string
  review: boolean
  /** What keeps the recording when the caller hangs up; default nothing does. */
  atHangUp?: ActionData[]
}

/**
 * The states in which the caller speaks after a tone and may listen to it. `kept` is where it goes from there; silence
 * keeps what was said, and so does a hang-up with `atHangUp`: nobody records a message to have it thrown away.
 *
 *     consent --> telling --> recording --> review <--> replaying
 *                                |             \--> kept
 *                                +-- nothing-said, failed
 */
export function speaking(step: Speaking, c: Compiling, kept: StateData): Record<string, StateData> {
  const { longest, silence, end } = step
  const hungUp: StateData = step.atHangUp ? { 'caller-hung-up': { target: '#$ended', actions: step.atHangUp } } : {}
  const record = does({ type: 'record', params: { longest, silence, end } })
  const hold = does({ type: 'hold-recording' })
  return {
    ...(step.consent ? { consent: consenting(step.consent, c) } : {}),
    telling: {
      entry: does({ type: 'play', params: { say: [step.prompt], bargeIn: true } }),
      on: {
        'prompt-finished': c.here('recording'),
        'key-pressed': { ...c.here('recording'), actions: [does({ type: 'stop-playback' })] },
      },
    },
    recording: {
      entry: [does({ type: 'drop-keys' }), record],
      on: {
        'key-pressed': {},
        recorded: [
          { guard: when({ type: 'ended', params: { how: 'recorded' } }), ...c.here(step.review ? 'review' : 'kept'), actions: [hold] },
          {
            guard: when({ type: 'ended', params: { how: 'nothing-said' } }),
            ...c.go('nothing-said', [does({ type: 'drop-recording' })]),
          },
          c.go('failed', [does({ type: 'drop-recording' })]),
        ],
        ...(step.atHangUp
          ? {
              'caller-hung-up': [
                { guard: when({ type: 'had-spoken' }), target: '#$ended', actions: [hold, ...step.atHangUp] },
                { target: '#$ended' },
              ],
            }
          : {}),
      },
    },
    review: { on: hungUp, ...reviewing(c) },
    replaying: {
      entry: does({ type: 'replay' }),
      on: {
        ...hungUp,
        'prompt-finished': c.here('review'),
        'key-pressed': { ...c.here('review'), actions: [does({ type: 'keep-key' }), does({ type: 'stop-playback' })] },
      },
    },
    kept,
  }
}

const takeKey = [does({ type: 'take-key' })]
const key = (name: string): StateData => ({ guard: when({ type: 'key-is', params: { key: name } }) })
const wrong: StateData = { target: 'wrong', actions: [does({ type: 'drop-keys' })] }

const consentAsk = (prompt: Said, c: Wording): Ask => ({
  prompt: [prompt], ...ladders({}, c, 'noInput', 'noMatch'), short: [], bargeIn: true,
})

/** The question of consent while no engine runs. */
export const agreeing = (prompt: Said, s: Surviving): Act<Said[]> => {
  const other = s.go('declined')
  return { act: 'choose', question: questionOf(consentAsk(prompt, s), {}, s, other), keys: { 1: {} }, other }
}

function consenting(prompt: Said, c: Compiling): StateData {
  const { wait, tries } = c.input
  return asking({ ask: consentAsk(prompt, c), wait, tries, spent: c.go('declined') }, {
    keyed: { always: [{ ...key('1'), ...c.here('telling'), actions: takeKey }, c.go('declined', takeKey)] },
  })
}

function reviewing(c: Compiling): StateData {
  const { wait, tries } = c.input
  const item = (label: 'hear' | 'keep' | 'again', name: string): Said =>
    c.phrase((pack) => pack.menuItem(pack.recorded[label], name))
  const prompt = [item('hear', '1'), item('keep', '2'), item('again', '3')]
  const ask: Ask = { prompt, ...ladders({}, c, 'noInput', 'noMatch'), short: [], bargeIn: true }
  return asking({ ask, wait, tries, spent: c.here('kept') }, {
    keyed: {
      always: [
        { ...key('1'), ...c.here('replaying'), actions: takeKey },
        { ...key('2'), ...c.here('kept'), actions: takeKey },
        { ...key('3'), ...c.here('recording'), actions: takeKey },
        wrong,
      ],
    },
  })
}
