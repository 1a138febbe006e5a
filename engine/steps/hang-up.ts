import { z } from 'zod'
import { mapping } from './fields.ts'
import { defineStep, does } from './step.ts'

/** Ends the call. */
export const hangUp = defineStep({
  kind: 'hang-up',
  summary: 'Ends the call.',
  manual: `
    It stands alone, as \`hang-up\`, and is also a way on: \`next: hang-up\`.
  `,
  examples: [
    `
    end:
      - say: Goodbye.
      - hang-up
    `,
  ],
  value: true,
  role: 'leaves',
  schema: mapping({
    'hang-up': z
      .null({ error: 'hang-up has nothing behind it; write hang-up alone' })
      .optional()
      .describe('Nothing stands behind it.'),
  }),
  ways: () => [],
  parts: () => ({}),
  compile: () => ({ type: 'final', entry: does({ type: 'hang-up' }) }),
  survives: () => [{ act: 'go', go: { end: 'hang-up' } }],
})
