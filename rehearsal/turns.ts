import type { z } from 'zod'
import { reportIssues } from '../engine/language/issues.ts'
import type { Path, Source } from '../engine/language/parse.ts'
import { didYouMean, nearest } from '../engine/did-you-mean.ts'
import { namesInOrder } from '../engine/order.ts'
import type { LeftSaid, Said } from './conversation.ts'
import { bareWords, turnSchemas } from './fields.ts'
import { leftFields } from './left.ts'
import type { Names } from './names.ts'
import type { Places } from './places.ts'
import { asJson, readRequest } from './read-backends.ts'

type Word = keyof typeof turnSchemas
const words = Object.keys(turnSchemas)
const isWord = (name: string): name is Word => Object.hasOwn(turnSchemas, name)

type Reading = { source: Source; names: Names; places: Places }

/** Reads a line of a conversation and reports what is wrong with it; undefined when it cannot be read. */
export function readTurn(reading: Reading, path: Path, raw: unknown): Said | undefined {
  const { source } = reading
  if (typeof raw === 'string' && bareWords.includes(raw)) return read(reading, path, raw as Word, { [raw]: null })
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return void reportNoTurn(source, path, raw)
  const given = namesInOrder(raw)
  const found = given.filter(isWord)
  const [word, second] = found
  if (word === undefined) {
    const name = given.find((one) => nearest(one, words)) ?? given[0]
    return void (name === undefined
      ? reportNoTurn(source, path, null)
      : source.report([...path, name], 'unknown-field', `a conversation knows no "${name.slice(0, 40)}"`, {
          key: true,
          suggestion: didYouMean(name, words),
        }))
  }
  if (second !== undefined)
    return void source.report([...path, second], 'bad-value', `"${word}" and "${second}" stand on one line`, {
      key: true,
      suggestion: 'put "- " before each',
    })
  return read(reading, path, word, raw as Record<string, unknown>)
}

function reportNoTurn(source: Source, path: Path, raw: unknown): void {
  const text = typeof raw === 'string' ? raw : ''
  const first = /^[A-Za-z-]*/.exec(text)![0]
  const word = first === '' ? undefined : nearest(first, words)
  const alone = word !== undefined && bareWords.includes(word)
  const suggestion =
    text === ''
      ? 'write - hears: Welcome, or - presses: 1'
      : word !== undefined
        ? `write ${word}${alone ? '' : `: ${text.slice(first.length).trim() || '...'}`}`
        : 'write hears: or presses: before it; a text with a comma stands in quotes when the list stands in [ ]'
  source.report(
    path,
    'bad-value',
    text === '' ? 'this is no line of a conversation' : `"${text.slice(0, 40)}" is no line of a conversation`,
    { suggestion },
  )
}

function read(reading: Reading, path: Path, word: Word, raw: Record<string, unknown>): Said | undefined {
  const { source, names, places } = reading
  const schema = turnSchemas[word] as z.ZodType
  const parsed = schema.safeParse(raw)
  if (!parsed.success)
    return void reportIssues(source, parsed.error, { schema, what: word, at: (at) => [...path, ...at] })
  const fields = parsed.data as { [W in Word]: never } & { tell?: Record<string, string>; json?: unknown }
  const value = fields[word] as string
  switch (word) {
    case 'hears':
      return { type: word, text: value }
    case 'presses':
      return { type: word, keys: value }
    case 'waits':
      return { type: word, ms: fields[word] }
    case 'transferred':
      return { type: word, to: value }
    case 'asked': {
      const request = readRequest(reading, [...path, word], value, false)
      if (!request) return undefined
      const json = 'json' in fields ? { json: asJson(fields.json, [...path, 'json'], places) } : {}
      return { type: word, request, ...json }
    }
    case 'speaks':
      return { type: word, ms: fields[word] }
    case 'left':
      return readLeft(reading, path, parsed.data as LeftRead)
    case 'agent':
      return { type: word, does: fields[word] }
    case 'queued':
      if (wrong(source, names, 'queues', [...path, word], value)) return undefined
      for (const name of Object.keys(fields.tell ?? {}))
        if (wrong(source, names, 'told', [...path, 'tell', name], name)) return undefined
      return { type: word, queue: value, tell: fields.tell }
    case 'outcome':
      return wrong(source, names, 'outcomes', [...path, word], value) ? undefined : { type: word, name: value }
    case 'hung-up': {
      const outcome = fields[word] as string | null
      if (outcome === null) return { type: word }
      return wrong(source, names, 'outcomes', [...path, word], outcome) ? undefined : { type: word, outcome }
    }
    default:
      return { type: word }
  }
}

type LeftRead = { left: LeftSaid['kind'] } & Omit<LeftSaid, 'kind'>

function readLeft({ source, names }: Reading, path: Path, { left: kind, ...rest }: LeftRead): Said | undefined {
  for (const field of Object.keys(rest))
    if (!leftFields[kind].includes(field as keyof LeftSaid))
      return void source.report([...path, field], 'unknown-field', `a ${kind} has no "${field}"`, {
        key: true,
        suggestion: didYouMean(field, leftFields[kind]),
      })
  if (rest.queue !== undefined && wrong(source, names, 'queues', [...path, 'queue'], rest.queue)) return undefined
  for (const name of Object.keys(rest.tell ?? {}))
    if (wrong(source, names, 'told', [...path, 'tell', name], name)) return undefined
  return { type: 'left', left: { kind, ...rest } }
}

const said = {
  queues: ['unknown-queue', (name: string) => `the hotline has no queue "${name}"`],
  outcomes: ['bad-value', (name: string) => `no call of this hotline ends as "${name}"`],
  told: ['unknown-variable', (name: string) => `no agent is told "${name}"`],
} as const

/** Reports a name that the flow does not have. */
function wrong(source: Source, names: Names, of: keyof typeof said, path: Path, name: string): boolean {
  const suggestion = names.instead(of, name)
  if (suggestion === undefined) return false
  const [code, detail] = said[of]
  source.report(path, code, detail(name), { suggestion, key: of === 'told' })
  return true
}
