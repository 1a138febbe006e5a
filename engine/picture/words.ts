import type { Compiled } from '../language/compile.ts'
import { hangUpEnd, sorryEnd, type Flow, type Step } from '../language/flow.ts'
import { baseName, isNext, numberIn, ownName } from '../language/step-names.ts'
import type { ActionData, Said } from '../steps/step.ts'
import { happenings, time, type Happened } from './happened.ts'
import { plainText } from './text.ts'
import { actionOf, guardOf, turnOf, wordsOf, type Turn } from './turn.ts'

/** The names of languages as they stand in these words. */
const names = new Intl.DisplayNames(['en'], { type: 'language' })

/**
 * What a caller hears at a step and where each thing leads, in words. Of a list each step is one text, unless one of
 * them is named (`postcode/2`); of a step that is called, one text for each call. Empty when there is no such step.
 */
export function explain(compiled: Compiled, name: string): string[] {
  const { flow } = compiled
  const named = (known: string): boolean => known === name || baseName(known) === name
  const steps = [...flow.steps.values()].filter((step) => named(step.name) || named(ownName(step.name)))
  return steps.map((step) => explainStep(compiled, step))
}

function explainStep(compiled: Compiled, step: Step): string {
  const { flow } = compiled
  const turn = turnOf(compiled, step)
  return [
    `${step.name} (${step.kind.kind}): ${step.kind.summary}`,
    comesHere(compiled, step),
    ...hears(turn, flow),
    ...does(turn),
    ...goesOn(compiled, turn),
  ]
    .filter((line) => line !== '')
    .flatMap((line) => line.split('\n'))
    .map((line) => `${/^ */.exec(line)![0]}${plainText(line)}`)
    .join('\n')
}

function comesHere(compiled: Compiled, { name }: Step): string {
  const { flow } = compiled
  const from = [...flow.steps.values()].flatMap((other) => {
    if (![...other.ways.values()].includes(name)) return []
    const by = happenings(turnOf(compiled, other), flow.languages[0])
      .filter(({ to }) => to === name)
      .map(({ words }) => words)
    return [
      (isNext(other.name, name) ? 'the step before it' : quoted(baseName(other.name))) +
        (by.some(Boolean) ? ` (${by.filter(Boolean).join('; ')})` : ''),
    ]
  })
  const begins = flow.start === name ? 'The call begins here.' : ''
  if (from.length === 0) return begins || 'No call comes here.'
  const shown = from.length > 6 ? [...from.slice(0, 5), `${from.length - 5} other steps`] : from
  return `${begins}${begins ? ' ' : ''}The call comes here from ${listed(shown)}.`
}

function hears({ plays, ask, step }: Turn, flow: Flow): string[] {
  const secret = step.parts.sets?.some((set) => set.secret)
  const told = plays.flatMap(({ say, bargeIn }) => [
    `The caller hears${inAll(say, flow)}`,
    bargeIn ? 'A key cuts it short, and is the answer to what follows.' : 'It is said to its end.',
  ])
  if (!ask) return told
  return [
    ...told,
    `The caller hears${inAll(ask.prompt, flow)}`,
    ask.bargeIn
      ? 'A key cuts the prompt short. What was keyed before it began is taken as the answer.'
      : 'The prompt is said to its end; what is keyed meanwhile is forgotten.',
    secret ? 'What is keyed in is secret: it is never told, shown or kept in a log.' : '',
  ]
}

function inAll(say: Said[], flow: Flow): string {
  const texts = flow.languages.map((language) => ({ language, text: wordsOf(say, language) }))
  const [first] = texts
  if (texts.every(({ text }) => text === first!.text)) return ` "${first!.text}"`
  return ':' + texts.map(({ language, text }) => `\n  in ${languageName(language)}: "${text}"`).join('')
}

/** In the first language: enough to know what is meant. */
const inFirst = (say: Said[], flow: Flow): string => `"${wordsOf(say, flow.languages[0])}"`

function does(turn: Turn): string[] {
  const direct = turn.step.kind.role === 'asks' ? [] : turn.does
  const words = direct.map(doing).filter((one) => one !== '')
  const told = (turn.step.parts.told ?? []).map(({ name }) => name)
  const hours = (turn.step.parts.hours ?? []).map(({ name }) => `Looks whether ${quoted(name)} is open.`)
  return [...hours, ...new Set(words), told.length > 0 ? `The agent sees ${listed(told)}.` : '']
}

/** An order in words; none for what the caller does not notice. */
function doing(action: ActionData): string {
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
    case 'hang-up':
      return 'The call is hung up.'
    default:
      return ''
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

function goesOn(compiled: Compiled, turn: Turn): string[] {
  const { flow } = compiled
  const ways = happenings(turn, flow.languages[0])
  const lines = ways
    .filter(({ what }) => !(turn.ask && what === 'otherwise'))
    .map((way) => `${headOf(way)}: ${leadsTo(compiled, turn.step, way.to)}${onTheWay(turn, way)}`)
  const otherwise = ways.find(({ what }) => what === 'otherwise')
  return [...lines, ...(turn.ask ? wrong(turn, flow, otherwise && leadsTo(compiled, turn.step, otherwise.to)) : [])]
}

const headOf = ({ words, matter }: Happened): string =>
  words === '' ? 'Then' : `${words[0]!.toUpperCase()}${words.slice(1)}${matter === undefined ? '' : ` (${matter})`}`

/** What a way does before the next step: the answers that a key sets. */
function onTheWay(turn: Turn, { what }: Happened): string {
  const exit = turn.exits.find(({ actions }) =>
    actions.some((action) => action.type === 'leave' && action.params.way === what),
  )
  const words = (exit?.actions ?? [])
    .map((action) => (action.type === 'keep-answer' ? `Keeps it as ${action.params.into}.` : doing(action)))
    .filter(Boolean)
  return words.length > 0 ? ` ${words.join(' ')}` : ''
}

/** Silence, wrong keys and short entries, time after time. */
function wrong(turn: Turn, flow: Flow, end: string | undefined): string[] {
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
  return [
    ladder(`Silence${wait === undefined ? '' : ` for ${time(wait)}`}`, ask!.silence),
    ladder(fits ? 'Keys in what does not fit' : 'Presses another key', ask!.mistake),
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
function leadsTo(compiled: Compiled, from: Step, to: string): string {
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
  } = turnOf(compiled, step)
  const say = play?.say ?? ask?.prompt
  return say === undefined ? '' : wordsOf(say, compiled.flow.languages[0])
}

const shorter = (text: string): string =>
  [...text].length <= 60 ? text : `${[...text].slice(0, 59).join('').trimEnd()}…`
const quoted = (name: string): string => `\`${name}\``
const ordinal = (n: number): string =>
  ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'][n - 1] ?? `${n}th`
/** `a, b and c`. */
export const listed = (all: string[]): string =>
  all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
