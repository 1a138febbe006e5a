import type { Prompt } from '../call/effects.ts'
import { spokenMs } from '../saying/length.ts'
import type { Ask, Said, StateData } from '../steps/step.ts'
import type { Compiled } from './compile.ts'
import { spoken } from './speech.ts'

/** What a step of a compiled flow says, and how long a caller in it who presses nothing is kept. */
export type Turn = {
  /** Announcements, and the prompt of a menu or question. */
  says: Said[][]
  ask?: Ask
  /** Silence allowed before the first key, in milliseconds. */
  wait: number
  tries: number
}

/** Reads the turns of all steps out of the machine's states, so that what is proven is what will run. */
export function turnsOf({ flow, machine }: Compiled): Map<string, Turn> {
  const { states } = machine.config as { states: Record<string, StateData> }
  return new Map([...flow.steps.keys()].map((name) => [name, turnOf(states[name])]))
}

function turnOf(state: StateData | undefined): Turn {
  const turn: Turn = { says: [], wait: 0, tries: 1 }
  read(state, turn)
  return turn
}

function read(data: unknown, turn: Turn): void {
  if (Array.isArray(data)) return data.forEach((part) => read(part, turn))
  if (typeof data !== 'object' || data === null) return
  const { type, params, after } = data as { type?: unknown; params?: unknown; after?: Record<string, { target?: string }> }
  if (type === 'play') turn.says.push((params as { say: Said[] }).say)
  else if (type === 'ask') {
    turn.ask = params as Ask
    turn.says.push(turn.ask.prompt)
  } else if (type === 'tries-spent') turn.tries = (params as { tries: number }).tries
  for (const [ms, { target }] of Object.entries(after ?? {})) if (target === 'silent') turn.wait = Number(ms)
  for (const [name, part] of Object.entries(data)) if (name !== 'params') read(part, turn)
}

/** A value that is put in counts as four digits. */
const asPrompt = (say: Said[], language: string): Prompt => spoken(say, language, () => '0000')

/** How long it takes to say this, in the slowest of the languages; milliseconds. */
export const longestMs = (say: Said[], languages: readonly string[]): number =>
  Math.max(...languages.map((language) => (say.length === 0 ? 0 : spokenMs(asPrompt(say, language)))))

/** How long a caller who presses nothing is kept in a step; milliseconds. */
export function silentMs({ says, ask, wait, tries }: Turn, languages: readonly string[]): number {
  if (!ask) return says.reduce((sum, say) => sum + longestMs(say, languages), 0)
  let ms = 0
  for (let round = 0; round < tries; round++) {
    const lead = round === 0 ? undefined : ask.silence[Math.min(round, ask.silence.length) - 1]
    ms += longestMs(lead ? [lead, ...ask.prompt] : ask.prompt, languages) + wait
  }
  return ms
}
