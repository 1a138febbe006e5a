import type { VoiceChoice } from '../call/effects.ts'
import type { Expressions } from '../expressions/cel.ts'
import type { Hours } from '../hours.ts'
import type { InputDefaults, Parts, StepKind, Text } from '../steps/step.ts'

/** A checked flow: what a hotline's file says, with every way resolved. */
export type Flow = {
  /** Of everything that the flow was made from. A call that began on it goes on with just this one. */
  hash: string
  /** The name of the hotline's folder. */
  name: string
  /** `hotline:`, as people call it. */
  title: string
  /** As written; compare with `sameNumber`. */
  numbers: string[]
  /** RFC 5646 tags; the first is spoken until the caller chooses. */
  languages: [string, ...string[]]
  /** IANA name. */
  timezone: string
  /** ISO 4217 code of amounts that name none, `AUD`. */
  currency: string | undefined
  hours: Record<string, Hours>
  /** What an admin turns on and off while the hotline runs. */
  switches: Record<string, Switch>
  queues: Record<string, { said?: Text | undefined }>
  /** Backends by name; addresses and headers may hold settings of the admin, `{{ env.CLINIC_URL }}`. */
  backends: Record<string, Backend>
  input: InputDefaults
  start: string
  steps: ReadonlyMap<string, Step>
  /** What conditions and placeholders can read. */
  expressions: Expressions
  /** Answers that must never be told, spoken or kept. */
  secrets: ReadonlySet<string>
  /** Recordings beside the flow: the content hash of each, by language and name of the text. */
  recordings: Record<string, Record<string, string>>
  /** Who speaks what is not recorded, by language, as far as the flow says so. */
  voices: Record<string, VoiceChoice>
  /** Settings of the admin that a flow may read as `env.NAME`. */
  env: Record<string, string>
}

/** `for`: what people see of it; `starts`: how it stands until somebody turns it. */
export type Switch = { for: string; starts: 'on' | 'off' }

/** A server that flows ask; `timeout` in milliseconds. */
export type Backend = { url: string; timeout: number; headers: Record<string, string> }

/** One step; the steps of a list are named `read-slot/1`, `read-slot/2`. */
export type Step = {
  name: string
  kind: StepKind
  /** As the kind's schema gives them. */
  fields: unknown
  parts: Parts
  /** Where each way leads: the name of a step, `$hang-up` or `$sorry`. */
  ways: ReadonlyMap<string, string>
}

/** Ends that every flow has: `hang-up` as a way on, and words of regret before it. */
export const hangUpEnd = '$hang-up'
export const sorryEnd = '$sorry'
/** Where a call of steps comes back; in what runs it is the step behind that call. */
export const returnEnd = '$return'

/** Digits and a leading +, so that "+61 2 5124 7700" and "+61251247700" are the same number. */
export const plainNumber = (number: string): string => number.replaceAll(/[^\d+*#A-Za-z]/g, '')

/** Whether a dialled number is one of a hotline's, with or without the + of the international form. */
export const sameNumber = (a: string, b: string): boolean =>
  plainNumber(a).replace(/^\+/, '') === plainNumber(b).replace(/^\+/, '')
