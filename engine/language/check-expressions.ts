import { baseOf } from '../backends/encode.ts'
import { Expressions, type ValueType } from '../expressions/cel.ts'
import { parseTemplate, type Piece } from '../expressions/template.ts'
import { ways as waysOfSaying } from '../saying/index.ts'
import type { Text } from '../steps/step.ts'
import type { Header } from './header.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Path, Source } from './parse.ts'
import type { ReadSteps } from './steps.ts'

/** What the expressions of a flow can read: every answer that some step sets, with its type. */
export function expressionsOf(steps: ReadSteps, header: Header, env: Record<string, string>): Expressions {
  const sets = steps.list.flatMap((step) => step.parts.sets ?? [])
  const build = (answers: ReadonlyMap<string, ValueType>) =>
    new Expressions({ answers, hours: Object.keys(header.hours), env: Object.keys(env) })
  let types = new Map<string, ValueType>(
    [...steps.alsoSet, ...sets.map(({ name }) => name)].map((name) => [name, 'any']),
  )
  // A value taken from another answer has that one's type, whatever the order in which they are written.
  for (let round = 0; round < 4; round++) {
    const so = build(types)
    const next = new Map<string, ValueType>([...steps.alsoSet].map((name) => [name, 'any']))
    for (const { name, value } of sets) {
      const type = 'type' in value ? value.type : typeOf(so, value.cel)
      next.set(name, next.has(name) && next.get(name) !== type ? 'any' : type)
    }
    const settled = [...next].every(([name, type]) => types.get(name) === type)
    types = next
    if (settled) return build(types)
  }
  // Answers that go on changing one another's type have none.
  for (const { name, value } of sets) if ('cel' in value) types.set(name, 'any')
  return build(types)
}

function typeOf(expressions: Expressions, cel: string): ValueType {
  const found = expressions.check(cel)
  return 'type' in found ? found.type : 'any'
}

type Known = { source: Source; expressions: Expressions; secrets: Set<string> }

/** Conditions, placeholders, and where secret answers get to. */
export function checkExpressions(
  source: Source,
  header: Header,
  steps: ReadSteps,
  expressions: Expressions,
  secrets: Set<string>,
): void {
  const known = { source, expressions, secrets }
  for (const [name, queue] of Object.entries(header.queues))
    if (queue.said !== undefined) checkText(known, ['queues', name, 'said'], queue.said)
  for (const [name, backend] of Object.entries(header.backends)) checkBackend(known, ['backends', name], backend)
  for (const { parts, at } of steps.list) {
    for (const { path, cel, wants } of parts.expressions ?? []) checkOne(known, at(path), cel, 0, wants)
    for (const { path, text } of parts.texts ?? []) checkText(known, at(path), text)
    for (const { path, text } of parts.templates ?? []) checkTemplate(known, at(path), text)
    for (const { path, name } of parts.told ?? []) {
      if (!expressions.answers.has(name)) reportUnknown(known, at(path), name, [...expressions.answers.keys()])
      else if (secrets.has(name)) reportTold(known, at(path), name)
    }
  }
}

/** An address that is written out, or comes whole from a setting of the admin; nothing of a call can be part of it. */
function checkBackend(known: Known, path: Path, { url, headers }: Header['backends'][string]): void {
  const { source, expressions } = known
  for (const [field, text] of [['url', url] as const, ...Object.entries(headers).map(([name, text]) => [`headers/${name}`, text] as const)]) {
    const at = [...path, ...field.split('/')]
    checkTemplate(known, at, text)
    const inside = [...expressions.namesInText(text)].find((name) => name !== 'env')
    if (inside !== undefined)
      source.report(at, 'bad-value', `"${inside}" cannot be part of it: only settings can`, { suggestion: 'write {{ env.NAME }}' })
  }
  if (url.includes('{{')) return
  const base = baseOf([{ words: url }], () => undefined)
  if (typeof base !== 'string') source.report([...path, 'url'], 'bad-value', base.refused, { suggestion: 'write https://host/path' })
}

