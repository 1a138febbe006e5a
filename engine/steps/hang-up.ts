import { z } from 'zod'
import { mapping } from './fields.ts'
import { defineStep, does } from './step.ts'

/** Ends the call. */
export const hangUp = defineStep({
  kind: 'hang-up',
  summary: 'Ends the call.',
  value: true,
  role: 'leaves',
  schema: mapping({ 'hang-up': z.null({ error: 'hang-up has nothing behind it; write hang-up alone' }).optional() }),
  ways: () => [],
  parts: () => ({}),
  compile: () => ({ type: 'final', entry: does({ type: 'hang-up' }) }),
})
