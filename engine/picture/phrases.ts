import type { Compiled } from '../language/compile.ts'
import { hangUpEnd, sorryEnd, type Flow, type Step } from '../language/flow.ts'
import { baseName, isNext, numberIn } from '../language/step-names.ts'
import type { ActionData, Leaving, Said } from '../steps/step.ts'
import { time } from './happened.ts'
import { firstStage, stagesOf } from './stages.ts'
import { actionOf, guardOf, turnOf, wordsOf, type Turn } from './turn.ts'

/** The names of languages as they stand in these words. */
const names = new Intl.DisplayNames(['en'], { type: 'language' })

/** A prompt in each language. */
export function inAll(say: Said[], flow: Flow): string {
  const texts = flow.languages.map((language) => ({ language, text: wordsOf(say, language) }))
  const [first] = texts
  if (texts.every(({ text }) => text === first!.text)) return ` "${first!.text}"`
  return ':' + texts.map(({ language, text }) => `\n  in ${languageName(language)}: "${text}"`).join('')
}

/** In the first language: enough to know what is meant. */
export const inFirst = (say: Said[], flow: Flow): string => `"${wordsOf(say, flow.languages[0])}"`

/** An order in words; none for what the caller does not notice. */
export function doing(action: ActionData): string {
  switch (action.type) {
    case 'set':
      return Object.entries(action.params.values)
        .map(([name, value]) => setting(name, value))
        .join(' ')
    case 'outcome':
      return `Notes the outcome "${action.params.name}".`
    case 'note':
      return `Notes for the agent: "${action.params.text}".`
    case 'request':
      return `Asks the backend ${quoted(action.params.backend)} (${action.params.method} ${action.params.rest}).`
    case 'queue':
      return `The caller waits in the queue ${quoted(action.params.queue)}, for ${time(action.params.maxWait)} at most. Keys do nothing there.`
    case 'transfer':
      return `Calls ${action.params.to} and lets it ring for ${time(action.params.ring)}.`
    case 'record':
      return tone(action.params)
    case 'replay':
      return 'The caller hears what they said.'
    case 'keep-recording':
      return `Keeps the recording as ${action.params.into}.`
    case 'keep-answer':
      return `Keeps it as ${action.params.into}.`
    case 'deliver':
      return leaving(action.params)
    case 'hang-up':
      return 'The call is hung up.'
    default:
      return ''
  }
}

const tone = ({ longest, end, silence }: { longest: number; end: string; silence: number }): string =>
  `After a tone the caller speaks, for ${time(longest)} at most; ${end}, or ${time(silence)} of silence, ends it.`

function leaving(what: Leaving): string {
  switch (what.kind) {
    case 'voicemail':
      return `The message is kept in the box ${quoted(what.box)}.`
    case 'callback':
      return `The wish to be called back is kept for the people of ${quoted(what.queue)}, with ${what.number}.`
    case 'survey':
      return `The answer is kept for the statistics, as ${what.score}.`
    case 'message':
      return `A message is sent to ${what.to}.`
  }
}

function setting(name: string, value: { value: unknown } | { cel: string } | { text: string }): string {
  const shown =
    'value' in value ? JSON.stringify(value.value) : 'cel' in value ? `the value of ${value.cel}` : `"${value.text}"`
  if (name !== 'language') return `Keeps ${name}: ${shown}.`
  return `The call goes on in ${'value' in value ? languageName(String(value.value)) : shown}.`
}

function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag
  } catch {
    return tag
  }
}

/** Silence, wrong keys and short entries, time after time. */
export function wrong(turn: Turn, flow: Flow, end: string | undefined): string[] {
  const { ask, tries = 1, wait } = turn
  const spent =
    end === undefined
      ? []
      : [
          tries === 1
            ? `Silence or a mistake: ${end}`
            : `The ${ordinal(tries)} time, silence and mistakes counted together: ${end}`,
        ]
  const fits = guardOf(turn, 'entry-fits')?.params
  const ladder = (head: string, says: Said[]): string => {
    const heard = says
      .slice(0, tries - 1)
      .map((said, i) =>
        i === 0
          ? `hears ${inFirst([said], flow)} and the question again`
          : `the ${ordinal(i + 1)} time ${inFirst([said], flow)}`,
      )
    return tries === 1 ? '' : `${head}: ${heard.join('; ')}.`
  }
  const anyKey = turn.exits.some(({ guard, actions }) => !guard && actions.some(({ type }) => type === 'take-key'))
  return [
    ladder(`Silence${wait === undefined ? '' : ` for ${time(wait)}`}`, ask!.silence),
    anyKey ? '' : ladder(fits ? 'Keys in what does not fit' : 'Presses another key', ask!.mistake),
    ...(fits && ask!.short.length > 0 ? [ladder('Keys in too few digits', ask!.short)] : []),
    ...spent,
    ...(fits ? [entry(turn, fits.check)] : []),
  ]
}

function entry(turn: Turn, check: string | undefined): string {
  const ended = actionOf(turn, 'keep-answer')?.params
  const end =
    ended === undefined
      ? ''
      : `The entry ends with ${ended.end}, with the last digit, or after ${time(ended.betweenKeys)} without a key. * begins it again.`
  return `${end}${check === undefined ? '' : ` It fits if ${check}.`}`.trim()
}

/** Where a way leads, and what is heard there first. */
export function leadsTo(compiled: Compiled, from: Step, to: string): string {
  if (to === hangUpEnd) return 'the call is hung up.'
  if (to === sorryEnd) return 'hears that something is not working; then the call is hung up.'
  const target = compiled.flow.steps.get(to)!
  const heard = firstHeard(compiled, target)
  const place = isNext(from.name, to) ? 'the next step of the list' : quoted(numberIn(to) > 1 ? to : baseName(to))
  return `goes to ${place} (${heard === '' ? target.kind.kind : `"${shorter(heard)}"`}).`
}

function firstHeard(compiled: Compiled, step: Step): string {
  const {
    plays: [play],
    ask,
  } = firstStage(stagesOf(compiled, step))?.turn ?? turnOf(compiled, step)
  const say = play?.say ?? ask?.prompt
  return say === undefined ? '' : wordsOf(say, compiled.flow.languages[0])
}

const shorter = (text: string): string =>
  [...text].length <= 60 ? text : `${[...text].slice(0, 59).join('').trimEnd()}…`
export const quoted = (name: string): string => `\`${name}\``
const ordinal = (n: number): string =>
  ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'][n - 1] ?? `${n}th`
/** `a, b and c`. */
export const listed = (all: string[]): string =>
  all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
