import type { Compiled } from '../language/compile.ts'
import { returnEnd, type Flow, type Step } from '../language/flow.ts'
import { baseName, isNext, nameInCall, ownName } from '../language/step-names.ts'
import { happenings, type Happened } from './happened.ts'
import { doing, inAll, leadsTo, listed, quoted, wrong } from './phrases.ts'
import { stagesInWords } from './stage-words.ts'
import { stagesOf } from './stages.ts'
import { plainText } from './text.ts'
import { turnOf, type Turn } from './turn.ts'

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
  const stages = stagesOf(compiled, step)
  return [
    `${step.name} (${step.kind.kind}): ${step.kind.summary}`,
    comesHere(compiled, step),
    ...(stages.length > 0 ? stagesInWords(compiled, step, stages) : hears(turn, flow)),
    ...(stages.length > 0 ? [seen(step)] : does(turn)),
    ...(stages.length > 0 ? [] : goesOn(compiled, turn)),
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

function does(turn: Turn): string[] {
  const direct = turn.step.kind.role === 'asks' ? [] : turn.does
  const words = direct.map(doing).filter((one) => one !== '')
  const hours = (turn.step.parts.hours ?? []).map(({ name }) => `Looks whether ${quoted(name)} is open.`)
  return [...hours, ...new Set(words), seen(turn.step)]
}

function seen({ parts }: Step): string {
  const told = (parts.told ?? []).map(({ name }) => name)
  return told.length > 0 ? `The agent sees ${listed(told)}.` : ''
}

function goesOn(compiled: Compiled, turn: Turn): string[] {
  const { flow } = compiled
  const ways = happenings(turn, flow.languages[0])
  const lines = ways
    .filter(({ what }) => !(turn.ask && what === 'otherwise'))
    .map((way) => `${headOf(way)}: ${leadsTo(compiled, turn.step, way.to)}${onTheWay(turn, way)}`)
  const otherwise = ways.find(({ what }) => what === 'otherwise')
  const back = comesBack(compiled, turn.step)
  if (back !== undefined) lines.push(`When they have returned: ${leadsTo(compiled, turn.step, back)}`)
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
    .map(doing)
    .filter(Boolean)
  return words.length > 0 ? ` ${words.join(' ')}` : ''
}


/** Where the call goes on when steps that are called from here return. */
function comesBack({ flow }: Compiled, { name }: Step): string | undefined {
  for (const { name: called, kind, fields, ways } of flow.steps.values()) {
    if (baseName(called) !== nameInCall(baseName(ownName(called)), name)) continue
    const back = kind.ways(fields as never).find(({ to }) => to === 'return' || to === returnEnd)
    if (back) return ways.get(back.what)
  }
  return undefined
}
