import assert from 'node:assert/strict'
import { baseName } from '../../engine/language/step-names.ts'
import { manualOf } from '../../engine/language/manual.ts'
import { stepKinds } from '../../engine/steps/index.ts'
import { explain } from '../../engine/picture/words.ts'
import { wholeHotline } from '../docs/fragments.ts'
import { clinic, compiled, golden } from './flows.ts'

describe('a step in words', () => {
  it('tells what is heard and where each thing leads', () => {
    const names = new Set([...clinic.flow.steps.keys()].map(baseName))
    golden('clinic.txt', `${[...names].flatMap((name) => explain(clinic, name)).join('\n\n')}\n`)
  })

  for (const kind of stepKinds.values())
    it(`is there for ${kind.kind}`, () => {
      for (const example of manualOf(kind).examples) {
        const flow = compiled(wholeHotline('steps', example))
        const names = [...flow.flow.steps.values()].filter((step) => step.kind === kind).map(({ name }) => name)
        const words = names.flatMap((name) => explain(flow, name)).join('\n\n')
        assert.ok(words.includes(`(${kind.kind}): ${kind.summary}\n`))
        assert.doesNotMatch(words, /undefined|\[object/)
      }
    })

  it('of a list is one text for each step, or the one that is named', () => {
    assert.deepEqual(explain(clinic, 'goodbye').length, 2)
    assert.match(explain(clinic, 'goodbye/2').join(), /^goodbye\/2 \(hang-up\)/)
    assert.deepEqual(explain(clinic, 'nowhere'), [])
  })

  it('tells a branch on a switch by what the switch is for', () => {
    const flow = compiled(
      `hotline: A
numbers: ["1"]
switches: { outage: { for: Large outage announcement }, bookings: { for: Bookings, starts: on } }
start: a
steps:
  a:
    branch:
      - { if: switches.outage, go: news }
      - { if: "!switches.bookings", go: news }
      - { if: switches.outage && switches.bookings, go: news }
    next: end
  news: { say: News., next: end }
  end: { say: Goodbye., next: hang-up }
`,
    )
    const [told] = explain(flow, 'a')
    assert.match(told!, /^If the switch "Large outage announcement" is on: goes to `news`/m)
    assert.match(told!, /^If the switch "Bookings" is off: goes to `news`/m)
    assert.match(told!, /^If switches\.outage && switches\.bookings: goes to `news`/m)
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
