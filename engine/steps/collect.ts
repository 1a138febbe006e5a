import { asking, ladders, onKey } from './asking.ts'
import {
  answerName,
  condition,
  digitCount,
  duration,
  flag,
  inputFields,
  key,
  mapping,
  stepName,
  text,
  texts,
} from './fields.ts'
import { defineStep, does, when } from './step.ts'

/**
 * Asks for digits and keeps them as an answer.
 *
 * The entry is complete when the most digits are keyed, when the end key is pressed, or when no further key comes
 * for the time `between-keys` (VoiceXML 2.1: interdigittimeout). `*` begins the entry again. An end key pressed out
 * of habit after the last of a fixed number of digits is no key for the next step, and no second mistake after a first.
 */
export const collect = defineStep({
  kind: 'collect',
  summary: 'Asks for digits and keeps them as an answer.',
  role: 'asks',
  schema: mapping({
    say: text,
    digits: digitCount,
    into: answerName.describe('The name under which the digits are kept, as a text: leading zeros stay.'),
    end: key.default('#').describe('The key that ends an entry. Default "#".'),
    check: condition.optional().describe('A condition that the answer must meet; else it is a no-match.'),
    secret: flag.default(false).describe('Never in a log, a record, a prompt or on a page.'),
    'between-keys': duration.optional().describe('Silence allowed between two keys. Default 2s.'),
    'too-few': texts.optional().describe('Said when fewer digits were keyed than are needed.'),
    next: stepName.optional(),
    ...inputFields,
  }),
  ways: (step) => [
    { what: 'next', path: ['next'], to: step.next, orElse: 'following' },
    { what: 'otherwise', path: ['otherwise'], to: step.otherwise, orElse: 'otherwise' },
  ],
  parts: (step) => ({
    texts: [
      { path: ['say'], text: step.say },
      ...(['no-input', 'no-match', 'too-few'] as const).flatMap((field) =>
        (step[field] ?? []).map((one, i) => ({ path: [field, i], text: one })),
      ),
    ],
    sets: [{ path: ['into'], name: step.into, value: { type: 'text' }, secret: step.secret, by: 'next' }],
    expressions: step.check === undefined ? [] : [{ path: ['check'], cel: step.check, wants: 'yes-no' }],
  }),
  compile(step, c) {
    const { least, most } = step.digits
    const { into, end, check } = step
    const betweenKeys = step['between-keys'] ?? c.input.betweenKeys
    const ended = { end, betweenKeys }
    const refuse = does({ type: 'refuse-entry', params: ended })
    const keyed = { target: 'keyed', actions: [does({ type: 'keep-key' })] }
    const short = step['too-few']?.map((one) => c.said(one)) ?? [c.phrase((pack) => pack.tooFew)]
    const ask = { prompt: [c.said(step.say)], ...ladders(step, c, 'noEntry', 'notAccepted'), short, bargeIn: step['barge-in'] }
    return {
      ...(step.secret ? { tags: ['secret'] } : {}),
      ...asking(
        ask,
        step.wait ?? c.input.wait,
        step.tries ?? c.input.tries,
        c,
        {
          keyed: {
            entry: does({ type: 'take-digit', params: { end } }),
            always: [
              { guard: when({ type: 'entry-complete', params: { most } }), target: 'judging' },
              { guard: when({ type: 'keys-waiting' }), target: 'keyed', reenter: true },
              { guard: when({ type: 'nothing-keyed' }), target: 'listening' },
              { target: 'between' },
            ],
          },
          between: { after: { [betweenKeys]: { target: 'judging' } }, on: { 'key-pressed': onKey(keyed) } },
          judging: {
            always: [
              {
                guard: when({
                  type: 'entry-fits',
                  params: { into, least, most, ...(check === undefined ? {} : { check }) },
                }),
                ...c.go('next', [does({ type: 'keep-answer', params: { into, ...ended } })]),
              },
              { guard: when({ type: 'entry-too-short', params: { least } }), target: 'short', actions: [refuse] },
              { target: 'wrong', actions: [refuse] },
            ],
          },
          // Before the question is asked there is nothing to end and nothing to begin again.
        },
        [does({ type: 'skip-keys', params: { keys: [end, '*'] } })],
      ),
    }
  },
})
