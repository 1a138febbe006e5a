import { Expressions, type ValueType } from '../expressions/cel.ts'
import { parseTemplate } from '../expressions/template.ts'
import { ways as waysOfSaying } from '../saying/index.ts'
import type { Text } from '../steps/step.ts'
import type { Header } from './header.ts'
import { didYouMean, type FlowError } from './mistakes.ts'
import type { Path, Source } from './parse.ts'
import type { ReadSteps } from './steps.ts'

/** What the expressions of a flow can read: every answer that some step sets, with its type. */
export function expressionsOf(steps: ReadSteps, header: Header, env: Record<string, string>): Expressions {
  const sets = steps.flatMap((step) => step.parts.sets ?? [])
  const build = (answers: Map<string, ValueType>) => new Expressions({ answers, hours: Object.keys(header.hours), env: Object.keys(env) })
  const typed = new Map<string, ValueType>()
  const add = (name: string, type: ValueType) => typed.set(name, typed.has(name) && typed.get(name) !== type ? 'any' : type)
  for (const { name, value } of sets) if ('type' in value) add(name, value.type)
  // A value taken from another answer has that one's type, whatever the order in which they are written.
  const computed = sets.flatMap(({ name, value }) => ('cel' in value ? [{ name, cel: value.cel }] : []))
  for (let round = 0; round < 3 && computed.length > 0; round++) {
    const all = new Map(typed)
    for (const { name } of computed) if (!all.has(name)) all.set(name, 'any')
    const so = build(all)
    for (const { name, cel } of computed) {
      const found = so.check(cel)
      if ('type' in found && found.type !== 'any') typed.set(name, found.type)
    }
  }
  for (const { name } of computed) if (!typed.has(name)) typed.set(name, 'any')
  return build(typed)
}

type Known = { source: Source; steps: ReadSteps; header: Header; expressions: Expressions; secrets: Set<string>; mistakes: FlowError[] }

/** Conditions, placeholders, and where secret answers get to. */
export function checkExpressions(known: Known): void {
  const { source, steps, header, expressions, secrets, mistakes } = known
  for (const step of steps) {
    for (const { path, cel, wants } of step.parts.expressions ?? []) checkOne(known, step.at(path), cel, 0, wants)
    for (const { path, text } of step.parts.texts ?? []) checkText(known, step.at(path), text)
    for (const { path, text } of step.parts.templates ?? []) checkTemplate(known, step.at(path), text)
    for (const { path, name } of step.parts.told ?? []) {
      if (!expressions.answers.has(name))
        mistakes.push(source.mistake(step.at(path), 'unknown-variable', `nothing sets "${name}"`, { suggestion: didYouMean(name, expressions.answers.keys()) }))
      else if (secrets.has(name)) mistakes.push(secretTold(source, step.at(path), name, 0))
    }
  }
  for (const [name, queue] of Object.entries(header.queues)) if (queue.said !== undefined) checkText(known, ['queues', name, 'said'], queue.said)
}

function checkText(known: Known, path: Path, text: Text): void {
  if (typeof text === 'string') checkTemplate(known, path, text)
  else for (const [tag, one] of Object.entries(text)) checkTemplate(known, [...path, tag], one)
}

function checkTemplate(known: Known, path: Path, text: string): void {
  const { source, mistakes, secrets, expressions } = known
  const { pieces, mistakes: broken } = parseTemplate(text)
  for (const m of broken) mistakes.push(source.mistake(path, 'bad-expression', m.detail, { offset: m.at, suggestion: m.suggestion }))
  for (const piece of pieces) {
    if (!('value' in piece)) continue
    checkOne(known, path, piece.value, piece.at, 'any')
    for (const name of expressions.names(piece.value)) if (secrets.has(name)) mistakes.push(secretTold(source, path, name, piece.at))
    if (piece.way !== undefined && !(waysOfSaying as readonly string[]).includes(piece.way))
      mistakes.push(source.mistake(path, 'unknown-way-of-saying', `there is no way of saying "${piece.way}"`, { offset: piece.wayAt ?? 0, suggestion: didYouMean(piece.way, waysOfSaying) }))
  }
}

function checkOne(known: Known, path: Path, cel: string, offset: number, wants: 'yes-no' | 'any'): void {
  const { source, mistakes, expressions } = known
  const found = expressions.check(cel)
  if (!('type' in found)) {
    const names = [...expressions.answers.keys(), 'caller', 'call', 'now', 'hours', 'env']
    mistakes.push(found.unknownName === undefined
      ? source.mistake(path, 'bad-expression', `${cel === '' ? 'there is nothing between the braces' : found.detail}`, { offset: offset + found.at })
      : source.mistake(path, 'unknown-variable', found.detail, { offset: offset + found.at, suggestion: didYouMean(found.unknownName, names) }))
  } else if (wants === 'yes-no' && found.type !== 'yes-no' && found.type !== 'any')
    mistakes.push(source.mistake(path, 'bad-expression', `a condition must be true or false, this is a ${found.type.replace('-', ' ')}`, { offset, suggestion: 'compare it, for instance with ==' }))
}

const secretTold = (source: Source, path: Path, name: string, offset: number): FlowError =>
  source.mistake(path, 'secret-told', `"${name}" is secret and is not to be said, shown or copied`, { offset, suggestion: 'leave it out here' })
