import { z } from 'zod'
import { asking, ladders } from './asking.ts'
import { inOrder, inputFields, key, mapping, stepName, text } from './fields.ts'
import { answers, setParts, setValues, spokenLanguage } from './set.ts'
import { defineStep, does, when, type Compiling, type Said } from './step.ts'

const choice = mapping({
  for: text.optional().describe('The matter, as it is said: "For {matter}, press 1."'),
  in: spokenLanguage.optional().describe('The language in which this choice is said, whatever the caller speaks.'),
  go: stepName.optional().describe('Where the call goes. Default: the next step of the list.'),
  set: answers.optional(),
})

const example = 'write { 1: { for: a new booking, go: NAME } }'
const goOnly = stepName.transform((go): z.output<typeof choice> => ({ go }))
const choices = inOrder(
  key,
  z.union([goOnly, choice], {
    error: 'must be the name of a step, or what the key is for; write { for: a new booking, go: NAME }',
  }),
  example,
).describe('The keys on offer, in the order in which they are said.')

/**
 * Offers choices and takes one key. From labels (`for`) the prompt is composed, the matter before the key
 * (ETSI ETR 096 §5.1.3). A key cuts the prompt short; one pressed before the menu is reached is its answer at once.
 */
export const menu = defineStep({
  kind: 'menu',
  summary: 'Offers choices and takes one key.',
  role: 'asks',
  schema: mapping({ say: text.optional(), keys: choices, ...inputFields }).superRefine((step, ctx) => {
    if (step.keys.length === 0)
      ctx.addIssue({ code: 'custom', path: ['keys'], message: 'no key is on offer', params: { suggestion: example } })
    else if (step.say === undefined && step.keys.every((one) => one.for === undefined))
      ctx.addIssue({
        code: 'custom',
        path: [],
        message: 'the menu says nothing',
        params: { suggestion: 'give each key a label with for:, or the whole menu a text with say:' },
      })
  }),
  ways: (step) => [
    ...step.keys.map(({ key, go }) => ({
      what: `key ${key}`,
      path: ['keys', key, 'go'],
      to: go,
      orElse: 'following' as const,
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
      languages: [
        ...step.keys.flatMap((one) => (one.in ? [{ path: ['keys', one.key, 'in'], name: one.in }] : [])),
        ...sets.flatMap((s) => s.languages ?? []),
      ],
      sets: sets.flatMap((s, i) => (s.sets ?? []).map((one) => ({ ...one, by: `key ${step.keys[i]!.key}` }))),
      templates: sets.flatMap((s) => s.templates ?? []),
    }
  },
  compile(step, c) {
    const prompt = [...(step.say === undefined ? [] : [c.said(step.say)]), ...step.keys.flatMap((one) => item(one, c))]
    const ask = { prompt, ...ladders(step, c, 'noInput', 'noMatch'), short: [], bargeIn: step['barge-in'] }
    return asking(ask, step.wait ?? c.input.wait, step.tries ?? c.input.tries, c, {
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
})

/** "For a new booking, press 1." in each language, or in the choice's own. */
function item(one: z.output<typeof choice> & { key: string }, c: Compiling): Said[] {
  if (one.for === undefined) return []
  const label = c.said(one.for, one.in)
  return [c.phrase((pack, language) => pack.menuItem(label.texts[language] ?? '', one.key), one.in)]
}
