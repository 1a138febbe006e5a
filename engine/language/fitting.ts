import { didYouMean } from '../did-you-mean.ts'
import { momentType } from '../expressions/moments.ts'
import { ways, type Way } from '../saying/index.ts'
import type { Path, Source } from './parse.ts'

/** What is known of a value before any call: its type in CEL's words, and whether callers key it. */
type Value = { cel: string; type: string; keyed: boolean }

/** What values of a sort are in words, the ways of saying that fit them, and what to write instead of another. */
type Sort = { is: string; fits: readonly Way[]; instead: (cel: string) => string }

const inBraces =
  (...said: Way[]) =>
  (cel: string): string => `write ${said.map((way) => `{{ ${cel} | ${way} }}`).join(' or ')}`
const numbers: Sort = {
  is: 'a number',
  fits: ['digits', 'number', 'money', 'duration', 'spell', 'words'],
  instead: inBraces('number', 'duration'),
}
const sorts: Record<string, Sort> = {
  int: numbers,
  double: numbers,
  bool: { is: 'yes or no', fits: [], instead: (cel) => `ask for it in a branch, if: ${cel}, and say a text for each` },
  [momentType]: { is: 'a time', fits: ['date', 'time'], instead: inBraces('date', 'time') },
}
const telephone: Sort = { is: 'a telephone number', fits: ['digits', 'spell', 'words'], instead: inBraces('digits') }
const word: Sort = { is: 'a word', fits: ['spell', 'words'], instead: (cel) => `write {{ ${cel} }}` }
const several: Sort = {
  is: 'several values',
  fits: [],
  instead: (cel) => `say one of them, for instance {{ ${cel}[0] }}`,
}
const keyed: Sort = {
  is: 'digits that were keyed',
  fits: ['digits', 'number', 'money', 'duration', 'spell', 'words'],
  instead: inBraces('digits'),
}

function sortOf({ cel, type, keyed: isKeyed }: Value): Sort | undefined {
  if (/^(?:caller|call)\.number$/.test(cel)) return telephone
  if (/^(?:call|caller|caller\.last)\.(?:language|step|outcome|hotline)$/.test(cel)) return word
  if (isKeyed) return keyed
  return type.startsWith('list') ? several : sorts[type]
}

/** Why a way of saying cannot say a value, and what to write; undefined when it can, or only a call knows. */
function unfitWay(value: Value, way: Way): { detail: string; suggestion: string } | undefined {
  const sort = sortOf(value)
  if (!sort || sort.fits.includes(way)) return undefined
  return { detail: `${value.cel} is ${sort.is}, which "${way}" cannot say`, suggestion: sort.instead(value.cel) }
}

/** Whether a value may be an amount that brings no currency with it. */
const lacksCurrency = ({ cel, type }: Value): boolean =>
  !/^["'].*[A-Za-z$€£]/.test(cel) && !type.startsWith('map') && type !== 'bool'

/**
 * Checks how a value is said; `at` is where the way stands in the text, `currency` that of the hotline.
 * `told`: codes of what is to be said only once.
 */
export function checkWay(
  source: Source,
  path: Path,
  value: Value,
  { way, at: offset, currency, told }: { way: string; at: number; currency: string | undefined; told: Set<string> },
): void {
  const known = ways.find((one) => one === way)
  if (known === undefined)
    return source.report(path, 'unknown-way-of-saying', `there is no way of saying "${way}"`, {
      offset,
      suggestion: didYouMean(way, ways),
    })
  const unfit = unfitWay(value, known)
  if (unfit) return source.report(path, 'unfit-way-of-saying', unfit.detail, { offset, suggestion: unfit.suggestion })
  if (known !== 'money' || currency !== undefined || !lacksCurrency(value) || told.has('no-currency')) return
  told.add('no-currency')
  source.report(path, 'no-currency', 'the head names no currency, and an amount without one is said as a number', {
    offset,
    warning: true,
    suggestion: 'add currency: EUR, or yours, above the steps',
  })
}
