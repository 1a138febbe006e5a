import { duration, mapping, stepName, text, written } from './fields.ts'
import { defineStep, firstOf, does, when } from './step.ts'

const number = written(/^\+?(?=.*\d)[\d ()/-]{2,24}$/, 'must be a telephone number; write "+61 2 6205 0000"').describe(
  'The number to call. The admin says which numbers may be called.',
)

/** Calls another number and connects the caller with it. */
export const transfer = defineStep({
  kind: 'transfer',
  summary: 'Calls another number and connects the caller with it.',
  value: true,
  role: 'leaves',
  schema: mapping({
    transfer: number,
    say: text.optional().describe('Said before the number is called.'),
    ring: duration.default(30_000).describe('How long it may ring. Default 30s.'),
    answered: stepName.optional().describe('Where the call goes when the other side has hung up. Default: it ends.'),
    busy: stepName.optional().describe('Default: as `failed`.'),
    'no-answer': stepName.optional().describe('Default: as `failed`.'),
    failed: stepName.optional().describe('Default: defaults.failed, else words of regret and the end.'),
  }),
  ways: (step) => [
    { what: 'answered', path: ['answered'], to: step.answered, orElse: 'hang-up' },
    { what: 'busy', ...firstOf(step, ['busy', 'failed']), orElse: 'failed' },
    { what: 'no-answer', ...firstOf(step, ['no-answer', 'failed']), orElse: 'failed' },
    { what: 'failed', path: ['failed'], to: step.failed, orElse: 'failed' },
  ],
  parts: (step) => ({ texts: step.say === undefined ? [] : [{ path: ['say'], text: step.say }] }),
  compile: (step, c) => ({
    initial: step.say === undefined ? 'calling' : 'telling',
    states: {
      ...(step.say === undefined
        ? {}
        : {
            telling: {
              entry: does({ type: 'play', params: { say: [c.said(step.say)], bargeIn: false } }),
              on: { 'prompt-finished': { target: 'calling' } },
            },
          }),
      calling: {
        entry: [
          does({ type: 'drop-keys' }),
          does({ type: 'transfer', params: { to: step.transfer.replaceAll(/[^\d+]/g, ''), ring: step.ring } }),
        ],
        on: {
          'key-pressed': {},
          'transfer-ended': [
            ...(['answered', 'busy', 'no-answer'] as const).map((how) => ({
              guard: when({ type: 'ended', params: { how } }),
              ...c.go(how),
            })),
            c.go('failed'),
          ],
        },
      },
    },
  }),
})
