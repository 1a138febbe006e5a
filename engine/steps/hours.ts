import { z } from 'zod'
import { mapping, stepName } from './fields.ts'
import { defineStep, when } from './step.ts'

/** Goes one way within opening hours and another outside them. */
export const hours = defineStep({
  kind: 'hours',
  summary: 'Goes one way within opening hours and another outside them.',
  value: true,
  role: 'passes',
  schema: mapping({
    hours: z
      .string({ error: 'must be the name of opening hours; list them under opening-hours:' })
      .describe('The name of opening hours under `opening-hours`.'),
    open: stepName.optional(),
    closed: stepName.optional(),
  }),
  ways: (step) => [
    { what: 'open', path: ['open'], to: step.open, orElse: 'following' },
    { what: 'closed', path: ['closed'], to: step.closed, orElse: 'following' },
  ],
  parts: (step) => ({ hours: [{ path: ['hours'], name: step.hours }] }),
  compile: (step, c) => ({
    always: [{ guard: when({ type: 'open', params: { hours: step.hours } }), ...c.go('open') }, c.go('closed')],
  }),
})
