import { parseTemplate } from '../../engine/expressions/template.ts'
import type { Flow } from '../../engine/language/flow.ts'
import { isNode, listOf, literal, namedIn, nodeOf, sizedIn, type Node } from './ast.ts'

/** What a flow reads of an answer: its fields, its items, and what they are compared with. */
export type Shape = {
  fields: Map<string, Shape>
  item?: Shape
  /** Items that are read by their number. */
  least: number
  /** What it is compared with. */
  values: unknown[]
  /** How many items, or letters, it is asked to have. */
  sizes: number[]
  /** Answers of the caller's that it is compared with. */
  same: { name: string; asNumber: boolean }[]
  /** It is asked for whether it is there. */
  optional: boolean
  /** How it is said. */
  way?: string
  /** It is read as a moment: `timestamp(outage.back)`. */
  isMoment?: boolean
}

/** What is reckoned with: numbers. */
const reckoning = ['+', '-', '*', '/', '%']

type Names = ReadonlyMap<string, Shape>

const emptyShape = (): Shape => ({ fields: new Map(), least: 0, values: [], sizes: [], same: [], optional: false })

/** What tells a comparison's sides apart: of a number it, more and less; of true and false both. */
const around = (value: unknown): unknown[] =>
  typeof value === 'number' ? [value, value + 1, value - 1] : typeof value === 'boolean' ? [value, !value] : [value]

/** What the expressions of a flow read of the answers of backends, by the name under which those are kept. */
export class Shapes {
  private readonly roots = new Map<string, Shape>()
  /** Answers that are taken out of others: `slot`, which is `slots.free[0]`. */
  private readonly taken = new Map<string, { cel: string; node: Node }>()
  private readonly resolving = new Set<string>()

  constructor(flow: Flow) {
    const parts = [...flow.steps.values()].map((step) => step.parts)
    for (const { kind, fields } of flow.steps.values()) {
      const { into } = fields as { into?: string }
      if (kind.kind === 'request' && into !== undefined) this.roots.set(into, emptyShape())
    }
    for (const { name, value } of parts.flatMap(({ sets = [] }) => sets)) {
      const node = 'cel' in value ? nodeOf(value.cel) : undefined
      if (node && 'cel' in value) this.taken.set(name, { cel: value.cel, node })
    }
    for (const { node } of this.taken.values()) this.read(node, false)
    for (const { cel } of parts.flatMap(({ expressions = [] }) => expressions)) this.read(nodeOf(cel), true)
    const texts = parts.flatMap(({ texts = [], templates = [] }) => [...texts, ...templates]).map(({ text }) => text)
    for (const text of texts.flatMap((one) => (typeof one === 'string' ? [one] : Object.values(one))))
      for (const piece of parseTemplate(text).pieces)
        if ('value' in piece) this.readSaid(nodeOf(piece.value), piece.way)
  }

  /** The answers of a call with those that will be taken out of them, as far as they can be told. */
  withTaken(answers: Record<string, unknown>, { expressions }: Flow): Record<string, unknown> {
    const all = { ...answers }
    for (const [name, { cel }] of this.taken)
      try {
        all[name] = expressions.evaluate(cel, { answers: all, known: {} as never })
      } catch {
        // It reads something else, or what is not there.
      }
    return all
  }

  /** What is read of the answer of this name. */
  of(name: string | undefined): Shape {
    return (name === undefined ? undefined : this.roots.get(name)) ?? emptyShape()
  }

  private readSaid(node: Node | undefined, way: string | undefined): void {
    this.read(node, false)
    const shape = node && this.shapeAt(node, new Map())
    if (shape && way !== undefined) shape.way ??= way
  }

  /** Goes through an expression; `asksTruth`: it is true or false by itself. */
  private read(node: unknown, asksTruth: boolean, names: Names = new Map()): void {
    if (Array.isArray(node)) return node.forEach((one) => this.read(one, false, names))
    if (!isNode(node)) return
    const { op, args } = node
    const [left, right] = Array.isArray(args) ? (args as unknown[]) : [args]
    const shape = asksTruth ? this.shapeAt(node, names) : undefined
    if (shape) shape.values.push(true, false)
    switch (op) {
      case '&&':
      case '||':
        return [left, right].forEach((one) => this.read(one, true, names))
      case '!_':
        return this.read(left, true, names)
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        this.compare(left, right, names)
        this.compare(right, left, names)
        break
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        if (![left, right].some((one) => typeof literal(one) === 'string'))
          for (const part of this.reckoned(node, names)) part.way ??= 'number'
        break
      case 'in':
        for (const one of listOf(right)) this.compare(left, one, names)
        this.compareItems(right, left, names)
        break
      case 'rcall':
        return this.call(args as [string, unknown, unknown[]], names)
      case 'call':
        if (left === 'has') this.mayBeMissing(right, names)
        if (left === 'timestamp') this.isMoment(right, names)
        break
      default:
    }
    this.shapeAt(node, names)
    this.read(args, false, names)
  }

