import { setup, type AnyStateMachine } from 'xstate'
import type { CallContext } from '../call/context.ts'
import type { Prompt } from '../call/effects.ts'
import { packFor } from '../saying/index.ts'
import type { Ask, Compiling, Said, StateData, Text } from '../steps/step.ts'
import { does } from '../steps/step.ts'
import { hangUpEnd, sorryEnd, type Flow, type Step } from './flow.ts'
import { behaviour } from './behaviour.ts'
import { onlyFixed, spoken } from './speech.ts'

/** A flow that calls can run on. */
export type Compiled = {
  flow: Flow
  machine: AnyStateMachine
  /** Every prompt whose words are known before any call, in every language: to be made ready before going live. */
  fixedPrompts: Prompt[]
}

/** A checked flow to an XState machine: plain data for the states, one set of guards and actions for all flows. */
export function compileFlow(flow: Flow): Compiled {
  const prompts = new Prompts(flow)
  const states: Record<string, StateData> = {
    $arriving: { on: { 'call-started': { target: `#${flow.start}`, actions: 'arrive' } } },
    [hangUpEnd]: { id: hangUpEnd, type: 'final', entry: does({ type: 'hang-up' }) },
    [sorryEnd]: {
      id: sorryEnd,
      entry: does({ type: 'play', params: { say: [prompts.one([phrase(flow, (pack) => pack.sorry)])[0]!], bargeIn: false } }),
      on: { 'prompt-finished': { target: `#${hangUpEnd}` } },
    },
    $ended: { id: '$ended', type: 'final' },
  }
  for (const step of flow.steps.values()) {
    const data = step.kind.compile(step.fields, compiling(flow, step))
    const entry = [{ type: 'enter', params: { step: step.name } }, ...[data.entry ?? []].flat()]
    states[step.name] = { ...data, id: step.name, entry }
    prompts.of(data)
  }
  // The states are data built at run time, so XState's types cannot follow them: the one cast of the project.
  const machine = setup(behaviour(flow) as never).createMachine({
    id: flow.name,
    initial: '$arriving',
    context: {} as CallContext,
    on: { 'caller-hung-up': { target: '#$ended' }, 'key-pressed': { actions: does({ type: 'keep-key' }) } },
    states,
  } as never) as unknown as AnyStateMachine
  // A mistake of ours must end one call, not hang the process.
  machine.options = { ...machine.options, maxIterations: 1000 }
  return { flow, machine, fixedPrompts: prompts.fixed() }
}

function compiling(flow: Flow, step: Step): Compiling {
  return {
    go(what) {
      const to = step.ways.get(what)
      if (to === undefined) throw new Error(`step ${step.name}: the way "${what}" leads nowhere; the checker should have refused it`)
      return { target: `#${to}`, reenter: true }
    },
    said: (text, only) => said(flow, text, only),
    phrase: (words, only) => phrase(flow, words, only),
    input: flow.input,
    queueSaid: (queue) => flow.queues[queue]?.said,
    leadsToInput: (what) => leadsToInput(flow, step.ways.get(what), new Set()),
  }
}

function said(flow: Flow, text: Text, only?: string): Said {
  const texts = typeof text === 'string' ? Object.fromEntries((only ? [only] : flow.languages).map((tag) => [tag, text])) : text
  return only ? { texts, in: only } : { texts }
}

function phrase(flow: Flow, words: Parameters<Compiling['phrase']>[0], only?: string): Said {
  const texts = Object.fromEntries((only ? [only] : flow.languages).map((tag) => [tag, words(packFor(tag)!, tag)]))
  return only ? { texts, in: only } : { texts }
}

/** Whether every way from a step on comes to a menu or a question before anything that is not to be cut short. */
function leadsToInput(flow: Flow, name: string | undefined, passed: Set<string>): boolean {
  const step = name === undefined ? undefined : flow.steps.get(name)
  if (!step || step.kind.role === 'leaves' || passed.has(step.name)) return false
  if (step.kind.role === 'asks') return true
  passed.add(step.name)
  return [...step.ways.values()].every((to) => leadsToInput(flow, to, new Set(passed)))
}

/** Gathers what is said in the states of a machine, combination by combination, as `play` and `ask` will say it. */
class Prompts {
  private readonly flow: Flow
  private readonly all: Said[][] = []

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

  fixed(): Prompt[] {
    const prompts = this.flow.languages.flatMap((language) =>
      this.all.filter((say) => onlyFixed(say, language)).map((say) => spoken(say, language, () => '')))
    return [...new Map(prompts.map((prompt) => [JSON.stringify(prompt), prompt])).values()]
  }
}
