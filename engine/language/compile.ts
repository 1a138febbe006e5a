import { setup, type AnyStateMachine } from 'xstate'
import type { CallContext } from '../call/context.ts'
import { askAgainAt } from '../call/advance.ts'
import type { Prompt, PromptPart } from '../call/effects.ts'
import type { Ask, Compiling, Said, StateData } from '../steps/step.ts'
import { does } from '../steps/step.ts'
import { hangUpEnd, sorryEnd, type Flow, type Step } from './flow.ts'
import { behaviour } from '../behaviour/behaviour.ts'
import { nearValues } from './near-values.ts'
import { onlyFixed, spoken } from './speech.ts'
import { shownName } from './step-names.ts'
import { leadingToInput, phrase, wordingOf } from './wording.ts'

/** A flow that calls can run on. */
export type Compiled = {
  flow: Flow
  machine: AnyStateMachine
  /** Every prompt whose words are known before any call, in every language: to be made ready before going live. */
  fixedPrompts: Prompt[]
  /** Everything that is said, combination by combination, as `play` and `ask` will say it. */
  said: Said[][]
  /** Every text with values in it, in every language; 0 stands for each value, and `pieces` tells how it is said. */
  withValues: PromptPart[]
  /** The steps in which, or behind which, a text with values in it may be said. */
  nearValues: ReadonlySet<string>
}

/** A checked flow to an XState machine: plain data for the states, one set of guards and actions for all flows. */
export function compileFlow(flow: Flow): Compiled {
  const prompts = new Prompts(flow)
  const toInput = leadingToInput(flow)
  const saidAt = new Map<string, Said[][]>()
  const states: Record<string, StateData> = {
    $arriving: { on: { 'call-started': { target: `#${flow.start}`, actions: 'arrive' } } },
    [hangUpEnd]: { id: hangUpEnd, type: 'final', entry: does({ type: 'hang-up' }) },
    [sorryEnd]: {
      id: sorryEnd,
      entry: does({
        type: 'play',
        params: { say: [prompts.one([phrase(flow, (pack) => pack.sorry)])[0]!], bargeIn: false },
      }),
      on: { 'prompt-finished': { target: `#${hangUpEnd}` } },
    },
    $ended: { id: '$ended', type: 'final' },
  }
  for (const step of flow.steps.values()) {
    const data = step.kind.compile(step.fields, compiling(flow, step, toInput))
    const entry = [{ type: 'enter', params: { step: step.name, shown: shownName(step.name) } }, ...[data.entry ?? []].flat()]
    states[step.name] = { ...data, id: step.name, entry }
    const before = prompts.all.length
    prompts.of(data)
    saidAt.set(step.name, prompts.all.slice(before))
  }
  // The states are data built at run time, so XState's types cannot follow them: so they are cast here, once.
  const machine = setup(behaviour(flow) as never).createMachine({
    id: flow.name,
    initial: '$arriving',
    context: {} as CallContext,
    on: {
      'caller-hung-up': { target: '#$ended' },
      switched: { actions: 'switched' },
      'key-pressed': { actions: does({ type: 'keep-key' }) },
      ...askingAgain(flow),
    },
    states,
  } as never) as unknown as AnyStateMachine
  // A mistake of ours must end one call, not hang the process. A list of many steps that only set values is none.
  machine.options = { ...machine.options, maxIterations: 1000 + 4 * flow.steps.size }
  return { flow, machine, ...prompts.known(), said: prompts.all, nearValues: nearValues(flow, saidAt) }
}

/** After a restart a secret is asked for again, where it had been asked for. */
function askingAgain({ steps }: Flow): Record<string, StateData> {
  const asking = [...steps.values()].filter(({ parts }) => parts.sets?.some(({ secret }) => secret))
  return Object.fromEntries(asking.map(({ name }) => [askAgainAt(name), { target: `#${name}`, reenter: true }]))
}

function compiling(flow: Flow, step: Step, toInput: Set<string>): Compiling {
  return {
    go(what, first = []) {
      const to = step.ways.get(what)
      if (to === undefined)
        throw new Error(`step ${step.name}: the way "${what}" leads nowhere; the checker should have refused it`)
      return { target: `#${to}`, reenter: true, actions: [...first, does({ type: 'leave', params: { step: step.name, way: what } })] }
    },
    here: (state) => ({ target: `#${step.name}.${state}`, reenter: true }),
    ...wordingOf(flow, step, toInput),
  }
}

/** Gathers what is said in the states of a machine, combination by combination, as `play` and `ask` will say it. */
class Prompts {
  private readonly flow: Flow
  readonly all: Said[][] = []

  constructor(flow: Flow) {
    this.flow = flow
  }

  one(say: Said[]): Said[] {
    this.all.push(say)
    return say
  }

  of(data: unknown): void {
    if (Array.isArray(data)) return data.forEach((part) => this.of(part))
    if (typeof data !== 'object' || data === null) return
    const { type, params } = data as { type?: unknown; params?: unknown }
    if (type === 'play') this.one((params as { say: Said[] }).say)
    else if (type === 'ask') {
      const { prompt, silence, mistake, short } = params as Ask
      this.one(prompt)
      for (const first of [...silence, ...mistake, ...short]) this.one([first, ...prompt])
    } else Object.values(data).forEach((part) => this.of(part))
  }

  known(): Pick<Compiled, 'fixedPrompts' | 'withValues'> {
    const { flow, all } = this
    const inAll = (said: (say: Said[], language: string) => boolean): Prompt[] =>
      flow.languages.flatMap((language) =>
        all.filter((say) => said(say, language)).map((say) => spoken(say, language, () => '0', flow)),
      )
    return {
      fixedPrompts: unique(inAll(onlyFixed)),
      withValues: unique(inAll((say, language) => !onlyFixed(say, language)).flat().filter(({ pieces }) => pieces)),
    }
  }
}

const unique = <T>(all: T[]): T[] => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
