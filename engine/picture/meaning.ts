import { ends, type Box, type Out, type Part } from './graph.ts'

/** A box in words, for those who hear the picture and for the pointer that rests on it. */
export function boxMeaning({ name, parts, reached }: Box): string {
  const lead = `${name}${reached ? '' : ' (no call comes here)'}`
  return `${lead}: ${parts.map(partMeaning).join(' Then ')}`
}

function partMeaning({ kind, says, detail, ways }: Part): string {
  const what = [kind, detail && `(${detail})`, says && `"${says}"`].filter(Boolean).join(' ')
  const on = ways.filter(({ below, words }) => !below || words !== '').map((out) => `${wordsFor(out)}: ${goesTo(out)}.`)
  return [`${what}.`, ...on].join(' ')
}

const wordsFor = ({ words, matter }: Out): string =>
  words === '' ? 'Then' : matter === undefined ? words : `${words} (${matter})`

const goesTo = ({ to, below }: Out): string => (below ? 'the next step of the list' : (ends[to] ?? `to ${to}`))

/** A line in words. */
export const linkMeaning = (from: string, out: Out): string =>
  `${from}, ${wordsFor(out).toLowerCase() === 'then' ? 'then' : wordsFor(out)}: ${goesTo(out)}`
