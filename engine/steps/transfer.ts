import { duration, mapping, stepName, text, written } from './fields.ts'
import { dialled } from './keys.ts'
import { defineStep, firstOf, does, when } from './step.ts'

const number = dialled(written(/^\+?(?=.*\d)[\d ()/-]{2,24}$/, 'must be a telephone number; write "+61 2 6205 0000"')).describe(
  'The number to call, in quotes.',
).meta({ title: 'a number' })

/** A number as it is dialled. */
const digitsOf = (written: string): string => written.replaceAll(/[^\d+]/g, '')

/** Calls another number and connects the caller with it. */
export const transfer = defineStep({
  kind: 'transfer',
  summary: 'Calls another number and connects the caller with it.',
  manual: `
    The admin says which numbers may be called ([TRANSFERS](../admins/settings.md)); by default none.
  `,
  examples: [
    `
    depot:
      transfer: "+61 2 6205 0000"
      say: I am putting you through to the depot.
      ring: 20s
      busy: agent
      no-answer: agent
      failed: agent
      answered: goodbye
    `,
  ],
  value: true,
  valueName: 'to',
  role: 'leaves',
  schema: mapping({
    transfer: number,
    say: text.optional().describe('Said before the number is called. Default: nothing.'),
    ring: duration.default(30_000).describe('How long it may ring. Default: `30s`.'),
    answered: stepName.optional().describe('Where the call goes when the other side has hung up.'),
    busy: stepName.optional().describe('Where the call goes when it is engaged. Default: as `failed`.'),
    'no-answer': stepName
      .optional()
      .describe('Where the call goes when nobody answers in time. Default: as `failed`.'),
    failed: stepName
      .optional()
      .describe('Where the call goes when the number cannot be called, or is not allowed.'),
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
          does({ type: 'transfer', params: { to: digitsOf(step.transfer), ring: step.ring } }),
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
  survives: (step, s) => [
    ...(step.say === undefined ? [] : [{ act: 'say' as const, words: [s.said(step.say)] }]),
    {
      act: 'call', number: digitsOf(step.transfer), ring: step.ring,
      ends: { answered: s.go('answered'), busy: s.go('busy'), 'no-answer': s.go('no-answer'), failed: s.go('failed') },
    },
  ],
})
