import { z } from 'zod'
import { mapping, stepName } from './fields.ts'
import { defineStep, when } from './step.ts'

/** Goes one way within opening hours and another outside them. */
export const hours = defineStep({
  kind: 'hours',
  summary: 'Goes one way within opening hours and another outside them.',
  examples: [
    `
    opened:
      hours: office
      open: main
      closed: goodbye
    `,
  ],
  value: true,
  valueName: 'name',
  role: 'passes',
  schema: mapping({
    hours: z
      .string({ error: 'must be the name of opening hours; list them under opening-hours:' })
      .describe('A name under `opening-hours`.')
      .meta({ title: 'a name' }),
    open: stepName.optional().describe('Where the call goes when it is open.'),
    closed: stepName.optional().describe('Where the call goes when it is not.'),
  }),
  ways: (step) => [
    { what: 'open', path: ['open'], to: step.open, orElse: 'following' },
    { what: 'closed', path: ['closed'], to: step.closed, orElse: 'following' },
  ],
  parts: (step) => ({ hours: [{ path: ['hours'], name: step.hours }] }),
  compile: (step, c) => ({
    always: [{ guard: when({ type: 'open', params: { hours: step.hours } }), ...c.go('open') }, c.go('closed')],
  }),
  survives: (step, s) => [
    { act: 'branch', if: { open: step.hours }, go: s.go('open') },
    { act: 'go', go: s.go('closed') },
  ],
})
