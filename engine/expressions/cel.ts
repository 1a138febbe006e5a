import { Environment } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { milliseconds } from '../duration.ts'
import { mistakeOf, type ExpressionMistake, type Fields } from './mistakes.ts'
import { parseTemplate } from './template.ts'
import { Call, Caller, LastCall, type Scope } from './scope.ts'

export type { ExpressionMistake } from './mistakes.ts'

/** What kind of value a name holds. `any`: known only when the call is running. */
export type ValueType = 'text' | 'whole-number' | 'number' | 'yes-no' | 'any'

const celType = { text: 'string', 'whole-number': 'int', number: 'double', 'yes-no': 'bool', any: 'dyn' } as const
/** What an answer that was not yet given counts as. */
const empty = { text: '', 'whole-number': 0n, number: 0, 'yes-no': false, any: null } as const

/** An expression taken apart once: what it reads, how it runs, or what is wrong with it. */
type Parsed = {
  run?: ReturnType<Environment['parse']>
  names: Set<string>
  result: { type: ValueType } | ExpressionMistake
}

/**
 * The expressions of one flow: CEL (https://cel.dev) over the answers of the call and what is known of caller, call,
 * time and opening hours. Nothing in an expression can loop, read a file or take long.
 */
export class Expressions {
  readonly answers: ReadonlyMap<string, ValueType>
  private readonly env: Environment
  private readonly fields: Fields
  private readonly parsed = new Map<string, Parsed>()

  constructor(known: { answers: ReadonlyMap<string, ValueType>; hours: string[]; env: string[] }) {
    this.answers = known.answers
    this.fields = { ...ownFields, hours: known.hours.filter(isName), env: known.env }
    this.env = base().clone()
    const flags = (names: readonly string[], type: string) => Object.fromEntries(names.map((name) => [name, type]))
    this.env.registerVariable({ name: 'hours', schema: flags(this.fields.hours!, 'bool') })
    this.env.registerVariable({ name: 'env', schema: flags(known.env, 'string') })
    for (const [name, type] of known.answers) this.env.registerVariable(name, celType[type])
  }

  /** The type of an expression, or what is wrong with it. */
  check(cel: string): { type: ValueType } | ExpressionMistake {
    return this.parse(cel).result
  }

  /** The value, as plain data. Throws when it cannot be computed, `int("abc")`. */
  evaluate(cel: string, scope: Scope): unknown {
    const { run, result } = this.parse(cel)
    if (!run) throw new Error('detail' in result ? result.detail : 'it cannot be read')
    const values: Record<string, unknown> = { ...scope.known }
    for (const [name, type] of this.answers) {
      const given = Object.hasOwn(scope.answers, name) ? scope.answers[name] : undefined
      values[name] =
        given === undefined
          ? empty[type]
          : type === 'whole-number' && Number.isInteger(given)
            ? BigInt(given as number)
            : given
    }
    return plain(run(values))
  }

  /** The names that the placeholders of a text read. */
  namesInText(text: string): Set<string> {
    return new Set(parseTemplate(text).pieces.flatMap((piece) => ('value' in piece ? [...this.names(piece.value)] : [])))
  }

  /** The names an expression reads, `caller` and `postcode` in `caller.known && postcode == "2600"`. */
  names(cel: string): Set<string> {
    return this.parse(cel).names
  }

  private parse(cel: string): Parsed {
    let parsed = this.parsed.get(cel)
    if (!parsed) this.parsed.set(cel, (parsed = this.read(cel)))
    return parsed
  }

  private read(cel: string): Parsed {
    const names = new Set<string>()
    try {
      const run = this.env.parse(cel)
      const unsafe = makeSafe(run.ast as unknown as Ast, names)
      if (unsafe) return { names, result: unsafe }
      const checked = run.check()
      if (checked.valid) return { run, names, result: { type: typeOf(String(checked.type)) } }
      return { names, result: mistakeOf(cel, checked.error, this.fields) }
    } catch (error) {
      return { names, result: mistakeOf(cel, error, this.fields) }
    }
  }
}

/** A name that can be used in an expression: a CEL identifier. */
export const isName = (text: string): boolean => /^[a-z_][A-Za-z0-9_]*$/.test(text) && !taken.has(text) && !(text in {})

/** Names that mean something already. */
export const taken = new Set([
  'caller',
  'call',
  'env',
  'now',
  'hours',
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
  'int',
  'uint',
  'double',
  'string',
  'bool',
  'bytes',
  'list',
  'map',
  'type',
  'dyn',
  'size',
  'has',
  'all',
  'exists',
  'filter',
  'timestamp',
  'duration',
  'language',
])

