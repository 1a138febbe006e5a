import type { Condition, Fact } from '../survival.ts'
import { isPlain } from '../survival.ts'
import type { Ast } from './operands.ts'

/** `asNew`: earlier calls are asked for, and everybody counts as calling for the first time. `whole`: all is known. */
export type Decidable = { condition: Condition; whole: boolean; asNew: boolean }

/**
 * The condition as survival can decide it: languages, hours, switches, numbers and answers compared with texts, put
 * together by and, or, not. What else is in it counts as not met, or with `lenient` as met. `answers`: those that
 * survival can know. `ofNewCaller`: the value of a part that is about earlier calls and nothing else.
 */
export function decidable(
  tree: Ast | undefined,
  answers: ReadonlySet<string>,
  lenient: boolean,
  ofNewCaller: (part: Ast) => boolean | undefined,
): Decidable {
  let [whole, asNew] = [true, false]
  /** `met`: what an unknown part counts as here, so that a `!` before it does not turn a guess into a yes. */
  const read = (node: Ast, met: boolean): Condition => {
    const args = node.args as Ast[]
    if (node.op === '&&') return { all: args.map((one) => read(one, met)) }
    if (node.op === '||') return { any: args.map((one) => read(one, met)) }
    if (node.op === '!_') return { not: read(node.args as Ast, !met) }
    const fresh = ofNewCaller(node)
    if (fresh !== undefined) asNew = true
    const known = fresh === undefined ? leaf(node, answers) : { always: fresh }
    if (!known) whole = false
    return known ?? { always: met }
  }
  if (!tree) return { condition: { always: lenient }, whole, asNew }
  const condition = read(tree, lenient)
  return { condition, whole, asNew }
}

function leaf({ op, args }: Ast, answers: ReadonlySet<string>): Condition | undefined {
  if (op === 'value') return typeof args === 'boolean' ? { always: args } : undefined
  if (op === '.') {
    const [owner, name] = args as [Ast, string]
    if (owner.op !== 'id') return undefined
    return owner.args === 'hours' ? { open: name } : owner.args === 'switches' ? { on: name } : undefined
  }
  if (op === 'id') return answers.has(String(args)) ? { of: { answer: String(args) }, is: 'true' } : undefined
  if (op === '==' || op === '!=') {
    const [left, right] = args as [Ast, Ast]
    const same = isSame(left, right, answers) ?? isSame(right, left, answers)
    return same && (op === '==' ? same : { not: same })
  }
  if (op === 'in') {
    const [left, list] = args as [Ast, Ast]
    const any = list.op === 'list' ? (list.args as Ast[]).map((one) => isSame(left, one, answers)) : [undefined]
    return any.every((one) => one !== undefined) ? { any } : undefined
  }
  if (op !== 'rcall') return undefined
  const [name, owner, [given]] = args as [string, Ast, Ast[]]
  const of = factOf(owner, answers)
  const begins = given && textOf(given)
  return name === 'startsWith' && of !== undefined && begins !== undefined ? { of, begins } : undefined
}

function isSame(name: Ast, value: Ast, answers: ReadonlySet<string>): Condition | undefined {
  const text = textOf(value)
  if (text === undefined) return undefined
  if (dotted(name) === 'call.language') return { language: text }
  const of = factOf(name, answers)
  return of === undefined ? undefined : { of, is: text }
}

function factOf(node: Ast, answers: ReadonlySet<string>): Fact | undefined {
  if (node.op === 'id') return answers.has(String(node.args)) ? { answer: String(node.args) } : undefined
  const facts: Record<string, Fact> = { 'call.number': 'called', 'caller.number': 'caller' }
  return facts[dotted(node) ?? '']
}

function dotted({ op, args }: Ast): string | undefined {
  const [owner, name] = op === '.' ? (args as [Ast, string]) : []
  return owner?.op === 'id' ? `${String(owner.args)}.${name}` : undefined
}

const textOf = ({ op, args }: Ast): string | undefined =>
  op === 'value' && typeof args === 'string' && isPlain(args) ? args : undefined

/** Whether a part reads what is known of earlier calls, and nothing else. */
export function isOfEarlierCalls(node: unknown): boolean {
  const read = namesIn(node)
  return read.length > 0 && read.every((name) => name.startsWith('caller.') && name !== 'caller.number')
}

/** The names that are read, with the first dot behind them. */
function namesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(namesIn)
  if (typeof node !== 'object' || node === null || !('op' in node)) return []
  const { op, args } = node as Ast
  if (op === 'id') return [String(args)]
  if (op === '.') return [dotted(node as Ast) ?? namesIn((args as unknown[])[0])].flat()
  if (op !== 'rcall') return namesIn(args)
  const [name, owner, given] = args as [string, Ast, Ast[]]
  return [...(owner.op === 'id' ? [`${String(owner.args)}.${name}`] : namesIn(owner)), ...namesIn(given)]
}
