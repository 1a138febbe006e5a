import { asking, ladders } from '../../engine/steps/asking.ts'
import { answerName, inputFields, mapping, stepName, text } from '../../engine/steps/fields.ts'
import { defineStep, does, when } from '../../engine/steps/step.ts'

/**
 * A kind that there is not: nothing in the program and nothing in the other tests can know of it. It is written as any
 * other, in one file.
 */
export const confirm = defineStep({
  kind: 'confirm',
  summary: 'Asks a question that is answered by yes or no.',
  manual: `
    Key 1 is yes, key 2 is no: say so in the question.
  `,
  examples: [
    `
    sure:
      confirm:
        say: Shall we cancel your appointment? If so, press 1. If not, press 2.
        into: sure
      yes: goodbye
      no: main
      otherwise: agent
    `,
  ],
  role: 'asks',
  schema: mapping({
    say: text.describe('The question.'),
    into: answerName.optional().describe('The name under which the answer is kept. Default: it is not kept.'),
    yes: stepName.optional().describe('Where the call goes at key 1.'),
    no: stepName.optional().describe('Where the call goes at key 2.'),
    ...inputFields,
  }),
  ways: (step) => [
    { what: 'key 1', path: ['yes'], to: step.yes, orElse: 'following' },
    { what: 'key 2', path: ['no'], to: step.no, orElse: 'following' },
    { what: 'otherwise', path: ['otherwise'], to: step.otherwise, orElse: 'otherwise' },
  ],
  parts: (step) => ({
    texts: [{ path: ['say'], text: step.say }],
    sets: step.into === undefined ? [] : [{ path: ['into'], name: step.into, value: { type: 'yes-no' } }],
  }),
  compile(step, c) {
    const keep = (value: boolean) =>
      step.into === undefined ? [] : [does({ type: 'set', params: { values: { [step.into]: { value } } } })]
    const answer = (key: string, value: boolean) => ({
      guard: when({ type: 'key-is', params: { key } }),
      ...c.go(`key ${key}`, [does({ type: 'take-key' }), ...keep(value)]),
    })
    const ask = { prompt: [c.said(step.say)], ...ladders(step, c, 'noInput', 'noMatch'), short: [], bargeIn: step['barge-in'] }
    const { wait = c.input.wait, tries = c.input.tries } = step
    const wrong = { target: 'wrong', actions: [does({ type: 'drop-keys' })] }
    return asking(
      { ask, wait, tries, spent: c.go('otherwise') },
      { keyed: { always: [answer('1', true), answer('2', false), wrong] } },
    )
  },
})
