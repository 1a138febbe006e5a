import type { z } from 'zod'
import { namesInOrder, writtenOrder } from '../order.ts'
import { didYouMean } from '../did-you-mean.ts'
import { timeMeant } from '../steps/spelt.ts'
import { wordMeant } from './foreign.ts'
import type { MistakeCode } from './mistakes.ts'
import type { Path, Source } from './parse.ts'

type Issue = z.core.$ZodIssue

/**
 * The schema of a mapping, what it is called in messages, where its fields stand in the file, and what to do about a
 * field that there is not, when more is known than its name.
 */
type Fields = {
  schema: z.ZodType
  what: string
  at(path: Path): Path
  instead?: (name: string, path: Path) => string | undefined
  /** The names of the outermost fields, when they are written by others than the schema's. */
  names?: readonly string[] | undefined
}

/** Reports what a schema found, with its place. */
export function reportIssues(source: Source, error: z.ZodError, fields: Fields): void {
  const issues = error.issues.flatMap(causes)
  // A field that is missing because its name is written wrong is one mistake.
  const meant = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => idOf([...issue.path, wordMeant(key, fieldsIn(issue)) ?? '']))
        : [],
    ),
  )
  const slipped = slips(issues)
  for (const issue of issues.filter(({ code, path }) => code !== 'custom' || !slipped.has(idOf(path))))
    if (!meant.has(idOf(issue.path)) || source.has(fields.at(issue.path))) reportIssue(source, issue, fields)
}

/** The mappings in which a field has a wrong name that was probably meant for one that there is. */
const slips = (issues: Issue[]): Set<string> =>
  new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.keys.some((key) => wordMeant(key, fieldsIn(issue)) !== undefined) ? [idOf(issue.path)] : [],
    ),
  )

/** Whether nothing is wrong but fields that there are not, and none of them was meant for one that there is. */
export function isSurplus(error: z.ZodError): boolean {
  const issues = error.issues.flatMap(causes)
  return issues.every(({ code }) => code === 'unrecognized_keys') && slips(issues).size === 0
}

/** The data without what a schema found wrong in it: the rest is to be checked all the same. */
export function withoutIssues(data: unknown, error: z.ZodError): unknown {
  const wrong = error.issues
    .flatMap(causes)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
    )
  return without(data, new Set(wrong.map((path) => idOf(upToList(path)))), [])
}

/** An entry of a list cannot be left out by itself: those behind it would be looked for in its place. */
function upToList(path: Path): Path {
  const list = path.findIndex((part) => typeof part === 'number')
  return list < 0 ? path : path.slice(0, list)
}

function without(data: unknown, wrong: Set<string>, path: Path): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  const kept = namesInOrder(data).filter((name) => !wrong.has(idOf([...path, name])))
  return writtenOrder(
    Object.fromEntries(
      kept.map((name) => [name, without((data as Record<string, unknown>)[name], wrong, [...path, name])]),
    ),
    kept,
  )
}

const idOf = (path: Path): string => path.map((part) => `/${String(part)}`).join('')

/**
 * A union says only that nothing fitted. The branch that was meant says why: one that complains of something within
 * the value, or of more than the sort of the value.
 */
export function causes(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const depth = (issues: Issue[]): number => Math.max(...issues.map((one) => one.path.length))
  const meant = issue.errors
    .map((branch) => branch.flatMap(causes))
    .filter((branch) =>
      branch.some(
        (one) =>
          one.path.length > 0 || !(['invalid_type', 'invalid_union', 'invalid_value'] as string[]).includes(one.code),
      ),
    )
    .sort((a, b) => depth(b) - depth(a))[0]
  return meant?.map((one) => ({ ...one, path: [...issue.path, ...one.path] })) ?? [issue]
}

