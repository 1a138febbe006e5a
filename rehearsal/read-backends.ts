import { reportIssues } from '../engine/language/issues.ts'
import type { Path, Source } from '../engine/language/parse.ts'
import { namesInOrder } from '../engine/order.ts'
import { answerSchema } from './fields.ts'
import type { Names } from './names.ts'
import type { Places } from './places.ts'
import type { WrongRequest } from './requests.ts'
import { requestInWords, requestOf, type Answer, type Request, type Stub } from './stubs.ts'

type Reading = { source: Source; names: Names; places: Places }

/** Reads what backends answer in a test, `clinic/slots: { json: ... }`, and reports what is wrong with it. */
export function readBackends(reading: Reading, at: (string | number)[], raw: unknown): Stub[] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return []
  return namesInOrder(raw).flatMap((name) => {
    const path = [...at, name]
    const request = readStubbed(reading, path, name)
    const answers = readAnswers(reading, path, (raw as Record<string, unknown>)[name])
    return request && answers.length > 0 ? [{ request, answers, place: () => reading.places.ofName(path) }] : []
  })
}

/** Reads what is asked, `post clinic/bookings`; `key`: it is the name of a field. */
export function readRequest(
  { source, names }: Omit<Reading, 'places'>,
  path: Path,
  text: string,
  key: boolean,
): Request | undefined {
  const request = requestOf(text)
  const wrong = request ? names.wrongRequest(request) : noRequest(text)
  if (wrong) source.report(path, wrong.code, wrong.detail, { key, suggestion: wrong.suggestion })
  return request
}

const noRequest = (text: string): WrongRequest => ({
  code: 'bad-value',
  detail: `"${text.slice(0, 40)}" is nothing that is asked of a backend`,
  suggestion: 'write clinic/slots, or post clinic/bookings',
})

function readStubbed(reading: Reading, path: Path, name: string): Request | undefined {
  const request = readRequest(reading, path, name, true)
  if (request?.query === undefined) return request
  return void reading.source.report(path, 'bad-value', 'answers are the same for every query', {
    key: true,
    suggestion: `write ${requestInWords({ ...request, query: undefined })} here, and below call: - asked: ${name}`,
  })
}

function readAnswers(reading: Reading, path: Path, raw: unknown): Answer[] {
  if (!Array.isArray(raw)) return [readAnswer(reading, path, raw)].flatMap((one) => one ?? [])
  if (raw.length === 0)
    reading.source.report(path, 'bad-value', 'the list of answers is empty', { suggestion: 'write { json: ... }' })
  return raw.flatMap((one, n) => readAnswer(reading, [...path, n], one) ?? [])
}

function readAnswer({ source, places }: Reading, path: Path, raw: unknown): Answer | undefined {
  if (raw === 'failed') return { status: 'failed', after: 0 }
  const parsed = answerSchema.safeParse(raw)
  if (!parsed.success)
    return void reportIssues(source, parsed.error, {
      schema: answerSchema,
      what: 'an answer',
      at: (at) => [...path, ...at],
    })
  const { status = 200, after = 0 } = parsed.data
  const given = raw as { json?: unknown; status?: number }
  if (!Object.hasOwn(given, 'json') && given.status === undefined)
    return void source.report(path, 'missing-field', 'an answer needs what is answered', {
      suggestion: 'write { json: ... }, { status: 500 } or failed',
    })
  return { status, after, json: asJson(given.json ?? null, [...path, 'json'], places) }
}

/** Numbers of JSON, without quotes. Elsewhere they are taken as written: `12.50` and `1e3` arrive as texts. */
export function asJson(value: unknown, path: Path, places: Places): unknown {
  if (typeof value === 'string')
    return jsonNumber.test(value) && places.isNumber(path as string[]) ? Number(value) : value
  if (Array.isArray(value)) return value.map((one, n) => asJson(one, [...path, n], places))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asJson(one, [...path, name], places)]))
}

const jsonNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/
