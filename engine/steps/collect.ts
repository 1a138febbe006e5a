import type { z } from 'zod'
import { asking, ladders, questionOf } from './asking.ts'
import { beforeEntry, entering } from './entry.ts'
import {
  answerName,
  condition,
  digitCount,
  duration,
  flag,
  inputFields,
  mapping,
  stepName,
  text,
  texts,
} from './fields.ts'
import { endKey } from './keys.ts'
import { defineStep, type Ask, type Wording } from './step.ts'

const schema = mapping({
  say: text.describe('The question.'),
  digits: digitCount,
  into: answerName.describe('The name under which the digits are kept, as a text: leading zeros stay.'),
  end: endKey.default('#').describe('The key that ends an entry. Default: `"#"`.'),
  check: condition
    .optional()
    .describe('What the answer must meet; else it is a no-match. Default: every answer fits.'),
  secret: flag.default(false).describe('Whether it is kept from everybody. Default: `false`.'),
  'between-keys': duration
    .optional()
    .describe('Silence allowed between two keys. Default: `defaults.input.between-keys`, else `2s`.'),
  'too-few': texts
    .optional()
    .describe('Said when fewer digits were keyed than are needed. Default: a text of the language.'),
  next: stepName.optional().describe('Where the call goes with the answer.'),
  ...inputFields,
})

/**
 * Asks for digits and keeps them as an answer.
 *
 * The entry is complete when the most digits are keyed, when the end key is pressed, or when no further key comes
 * for the time `between-keys` (VoiceXML 2.0: interdigittimeout). `*` begins the entry again. An end key pressed out
 * of habit after the last of a fixed number of digits is no key for the next step, and no second mistake after a first.
 */
export const collect = defineStep({
  kind: 'collect',
  summary: 'Asks for digits and keeps them as an answer.',
  manual: `
    How long callers have, and what ends an entry: [how keys are collected](keys.md). What is \`secret\` stands in no
    log, record, prompt or page, and is not told to agents; the checker refuses a flow that would tell it.
  `,
  examples: [
    `
    ask:
      - collect:
          say: Please key in your four digit postcode.
          digits: 4
          into: postcode
          check: postcode.startsWith("2")
          no-match: We do not know that postcode.
          otherwise: agent
      - collect:
          say: Please key in your PIN, then the hash key.
          digits: 4-6
          end: "#"
          into: pin
          secret: true
          between-keys: 3s
          too-few: A PIN has at least four digits.
          otherwise: agent
      - say: Thank you.
        next: agent
    `,
  ],
  role: 'asks',
  schema,
  ways: (step) => [
    { what: 'next', path: ['next'], to: step.next, orElse: 'following', pressed: true },
    { what: 'otherwise', path: ['otherwise'], to: step.otherwise, orElse: 'otherwise' },
  ],
  parts: (step) => ({
    texts: [
      { path: ['say'], text: step.say },
      ...(['no-input', 'no-match', 'too-few'] as const).flatMap((field) =>
        (step[field] ?? []).map((one, i) => ({ path: [field, i], text: one })),
      ),
    ],
    sets: [{ path: ['into'], name: step.into, value: { type: 'text' }, secret: step.secret, by: 'next', digits: step.digits }],
    expressions: step.check === undefined ? [] : [{ path: ['check'], cel: step.check, wants: 'yes-no' }],
  }),
  compile(step, c) {
    const { into, end, check, wait = c.input.wait, tries = c.input.tries } = step
    const entry = { ...step.digits, into, end, check, betweenKeys: step['between-keys'] ?? c.input.betweenKeys }
    return {
      ...(step.secret ? { tags: ['secret'] } : {}),
      ...asking(
        { ask: askOf(step, c), wait, tries, spent: c.go('otherwise'), first: beforeEntry(end) },
        entering(entry, (first) => c.go('next', first)),
      ),
    }
  },
  survives(step, s) {
    if (step.secret) {
      // What is keyed stands in Asterisk's variables and in its log.
      s.loses(`the caller is not asked for ${step.into}, which is secret`, 'otherwise')
      return [{ act: 'go', go: s.go('otherwise') }]
    }
    const check = step.check === undefined ? {} : { check: s.condition(step.check, true) }
    return [
      {
        act: 'enter', question: questionOf(askOf(step, s), step, s), ...step.digits, end: step.end,
        betweenKeys: step['between-keys'] ?? s.input.betweenKeys, into: step.into, ...check, next: s.go('next'),
      },
    ]
  },
})

/** What is asked, and what is said when things went wrong. */
function askOf(step: z.output<typeof schema>, c: Wording): Ask {
  const short = step['too-few']?.map((one) => c.said(one)) ?? [c.phrase((pack) => pack.tooFew)]
  return { prompt: [c.said(step.say)], ...ladders(step, c, 'noEntry', 'notAccepted'), short, bargeIn: step['barge-in'] }
}
