import { z } from 'zod'
import { mapping, stepName } from './fields.ts'
import { defineStep, does } from './step.ts'

/** Leaves a note for the agent and for the record of the call. What is noted is told at every hand-over that follows. */
export const note = defineStep({
  kind: 'note',
  summary: 'Leaves a note for the agent and for the record of the call.',
  value: true,
  role: 'passes',
  schema: mapping({
    note: z
      .string({ error: 'must be a text; write for instance Wants {{ matter }}' })
      .regex(/\S/, 'the note is empty; write what the agent should know')
      .max(500, 'must be 500 characters or fewer; an agent reads it in a moment')
      .describe('What the agent should know, in the language of the agents. Values stand in {{ }}.'),
    next: stepName.optional(),
  }),
  ways: (step) => [{ what: 'next', path: ['next'], to: step.next, orElse: 'following' }],
  parts: (step) => ({ templates: [{ path: ['note'], text: step.note }] }),
  compile: (step, c) => ({ entry: does({ type: 'note', params: { text: step.note } }), always: c.go('next') }),
})
