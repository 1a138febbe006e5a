import { mutations } from './mutations.ts'
import { Random } from './random.ts'
import { flowSeeds, testSeeds } from './seeds.ts'

/** A spoilt file. `how`: the mutation by which it is counted; up to three others were made before it. */
export type Case = { n: number; what: 'flow' | 'tests'; how: string; text: string }

export const kinds = Object.keys(mutations)

/** The spoilt file of a number: the same in every run while the seeds are the same. One in ten is a file of tests. */
export function caseOf(n: number): Case {
  const random = new Random(n)
  const what = random.upTo(10) === 0 ? 'tests' : 'flow'
  const seeds = what === 'tests' ? testSeeds : flowSeeds
  let text = random.of(seeds)
  for (let more = random.of([0, 0, 1, 3]); more > 0; more--) text = mutations[random.of(kinds)]!(text, random, seeds)
  const how = kinds[n % kinds.length]!
  return { n, what, how, text: mutations[how]!(text, random, seeds) }
}
