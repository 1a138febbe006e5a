import type { Compiled } from '../language/compile.ts'
import type { Step } from '../language/flow.ts'
import type { ActionData, GuardData } from '../steps/step.ts'
import { digits } from './happened.ts'
import { doing, inAll, leadsTo, wrong } from './phrases.ts'
import type { Stage } from './stages.ts'
import { guardOf, type Exit, type Turn } from './turn.ts'

/** A step of several parts as a caller meets them, one after the other, each with its number. */
export function stagesInWords(compiled: Compiled, step: Step, stages: Stage[]): string[] {
  const to = (target: string): string => {
    if (target === '$ended') return 'the call is over.'
    const n = stages.findIndex(({ name }) => `${step.name}.${name}` === target)
    return n < 0 ? leadsTo(compiled, step, target) : `on to ${n + 1}.`
  }
  return stages.flatMap(({ turn }, i) => {
    const lines = [...said(turn, compiled), ...goesOn(turn, to, compiled)]
    const [first = '', ...others] = lines.flatMap((line) => line.split('\n'))
    return [`${i + 1}. ${first}`, ...others.map((line) => `   ${line}`)]
  })
}

function said({ plays, ask, exits, does }: Turn, { flow }: Compiled): string[] {
  const leaving = new Set(exits.flatMap(({ actions }) => actions))
  return [
    ...plays.flatMap(({ say, bargeIn }) => [
      `The caller hears${inAll(say, flow)}`,
      ...(bargeIn ? ['A key cuts it short.'] : []),
    ]),
    ...(ask ? [`The caller hears${inAll(ask.prompt, flow)}`, ...(ask.bargeIn ? [] : ['It is said to its end.'])] : []),
    ...does.filter((action) => !leaving.has(action)).map(doing).filter((words) => words !== ''),
  ]
}

/** What can happen, each with where it leads; keys that lead to the same place are one. */
function goesOn(turn: Turn, to: (target: string) => string, { flow }: Compiled): string[] {
  const spent = turn.exits.find(({ guard }) => guard?.type === 'tries-spent')
  const ways = new Map<string, string[]>()
  for (const exit of turn.exits) {
    const head = headOf(exit, turn)
    if (head === undefined) continue
    const words = [to(exit.to), ...exit.actions.map((action) => onTheWay(action, exit.guard))].filter(Boolean).join(' ')
    const heads = ways.get(words) ?? []
    if (!heads.includes(head)) ways.set(words, [...heads, head])
  }
  // What is so of all the rest stands last.
  const order = ([, heads]: [string, string[]]): number => (heads.some((head) => rest.has(head)) ? 1 : 0)
  return [
    ...[...ways].sort((a, b) => order(a) - order(b)).map(([words, heads]) => `${together(heads)}: ${words}`),
    ...(turn.ask ? wrong(turn, flow, spent && to(spent.to)) : []),
  ].filter((line) => line !== '')
}

const rest = new Set(['It fails', 'Else', 'Presses another key'])

/** What has happened; undefined for what is told elsewhere, or not worth a word. */
function headOf({ guard, actions, to }: Exit, turn: Turn): string | undefined {
  switch (guard?.type) {
    case 'key-is':
      return `Presses ${guard.params.key}`
    case 'entry-fits':
      return `Keys in ${digits(guard.params)}`
    case 'caller-number':
      return 'The number of the caller is known'
    case 'had-spoken':
      return 'Hangs up after speaking'
    case 'ended':
      return ended[guard.params.how] ?? guard.params.how.replaceAll('-', ' ')
    case undefined:
      if (to === '$ended') return undefined
      if (actions.some(({ type }) => type === 'take-key')) return 'Presses another key'
      if (guardOf(turn, 'ended')) return 'It fails'
      return turn.guards.length > 0 ? 'Else' : 'Then'
    default:
      return undefined
  }
}

const ended: Record<string, string> = { ok: 'Kept', recorded: 'Has spoken', 'nothing-said': 'Says nothing' }

/** A key that is the answer is told once for all keys. */
function onTheWay(action: ActionData, guard: GuardData | undefined): string {
  if (action.type === 'set' && guard?.type === 'key-is')
    for (const [name, value] of Object.entries(action.params.values))
      if ('value' in value && String(value.value) === guard.params.key) return `Keeps the key as ${name}.`
  return doing(action)
}

/** `Presses 1, 2 or 3`. */
function together(heads: string[]): string {
  const keys = heads.flatMap((head) => /^Presses (.)$/.exec(head)?.[1] ?? [])
  if (keys.length < 2 || keys.length < heads.length) return heads.join('; ')
  return `Presses ${keys.slice(0, -1).join(', ')} or ${keys.at(-1)}`
}
