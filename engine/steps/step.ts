import type { z } from 'zod'
import type { Method, Told } from '../call/effects.ts'
import type { ValueType } from '../expressions/cel.ts'
import type { LanguagePack } from '../saying/index.ts'
import type { Act, Condition, Go } from '../survival.ts'

/** A text as an author writes it: in the first language, or by language. */
export type Text = string | Record<string, string>

/**
 * A stretch of a prompt in every language of the hotline; with `in`, in that one whatever the caller speaks. `name`: of
 * the text, by which recordings of it are found.
 */
export type Said = { texts: Record<string, string>; in?: string; name?: string }

/** Where in a step something is written: the path from the step's own fields. */
export type FieldPath = readonly (string | number)[]

/**
 * A way on from a step. `what` is what happened, in the flow's words: `next`, `key 1`, `otherwise`, `timed-out`.
 * `to` is the step named by the author; when there is none the call goes where `orElse` says.
 */
export type Way = {
  what: string
  path: FieldPath
  to: string | undefined
  /**
   * `following`: the next step of the list, else a mistake. `otherwise`, `failed`: what `defaults` says, else a
   * mistake (`otherwise`) or words of regret and the end (`failed`). `hang-up`: the end.
   */
  orElse?: 'following' | 'otherwise' | 'failed' | 'hang-up'
  /** Only taken when the caller has pressed a key or spoken. */
  pressed?: true
  /** What it leads to comes back, by the step's own way of this name. */
  back?: string
}

/** What a step says, reads and sets: what the checker, the voices and the tools need to know of it. */
export type Parts = {
  texts?: { path: FieldPath; text: Text; in?: string | undefined }[]
  expressions?: { path: FieldPath; cel: string; wants: 'yes-no' | 'any' }[]
  /** `by`: only when the step is left by this way; default by any. `digits`: it is keyed, with so many. */
  sets?: {
    path: FieldPath; name: string; value: { type: ValueType } | { cel: string }; secret?: boolean; by?: string
    digits?: { least: number; most: number }
  }[]
  /** Outcomes that the step notes. */
  outcomes?: string[]
  /**
   * Templates that are not spoken. `sent`: what goes to this backend and nowhere else. `kept`: what is kept under a
   * name, by `set`.
   */
  templates?: { path: FieldPath; text: string; sent?: string; kept?: true }[]
  backends?: { path: FieldPath; name: string }[]
  queues?: { path: FieldPath; name: string }[]
  hours?: { path: FieldPath; name: string }[]
  languages?: { path: FieldPath; name: string }[]
  /** Keys that composed words name behind the text at this path. */
  offers?: { path: FieldPath; keys: string[] }[]
  /** Answers shown to an agent. */
  told?: { path: FieldPath; name: string }[]
}

/** How long to wait for keys, and how often to ask. Milliseconds. */
export type InputDefaults = { wait: number; betweenKeys: number; tries: number }

/** An XState state node as plain data: guards and actions by name, no functions. */
export type StateData = Record<string, unknown>

/** What a kind may ask for when it puts together what is said. */
export type Wording = {
  /** A text in all languages. */
  said(text: Text, only?: string): Said
  /** A built-in phrase in all languages; `field`: the text that it is made of, whose name it then has. */
  phrase(words: (pack: LanguagePack, language: string) => string, only?: string, field?: FieldPath): Said
  input: InputDefaults
  /** The people of a queue as they are spoken of, by language. */
  queueSaid(queue: string): Text | undefined
  /** Whether the caller will be asked for a key next, whichever way the call goes from there. */
  leadsToInput(what: string): boolean
}

/** What a kind may ask for while it is compiled. */
export type Compiling = Wording & {
  /** The transition to where a way leads, entered afresh; `first` is done on the way. */
  go(what: string, first?: ActionData[]): { target: string; reenter: true; actions: ActionData[] }
  /** One of the step's own states as a target, from wherever in the step. */
  here(state: string): { target: string; reenter: true }
}

