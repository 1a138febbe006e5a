import assert from 'node:assert/strict'
import { checkFlow } from '../../engine/language/check.ts'
import { longestToAPerson } from '../../engine/language/to-a-person.ts'

const head = 'hotline: Desk\nnumbers: ["1"]\nqueues: { desk: }\nstart: a\nsteps:\n'

/** Spoken seconds and the steps, for a caller who presses nothing. "one two three four five." takes two seconds. */
describe('the longest time to a person', () => {
  const cases: [string, string, { ms: number; path: string[] } | undefined][] = [
    ['the announcement before the queue', '  a: { say: one two three four five., next: b }\n  b: { queue: desk }\n', { ms: 2000, path: ['a', 'b'] }],
    [
      'three rounds of a menu, with what is said of the silence',
      '  a: { menu: { say: one two three four five., no-input: [one two three four five., "one, two, three, four, five, six, seven, eight, nine, ten."], keys: { 1: b }, wait: 4s, otherwise: b } }\n  b: { queue: desk }\n',
      // 2 s, then 2 + 0.2 + 2 s, then 4 + 0.2 + 2 s, and 4 s of silence each time.
      { ms: 2000 + 4200 + 6200 + 3 * 4000, path: ['a', 'b'] },
    ],
    [
      'the longer of two branches',
      '  a: { branch: [{ if: caller.known, go: b }, { go: c }] }\n  b: { say: one two three four five., next: c }\n  c: { queue: desk }\n',
      { ms: 2000, path: ['a', 'b', 'c'] },
    ],
    ['nobody', '  a: { say: Goodbye., next: hang-up }\n  b: { queue: desk }\n', undefined],
  ]
  for (const [name, steps, expected] of cases) {
    it(name, () => {
      const { compiled, mistakes } = checkFlow(head + steps, { name: 'desk', file: 'desk.yaml' })
      assert.ok(compiled, mistakes.map((one) => one.pretty()).join('\n'))
      assert.deepEqual(longestToAPerson(compiled), expected)
    })
  }
})