function reportIssue(source: Source, issue: Issue, { schema, what, at, instead, names }: Fields): void {
  const path = at(issue.path)
  if (source.isRefused(path)) return
  const last = issue.path.at(-1)
  const whole = nameOf(issue.path.slice(0, -1), what)
  if (issue.code === 'unrecognized_keys') {
    const known = (issue.path.length === 0 ? names : undefined) ?? fieldsIn(issue)
    for (const key of issue.keys.filter((one) => !isBehindComma(source, path, one)))
      source.report(at([...issue.path, key]), 'unknown-field', `${nameOf(issue.path, what)} has no field "${key}"`, {
        key: true,
        suggestion: instead?.(key, issue.path) ?? didYouMean(wordMeant(key, known) ?? key, known),
      })
  } else if (issue.code === 'invalid_key') {
    const [cause = issue] = issue.issues
    source.report(path, codeOf(cause), ...worded({ ...cause, path: issue.path }, what, true))
  } else if (last !== undefined && !source.has(path)) {
    const about = issue.path.length === 1 ? (schema as z.ZodObject).shape?.[String(last)]?.description : undefined
    source.report(path.slice(0, -1), 'missing-field', `${whole} needs "${String(path.at(-1))}"`, {
      key: true,
      suggestion: `add ${String(path.at(-1))}: ...${about ? ` (${about.replace(/\.$/, '')})` : ''}`,
    })
  } else if (typeof last === 'string' && source.valueAt(path) === null && /\s/.test(last))
    source.report(path, 'bad-value', 'a comma ends the text before this', { key: true, suggestion: 'put quotes around the whole text' })
  else {
    const time = timeWithComma(source, path)
    if (time !== undefined)
      return source.report(path, 'bad-duration', 'a comma ends the time', { suggestion: `write ${time}` })
    const [detail, more] = worded(issue, what, last === undefined)
    const wantsList = issue.code === 'invalid_type' && issue.expected === 'array'
    const listed = wantsList ? asList(source.valueAt(path)) : undefined
    source.report(path, codeOf(issue), detail, listed === undefined ? more : { ...more, suggestion: `write ${listed}` })
  }
}

/** `wait: 1,5s` in braces is a field `wait: 1` and one called `5s`: the time that was meant. */
function timeWithComma(source: Source, path: Path): string | undefined {
  const [fields, value] = [source.valueAt(path.slice(0, -1)), source.valueAt(path)]
  if (typeof value !== 'number' || typeof fields !== 'object' || fields === null) return undefined
  const names = namesInOrder(fields)
  const next = names[names.indexOf(String(path.at(-1))) + 1]
  return next !== undefined && (fields as Record<string, unknown>)[next] === null ? timeMeant(`${value},${next}`) : undefined
}

function isBehindComma(source: Source, path: Path, name: string): boolean {
  const names = namesInOrder(source.valueAt(path) as object)
  const before = names[names.indexOf(name) - 1]
  return before !== undefined && timeWithComma(source, [...path, before]) !== undefined
}

/** What was written where a list belongs, as a list: `tell: name, code` is `[name, code]`. */
function asList(raw: unknown): string | undefined {
  if (typeof raw === 'number') return `["${raw}"]`
  const entries = typeof raw === 'string' && raw.length < 60 ? raw.split(/\s*,\s*/) : []
  return entries.length > 0 && entries.every((one) => /^[\w+ -]+$/.test(one))
    ? `[${entries.map((one) => (/^[a-z][\w-]*$/i.test(one) ? one : `"${one}"`)).join(', ')}]`
    : undefined
}

/** A mapping in the author's words: `menu`, `"input"`, `entry 2 of "branch"`. */
function nameOf(path: Path, what: string): string {
  const last = path.at(-1)
  if (last === undefined) return what
  return typeof last === 'number' ? `entry ${last + 1} of ${nameOf(path.slice(0, -1), what)}` : `"${String(last)}"`
}

/** What a schema says of a field unknown to it is the list of those that it knows: see `mapping` in fields.ts. */
const fieldsIn = (issue: Issue): string[] => issue.message.split(' ')

const paramsOf = (issue: Issue): { code?: MistakeCode; suggestion?: string } =>
  (issue as { params?: object }).params ?? {}
const codeOf = (issue: Issue): MistakeCode => paramsOf(issue).code ?? 'bad-value'

/** Messages of schemas are `what is wrong; what to write`; one that begins with "must" lacks the field's name. */
function worded(
  issue: Issue,
  what: string,
  key: boolean,
): [detail: string, more: { key: boolean; suggestion: string | undefined }] {
  const { suggestion } = paramsOf(issue)
  const [message = '', advice] = suggestion === undefined ? issue.message.split('; ') : [issue.message]
  return [
    message.startsWith('must ') ? `${nameOf(issue.path, what)} ${message}` : message,
    { key, suggestion: suggestion ?? advice },
  ]
}