/** What a kind may ask for when it says how it survives. */
export type Surviving = Wording & {
  /** Where a way leads, with answers set on the way: those of which survival cannot know the value are forgotten. */
  go(what: string, set?: Record<string, SetValue>): Go
  /** What survival can decide of a condition. The rest counts as not met, with `lenient` as met, and is told. */
  condition(cel: string, lenient?: boolean): Condition
  /** Tells what callers lose here; the way by which they go on, when it is not the usual one. */
  loses(what: string, way?: string): void
}

/**
 * Everything that is known of one kind of step. A new kind is a file like `say.ts`, a file of cases in `test/steps/`,
 * and one line in `index.ts`: schema, manual, check, graph and words follow from it, as `test/steps/invented.test.ts`
 * shows.
 */
export interface StepKind<S extends z.ZodType = z.ZodType> {
  /** The word that an author writes. */
  kind: string
  /** What it does, in a sentence for authors. */
  summary: string
  /**
   * What authors should know beyond the summary and the fields, in Markdown, indented as you like. With the fields and
   * the examples it is the kind's section of `docs/authors/steps.md`, and what an editor shows of it. Links are those
   * of that page: `[menu](#menu)`, `[conditions](conditions.md)`.
   *
   * Of each field the manual tells what its `.describe()` says. `Default: ...` at its end is what holds when the field
   * is left out; a way (a field that is a `stepName`) needs none where `ways` says it by `orElse`.
   */
  manual?: string
  /**
   * Steps as they stand under `steps:`, in YAML, indented as you like; the first is where the example begins. The
   * suite puts a hotline around them (which steps and names it has: `test/docs/fragments.ts`) and checks, draws and
   * explains it.
   */
  examples: string[]
  /**
   * The value right behind the kind is its first field, of the same name: `say: Hello`. Without this the fields stand
   * behind the kind, `menu: { keys: ... }`, or beside it.
   */
  value?: true
  /**
   * What that value is called where the fields stand behind the kind all together: `queue` in
   * `callback: { queue: bookings, say: ... }`. Without this they stand beside it.
   */
  valueName?: string
  /** The fields, those behind the kind and those beside it. */
  schema: S
  /**
   * `asks`: the caller is asked for a key. `takes`: the caller leaves something, a message or a wish. `passes`: goes
   * on by itself. `leaves`: the caller leaves self-service.
   */
  role: 'asks' | 'takes' | 'passes' | 'leaves'
  /** It begins with a question, so that a key pressed before is an answer, although it takes more than that. */
  asksFirst?: true
  ways(step: z.output<S>): Way[]
  parts(step: z.output<S>): Parts
  compile(step: z.output<S>, c: Compiling): StateData
  /**
   * What Asterisk does at this step while no engine runs, in order; the last leads on. Default: the kind is left out,
   * and callers go by `failed`, else `otherwise`, else `next`.
   */
  survives?(step: z.output<S>, s: Surviving): Act<Said[]>[]
}

/** The step named in the first of these fields that is given, and that field. */
export function firstOf<F extends string>(
  step: { [field in F]?: string | undefined },
  fields: F[],
): Pick<Way, 'path' | 'to'> {
  const field = fields.find((one) => step[one] !== undefined) ?? fields[0]!
  return { path: [field], to: step[field] }
}

/** Gives a kind its types. */
export const defineStep = <S extends z.ZodType>(kind: StepKind<S>): StepKind<S> => kind

