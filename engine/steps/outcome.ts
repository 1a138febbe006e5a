import { z } from 'zod'
import { mapping, stepName } from './fields.ts'
import { defineStep, does } from './step.ts'

/** Notes what came of the call: in its record, and as `caller.last.outcome` when the caller rings again. */
export const outcome = defineStep({
  kind: 'outcome',
  summary: 'Notes what came of the call.',
  manual: `
    It stands in the log, and is \`caller.last.outcome\` when the caller rings again. The last one noted counts.
  `,
  examples: [
    `
    booked:
      - outcome: booked
      - say: Your appointment is booked.
        next: goodbye
    `,
  ],
  value: true,
  valueName: 'name',
  role: 'passes',
  schema: mapping({
    outcome: z
      .string({ error: 'must be a name; write for instance booked' })
      .regex(
        /^[a-z][a-z0-9-]*$/,
        'an outcome is named with small letters, digits and hyphens; write for instance new-booking',
      )
      .describe('A name of your own: small letters, digits and hyphens.')
      .meta({ title: 'a name' }),
    next: stepName.optional(),
  }),
  ways: (step) => [{ what: 'next', path: ['next'], to: step.next, orElse: 'following' }],
  parts: (step) => ({ outcomes: [step.outcome] }),
  compile: (step, c) => ({ entry: does({ type: 'outcome', params: { name: step.outcome } }), always: c.go('next') }),
  // No engine, no record of the call to note it in.
  survives: (_, s) => [{ act: 'go', go: s.go('next') }],
})
