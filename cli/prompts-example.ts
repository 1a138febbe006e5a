import type { PromptPart } from '../engine/call/effects.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { recordables, textsSaid } from '../engine/language/recordings.ts'
import { packFor, type Way } from '../engine/saying/index.ts'
import { partOf } from './prompts-list.ts'

/** What stands for a value that only a call knows, by the way in which it is said. */
const examples: Record<Way, unknown> = {
  digits: '4711', number: 12, money: '12.50 EUR', date: '2026-11-24', time: '09:30', duration: 90, spell: 'KW7',
  words: 'Sam',
}

/** A prompt by the name of its text, as a call would have it; one with values in it has examples of them. */
export type Named = PromptPart & { name: string }

/** Every text of a flow by itself, the words around values by themselves, too. */
export function namedPrompts(compiled: Compiled): Named[] {
  const [now, zone] = [Date.now(), compiled.flow.timezone]
  const example = ({ way = 'words' }: { way?: string }, language: string): string =>
    packFor(language)?.[way as Way]?.(examples[way as Way], { now, zone }) ?? String(examples[way as Way] ?? '')
  const isWhole = (part: PromptPart): part is Named => part.name !== undefined && part.pieces !== undefined
  const whole = textsSaid(compiled, example).filter(isWhole)
  return [...recordables(compiled).map((one) => ({ ...partOf(one, compiled.flow), name: one.name })), ...whole]
}
