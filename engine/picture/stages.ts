import type { Compiled } from '../language/compile.ts'
import type { Step } from '../language/flow.ts'
import type { ActionData, GuardData, StateData } from '../steps/step.ts'
import { stateOf, turnIn, type Exit, type Turn } from './turn.ts'

/** One part of a step in which the caller goes through several: a question, words, a tone. */
export type Stage = { name: string; turn: Turn }

/**
 * The parts that a caller goes through in a step in which they leave something, in the order in which the kind has
 * them; none for other steps. Read from what the step compiles to, as `turnOf` is: a new kind has them by itself.
 */
export function stagesOf(compiled: Compiled, step: Step): Stage[] {
  const { states } = stateOf(compiled, step) as { states?: Record<string, StateData> }
  if (step.kind.role !== 'takes' || states === undefined) return []
  const all = Object.entries(states).map(([name, data]) => ({
    name,
    turn: withNeighbours(turnIn(compiled, step, data), data),
  }))
  const passed = new Map(
    all.filter(({ turn }) => isPassed(turn)).map(({ name, turn }) => [`${step.name}.${name}`, turn.exits[0]!]),
  )
  const resolved = (exit: Exit): Exit => {
    const on = passed.get(exit.to)
    return on ? resolved({ ...exit, to: on.to, actions: [...exit.actions, ...on.actions] }) : exit
  }
  return all
    .filter(({ turn }) => !isPassed(turn))
    .map(({ name, turn }) => ({ name, turn: { ...turn, exits: turn.exits.map(resolved) } }))
}

/** The part in which a caller first hears something; with words of the author's own, the one that says them. */
export function firstStage(stages: Stage[], own?: string): Stage | undefined {
  const saying = stages.filter(({ turn }) => turn.ask !== undefined || turn.plays.length > 0)
  const saysOwn = ({ turn: { ask, plays } }: Stage): boolean =>
    [...(ask?.prompt ?? []), ...plays.flatMap(({ say }) => say)].some(({ texts }) => Object.values(texts).includes(own!))
  return saying.find(saysOwn) ?? saying[0]
}

/** With the transitions that lead to another part without its full name. */
function withNeighbours(turn: Turn, { always }: StateData): Turn {
  const more = [always ?? []].flat().flatMap((one): Exit[] => {
    const { target, guard, actions } = one as { target: string; guard?: GuardData; actions?: ActionData[] }
    if (target.startsWith('#')) return []
    return [{ ...(guard ? { guard } : {}), actions: [actions ?? []].flat(), to: `${turn.step.name}.${target}` }]
  })
  return { ...turn, exits: [...turn.exits, ...more] }
}

/** Nothing happens there but that the call goes on. */
const isPassed = ({ ask, plays, exits, does, guards }: Turn): boolean =>
  ask === undefined &&
  plays.length === 0 &&
  exits.length === 1 &&
  guards.length === 0 &&
  does.every((action) => exits[0]!.actions.includes(action))
