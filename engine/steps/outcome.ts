import { z } from 'zod'
import { mapping, stepName } from './fields.ts'
import { defineStep, does } from './step.ts'

/** Notes what came of the call: in its record, and as `caller.last.outcome` when the caller rings again. */
export const outcome = defineStep({
  kind: 'outcome',
  summary: 'Notes what came of the call.',
  value: true,
  role: 'passes',
  schema: mapping({
    outcome: z
      .string({ error: 'must be a name; write for instance booked' })
      .regex(
        /^[a-z][a-z0-9-]*$/,
        'an outcome is named with small letters, digits and hyphens; write for instance new-booking',
      ),
    next: stepName.optional(),
  }),
  ways: (step) => [{ what: 'next', path: ['next'], to: step.next, orElse: 'following' }],
  parts: () => ({}),
  compile: (step, c) => ({ entry: does({ type: 'outcome', params: { name: step.outcome } }), always: c.go('next') }),
})
