import { isConfidential } from '../backends/confidential.ts'
import { baseOf, settingsIn } from '../backends/encode.ts'
import { Expressions, taken, type ValueType } from '../expressions/cel.ts'
import { momentType } from '../expressions/moments.ts'
import { parseTemplate, type Piece } from '../expressions/template.ts'
import { ways as waysOfSaying } from '../saying/index.ts'
import { properName } from '../steps/fields.ts'
import type { Text } from '../steps/step.ts'
import { checkWay } from './fitting.ts'
import type { Header } from './header.ts'
import { didYouMean, nearest } from '../did-you-mean.ts'
import { checkPossible, possibleIn, type Possible } from './never.ts'
import type { Path, Source } from './parse.ts'
import { checkReckoned } from './reckoned.ts'
import type { ReadSteps } from './steps.ts'

/** The settings that requests to a backend need. */
export const settingsOf = ({ url, headers }: Header['backends'][string]): string[] =>
  [url, ...Object.values(headers)].flatMap(settingsIn)

/** What the expressions of a flow can read: every answer that some step sets, with its type. */
export function expressionsOf(steps: ReadSteps, header: Header, env: Record<string, string>): Expressions {
  // A backend that is not set up yet is no mistake of the flow: requests to it fail, and their callers go on.
  const settings = [...Object.keys(env), ...Object.values(header.backends).flatMap(settingsOf)]
  const sets = steps.list.flatMap((step) => step.parts.sets ?? [])
  const build = (answers: ReadonlyMap<string, ValueType>) =>
    new Expressions({ answers, hours: Object.keys(header.hours), switches: Object.keys(header.switches), env: settings, zone: header.timezone })
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

const typeOf = (expressions: Expressions, cel: string): ValueType => {
  const found = expressions.check(cel)
  return 'type' in found ? found.type : 'any'
}

type Known = { source: Source; expressions: Expressions; secrets: Set<string>; possible: Possible; unnamed: boolean; told: Set<string> } & Pick<Header, 'backends' | 'currency'>

/** Conditions, placeholders, and where secret answers get to. */
export function checkExpressions(
  source: Source,
  header: Header,
  steps: ReadSteps,
  expressions: Expressions,
  secrets: Set<string>,
): void {
  const { backends, currency } = header
  const above: Known = { source, expressions, secrets, backends, possible: possibleIn(steps, header.languages), unnamed: steps.unnamed, currency, told: new Set() }
  for (const [name, queue] of Object.entries(header.queues))
    if (queue.said !== undefined) checkText(above, ['queues', name, 'said'], queue.said)
  for (const [name, backend] of Object.entries(backends)) checkBackend(above, ['backends', name], backend)
  for (const { parts, at, source: file } of steps.list) {
    const known = { ...above, source: file }
    for (const { path, cel, wants } of parts.expressions ?? []) checkOne(known, at(path), cel, 0, wants)
    for (const { path, text } of parts.texts ?? []) checkText(known, at(path), text)
    for (const { path, text, sent, kept } of parts.templates ?? []) {
      checkTemplate(known, at(path), text, sent)
      if (kept) checkReckoned(file, at(path), text, expressions.answers)
    }
    // Its keys would be seen as they are pressed.
    for (const { path, name, digits, secret, value } of parts.sets ?? [])
      if (!secret && secrets.has(name) && 'type' in value)
        file.report(at(path), 'secret-told', `"${name}" is secret elsewhere, and is ${digits ? 'keyed' : 'kept'} openly here`, {
          suggestion: digits ? 'write secret: true here, too' : 'take another name here',
        })
    for (const { path, name } of parts.told ?? []) {
      if (!expressions.answers.has(name)) reportUntold(known, at(path), name)
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
    const inside = [...expressions.namesInText(text.slice(0, longestText))].find((name) => name !== 'env')
    if (inside !== undefined)
      source.report(at, 'bad-value', `"${inside}" cannot be part of it: only settings can`, { suggestion: 'write {{ env.NAME }}' })
  }
  if (url.includes('{{')) return
  const base = baseOf([{ words: url }], () => undefined)
  if (typeof base !== 'string')
    source.report([...path, 'url'], 'bad-value', `"${url}" is no address of a backend`, {
      suggestion: /^[\w.-]+\.[a-z]{2,}(?:[:/]\S*)?$/i.test(url) ? `write https://${url}` : 'write https://host/path, without user, # and ..',
    })
}

function checkText(known: Known, path: Path, text: Text): void {
  if (typeof text === 'string') checkSpoken(known, path, text)
  else for (const [tag, one] of Object.entries(text)) checkSpoken(known, [...path, tag], one)
}

/** Of anything that values are put into, said or sent: as much as is said within ten minutes. */
const longestText = 8000

/** What would be heard otherwise than it was meant. */
function checkSpoken(known: Known, path: Path, text: string): void {
  const { source, expressions } = known
  checkTemplate(known, path, text)
  if (source.endsAtNote(path))
    source.report(path, 'bad-value', 'what stands behind # is a note and is not said', { warning: true, suggestion: 'put quotes around the text, or two spaces before a note' })
  const { pieces } = parseTemplate(text)
  const said = pieces.map((piece) => ('words' in piece ? piece.words : '')).join(' ')
  if ((said.match(/"/g) ?? []).length === 1 && /^"|"$/.test(text.trim()))
    source.report(path, 'bad-value', 'the text has a quotation mark at one end only', {
      warning: true,
      suggestion: 'put one at the other end too, or leave it out',
    })
  for (const piece of pieces) {
    const single = 'words' in piece ? /\{[^{}]*\}/.exec(piece.words) : null
    if (single) source.report(path, 'bad-expression', `${single[0]} would be read out as it stands`, { suggestion: 'write two braces on each side: {{ name }}' })
    if ('value' in piece && piece.way === undefined && expressions.celType(piece.value) === momentType)
      source.report(path, 'bad-expression', 'a moment is said as a date or as a time', {
        offset: piece.at,
        suggestion: `write {{ ${piece.value} | time }} or {{ ${piece.value} | date }}`,
      })
  }
}

function checkTemplate(known: Known, path: Path, text: string, sent?: string): void {
  if (text.length > longestText)
    return known.source.report(path, 'bad-value', `a text of more than ${longestText} letters`, { suggestion: 'make it shorter' })
  const { pieces, mistakes } = parseTemplate(text)
  for (const { at, detail, suggestion } of mistakes)
    known.source.report(path, 'bad-expression', detail, { offset: at, suggestion })
  for (const piece of pieces) if ('value' in piece) checkPlaceholder(known, path, piece, sent)
}

function checkPlaceholder(
  known: Known,
  path: Path,
  { value, at, way, wayAt }: Extract<Piece, { value: string }>,
  sent: string | undefined,
): void {
  if (value === '') {
    const more = { offset: at, suggestion: 'write {{ name }}' }
    return known.source.report(path, 'bad-expression', 'there is nothing between the braces', more)
  }
  checkOne(known, path, value, at, 'any')
  for (const name of known.expressions.names(value))
    if (known.secrets.has(name)) {
      if (sent === undefined) reportTold(known, path, name, at)
      else checkSent(known, path, name, at, sent)
    }
  if (way === undefined) return
  const said = { cel: value, type: known.expressions.celType(value), keyed: known.possible.entries.has(value) }
  checkWay(known.source, path, said, { way, at: wayAt ?? at, currency: known.currency, told: known.told })
}

function checkOne(known: Known, path: Path, cel: string, offset: number, wants: 'yes-no' | 'any'): void {
  const { source, expressions, possible } = known
  const found = expressions.check(cel)
  if ('type' in found) {
    checkPossible(source, path, expressions.comparisons(cel), offset, possible)
    for (const { at, detail, suggestion } of expressions.doubts(cel))
      source.report(path, 'bad-expression', detail, { offset: offset + at, warning: true, suggestion })
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
      hyphenated(cel, found.at, [...expressions.answers.keys()]) ?? found.unknownName,
      [...expressions.answers.keys(), 'caller', 'call', 'now', 'hours', 'switches', 'env'],
      offset + found.at,
      /\|\|\s*$/.test(cel.slice(0, found.at)) && (waysOfSaying as readonly string[]).includes(found.unknownName)
        ? `write one bar: | ${found.unknownName}`
        : undefined,
    )
  } else
    source.report(path, found.unknownSetting === undefined ? 'bad-expression' : 'unknown-setting', found.detail, { offset: offset + found.at, suggestion: found.suggestion })
}

/** `claim-number` where `claim_number` is meant; undefined where it is a difference of two numbers. */
function hyphenated(cel: string, at: number, names: readonly string[]): string | undefined {
  const [whole = ''] = /^[A-Za-z_]\w*(?:-[A-Za-z_]\w*)+/.exec(cel.slice(at)) ?? []
  const isDifference = !names.includes(properName(whole)) && whole.split('-').some((part) => names.includes(part))
  return whole === '' || isDifference ? undefined : whole
}

function reportUnknown({ source, unnamed }: Known, path: Path, name: string, names: string[], offset?: number, instead?: string): void {
  const proper = properName(name)
  if (unnamed && nearest(proper, names) === undefined) return
  source.report(path, 'unknown-variable', `nothing sets "${name}"`, {
    ...(offset === undefined ? {} : { offset }),
    suggestion: instead ?? (name.includes('-') && names.includes(proper)
      ? `write ${proper}: names have _ where words have a hyphen`
      : didYouMean(proper, names, `ask for it with collect: { into: ${proper}, ... }, or give it with set: { ${proper}: ... }`)),
  })
}

/** What an agent is shown are answers, and always who called. */
function reportUntold(known: Known, path: Path, name: string): void {
  const { source, expressions } = known
  const [of = ''] = name.split(/[.[]/)
  if (/^caller(\.number)?$/.test(name))
    return source.report(path, 'unknown-variable', 'the agent sees anyway who is calling', { suggestion: `leave ${name} out` })
  if (of !== name && (expressions.answers.has(of) || taken.has(of)))
    return source.report(path, 'unknown-variable', `"${name}" is not the name of an answer`, {
      suggestion: `keep it under one, by set: { ${properName(name.replaceAll(/\W+/g, '_'))}: "{{ ${name} }}" }`,
    })
  reportUnknown(known, path, name, [...expressions.answers.keys()])
}

/** A secret may go to the backend that needs it, where nobody can read it on the way. */
function checkSent({ source, backends }: Known, path: Path, name: string, offset: number, to: string): void {
  const url = Object.hasOwn(backends, to) ? backends[to]!.url : undefined
  // Which address a setting holds, only the engine knows: there it is looked at before anything is sent.
  if (url === undefined || !/^http:/i.test(url) || isConfidential(url)) return
  source.report(path, 'secret-told', `"${name}" is secret, and ${to} is asked without encryption`, {
    offset,
    suggestion: `write https:// in the url of ${to}`,
  })
}

function reportTold({ source }: Known, path: Path, name: string, offset?: number): void {
  source.report(path, 'secret-told', `"${name}" is secret and is not to be said, shown or copied`, {
    ...(offset === undefined ? {} : { offset }),
    suggestion: 'leave it out here',
  })
}
