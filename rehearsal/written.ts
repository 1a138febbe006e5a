import { stringify } from 'yaml'
import { writtenTime, type LeftSaid, type Said } from './conversation.ts'
import { leftFields } from './left.ts'
import { requestInWords, type Answer, type Request } from './stubs.ts'

/** A line of a conversation as it is written in YAML, on one line. */
export function written(turn: Said): string {
  switch (turn.type) {
    case 'hears':
      return `hears: ${scalar(turn.text)}`
    case 'presses':
      return `presses: ${keys(turn.keys)}`
    case 'waits':
      return `waits: ${writtenTime(turn.ms)}`
    case 'queued':
      return `queued: ${scalar(turn.queue)}`
    case 'transferred':
      return `transferred: ${scalar(turn.to)}`
    case 'speaks':
      return `speaks: ${writtenTime(turn.ms)}`
    case 'left':
      return `left: ${turn.left.kind}`
    case 'asked':
      return `asked: ${scalar(requestInWords(turn.request))}`
    case 'agent':
      return `agent: ${turn.does}`
    case 'hung-up':
      return turn.outcome === undefined ? 'hung-up' : `hung-up: ${scalar(turn.outcome)}`
    case 'outcome':
      return `outcome: ${scalar(turn.name)}`
    default:
      return turn.type
  }
}

/** What an agent sees, as it is written: `{ matter: new booking, postcode: "2600" }`. */
export const writtenTell = (tell: Record<string, string>): string =>
  Object.keys(tell).length === 0
    ? '{}'
    : `{ ${Object.entries(tell)
        .map(([name, value]) => `${name}: ${inBraces(value)}`)
        .join(', ')} }`

/** What stands below a line about what the caller has left. */
export const writtenLeft = ({ kind, ...fields }: LeftSaid): string[] =>
  leftFields[kind].flatMap((name) => {
    const value = fields[name as keyof typeof fields]
    if (value === undefined) return []
    return `${name}: ${typeof value === 'object' ? writtenTell(value) : scalar(value)}`
  })

/** What backends answer, in the order in which they do, as it is written: a heading, and a line for each request. */
export function writtenAnswers(given: { request: Request; answer: Answer }[]): string[] {
  if (given.length === 0) return []
  const byRequest = new Map<string, Answer[]>()
  for (const { request, answer } of given) {
    const others = given.some((one) => one.request.path === request.path && one.request.method !== request.method)
    const name = requestInWords(others ? request : { path: request.path })
    byRequest.set(name, [...(byRequest.get(name) ?? []), answer])
  }
  return ['backends:', ...[...byRequest].map(([name, answers]) => `  ${scalar(name)}: ${answersInWords(answers)}`)]
}

/** The last answer is given again and again, and need not be written more than once. */
function answersInWords(answers: Answer[]): string {
  const all = answers.map((one) => (one.status === 'failed' ? one.status : onOneLine({ json: one.json })))
  while (all.length > 1 && all.at(-1) === all.at(-2)) all.pop()
  return all.length === 1 ? all[0]! : `[${all.join(', ')}]`
}

const onOneLine = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()

/** A text, in quotes where YAML needs them. */
export const scalar = (text: string | number): string =>
  stringify(text, { lineWidth: 0, defaultStringType: 'PLAIN', blockQuote: false }).trimEnd()

const inBraces = (text: string): string =>
  /^[A-Za-z][\w .-]*$/.test(text) && scalar(text) === text ? text : JSON.stringify(text)

/** Digits need no quotes: numbers are read as written. */
const keys = (keys: string): string => (/^\d+$/.test(keys) ? keys : JSON.stringify(keys))
