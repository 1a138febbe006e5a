import type { Failure } from './conversation.ts'
import { neverWalked, percent } from './coverage.ts'
import type { Rehearsal, Result } from './rehearse.ts'
import { requestInWords } from './stubs.ts'
import { written } from './written.ts'

/** Why a test has failed: where, the reason, and the whole conversation to the line where it parted. */
export function inFull({ conversation, failure }: Pick<Result, 'conversation'> & { failure: Failure }): string {
  const { place, reason, transcript, turn } = failure
  return [
    `✗ ${conversation.test}`,
    `  ${place.file}:${place.line}:${place.column} ${reason}`,
    '',
    ...transcript.map((row) => `    ${row}`),
    `  > here the test says: ${turn ? written(turn) : 'nothing more'}`,
  ].join('\n')
}

/** What a test prepares and does not need, a line each. */
export const notNeeded = ({ conversation, unused = [] }: Result): string[] =>
  unused.map(({ request, place }) => {
    const { file, line, column } = place()
    const what = `nobody asked for ${requestInWords(request)} in "${conversation.test}"`
    return `warning: ${file}:${line}:${column} ${what}; take it out, or see where the conversation goes`
  })

/** The tests of a hotline in a line, and what none of them has walked in another. */
export function inShort({ name, files, mistakes, results, coverage, ms }: Rehearsal): string[] {
  if (files.length === 0)
    return [`${name}: no tests yet; write tests.yaml beside it, or have "callwright test --walk" write some`]
  const failed = results.filter(({ failure }) => failure).length
  const parts = [
    `${results.length - failed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(mistakes.length > 0 ? [`${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'} in its tests`] : []),
    ...(coverage ? [`${coverage.ways.walked} of ${coverage.ways.all} ways walked (${percent(coverage)} %)`] : []),
  ]
  const left = coverage && neverWalked(coverage)
  return [
    `${name}: ${parts.join(', ')}, in ${Math.ceil(ms)} ms`,
    ...(left === undefined ? [] : [`  never walked: ${left}`]),
  ]
}
