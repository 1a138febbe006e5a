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

  it('of several parts is told part by part, as a caller meets them', () => {
    const flow = inSteps(`
  first: { callback: desk, tell: [], declined: end, otherwise: end, failed: end, next: rate }
  rate: { survey: { say: How was it?, scale: 1-3 }, next: end }`)
    const [wish] = explain(flow, 'first')
    assert.deepEqual(partsOf(wish!), [
      'The number of the caller is known: on to 2. Else: on to 3.',
      'The caller hears "We can call you back on {{ caller.number | digits }}. To agree, press 1. For another number, press 2. To do without a call, press 3." ' +
        'Presses 1: on to 5. Keeps callback_number: the value of caller.number. Presses 2: on to 3. Presses 3: goes to `end` ("Goodbye.").',
      'The caller hears "Please key in the number on which we can call you back, then the hash key." ' +
        'Keys in 3 to 15 digits: on to 4. Keeps it as callback_number.',
      'The caller hears "Your number is {{ callback_number | digits }}. To confirm, press 1. To key it in again, press 2." ' +
        'Presses 1: on to 5. Presses 2: on to 3.',
      'The wish to be called back is kept for the people of `desk`, with callback_number. ' +
        'Kept: on to 6. It fails: goes to `end` ("Goodbye.").',
      'The caller hears "Thank you. We will call you back." Then: goes to `rate` ("How was it?").',
    ])
    const [rated] = explain(flow, 'rate')
    assert.deepEqual(partsOf(rated!), [
      'The caller hears "How was it?" Presses 1, 2 or 3: on to 2. Keeps the key as score.',
      'The answer is kept for the statistics, as score. Kept: on to 3. It fails: goes to `end` ("Goodbye.").',
      'The caller hears "Thank you." Then: goes to `end` ("Goodbye.").',
    ])
    assert.match(wish!, /\n {3}The third time, silence and mistakes counted together: goes to `end`/)
  })

  it('in which the caller speaks tells of the tone, and of what a hang-up keeps', () => {
    const flow = inSteps(`
  first:
    voicemail: { say: Please speak., box: desk, consent: "May we record? If so, press 1." }
    declined: end
    failed: end
    next: end`)
    const [consent, telling, recording, review, replaying, kept] = partsOf(explain(flow, 'first')[0]!)
    assert.match(consent!, /"May we record\? If so, press 1\." Presses 1: on to 2\. Presses another key: goes to `end`/)
    assert.equal(telling, 'The caller hears "Please speak." A key cuts it short. Then: on to 3.')
    assert.match(recording!, /^After a tone the caller speaks, for 2 min at most; #, or 4 s of silence, ends it\. Has spoken: on to 4\./)
    assert.match(recording!, /Hangs up after speaking: the call is over\. The message is kept in the box `desk`\./)
    assert.match(review!, /Presses 1: on to 5\. Presses 2: on to 6\. Presses 3: on to 3\./)
    assert.equal(replaying, 'The caller hears what they said. Then: on to 4.')
    assert.match(kept!, /^The message is kept in the box `desk`\. Kept: on to 7\. It fails: goes to `end`/)
  })

  it('that calls others tells where the call goes on when they have returned', () => {
    const flow = inSteps(`
  first: { call: ask, next: rate }
  ask: { menu: { say: Press 1., keys: { 1: return }, otherwise: end } }
  rate: { say: Well., next: end }`)
    assert.match(explain(flow, 'first')[0]!, /\nWhen they have returned: goes to `rate` \("Well\."\)\.$/)
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

const inSteps = (steps: string) =>
  compiled(`hotline: A\nnumbers: ["1"]\nqueues: { desk: {} }\nstart: first\nsteps:${steps}\n  end: { say: Goodbye., next: hang-up }\n`)

/** The numbered parts of an explanation, without what is said of silence and mistakes. */
const partsOf = (words: string): string[] =>
  words
    .split(/\n(?=\d\. )/)
    .slice(1)
    .map((part) =>
      part
        .split('\n')
        .filter((line) => !/^ {3}(?:Silence|Presses another key: hears|Keys in what|Keys in too|The \w+ time|The entry ends)/.test(line))
        .map((line) => line.replace(/^\d\.| {3}/, '').trim())
        .join(' '),
    )