  private compare(one: unknown, other: unknown, names: Names): void {
    const value = literal(other)
    const summed = this.reckoned(one, names)
    // One of the parts may make up the whole of it, or next to nothing.
    if (typeof value === 'number') for (const part of summed) part.values.push(...around(value), 1)
    const sized = sizedIn(one)
    const shape = this.shapeAt(sized ?? one, names)
    if (!shape) return
    if (sized !== undefined && typeof value === 'number')
      shape.sizes.push(...around(value).filter((n): n is number => (n as number) >= 0))
    else if (value !== undefined) shape.values.push(...around(value))
    else shape.same.push(...[namedIn(other) ?? []].flat())
  }

  /** The answers that a sum, a product and the like are reckoned from, also where they are kept under a name. */
  private reckoned(node: unknown, names: Names): Shape[] {
    if (!isNode(node)) return []
    if (node.op === 'id') {
      const name = String(node.args)
      const taken = this.taken.get(name)?.node
      if (!taken || this.resolving.has(name)) return []
      this.resolving.add(name)
      const found = this.reckoned(taken, new Map())
      this.resolving.delete(name)
      return found
    }
    if (!reckoning.includes(node.op)) return []
    return (node.args as unknown[]).flatMap((one) => [this.shapeAt(one, names) ?? [], this.reckoned(one, names)].flat())
  }

  private compareItems(list: unknown, one: unknown, names: Names): void {
    const shape = this.shapeAt(list, names)
    const value = literal(one)
    if (!shape) return
    shape.item ??= emptyShape()
    if (value !== undefined) shape.item.values.push(value)
    else shape.item.same.push(...[namedIn(one) ?? []].flat())
  }

  private call([name, target, given]: [string, unknown, unknown[]], names: Names): void {
    this.read(target, false, names)
    const shape = this.shapeAt(target, names)
    const [first] = given
    if (shape && ['exists', 'exists_one', 'all', 'filter', 'map'].includes(name) && isNode(first)) {
      shape.item ??= emptyShape()
      const inside = new Map([...names, [String(first.args), shape.item]])
      return given.slice(1).forEach((one) => this.read(one, name !== 'map', inside))
    }
    const value = literal(first)
    if (shape && ['startsWith', 'endsWith', 'contains'].includes(name) && value !== undefined) shape.values.push(value)
    this.read(given, false, names)
  }

  private isMoment(given: unknown, names: Names): void {
    const shape = this.shapeAt(Array.isArray(given) ? given[0] : given, names)
    if (shape) shape.isMoment = true
  }

  private mayBeMissing(args: unknown, names: Names): void {
    const shape = this.shapeAt(Array.isArray(args) ? args[0] : args, names)
    if (shape) shape.optional = true
  }

  /** What stands at `slots.free[0].at`; undefined when it is no part of an answer. */
  private shapeAt(node: unknown, names: Names): Shape | undefined {
    if (!isNode(node)) return undefined
    const { op, args } = node
    if (op === 'id') return this.named(String(args), names)
    if (op === 'call') {
      const [name, given] = args as [string, unknown[]]
      return ['int', 'double', 'string', 'timestamp', 'dyn'].includes(name) ? this.shapeAt(given[0], names) : undefined
    }
    if (op === 'rcall' && Array.isArray(args) && args[0] === 'filter') return this.shapeAt(args[1], names)
    if (op !== '.' && op !== '[]') return undefined
    const [from, at] = args as [unknown, unknown]
    const shape = this.shapeAt(from, names)
    const name = typeof at === 'string' ? at : literal(at)
    if (!shape) return undefined
    if (typeof name === 'string') return made(shape.fields, name)
    if (typeof name === 'number') shape.least = Math.max(shape.least, name + 1)
    return (shape.item ??= emptyShape())
  }

  private named(name: string, names: Names): Shape | undefined {
    const known = names.get(name) ?? this.roots.get(name)
    const node = this.taken.get(name)?.node
    if (known || !node || this.resolving.has(name)) return known
    this.resolving.add(name)
    const shape = this.shapeAt(node, new Map())
    this.resolving.delete(name)
    return shape
  }
}

function made(fields: Map<string, Shape>, name: string): Shape {
  let shape = fields.get(name)
  if (!shape) fields.set(name, (shape = emptyShape()))
  return shape
}
