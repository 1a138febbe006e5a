import { momentType } from './moments.ts'

/** A node of an expression's syntax tree; `start` and `end` in characters. */
export type Ast = { op: string; args: unknown; start: number; end: number }

/** A side of an operator: its type in CEL, its words as they are written, and its value when it is written out. */
type Side = { type: string; words: string; value?: unknown }

/** Two values that cannot be put together: what is wrong, and what was probably meant, on one line. */
export function unfit(
  op: string,
  types: [left: string, right: string],
  node: Ast | undefined,
  cel: string,
  zone: string,
): { detail: string; suggestion: string } {
  const args = Array.isArray(node?.args) ? (node.args as Ast[]) : []
  const [left, right] = types.map((type, i) => sideOf(type, args[i], cel)) as [Side, Side]
  const detail = `${named(left.type)} and ${named(right.type)} cannot be put together with ${op}`
  for (const meant of [inText, digits, open, truth, moment, nothing]) {
    const suggestion = meant(op, left, right, zone)
    if (suggestion !== undefined) return { detail, suggestion }
  }
  return { detail, suggestion: 'compare two values of the same sort' }
}

function sideOf(type: string, node: Ast | undefined, cel: string): Side {
  if (!node) return { type, words: 'name' }
  const words = cel.slice(node.start, node.end)
  return node.op === 'value' ? { type, words, value: node.args } : { type, words }
}

const isNumber = (type: string): boolean => type === 'int' || type === 'double'

function inText(op: string, left: Side, right: Side): string | undefined {
  if (op !== 'in') return undefined
  const [, of] = /^list<(\w+)>$/.exec(right.type) ?? []
  if (left.type === 'string' && of !== undefined && isNumber(of))
    return `digits that were keyed are a text: write ["2600", "2601"] behind in`
  return of !== undefined && isNumber(left.type)
    ? 'write numbers without quotes, and all with or all without a point'
    : 'write a list behind in: ["2600", "2601"]'
}

/** A text and a number: `postcode == 2600`, `postcode < 3000`, `caller.calls("72h") == "2"`, `"No. " + n`. */
function digits(op: string, left: Side, right: Side): string | undefined {
  const [text, number] = left.type === 'string' ? [left, right] : [right, left]
  if (text.type !== 'string' || !isNumber(number.type)) return undefined
  const put = (one: Side, words: string): string =>
    `write ${one === left ? words : left.words} ${op} ${one === right ? words : right.words}`
  if (typeof text.value === 'string' && /^-?\d+$/.test(text.value)) return put(text, text.value)
  if (op === '+') return put(number, `string(${number.words})`)
  const equal = op === '==' || op === '!='
  const why = 'digits that were keyed are a text'
  const quoted = equal && number.value !== undefined
  return `${why}: ${quoted ? put(number, `"${number.words}"`) : put(text, `int(${text.words})`)}`
}

/** What is yes or no needs no comparing. */
function truth(op: string, left: Side, right: Side): string | undefined {
  const flag = [left, right].find(({ type }) => type === 'bool')
  const other = left === flag ? right : left
  if (!flag || (op !== '==' && op !== '!=')) return undefined
  if (flag.value === undefined) return `write ${flag.words}, or !${flag.words} for the contrary`
  return other.type === 'string'
    ? `write ${other.words} != "" to ask whether there is one`
    : 'write true and false for what is yes or no alone'
}

function moment(_op: string, left: Side, right: Side, zone: string): string | undefined {
  if (left.type !== momentType && right.type !== momentType) return undefined
  return `write now.getHours("${zone}") < 12, or give it opening hours and ask hours.NAME`
}

/** What is not there yet is empty, as its sort is empty. */
function nothing(op: string, left: Side, right: Side): string | undefined {
  const other = left.type === 'null' ? right : right.type === 'null' ? left : undefined
  if (!other || (op !== '==' && op !== '!=')) return undefined
  if (other.type === 'string') return `what is not known is empty: write ${other.words} ${op} ""`
  if (isNumber(other.type)) return `what is not known is 0: write ${other.words} ${op} 0`
  return 'leave it out: it is always there'
}

/** `caller == "..."`, `hours == true`: one of what is in there was meant. */
function open(_op: string, left: Side, right: Side): string | undefined {
  const example = inside[left.type] ?? inside[right.type]
  return example && `write for instance ${example}`
}

const inside: Record<string, string> = {
  Caller: 'caller.number',
  Call: 'call.number',
  LastCall: 'caller.last.outcome',
  $hours: 'hours.office',
  $switches: 'switches.flood',
  $env: 'env.CITY',
}

const words: Record<string, string> = {
  string: 'a text',
  int: 'a whole number',
  double: 'a number',
  bool: 'a yes or no',
  null: 'null',
  list: 'a list',
  map: 'a mapping',
  'google.protobuf.Timestamp': 'a time',
  'google.protobuf.Duration': 'a length of time',
  Caller: 'the caller',
  Call: 'the call',
  LastCall: 'the last call',
  $hours: 'all opening hours',
  $switches: 'all switches',
  $env: 'all settings',
  dyn: 'this',
}

/** A type of CEL in words. */
export const named = (type: string): string =>
  words[type] ?? (type.startsWith('list') ? 'a list' : type.startsWith('map') ? 'a mapping' : `a ${type}`)