/** What every action of a compiled flow is called, with its data. A misspelt one does not compile. */
export type ActionData =
  | { type: 'play'; params: { say: Said[]; bargeIn: boolean } }
  | { type: 'ask'; params: Ask }
  | {
      type:
        'stop-playback' | 'keep-key' | 'drop-keys' | 'begin-input' | 'count-silence' | 'count-mistake' | 'count-short'
    }
  /** Takes the first key as one of an entry; `end` closes it, `*` begins it again. */
  | { type: 'take-digit'; params: { end: string } }
  /** Forgets these keys where they come before all others. */
  | { type: 'skip-keys'; params: { keys: string[] } }
  /** Takes the first key as the choice of a menu. */
  | { type: 'take-key' }
  | { type: 'keep-answer'; params: { into: string } & EntryEnd }
  /** Forgets an entry that does not fit, and what was keyed behind it. */
  | { type: 'refuse-entry'; params: EntryEnd }
  | { type: 'set'; params: { values: Record<string, SetValue> } }
  | { type: 'outcome'; params: { name: string } }
  | { type: 'queue'; params: { queue: string; maxWait: number; tell: string[] } }
  | { type: 'transfer'; params: { to: string; ring: number } }
  | { type: 'request'; params: { method: Method; backend: string; rest: string; json: unknown; timeout: number | undefined } }
  /** Remembers what the backend has answered; `take-answer` keeps it as an answer and forgets it. */
  | { type: 'hold-answer' }
  | { type: 'take-answer'; params: { into: string | undefined } }
  /** The caller speaks; times in milliseconds. */
  | { type: 'record'; params: { longest: number; silence: number; end: string } }
  | { type: 'replay' }
  | { type: 'hold-recording' | 'drop-recording' }
  /** Keeps the name of the recording as an answer. */
  | { type: 'keep-recording'; params: { into: string } }
  | { type: 'deliver'; params: Leaving }
  | { type: 'note'; params: { text: string } }
  | { type: 'hang-up' }
  /** Tells by which way the step is left. */
  | { type: 'leave'; params: { step: string; way: string } }

/** What the caller leaves for people. `number`, `score`: names of answers; `tell`: names of answers shown beside. */
export type Leaving =
  | { kind: 'voicemail'; box: string; tell: string[] }
  | { kind: 'callback'; queue: string; number: string; tell: string[] }
  | { kind: 'survey'; score: string; least: number; most: number }
  | { kind: 'message'; to: string; text: Said }

/** What ends an entry, and for how long after an entry complete without it the end key still belongs to it. */
type EntryEnd = { end: string; betweenKeys: number }

/** What a name is set to: a value as it stands, the value of an expression, or a text with values put in. */
export type SetValue = { value: string | number | boolean } | { cel: string } | { text: string }

/** Asking for a key: the prompt, and what is said before it the first, second, ... time that things went wrong. */
export type Ask = { prompt: Said[]; silence: Said[]; mistake: Said[]; short: Said[]; bargeIn: boolean }

/** What every guard of a compiled flow is called, with its data. */
export type GuardData =
  | { type: 'keys-waiting' | 'unheard' | 'nothing-keyed' | 'answer-held' | 'answered-well' }
  /** The caller hung up while speaking, and had said something. */
  | { type: 'had-spoken' }
  /** The network gave a number on which the caller can be called. */
  | { type: 'caller-number' }
  /** The key is the end key of an entry that was complete without it. */
  | { type: 'late-end' }
  | { type: 'key-is'; params: { key: string } }
  | { type: 'when'; params: { cel: string } }
  /** The caller is one of the first `below` percent in this trial. */
  | { type: 'share'; params: { trial: string; below: number } }
  | { type: 'open'; params: { hours: string } }
  | { type: 'tries-spent'; params: { tries: number } }
  | { type: 'entry-complete'; params: { most: number } }
  | { type: 'entry-too-short'; params: { least: number } }
  | { type: 'entry-fits'; params: { into: string; least: number; most: number; check?: string } }
  | { type: 'ended'; params: { how: string } }

/** An action as plain data. */
export const does = (action: ActionData): ActionData => action
/** A guard as plain data. */
export const when = (guard: GuardData): GuardData => guard

export type { Told }
