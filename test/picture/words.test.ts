import assert from 'node:assert/strict'
import { baseName } from '../../engine/language/steps.ts'
import { stepKinds } from '../../engine/steps/index.ts'
import { explain } from '../../engine/picture/words.ts'
import { clinic, compiled, golden } from './flows.ts'

describe('a step in words', () => {
  it('tells what is heard and where each thing leads', () => {
    const names = new Set([...clinic.flow.steps.keys()].map(baseName))
    golden('clinic.txt', `${[...names].flatMap((name) => explain(clinic, name)).join('\n\n')}\n`)
  })

  it('is there for every kind', () => {
    const told = new Set([...clinic.flow.steps.values()].map(({ kind }) => kind.kind))
    assert.deepEqual(
      [...stepKinds.keys()].filter((kind) => !told.has(kind)),
      [],
    )
  })

  it('of a list is one text for each step, or the one that is named', () => {
    assert.deepEqual(explain(clinic, 'goodbye').length, 2)
    assert.match(explain(clinic, 'goodbye/2').join(), /^goodbye\/2 \(hang-up\)/)
    assert.deepEqual(explain(clinic, 'nowhere'), [])
  })

  const lines: [string, string, RegExp][] = [
    [
      'one try',
      '{ keys: { 1: end }, say: Press 1., tries: 1, otherwise: end }',
      /\nSilence or a mistake: goes to `end`/,
    ],
    [
      'two tries',
      '{ keys: { 1: end }, say: Press 1., tries: 2, wait: 3s, otherwise: end }',
      /Silence for 3 s: hears "I did not hear a key." and the question again\.\n.*\n.*second time, silence/,
    ],
    [
      'no barge-in',
      '{ keys: { 1: end }, say: Press 1., barge-in: false, otherwise: end }',
      /The prompt is said to its end/,
    ],
    ['a way to the end', '{ keys: { 1: hang-up }, say: Press 1., otherwise: end }', /Presses 1: the call is hung up\./],
  ]
  for (const [name, menu, expected] of lines) {
    it(name, () => {
      const flow = compiled(
        `hotline: A\nnumbers: ["1"]\nstart: a\nsteps:\n  a: { menu: ${menu} }\n  end: { say: Goodbye., next: hang-up }\n`,
      )
      assert.match(explain(flow, 'a').join(), expected)
    })
  }
})
