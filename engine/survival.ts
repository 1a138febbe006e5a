import type { QueueEnd, TransferEnd } from './call/events.ts'
import type { Prompt } from './call/effects.ts'
import type { Span } from './hours.ts'

/*
 * What a hotline does while no engine runs, as plain data: what Asterisk can do by itself, and no word of how it is
 * written there. Each kind of step says in its own file which of these it needs.
 */

/** What survival can find out by itself. */
export type Condition =
  | { always: boolean }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  /** The opening hours of this name. */
  | { open: string }
  /** The switch of this name. */
  | { on: string }
  | { language: string }
  | { of: Fact; is: string }
  | { of: Fact; begins: string }

/** An answer that survival can know, the number dialled, or the caller's. */
export type Fact = { answer: string } | 'called' | 'caller'

/** Where a caller goes: a step, or an end; without both, on with what comes next in the step. */
export type Go = {
  to?: string
  /** `fallback`: nothing else can be done for this caller. */
  end?: 'hang-up' | 'fallback'
  /** Answers set on the way; what survival cannot know is forgotten. */
  set?: Record<string, string | undefined>
  /** Spoken from here on. */
  language?: string
}

/** Asking for keys; milliseconds. `otherwise`: when all tries are spent. */
export type Question<W> = {
  prompt: W
  /** Said before the prompt the first, second, ... time. */
  silence: W[]
  mistake: W[]
  short: W[]
  bargeIn: boolean
  wait: number
  tries: number
  otherwise: Go
}

/** One thing that Asterisk does; `W` is what is said. Times in milliseconds. */
export type Act<W> =
  /** `cut`: a key ends it and is the answer to what follows. `forget`: keys pressed before are forgotten. */
  | { act: 'say'; words: W; cut?: boolean; forget?: boolean }
  /** `other`: what any other key leads to; default a mistake. */
  | { act: 'choose'; question: Question<W>; keys: Record<string, Go>; other?: Go }
  | {
      act: 'enter'; question: Question<W>; least: number; most: number; end: string; betweenKeys: number
      into: string; check?: Condition; next: Go
    }
  | { act: 'branch'; if: Condition; go: Go }
  /** Callers by shares, drawn anew each time; the last takes the rest. */
  | { act: 'share'; shares: { percent: number; go: Go }[] }
  /** `tell`: the answers shown to the agent. */
  | { act: 'queue'; queue: string; maxWait: number; tell: string[]; ends: Record<QueueEnd, Go> }
  | { act: 'call'; number: string; ring: number; ends: Record<TransferEnd, Go> }
  /** After a tone; kept at a hang-up as well. */
  | { act: 'record'; box: string; longest: number; silence: number; end: string; failed: Go }
  | { act: 'go'; go: Go }

/** What callers lose at a step, in words, and where they go instead when that is another way than usual. */
export type Loss = { step: string; what: string; goes?: string }

/** Opening hours by weekday, Monday first, and the days that are different, `20261224`, up to the day `until`. */
export type HoursTable = { week: Span[][]; days: Record<string, Span[]>; until: string }

/** A hotline without its engine. */
export type Survival = {
  start: string
  /** By language, the hotline's first one first; then by step, which all languages have. The last act leads on. */
  steps: Record<string, Record<string, Act<Prompt>[]>>
  /** IANA name. */
  timezone: string
  hours: Record<string, HoursTable>
  /** How each switch stands when nobody has turned it. */
  switches: Record<string, 'on' | 'off'>
  losses: Loss[]
}

/** Whether a text can be an answer in survival, which knows letters, digits, blanks and `_ . + -` and nothing else. */
export const isPlain = (text: string): boolean => /^(?! )[\p{L}\p{N} _.+-]{0,200}(?<! )$/u.test(text)

/** A prompt, and where it is said. */
export type SaidAt = { language: string; step: string; prompt: Prompt }

/** Everything that is said, with each place at which it is. */
export function saidAt({ steps }: Survival): SaidAt[] {
  const all = Object.entries(steps).flatMap(([language, by]) =>
    Object.entries(by).flatMap(([step, acts]) => acts.flatMap(saidIn).map((prompt) => ({ language, step, prompt }))),
  )
  return all.filter(({ prompt }) => prompt.length > 0)
}

/** Everything that is said, each prompt once. */
export const promptsOf = (plan: Survival): Prompt[] => [
  ...new Map(saidAt(plan).map(({ prompt }) => [JSON.stringify(prompt), prompt])).values(),
]

function saidIn(act: Act<Prompt>): Prompt[] {
  if (act.act === 'say') return [act.words]
  if (act.act !== 'choose' && act.act !== 'enter') return []
  const { prompt, silence, mistake, short } = act.question
  return [prompt, ...silence, ...mistake, ...short]
}
