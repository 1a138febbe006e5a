import type { Prompt } from '../engine/call/effects.ts'
import type { Flow } from '../engine/language/flow.ts'
import { shownName } from '../engine/language/step-names.ts'
import { saidAt, type Survival } from '../engine/survival.ts'
import type { MissingPrompt } from '../engine/voice/voices.ts'
import { count } from './check.ts'

/** A text that callers do not hear while no engine runs, for it could not be made audible. */
export type LeftOut = { hotline: string; step: string; language: string; text: string; why: string }

/** The texts of a hotline of which there is no sound; `regret`: what it says when nothing else can be done. */
export function leftOut(
  flow: Pick<Flow, 'name'>,
  plan: Survival,
  regret: Prompt,
  missing: readonly MissingPrompt[],
): LeftOut[] {
  const whys = new Map(missing.map(({ prompt, why }) => [JSON.stringify(prompt), why]))
  const end = { language: regret[0]?.language ?? '', step: 'the words of regret at the end', prompt: regret }
  const all = [...saidAt(plan), end].flatMap(({ language, step, prompt }) => {
    const why = whys.get(JSON.stringify(prompt))
    if (why === undefined) return []
    return [{ hotline: flow.name, step: shownName(step), language, text: namesOf(prompt), why }]
  })
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

const namesOf = (prompt: Prompt): string =>
  [...new Set(prompt.flatMap(({ name, text }) => name ?? `"${text}"`))].join(', ')

/** `city, step main, en, main/keys/1: it took over 5000 ms`, and what to do; nothing when nothing is left out. */
export function lackingInWords(lacking: readonly LeftOut[]): string[] {
  if (lacking.length === 0) return []
  const many = count(lacking.length, 'text')
  return [
    `NOT HEARD while Callwright does not run, for ${many} could not be made; a menu without its words is passed over:`,
    ...lacking.map(({ hotline, step, language, text, why }) => `  ${hotline}, step ${step}, ${language}, ${text}: ${why}`),
    'Run this command again when the machine is less busy, before you install the files. ' +
      '"callwright prompts --render" makes texts, too, and says what keeps them from it.',
  ]
}
