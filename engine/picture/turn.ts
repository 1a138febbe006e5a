import type { Compiled } from '../language/compile.ts'
import type { Step, Switch } from '../language/flow.ts'
import { spoken } from '../language/speech.ts'
import type { ActionData, Ask, GuardData, Said, StateData, Text } from '../steps/step.ts'

/** A way out of a step as the machine has it: what must hold, and what is done on the way. */
export type Exit = { guard?: GuardData; actions: ActionData[]; to: string }

/**
 * What happens in one step, read from what it compiles to, so that it holds for every kind there is and will be: what
 * the caller hears, what is asked and how often, what is done, and under which conditions the call goes on.
 */
export type Turn = {
  step: Step
  /** What is said without asking, in its order. */
  plays: { say: Said[]; bargeIn: boolean }[]
  ask?: Ask
  /** Silence allowed before the first key, in milliseconds. */
  wait?: number
  /** How often the caller is asked. */
  tries?: number
  /** Everything else that is done. */
  does: ActionData[]
  exits: Exit[]
  guards: GuardData[]
  /** The switches of the hotline: conditions on them are told by what they are for. */
  switches: Record<string, Switch>
}

/** What happens in a step. */
export const turnOf = (compiled: Compiled, step: Step): Turn => turnIn(compiled, step, stateOf(compiled, step))

/** The state that a step compiles to. */
export const stateOf = ({ machine }: Compiled, { name }: Step): StateData =>
  (machine.config as { states: Record<string, StateData> }).states[name]!

/** What happens in a step while it is in this state. */
export function turnIn({ flow }: Compiled, step: Step, state: StateData): Turn {
  const turn: Turn = { step, plays: [], does: [], exits: [], guards: [], switches: flow.switches }
  read(state, turn)
  return turn
}

function read(data: unknown, turn: Turn): void {
  if (Array.isArray(data)) return data.forEach((part) => read(part, turn))
  if (!isData(data)) return
  const { target, guard, actions, type, params, after } = data
  if (typeof target === 'string' && target.startsWith('#')) {
    turn.exits.push({
      ...(isData(guard) ? { guard: guard as GuardData } : {}),
      actions: [actions ?? []].flat() as ActionData[],
      to: target.slice(1),
    })
  }
  if (isData(after) && turn.wait === undefined) {
    const [ms] = Object.entries(after).find(([, then]) => isData(then) && then.target === 'silent') ?? []
    if (ms !== undefined) turn.wait = Number(ms)
  }
  if (isData(guard)) {
    turn.guards.push(guard as GuardData)
    if (guard.type === 'tries-spent') turn.tries = (guard.params as { tries: number }).tries
  }
  if (type === 'play') turn.plays.push(params as Turn['plays'][number])
  else if (type === 'ask') turn.ask = params as Ask
  else if (typeof type === 'string' && type !== 'final' && type !== 'enter') turn.does.push(data as ActionData)
  for (const [name, part] of Object.entries(data)) if (name !== 'params' && name !== 'guard') read(part, turn)
}

const isData = (data: unknown): data is StateData => typeof data === 'object' && data !== null && !Array.isArray(data)

/** A parameter of the first guard of this name. */
export const guardOf = <T extends GuardData['type']>(
  turn: Turn,
  type: T,
): Extract<GuardData, { type: T }> | undefined =>
  turn.guards.find((guard): guard is Extract<GuardData, { type: T }> => guard.type === type)

/** The first action of this name. */
export const actionOf = <T extends ActionData['type']>(
  turn: Turn,
  type: T,
): Extract<ActionData, { type: T }> | undefined =>
  turn.does.find((action): action is Extract<ActionData, { type: T }> => action.type === type)

/** A prompt as a text; values stand as `how` writes them. */
export const wordsOf = (say: Said[], language: string, how = asWritten): string =>
  spoken(say, language, ({ value, way }) => how(value, way))
    .map(({ text }) => text)
    .join(' ')

/** `{{ postcode | digits }}`, as in the flow. */
export const asWritten = (value: string, way?: string): string =>
  `{{ ${value}${way === undefined ? '' : ` | ${way}`} }}`

/** `[postcode]`, short. */
export const inBrackets = (value: string): string => `[${value}]`

/** An author's text in a language. */
export const textIn = (text: Text, language: string): string =>
  typeof text === 'string' ? text : (text[language] ?? Object.values(text)[0] ?? '')
