import { DateTime } from 'luxon'
import type { HeardPrompt } from '../engine/call/heard.ts'
import { seconds } from '../engine/health/trouble.ts'
import type { Happening, Told } from '../engine/journal/reader.ts'
import type { StoredCall } from '../engine/journal/store.ts'
import { ownName } from '../engine/language/step-names.ts'
import { timerInWords } from './timer-words.ts'

/** How numbers are shown: as they are, or the last three digits alone. */
export type Numbers = 'whole' | 'masked'

export function numberShown(number: string, numbers: Numbers): string {
  if (number === '') return 'withheld'
  return numbers === 'whole' ? number : `•••${number.length > 5 ? number.slice(-3) : ''}`
}

/** `Mon 23 Nov 10:00:05  1763.1  clinic  •••234  gave-up at welcome, 12 s, silent for 0.4 s at most`. */
export function callInShort(call: StoredCall, numbers: Numbers): string {
  const { facts, hotline, startedAt, endedAt, outcome, step, deadAir } = call
  const came =
    endedAt === undefined ? `under way, at ${step}` : `${outcome} at ${step}, ${seconds(endedAt - startedAt)}`
  const columns = [clock(startedAt, 'ccc d LLL HH:mm:ss'), facts.id, hotline, numberShown(facts.caller, numbers), came]
  return `${columns.join('  ')}, silent for ${seconds(deadAir)} at most`
}

/** One call from its begin to its end; `heard`: what of its prompts the caller heard. */
export function storyInWords(
  call: StoredCall,
  story: readonly Happening[],
  numbers: Numbers,
  heard: readonly HeardPrompt[] = [],
): string {
  const { facts, language, flow, waits } = call
  const waited = waits ? `, waited ${waits.count === 1 ? 'once' : `${waits.count} times`} for a voice, ${seconds(waits.longest)} at most` : ''
  const more = `  dialled ${facts.called}, line ${facts.line}, language ${language}, flow ${flow.slice(0, 12)}${waited}`
  const prompts = new Map(heard.map((one) => [one.play, one]))
  const lines = story.flatMap(({ at, event, effects }, index): Line[] => {
    const after = story.slice(index + 1)
    return [
      { at, words: event.type === 'arrived' && index > 0 ? askedAgain : eventInWords(event) },
      ...effects.map((effect) => {
        // Of a prompt that begins again only the last time is known how much was heard.
        const heardHere = effect.type === 'play' && !after.some((later) => later.effects.some((one) => isSamePlay(one, effect)))
        const prompt = heardHere ? prompts.get(Number(effect.id)) : undefined
        const again = event.type === 'resumed' ? ' again' : ''
        return { words: prompt ? heardInWords(prompt, after) : effectInWords(effect, numbers) + (effect.type === 'play' ? again : '') }
      }),
    ]
  })
  return [callInShort(call, numbers), more, '', ...withSilence(lines, call).map(lineInWords)].join('\n')
}

/** A line of a story: something that happened, or what followed from it. */
type Line = { at?: number; words: string }

const lineInWords = ({ at, words }: Line): string => `${at === undefined ? ' '.repeat(12) : clock(at, 'HH:mm:ss.SSS')}  ${words}`

const askedAgain = 'a secret answer was lost with the process before: it is asked for again'

const isSamePlay = (one: Told, other: Told): boolean => one.type === 'play' && one.id === other.id

/** The longest silence stands where it began, when it was one that a caller notices. */
function withSilence(lines: readonly Line[], { deadAir, silentFrom }: StoredCall): Line[] {
  if (silentFrom === undefined || deadAir < 1000) return [...lines]
  const next = lines.findIndex(({ at = -Infinity }) => at > silentFrom)
  const at = next < 0 ? lines.length : next
  return [...lines.slice(0, at), { at: silentFrom, words: `nothing is to be heard from here on, for ${seconds(deadAir)}` }, ...lines.slice(at)]
}

const clock = (ms: number, format: string): string => DateTime.fromMillis(ms).setLocale('en').toFormat(format)

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const time = (value: unknown): string => seconds(Number(value) || 0)