function checkText(known: Known, path: Path, text: Text): void {
  if (typeof text === 'string') checkSpoken(known, path, text)
  else for (const [tag, one] of Object.entries(text)) checkSpoken(known, [...path, tag], one)
}

/** What would be heard otherwise than it was meant. */
function checkSpoken(known: Known, path: Path, text: string): void {
  const { source } = known
  checkTemplate(known, path, text)
  if (source.endsAtNote(path))
    source.report(path, 'bad-value', 'what stands behind # is a note and is not said', { warning: true, suggestion: 'put quotes around the text, or two spaces before a note' })
  for (const piece of parseTemplate(text).pieces) {
    const single = 'words' in piece ? /\{[^{}]*\}/.exec(piece.words) : null
    if (single) source.report(path, 'bad-expression', `${single[0]} would be read out as it stands`, { suggestion: 'write two braces on each side: {{ name }}' })
    if ('value' in piece && piece.value === 'now' && piece.way === undefined)
      source.report(path, 'bad-expression', 'a moment is said as a date or as a time', { offset: piece.at, suggestion: 'write {{ now | time }} or {{ now | date }}' })
  }
}

function checkTemplate(known: Known, path: Path, text: string): void {
  const { pieces, mistakes } = parseTemplate(text)
  for (const { at, detail, suggestion } of mistakes)
    known.source.report(path, 'bad-expression', detail, { offset: at, suggestion })
  for (const piece of pieces) if ('value' in piece) checkPlaceholder(known, path, piece)
}

function checkPlaceholder(
  known: Known,
  path: Path,
  { value, at, way, wayAt }: Extract<Piece, { value: string }>,
): void {
  if (value === '') {
    known.source.report(path, 'bad-expression', 'there is nothing between the braces', {
      offset: at,
      suggestion: 'write {{ name }}',
    })
    return
  }
  checkOne(known, path, value, at, 'any')
  for (const name of known.expressions.names(value)) if (known.secrets.has(name)) reportTold(known, path, name, at)
  if (way !== undefined && !(waysOfSaying as readonly string[]).includes(way))
    known.source.report(path, 'unknown-way-of-saying', `there is no way of saying "${way}"`, {
      offset: wayAt ?? at,
      suggestion: didYouMean(way, waysOfSaying),
    })
}

function checkOne(known: Known, path: Path, cel: string, offset: number, wants: 'yes-no' | 'any'): void {
  const { source, expressions } = known
  const found = expressions.check(cel)
  if ('type' in found) {
    if (wants === 'any' || found.type === 'yes-no' || found.type === 'any') return
    source.report(
      path,
      'bad-expression',
      `a condition must be true or false, this is a ${found.type.replace('-', ' ')}`,
      {
        offset,
        suggestion: `compare it: ${cel.length < 20 ? cel : '...'} == ${found.type === 'text' ? '"2600"' : '1'}`,
      },
    )
  } else if (found.unknownName !== undefined) {
    reportUnknown(
      known,
      path,
      found.unknownName,
      [...expressions.answers.keys(), 'caller', 'call', 'now', 'hours', 'env'],
      offset + found.at,
    )
  } else
    source.report(path, 'bad-expression', found.detail, { offset: offset + found.at, suggestion: found.suggestion })
}

function reportUnknown({ source }: Known, path: Path, name: string, names: string[], offset?: number): void {
  source.report(path, 'unknown-variable', `nothing sets "${name}"`, {
    ...(offset === undefined ? {} : { offset }),
    suggestion: didYouMean(
      name,
      names,
      `ask for it with collect: { into: ${name}, ... }, or give it with set: { ${name}: ... }`,
    ),
  })
}

function reportTold({ source }: Known, path: Path, name: string, offset?: number): void {
  source.report(path, 'secret-told', `"${name}" is secret and is not to be said, shown or copied`, {
    ...(offset === undefined ? {} : { offset }),
    suggestion: 'leave it out here',
  })
}
