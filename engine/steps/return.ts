import { z } from 'zod'
import { mapping } from './fields.ts'
import { defineStep } from './step.ts'

/** Goes back to the step that called. */
export const return_ = defineStep({
  kind: 'return',
  summary: 'Goes back to the step that called.',
  manual: `
    It stands alone, as \`return\`, and is also a way on: \`next: return\`. The call goes on by the \`next\` of the
    [call](#call).
  `,
  examples: [
    `
    greeted:
      call: greet
      next: main
    greet:
      - say: Good to hear from you again.
      - return
    `,
  ],
  value: true,
  role: 'passes',
  schema: mapping({
    return: z
      .null({ error: 'return has nothing behind it; write return alone' })
      .optional()
      .describe('Nothing stands behind it.'),
  }),
  ways: () => [{ what: 'return', path: ['return'], to: 'return' }],
  parts: () => ({}),
  compile: (_, c) => ({ always: c.go('return') }),
  survives: (_, s) => [{ act: 'go', go: s.go('return') }],
})
