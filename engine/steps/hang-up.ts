import { z } from 'zod'
import { defineStep, does } from './step.ts'

/** Ends the call. */
export const hangUp = defineStep({
  kind: 'hang-up',
  summary: 'Ends the call.',
  value: true,
  role: 'leaves',
  schema: z.strictObject({ 'hang-up': z.null({ error: '`hang-up` stands alone' }).optional() }),
  ways: () => [],
  parts: () => ({}),
  compile: () => ({ type: 'final', entry: does({ type: 'hang-up' }) }),
})
