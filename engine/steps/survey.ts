import { z } from 'zod'
import { asking, ladders } from './asking.ts'
import { answerName, inputFields, mapping, stepName, text, texts } from './fields.ts'
import { delivering } from './delivering.ts'
import { defineStep, does, firstOf, when } from './step.ts'

const scale = z
  .unknown()
  .transform((raw, ctx): { least: number; most: number } => {
    const [, a, b] = /^([0-9])\s*-\s*([0-9])$/.exec(String(raw)) ?? []
    if (a !== undefined && Number(b) > Number(a)) return { least: Number(a), most: Number(b) }
    ctx.addIssue({
      code: 'custom',
      message: 'must be a scale of one-digit keys',
      params: { suggestion: 'write 1-5, at most 0-9' },
    })
    return z.NEVER
  })
  .describe('The keys that are answers: 1-5.')
  .meta({ title: 'a range', type: 'string', pattern: '^[0-9]\\s*-\\s*[0-9]$', examples: ['1-5'] })

/**
 * Asks how satisfied the caller is, on a scale.
 *
 * Nobody is pressed for an answer: whoever says nothing goes on by `next`, after two tries. An answer that could not
 * be kept is no reason to trouble the caller.
 */
export const survey = defineStep({
  kind: 'survey',
  summary: 'Asks for one key on a scale and keeps the answer for the statistics.',
  manual: `
    Nobody is pressed for an answer: who says nothing goes on after two tries. Put it behind an agent's \`answered\`.
    How long callers have: [how keys are collected](keys.md).
  `,
  examples: [
    `
    satisfied:
      survey:
        say: How satisfied are you with this call, from 1, not at all, to 5, very much?
        scale: 1-5
      next: goodbye
    `,
  ],
  role: 'takes',
  asksFirst: true,
  schema: mapping({
    say: text.describe('The question.'),
    scale,
    into: answerName
      .default('score')
      .describe('The name under which the answer is kept as a number. Default: `score`.'),
    thanks: text.optional().describe('Said for an answer. Default: words of the language.'),
    next: stepName.optional(),
    ...inputFields,
    tries: inputFields.tries.describe('How often the caller is asked, 1 to 9. Default: 2.'),
    'no-match': texts.optional().describe('Said when the key is not on the scale, before the question is said again. Default: two texts of the language.'),
    otherwise: stepName.optional().describe('Where the call goes without an answer. Default: as `next`.'),
  }),
  ways: (step) => [
    { what: 'next', path: ['next'], to: step.next, orElse: 'following', pressed: true },
    { what: 'otherwise', ...firstOf(step, ['otherwise', 'next']), orElse: 'following' },
  ],
  parts: (step) => ({
    texts: [
      { path: ['say'], text: step.say },
      ...(['no-input', 'no-match'] as const).flatMap((field) =>
        (step[field] ?? []).map((one, i) => ({ path: [field, i], text: one })),
      ),
      ...(step.thanks === undefined ? [] : [{ path: ['thanks'], text: step.thanks }]),
    ],
    sets: [{ path: ['into'], name: step.into, value: { type: 'whole-number' }, by: 'next' }],
  }),
  compile(step, c) {
    const { into, scale: { least, most }, wait = c.input.wait, tries = 2 } = step
    const deliver = does({ type: 'deliver', params: { kind: 'survey', score: into, least, most } })
    const thanks = step.thanks === undefined ? c.phrase((pack) => pack.thanks) : c.said(step.thanks)
    const ask = { prompt: [c.said(step.say)], ...ladders(step, c, 'noInput', 'noMatch'), short: [], bargeIn: step['barge-in'] }
    const answers = Array.from({ length: most - least + 1 }, (_, i) => least + i)
    return {
      initial: 'question',
      states: {
        question: asking({ ask, wait, tries, spent: c.go('otherwise') }, {
          keyed: {
            always: [
              ...answers.map((value) => ({
                guard: when({ type: 'key-is', params: { key: String(value) } }),
                ...c.here('kept'),
                actions: [does({ type: 'take-key' }), does({ type: 'set', params: { values: { [into]: { value } } } })],
              })),
              { target: 'wrong', actions: [does({ type: 'drop-keys' })] },
            ],
          },
        }),
        kept: delivering(deliver, { ...c, go: (_what, first) => c.go('next', first) }),
        thanked: {
          entry: does({ type: 'play', params: { say: [thanks], bargeIn: false } }),
          on: { 'prompt-finished': c.go('next') },
        },
      },
    }
  },
  survives(_, s) {
    s.loses('the survey is not taken', 'otherwise')
    return [{ act: 'go', go: s.go('otherwise') }]
  },
})
