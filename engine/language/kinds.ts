import type { z } from 'zod'
import { didYouMean, nearest } from '../did-you-mean.ts'
import { stepKinds } from '../steps/index.ts'
import type { StepKind } from '../steps/step.ts'
import { wordMeant } from './foreign.ts'
import type { Path, Source } from './parse.ts'
import { baseName, numberIn } from './step-names.ts'

/** A step as it stands in its file, before it was read: its name there, and the names of all steps of the file. */
export type Standing = { source: Source; name: string; path: Path; names: readonly string[] }

const shapeOf = (kind: StepKind): Record<string, z.ZodType> => (kind.schema as unknown as z.ZodObject).shape
export const fieldsOf = (kind: StepKind): string[] => Object.keys(shapeOf(kind))
/** The fields that must be given. */
export const required = (kind: StepKind): string[] =>
  Object.entries(shapeOf(kind))
    .filter(([, field]) => !field.safeParse(undefined).success)
    .map(([name]) => name)

/** The kind of a step: the one word in it that is a kind, and of which all the others are fields. */
export function kindOf(standing: Standing, body: Record<string, unknown>): StepKind | undefined {
  const { source, name, path } = standing
  const words = Object.keys(body)
  const found = words.flatMap((word) => stepKinds.get(word) ?? [])
  const fitting = found.filter((kind) => found.every((other) => other === kind || fieldsOf(kind).includes(other.kind)))
  if (fitting.length === 1) return fitting[0]
  const [first, second] = found
  if (first && second) {
    source.report(
      [...path, second.kind],
      'unknown-kind',
      `"${baseName(name)}" is both ${first.kind} and ${second.kind}`,
      {
        key: true,
        suggestion: 'make it a list of steps, with "- " before each',
      },
    )
    return undefined
  }
  const guess = words.find((word) => wordMeant(word, stepKinds.keys())) ?? words[0]
  if (guess === undefined)
    source.report(path, 'unknown-kind', `"${baseName(name)}" is empty`, { suggestion: 'write say: Hello' })
  else {
    const [detail, suggestion] = noKind(standing, guess, body[guess])
    source.report([...path, guess], 'unknown-kind', detail, { key: true, suggestion })
  }
  return undefined
}

const isRecording = (value: unknown): boolean =>
  typeof value === 'string' && /^\S+\.(wav|mp3|ogg|gsm|flac|sln\d*|[au]law)$/i.test(value)

/** What to write for a step that begins with a word that is no kind. */
function noKind(standing: Standing, word: string, value: unknown): [detail: string, suggestion: string | undefined] {
  if (/^(next|go|goto|go-to|then|jump)$/.test(word) && typeof value === 'string')
    return [`"${word}" is a way on, not a step by itself`, wayOn(standing, value)]
  if (isRecording(value))
    return ['recordings cannot be used yet: the voice reads texts', 'write say: with the words of the recording']
  return [`there is no step kind "${word}"`, didYouMean(wordMeant(word, stepKinds.keys()) ?? word, stepKinds.keys())]
}

/** How a call goes on from an entry of a list to a step. */
const wayOn = ({ name }: Standing, to: string): string =>
  numberIn(name) > 1 ? `write next: ${to} in the entry before` : `lead there the ways that lead to "${baseName(name)}"`

export function reportNoStep(standing: Standing, body: unknown): void {
  const { source, name, path, names } = standing
  const text = typeof body === 'string' ? body : ''
  const kind = nearest(text, stepKinds.keys())
  if (names.includes(text) && stepKinds.get(text) === undefined)
    return source.report(path, 'unknown-kind', `"${text}" is the name of a step, not a step`, {
      suggestion: wayOn(standing, text),
    })
  source.report(
    path,
    'unknown-kind',
    body === null
      ? `"${baseName(name)}" is empty`
      : text
        ? `"${text.slice(0, 40)}" is not a step`
        : 'this is not a step',
    {
      suggestion:
        kind !== undefined
          ? `did you mean "${kind}"?`
          : `write say: ${text.length > 0 && text.length < 40 && !text.includes('\n') ? text : 'Hello'}`,
    },
  )
}