let shared: Environment | undefined
function base(): Environment {
  shared ??= new Environment({ limits: { maxDepth: 40, maxAstNodes: 500, maxListElements: 200 } })
    .registerType('LastCall', {
      ctor: LastCall,
      fields: { outcome: 'string', step: 'string', language: 'string', hotline: 'string' },
    })
    .registerType('Caller', {
      ctor: Caller,
      fields: { number: 'string', known: 'bool', language: 'string', last: 'LastCall' },
    })
    .registerType('Call', { ctor: Call, fields: { number: 'string', language: 'string', seconds: 'int' } })
    .registerFunction('Caller.calls(string): int', (caller: Caller, within: string) =>
      BigInt(caller.calls(milliseconds(within) ?? 0)),
    )
    .registerFunction(`string.${linearMatches}(string): bool`, (text: string, pattern: string) =>
      RE2JS.compile(pattern).matcher(text).find(),
    )
    .registerVariable('caller', 'Caller')
    .registerVariable('call', 'Call')
    .registerVariable('now', 'google.protobuf.Timestamp')
  return shared
}

/** What can be asked of caller and call, for suggestions. */
const ownFields: Fields = {
  caller: ['number', 'known', 'language', 'last', 'calls("72h")'],
  'caller.last': ['outcome', 'step', 'language', 'hotline'],
  call: ['number', 'language', 'seconds'],
}

/** What CEL's own `matches` becomes: that one runs JavaScript's regular expressions, which can take minutes. */
const linearMatches = 'matchesInLinearTime'

/** Loops within loops that an expression may have: more of them than this could keep the engine busy. */
const mostLoops = 2
const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

/** A node of an expression, as far as it is looked at. */
type Ast = { op: string; args: unknown; start: number }

/** Makes an expression safe to run, and gathers the names it reads; what cannot be made safe is a mistake. */
function makeSafe(node: unknown, names: Set<string>, depth = 0): ExpressionMistake | undefined {
  if (Array.isArray(node)) return firstOf(node, (part) => makeSafe(part, names, depth))
  if (typeof node !== 'object' || node === null || !('op' in node)) return undefined
  const { op, args, start } = node as Ast
  if (op === 'id') names.add(String(args))
  if (op !== 'rcall') return makeSafe(args, names, depth)
  const call = args as [string, Ast, Ast[]]
  const text = call[2][0]?.op === 'value' ? call[2][0].args : undefined
  const at = call[2][0]?.start ?? start
  if (call[0] === linearMatches) return { at: start, detail: 'there is no such function', suggestion: 'write matches' }
  if (call[0] === 'matches') {
    call[0] = linearMatches
    if (typeof text === 'string' && !isPattern(text))
      return { at, detail: `"${text}" is not a pattern`, suggestion: 'write for instance "^26[0-9]{2}$"' }
  }
  if (call[0] === 'calls' && typeof text === 'string' && milliseconds(text) === undefined)
    return { at, detail: `"${text}" is not a time with its unit`, suggestion: 'write caller.calls("72h")' }
  // Without a zone CEL counts in UTC, where it may be another hour and another day than the caller's.
  if (call[1].op === 'id' && call[1].args === 'now' && call[0].startsWith('get') && call[2].length === 0) {
    const suggestion = `write now.${call[0]}("Europe/Berlin"), with your time zone`
    return { at: start, detail: `now.${call[0]}() does not know the time zone`, suggestion }
  }
  const deeper = loops.has(call[0]) ? depth + 1 : depth
  if (deeper > mostLoops)
    return {
      at: start,
      detail: 'lists are gone through within lists within lists',
      suggestion: 'put a part of it in an answer of its own with set',
    }
  return makeSafe(call[1], names, deeper) ?? makeSafe(call[2], names, deeper)
}

function firstOf<T, R>(list: T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of list) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}

function isPattern(text: string): boolean {
  try {
    return text.length <= 200 && RE2JS.compile(text) !== undefined
  } catch {
    return false
  }
}

const typeOf = (cel: string): ValueType =>
  (Object.entries(celType).find(([, name]) => name === cel)?.[0] as ValueType | undefined) ?? 'any'

/** A value without anything that is not plain data: whole numbers come as numbers, times as ISO texts. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, one]) => [String(name), plain(one)]))
  if (Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
  return String(value)
}
