import { z } from 'zod'
import { mapping, stepName } from './fields.ts'
import { defineStep, does } from './step.ts'

/** Leaves a note for the agent and for the record of the call. What is noted is told at every hand-over that follows. */
export const note = defineStep({
  kind: 'note',
  summary: 'Leaves a note for the agent and for the record of the call.',
  manual: `
    At every hand-over that follows the agent is told of it, under the name \`note\`, beside what \`tell\` names. Secret
    answers cannot stand in it.
  `,
  examples: [
    `
    wants-change:
      - note: Wants to move the appointment on {{ now | date }}.
      - set: { matter: change }
        next: agent
    `,
  ],
  value: true,
  valueName: 'text',
  role: 'passes',
  schema: mapping({
    note: z
      .string({ error: 'must be a text; write for instance Wants {{ matter }}' })
      .regex(/\S/, 'the note is empty; write what the agent should know')
      .max(500, 'must be 500 characters or fewer; an agent reads it in a moment')
      .describe('What the agent should know, in the agents\' language. Values stand in {{ }}.')
      .meta({ title: 'a text' }),
    next: stepName.optional(),
  }),
  ways: (step) => [{ what: 'next', path: ['next'], to: step.next, orElse: 'following' }],
  parts: (step) => ({ templates: [{ path: ['note'], text: step.note }] }),
  compile: (step, c) => ({ entry: does({ type: 'note', params: { text: step.note } }), always: c.go('next') }),
  survives(_, s) {
    s.loses('agents are not told the note')
    return [{ act: 'go', go: s.go('next') }]
  },
})