const queueEnds: Record<string, string> = {
  answered: 'the agent has hung up',
  'timed-out': 'nobody answered in time',
  'nobody-there': 'nobody works in the queue',
  failed: 'the queue could not be entered',
}
const transferEnds: Record<string, string> = {
  answered: 'who was called has hung up',
  busy: 'who was called is busy',
  'no-answer': 'nobody answered',
  failed: 'the transfer failed',
}
const recordEnds: Record<string, string> = { 'nothing-said': 'nothing was said', failed: 'the recording failed' }

function eventInWords(event: Told): string {
  switch (event.type) {
    case 'arrived':
      return 'the call comes in'
    case 'key-pressed':
      return event.key === '•' ? 'a key, not shown: it may be part of a secret' : `key ${text(event.key)}`
    case 'prompt-finished':
      return event.failed ? 'the prompt could not be played' : 'the prompt is over'
    case 'timer-fired':
      return timerInWords(text(event.timer))
    case 'agent-answered':
      return `an agent answers: ${text(event.agent)}`
    case 'queue-left':
      return queueEnds[text(event.how)] ?? text(event.how)
    case 'transfer-ended':
      return transferEnds[text(event.how)] ?? text(event.how)
    case 'request-answered':
      return event.how === 'ok' ? 'the backend answers' : 'the backend did not help'
    case 'recorded':
      return recordEnds[text(event.how)] ?? `spoken for ${time(event.ms)}`
    case 'delivered':
      return event.how === 'ok' ? 'it is kept' : 'it could not be kept'
    case 'switched':
      return 'somebody has turned a switch'
    case 'caller-hung-up':
      return 'the caller hangs up'
    case 'line-lost':
      return 'Asterisk has taken the call back'
    case 'lost':
      return 'was over when the engine came back'
    case 'resumed':
      return `Callwright had ended or was cut off; another process goes on with the call, ${time(event.after)} later`
    case 'journal-begun':
      return 'the journal was damaged or gone, and begins anew: what was before is forgotten'
    case 'ended':
      return `the call is over, ended by the ${text(event.by)}`
    default:
      return event.type
  }
}

/** `a prompt: main, main/keys/1; heard 2.1 of 6.4 s, then key 1`. `after`: what happened after it had begun. */
function heardInWords({ texts, ms, of, how }: HeardPrompt, after: readonly Happening[]): string {
  const prompt = texts.length > 0 ? `a prompt: ${texts.join(', ')}` : 'a prompt'
  const length = of === undefined ? '' : ` of ${tenths(of)}`
  const heard = `${prompt}; heard ${tenths(ms)}${length} s`
  switch (how) {
    case 'end':
      return `${prompt}; heard to its end, ${tenths(ms)} s`
    case 'key': {
      const key = after.find(({ event }) => event.type === 'key-pressed')
      return `${heard}, then ${key ? eventInWords(key.event) : 'a key'}`
    }
    case 'hang-up':
      return `${heard}, then the caller hung up`
    case 'stopped':
      return `${heard}, then it was stopped`
    case 'failed':
      return `${prompt}; it could not be played`
  }
}

const tenths = (ms: number): string => (ms / 1000).toFixed(1)

function effectInWords(effect: Told, numbers: Numbers): string {
  switch (effect.type) {
    case 'enter':
      return `step ${ownName(text(effect.step))}`
    case 'leave':
      return `leaves ${ownName(text(effect.step))}: ${text(effect.way)}`
    case 'play':
      return 'a prompt begins'
    case 'stop-playback':
      return 'it is stopped'
    case 'queue':
      return `into the queue ${text(effect.queue)}`
    case 'transfer':
      return `transfer to ${numberShown(text(effect.to), numbers)}`
    case 'record':
      return 'a recording begins'
    case 'replay':
      return 'the recording is played'
    case 'hang-up':
      return 'we hang up'
    case 'request':
      return `asks ${text(effect.backend)}`
    case 'deliver':
      return effect.kind === 'refused' ? 'could not make up what is to be left' : `leaves a ${text(effect.kind)}`
    case 'outcome':
      return `outcome ${text(effect.name)}`
    case 'note':
      return 'a note for agents'
    case 'trouble':
      return 'trouble: the log has the words'
    default:
      return effect.type
  }
}
