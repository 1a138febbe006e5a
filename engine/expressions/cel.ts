import { Environment, type TypeCheckResult } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { milliseconds } from '../duration.ts'
import type { Scope } from './scope.ts'
import { Call, Caller, LastCall } from './scope.ts'

/** What kind of value a name holds. `any`: known only when the call is running. */
export type ValueType = 'text' | 'whole-number' | 'number' | 'yes-no' | 'any'

const celType = { text: 'string', 'whole-number': 'int', number: 'double', 'yes-no': 'bool', any: 'dyn' } as const
/** What an answer that was not yet given counts as. */
const empty = { text: '', 'whole-number': 0n, number: 0, 'yes-no': false, any: null } as const

/** What is wrong with an expression; `at` is counted in characters from its start. */
export type ExpressionMistake = { at: number; detail: string; unknownName?: string }

/**
 * The expressions of one flow: CEL (https://cel.dev) over the answers of the call and what is known of caller, call,
 * time and opening hours. Nothing in an expression can loop, read a file or take long.
 */
export class Expressions {
  readonly answers: ReadonlyMap<string, ValueType>
  private readonly env: Environment
  private readonly parsed = new Map<string, ReturnType<Environment['parse']>>()

  constructor(known: { answers: ReadonlyMap<string, ValueType>; hours: string[]; env: string[] }) {
    this.answers = known.answers
    this.env = base().clone()
    const flags = (names: string[], type: string) => Object.fromEntries(names.map((name) => [name, type]))
    this.env.registerVariable({ name: 'hours', schema: flags(known.hours.filter(isName), 'bool') })
    this.env.registerVariable({ name: 'env', schema: flags(known.env, 'string') })
    for (const [name, type] of known.answers) this.env.registerVariable(name, celType[type])
  }

  /** The type of an expression, or what is wrong with it. */
  check(cel: string): { type: ValueType } | ExpressionMistake {
    const result = this.env.check(safeMatches(cel))
    if (!result.valid) return mistakeOf(result)
    const wrongAge = badAge(cel)
    if (wrongAge) return wrongAge
    return { type: typeOf(String(result.type)) }
  }

  /** The value. Whole numbers come as numbers. Throws when it cannot be computed, `int("abc")`. */
  evaluate(cel: string, scope: Scope): unknown {
    let run = this.parsed.get(cel)
    if (!run) this.parsed.set(cel, (run = this.env.parse(safeMatches(cel))))
    const values: Record<string, unknown> = { ...scope.known }
    for (const [name, type] of this.answers) {
      const given = scope.answers[name]
      values[name] = given === undefined ? empty[type] : type === 'whole-number' ? BigInt(given as number) : given
    }
    const value: unknown = run(values)
    return typeof value === 'bigint' ? Number(value) : value
  }

  /** The names an expression reads, `caller` and `postcode` in `caller.known && postcode == "2600"`. */
  names(cel: string): Set<string> {
    const names = new Set<string>()
    try {
      collectNames(this.env.parse(safeMatches(cel)).ast, names)
    } catch {
      // An expression that does not parse is reported by check.
    }
    return names
  }
}

/** A name that can be used in an expression: a CEL identifier. */
export const isName = (text: string): boolean => /^[a-z_][A-Za-z0-9_]*$/.test(text) && !taken.has(text)

/** Names that mean something already. */
export const taken = new Set([
  'caller', 'call', 'env', 'now', 'hours', 'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function',
  'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while', 'int', 'uint', 'double', 'string', 'bool',
  'bytes', 'list', 'map', 'type', 'dyn', 'size', 'has', 'all', 'exists', 'filter', 'timestamp', 'duration', 'language',
])

let shared: Environment | undefined
function base(): Environment {
  shared ??= new Environment({ limits: { maxDepth: 40, maxAstNodes: 500, maxListElements: 200 } })
    .registerType('LastCall', { ctor: LastCall, fields: { outcome: 'string', step: 'string', language: 'string', hotline: 'string' } })
    .registerType('Caller', { ctor: Caller, fields: { number: 'string', known: 'bool', language: 'string', last: 'LastCall' } })
    .registerType('Call', { ctor: Call, fields: { number: 'string', language: 'string', seconds: 'int' } })
    .registerFunction('Caller.calls(string): int', (caller: Caller, within: string) => BigInt(caller.calls(milliseconds(within) ?? 0)))
    // CEL's own `matches` runs JavaScript's regular expressions, which can take minutes; RE2 is linear in the text.
    .registerFunction('string.matcheS(string): bool', (text: string, pattern: string) => RE2JS.compile(pattern).matcher(text).find())
    .registerVariable('caller', 'Caller')
    .registerVariable('call', 'Call')
    .registerVariable('now', 'google.protobuf.Timestamp')
  return shared
}

/** Turns calls of `matches` into calls of our own of the same length, so that places stay right. Not inside texts. */
const safeMatches = (cel: string): string =>
  cel.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\.(\s*)matches(?=\s*\()/g, (found, space: string | undefined) =>
    found.startsWith('.') ? `.${space ?? ''}matcheS` : found)

const typeOf = (cel: string): ValueType =>
  (Object.entries(celType).find(([, name]) => name === cel)?.[0] as ValueType | undefined) ?? 'any'

function badAge(cel: string): ExpressionMistake | undefined {
  for (const found of cel.matchAll(/\.calls\(\s*(["'])(.*?)\1\s*\)/g))
    if (milliseconds(found[2]!) === undefined)
      return { at: found.index + 1, detail: `"${found[2]}" is not a time; write it with its unit: caller.calls("72h")` }
  return undefined
}

function mistakeOf(result: TypeCheckResult): ExpressionMistake {
  const error = result.error as { code?: string; summary?: string; message: string; range?: { start: number } } | undefined
  const said = (error?.summary ?? error?.message ?? 'cannot be read').split('\n')[0]!
  const at = error?.range?.start ?? 0
  const [, unknown] = /^Unknown variable: (\w+)/.exec(said) ?? []
  if (unknown) return { at, detail: `nothing sets "${unknown}"`, unknownName: unknown }
  return { at, detail: inPlainWords(said) }
}

function inPlainWords(said: string): string {
  const plain = said.replaceAll('matcheS', 'matches').replaceAll(/dyn<(\w+)>/g, '$1')
  const [, left, op, right] = /^no such overload: (\w+) (\S+) (\w+)$/.exec(plain) ?? []
  if (left && op && right) return `${article(left)} and ${article(right)} cannot be put together with ${op}`
  const [, key] = /^No such key: (\w+)/.exec(plain) ?? []
  if (key) return `there is no "${key}" here`
  if (/^Unexpected token: EOF/.test(plain)) return 'the expression ends too early'
  return plain.charAt(0).toLowerCase() + plain.slice(1)
}

const article = (type: string): string =>
  ({ string: 'a text', int: 'a whole number', double: 'a number', bool: 'a yes or no' })[type] ?? `a ${type}`

function collectNames(node: unknown, into: Set<string>): void {
  if (Array.isArray(node)) return node.forEach((part) => collectNames(part, into))
  if (typeof node !== 'object' || node === null) return
  const { op, args } = node as { op?: string; args?: unknown }
  if (op === 'id' && typeof args === 'string') into.add(args)
  else collectNames(args, into)
}
