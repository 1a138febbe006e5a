import { z } from 'zod'
import { mapping, stepName } from './fields.ts'
import { defineStep } from './step.ts'

/**
 * Runs steps that several places share, and goes on when they return. What runs has a copy of those steps for each
 * place that calls them: see calls.ts in engine/language.
 */
export const call = defineStep({
  kind: 'call',
  summary: 'Runs steps that come back, from as many places as you like.',
  manual: `
    It calls a step of the same file, or a file beside the hotline's: \`call: identify\` is the step \`identify\`, and
    when there is none, \`identify.yaml\`. The steps go on as any others until one of them says \`return\`; then the
    call goes on by \`next\`. Answers that they set are kept.

    A file that is called has \`start:\` and \`steps:\`, and nothing else: numbers, queues, languages and defaults are
    those of the hotline. Names in it are its own; a name that it does not have is looked for in the hotline, so that it
    can lead to the hotline's \`agent\`. What is called may call in its turn, but never itself. An \`identify.yaml\`:

    \`\`\`yaml called
    start: ask
    steps:
      ask:
        collect: { say: Please key in your customer number., digits: 6, into: customer, otherwise: agent }
        next: thanks
      thanks:
        - say: Thank you.
        - return
    \`\`\`

    Pictures and explanations show such steps once for each call: \`identify@known\` is \`identify\` as \`known\` calls
    it.
  `,
  examples: [
    `
    known:
      call: identify
      next: main
    identify:
      collect: { say: Please key in your customer number., digits: 6, into: customer, otherwise: agent }
      next: return
    `,
  ],
  value: true,
  valueName: 'flow',
  role: 'passes',
  schema: mapping({
    call: z
      .string({ error: 'must be the name of a step or of a file; write for instance identify' })
      .regex(
        /^[a-z][a-z0-9-]*$/,
        'what is called is named with small letters, digits and hyphens; write for instance identify',
      )
      .describe('The first of the steps, or their file without `.yaml`.')
      .meta({ title: 'a step or a file' }),
    next: stepName.optional().describe('Where the call goes when they have returned.'),
  }),
  ways: (step) => [
    { what: 'call', path: ['call'], to: step.call, back: 'next' },
    { what: 'next', path: ['next'], to: step.next, orElse: 'following' },
  ],
  parts: () => ({}),
  compile: (_, c) => ({ always: c.go('call') }),
  survives: (_, s) => [{ act: 'go', go: s.go('call') }],
})
