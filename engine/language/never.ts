import { ownOutcomes } from '../call/outcomes.ts'
import { didYouMean } from '../did-you-mean.ts'
import { languages as spoken } from '../saying/index.ts'
import type { Compared } from '../expressions/compared.ts'
import { packByName } from './languages.ts'
import type { Path, Source } from './parse.ts'
import type { ReadSteps } from './steps.ts'

/** How many digits an entry can have. */
type Digits = { least: number; most: number }

/** What comparisons of a flow can be measured by. */
export type Possible = {
  /** Answers that callers key and that nothing else sets, with the entries there are. */
  entries: ReadonlyMap<string, Digits[]>
  outcomes: readonly string[]
  /** Languages of the hotline. */
  languages: readonly string[]
}

export function possibleIn(steps: ReadSteps, languages: readonly string[]): Possible {
  const entries = new Map<string, Digits[]>()
  const other = new Set(steps.alsoSet)
  for (const { name, digits } of steps.list.flatMap(({ parts }) => parts.sets ?? []))
    if (digits) entries.set(name, [...(entries.get(name) ?? []), digits])
    else other.add(name)
  for (const name of other) entries.delete(name)
  const outcomes = new Set(steps.list.flatMap(({ parts }) => parts.outcomes ?? []))
  return { entries, outcomes: [...outcomes, ...ownOutcomes], languages }
}

/**
 * Comparisons with what can never be: an entry that nobody can key, an outcome that nothing notes. `offset`: where the
 * expression begins in its text, in characters.
 */
export function checkPossible(
  source: Source,
  path: Path,
  compared: readonly Compared[],
  offset: number,
  { entries, outcomes, languages }: Possible,
): void {
  // Another hotline may note outcomes of its own.
  const anywhere = compared.some(({ of }) => of === 'caller.last.hotline')
  for (const one of compared) {
    const at = offset + one.at
    const digits = entries.get(one.of)
    if (digits) checkEntry(source, path, one, at, digits)
    else if (one.of === 'caller.last.outcome' && !anywhere) checkOutcome(source, path, one, at, outcomes)
    // Callers may have spoken another one on another hotline.
    else if (one.of === 'call.language') checkLanguage(source, path, one, at, languages)
    else if (/^caller\.(last\.)?language$/.test(one.of)) checkLanguage(source, path, one, at, spoken)
  }
}

function checkLanguage(source: Source, path: Path, one: Compared, offset: number, languages: readonly string[]): void {
  const tag = one.value
  if (typeof tag !== 'string' || tag === '' || languages.length === 0 || !isSame(one) || languages.includes(tag)) return
  const meant = packByName(tag)
  source.report(path, 'unknown-language', `no call is in a language "${tag}"`, {
    offset,
    warning: true,
    suggestion: meant !== undefined && languages.includes(meant) ? `write "${meant}"` : `write one of ${languages.join(', ')}`,
  })
}

function checkOutcome(source: Source, path: Path, one: Compared, offset: number, outcomes: readonly string[]): void {
  const name = one.value
  if (typeof name !== 'string' || name === '' || !isSame(one) || outcomes.includes(name)) return
  source.report(path, 'unknown-outcome', `no call ends with the outcome "${name}"`, {
    offset,
    warning: true,
    suggestion: didYouMean(name, outcomes),
  })
}

const isSame = ({ how }: Compared): boolean => how === '==' || how === '!=' || how === 'in'

function checkEntry(source: Source, path: Path, one: Compared, offset: number, digits: Digits[]): void {
  const { of, how, value } = one
  const least = Math.min(...digits.map((each) => each.least))
  const most = Math.max(...digits.map((each) => each.most))
  const counts = digits.map((each) => [...new Set([each.least, each.most])].join('-')).join(' or ')
  const fits = (length: number): boolean => digits.some((each) => length >= each.least && length <= each.most)
  const never = (what: string): void =>
    source.report(path, 'dead-key', `${what} can never be: "${of}" is keyed with ${counts} digits`, {
      offset,
      warning: true,
      suggestion: `write ${least} digits here, or change digits: in the collect`,
    })
  if (how === 'size') {
    const size = Number(value)
    if (size !== 0 && !fits(size)) never(`a size of ${size}`)
  } else if (typeof value !== 'string' || value === '') return
  else if (isSame(one) && !(isDigits(value) && fits(value.length))) never(`"${value}"`)
  else if (how === 'startsWith' && !(isDigits(value) && value.length <= most)) never(`one that begins with "${value}"`)
  else if (/[<>]/.test(how) && isDigits(value) && (least !== most || value.length !== most))
    source.report(path, 'bad-expression', 'texts are compared from their first digit on: "9" comes after "10"', {
      offset,
      warning: true,
      suggestion: `write int(${of}) ${how} ${Number(value)}`,
    })
}

const isDigits = (text: string): boolean => /^\d+$/.test(text)
