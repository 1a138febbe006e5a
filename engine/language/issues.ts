import type { z } from 'zod'
import { didYouMean, type FlowError, type MistakeCode } from './mistakes.ts'
import type { Path, Source } from './parse.ts'

/** Turns what a schema found into mistakes with their places. `at` maps a field's path to the path in the file. */
export function schemaMistakes(
  source: Source,
  error: z.ZodError,
  at: (path: Path) => Path,
  fields: string[],
  what: string,
): FlowError[] {
  return error.issues.flatMap((issue) => mistakesOf(source, deepest(issue), at, fields, what))
}

type Issue = z.core.$ZodIssue

/** A union says only that nothing fitted; the branch that went furthest says why. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors
    .flat()
    .filter((one) => one.path.length > 0 || one.code === 'unrecognized_keys' || one.code === 'custom' || one.code === 'invalid_format' || one.code === 'too_small')
    .sort((a, b) => b.path.length - a.path.length)[0]
  return inner ? deepest({ ...inner, path: [...issue.path, ...inner.path] }) : issue
}

function mistakesOf(source: Source, issue: Issue, at: (path: Path) => Path, fields: string[], what: string): FlowError[] {
  const path = at(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      source.mistake(at([...issue.path, key]), 'unknown-field', `${issue.path.length === 0 ? what : 'this'} has no field "${key}"`, {
        suggestion: didYouMean(key, issue.path.length === 0 ? fields : known(issue)),
        key: true,
      }))
  }
  if (issue.code === 'invalid_key') return [source.mistake(path, 'bad-value', issue.issues[0]?.message ?? 'the name does not fit', { key: true, suggestion: suggestionOf(issue.issues[0]) })]
  const missing = issue.input === undefined && issue.code !== 'custom' && issue.code !== 'invalid_union' ? true : issue.input === undefined && issue.path.length > 0 && isAbsent(source, path)
  if (missing && isAbsent(source, path)) {
    return [source.mistake(path.slice(0, -1), 'missing-field', `${what} needs "${String(issue.path.at(-1))}"`, { key: true })]
  }
  const params = (issue as { params?: { code?: MistakeCode } }).params
  return [source.mistake(path, params?.code ?? 'bad-value', sentence(issue), { suggestion: suggestionOf(issue) })]
}

function isAbsent(source: Source, path: Path): boolean {
  let data: unknown = source.data
  for (const part of path) {
    if (typeof data !== 'object' || data === null) return true
    data = (data as Record<PropertyKey, unknown>)[part]
  }
  return data === undefined
}

const known = (issue: Issue): string[] => (issue as { expected?: string[] }).expected ?? []
const suggestionOf = (issue: Issue | undefined): string | undefined => (issue as { params?: { suggestion?: string } } | undefined)?.params?.suggestion

function sentence(issue: Issue): string {
  const field = [...issue.path].reverse().find((part) => typeof part === 'string')
  return issue.code === 'custom' || field === undefined ? issue.message : `${String(field)}: ${issue.message}`
}
