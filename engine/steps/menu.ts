import { z } from 'zod'
import { asking, ladders, questionOf } from './asking.ts'
import { inOrder, inputFields, mapping, stepName, text } from './fields.ts'
import { keyName } from './keys.ts'
import { answers, setParts, setValues, spokenLanguage } from './set.ts'
import { defineStep, does, when, type Ask, type Said, type Wording } from './step.ts'

const choice = mapping({
  for: text
    .optional()
    .describe('The matter, as it is said: "For {matter}, press 1." Default: the key is not announced.'),
  in: spokenLanguage
    .optional()
    .describe('The language in which this choice is said, whatever the caller speaks. Default: that of the call.'),
  go: stepName.optional().describe('Where the call goes. Default: the next step of the list.'),
  set: answers
    .optional()
    .describe('Answers to keep, as in [set](#set); `language` changes what is spoken. Default: none.'),
})

const example = 'write { 1: { for: a new booking, go: NAME } }'
const goOnly = stepName.transform((go): z.output<typeof choice> => ({ go }))
const choices = inOrder(
  keyName,
  z.union([goOnly, choice], {
    error: 'must be the name of a step, or what the key is for; write { for: a new booking, go: NAME }',
  }),
  example,
).describe('The choices, in the order in which they are said: `0` to `9`, `"*"`, `"#"`.').meta({ title: 'keys' })

const schema = mapping({
  say: text
    .optional()
    .describe('Said before the choices; or all of the menu, when no key has a label. Default: only the choices.'),
  keys: choices,
  ...inputFields,
}).superRefine((step, ctx) => {
  if (step.keys.length === 0)
    ctx.addIssue({ code: 'custom', path: ['keys'], message: 'no key is on offer', params: { suggestion: example } })
  else if (step.say === undefined && step.keys.every((one) => one.for === undefined))
    ctx.addIssue({
      code: 'custom',
      path: [],
      message: 'the menu says nothing',
      params: { suggestion: 'give each key a label with for:, or the whole menu a text with say:' },
    })
})

type Fields = z.output<typeof schema>

/**
 * Offers choices and takes one key. From labels (`for`) the prompt is composed, the matter before the key
 * (ETSI ETR 096 §5.1.3). A key cuts the prompt short; one pressed before the menu is reached is its answer at once.
 */
export const menu = defineStep({
  kind: 'menu',
  summary: 'Offers choices and takes one key.',
  manual: `
    The prompt is made of the labels: "For a new booking, press 1. ..." A label that begins with "to" becomes
    "To ..., press 1." A key without a label is not announced. \`1: book\` is short for \`1: { go: book }\`.

    How long callers have, and what they hear when they press nothing or a wrong key:
    [how keys are collected](keys.md).
  `,
  examples: [
    `
    topics:
      menu:
        say: What is your call about?
        keys:
          1: { for: a new booking, go: agent, set: { matter: new booking } }
          2: { for: to change a booking, go: agent, set: { matter: change } }
          "*": { for: hearing this again, go: topics }
          0: { for: a person, go: agent }
        no-input:
          - I did not hear a key.
          - Please press one of the keys that I name, or wait for a person.
        no-match: That key is not on offer.
        wait: 6s
        tries: 3
        otherwise: agent
    `,
  ],
  role: 'asks',
  schema,
  ways: (step) => [
    ...step.keys.map(({ key, go }) => ({
      what: `key ${key}`,
      path: ['keys', key, 'go'],
      to: go,
      orElse: 'following' as const,
      pressed: true as const,
    })),
    { what: 'otherwise', path: ['otherwise'], to: step.otherwise, orElse: 'otherwise' },
  ],
  parts: (step) => {
    const sets = step.keys.map((one) => setParts(one.set ?? {}, ['keys', one.key, 'set']))
    return {
      texts: [
        ...(step.say === undefined ? [] : [{ path: ['say'], text: step.say }]),
        ...step.keys.flatMap((one) =>
          one.for === undefined ? [] : [{ path: ['keys', one.key, 'for'], text: one.for, in: one.in }],
        ),
        ...(step['no-input'] ?? []).map((one, i) => ({ path: ['no-input', i], text: one })),
        ...(step['no-match'] ?? []).map((one, i) => ({ path: ['no-match', i], text: one })),
      ],
      offers: [{ path: ['say'], keys: step.keys.filter((one) => one.for !== undefined).map(({ key }) => key) }],
      languages: [
        ...step.keys.flatMap((one) => (one.in ? [{ path: ['keys', one.key, 'in'], name: one.in }] : [])),
        ...sets.flatMap((s) => s.languages ?? []),
      ],
      sets: sets.flatMap((s, i) => (s.sets ?? []).map((one) => ({ ...one, by: `key ${step.keys[i]!.key}` }))),
      templates: sets.flatMap((s) => s.templates ?? []),
    }
  },
  compile(step, c) {
    const { wait = c.input.wait, tries = c.input.tries } = step
    return asking({ ask: askOf(step, c), wait, tries, spent: c.go('otherwise') }, {
      keyed: {
        always: [
          ...step.keys.map((one) => ({
            guard: when({ type: 'key-is', params: { key: one.key } }),
            ...c.go(`key ${one.key}`, [
              does({ type: 'take-key' }),
              ...(one.set ? [does({ type: 'set', params: { values: setValues(one.set) } })] : []),
            ]),
          })),
          // What was keyed behind a wrong key was meant for another menu.
          { target: 'wrong', actions: [does({ type: 'drop-keys' })] },
        ],
      },
    })
  },
  survives: (step, s) => [
    {
      act: 'choose',
      question: questionOf(askOf(step, s), step, s),
      keys: Object.fromEntries(
        step.keys.map((one) => [one.key, s.go(`key ${one.key}`, one.set && setValues(one.set))]),
      ),
    },
  ],
})

/** What is asked, made of the labels, and what is said when things went wrong. */
function askOf(step: Fields, c: Wording): Ask {
  const items = step.keys.flatMap((one) => item(one, c))
  const first = step.say === undefined ? [] : [c.said(step.say)]
  const prompt = items.length > 0 ? [...first.map(asSentence), ...items] : first
  return { prompt, ...ladders(step, c, 'noInput', 'noMatch'), short: [], bargeIn: step['barge-in'] }
}

/** "Our services" before the choices is a sentence of its own, also without its full stop. */
const asSentence = ({ texts, ...more }: Said): Said => ({
  ...more,
  texts: Object.fromEntries(
    Object.entries(texts).map(([tag, words]) => [tag, words.replace(/(?<=[\p{L}\p{N})}])\s*$/u, '.')]),
  ),
})

/** "For a new booking, press 1." in each language, or in the choice's own. */
function item(one: z.output<typeof choice> & { key: string }, c: Wording): Said[] {
  if (one.for === undefined) return []
  const label = c.said(one.for, one.in)
  return [c.phrase((pack, language) => pack.menuItem(label.texts[language] ?? '', one.key), one.in, ['keys', one.key, 'for'])]
}
