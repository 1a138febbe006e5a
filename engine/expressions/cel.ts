import { Environment } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { milliseconds } from '../duration.ts'
import { comparedIn, type Compared } from './compared.ts'
import { decidable, isOfEarlierCalls, type Decidable } from './decidable.ts'
import { mistakeOf, type ExpressionMistake, type Known } from './mistakes.ts'
import { withMixedNumbers } from './numbers.ts'
import type { Ast } from './operands.ts'
import { countedByName, partOfAMoment, partsIn, typeOfNode } from './parts.ts'
import { linearMatches, makeSafe } from './safe.ts'
import { Call, Caller, LastCall, type Scope } from './scope.ts'
import { parseTemplate } from './template.ts'

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
  compared?: Compared[]
  /** What can be computed and is hardly meant. */
  doubts?: ExpressionMistake[]
  result: { type: ValueType } | ExpressionMistake
}

/**
 * The expressions of one flow: CEL (https://cel.dev) over the answers of the call and what is known of caller, call,
 * time and opening hours. Nothing in an expression can loop, read a file or take long.
 */
export class Expressions {
  readonly answers: ReadonlyMap<string, ValueType>
  private readonly env: Environment
  private readonly known: Known
  private readonly parsed = new Map<string, Parsed>()

  /** `zone`: the time zone of the hotline, for what is to be written. */
  constructor(given: {
    answers: ReadonlyMap<string, ValueType>; hours: string[]; switches: string[]; env: string[]; zone: string
  }) {
    const { answers, zone, env } = given
    const [hours, switches] = [given.hours.filter(isName), given.switches.filter(isName)]
    this.answers = answers
    this.known = { answers, zone, fields: { ...ownFields, hours, switches, env } }
    this.env = base().clone()
    const flags = (names: readonly string[], type: string) => Object.fromEntries(names.map((name) => [name, type]))
    this.env.registerVariable({ name: 'hours', schema: flags(hours, 'bool') })
    this.env.registerVariable({ name: 'switches', schema: flags(switches, 'bool') })
    this.env.registerVariable({ name: 'env', schema: flags(env, 'string') })
    for (const [name, type] of answers) this.env.registerVariable(name, celType[type])
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

  /** What an expression compares with values that are written out; nothing when it cannot be read. */
  comparisons(cel: string): Compared[] {
    return this.parse(cel).compared ?? []
  }

  /** What of an expression can be computed and is hardly meant: the length of a list that is asked for by name. */
  doubts(cel: string): ExpressionMistake[] {
    return this.parse(cel).doubts ?? []
  }

  /** The type of an expression as CEL calls it: `bool`, `google.protobuf.Timestamp`; `dyn` when only a call knows. */
  celType(cel: string): string {
    return typeOfNode(this.parse(cel).run?.ast) ?? 'dyn'
  }

  /** What of a condition can be decided without an engine; see `decidable`. */
  decidable(cel: string, answers: ReadonlySet<string>, lenient: boolean): Decidable {
    const known = { caller: new Caller('', [], 0) } as Scope['known']
    return decidable(this.parse(cel).run?.ast as Ast | undefined, answers, lenient, (part) =>
      isOfEarlierCalls(part) ? this.evaluate(cel.slice(part.start, part.end), { answers: {}, known }) === true : undefined)
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
      const unsafe = makeSafe(run.ast, names, this.known.zone)
      if (unsafe) return { names, result: unsafe }
      const checked = run.check()
      if (!checked.valid) return { names, result: mistakeOf(cel, checked.error, this.known) }
      const parts = partsIn(run.ast)
      const mistake = partOfAMoment(parts, cel, this.known.zone)
      if (mistake) return { names, result: mistake }
      const [compared, doubts] = [comparedIn(run.ast), countedByName(parts, cel)]
      return { run, names, compared, doubts, result: { type: typeOf(String(checked.type)) } }
    } catch (error) {
      return { names, result: mistakeOf(cel, error, this.known) }
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
  'switches',
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
  shared ??= withMixedNumbers(new Environment({ limits: { maxDepth: 40, maxAstNodes: 500, maxListElements: 200 } }))
    .registerType('LastCall', {
      ctor: LastCall,
      fields: { outcome: 'string', step: 'string', language: 'string', hotline: 'string' },
    })
    .registerType('Caller', {
      ctor: Caller,
      fields: { number: 'string', known: 'bool', language: 'string', last: 'LastCall' },
    })
    .registerType('Call', { ctor: Call, fields: { number: 'string', language: 'string', step: 'string', seconds: 'int' } })
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
const ownFields: Known['fields'] = {
  caller: ['number', 'known', 'language', 'last', 'calls("72h")'],
  'caller.last': ['outcome', 'step', 'language', 'hotline'],
  call: ['number', 'language', 'step', 'seconds'],
}

const typeOf = (cel: string): ValueType =>
  (Object.entries(celType).find(([, name]) => name === cel)?.[0] as ValueType | undefined) ?? 'any'

/** A value without anything that is not plain data: whole numbers come as numbers, times as ISO texts. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('what comes out is no number')
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, one]) => [String(name), plain(one)]))
  if (Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
  return String(value)
}
