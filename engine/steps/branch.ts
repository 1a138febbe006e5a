import { z } from 'zod'
import { condition, mapping, stepName } from './fields.ts'
import type { Act } from '../survival.ts'
import { defineStep, when, type Said } from './step.ts'

const way = mapping(
  { if: condition.optional().describe('When this way is taken. Default: always.'), go: stepName },
  'write { if: postcode == "2600", go: NAME }',
)

const branches = z
  .array(way, {
    error: 'must be a list; write - { if: postcode == "2600", go: NAME } for each way',
  })
  .min(1, 'there is no way in it; write - { if: postcode == "2600", go: NAME }')
  .superRefine((list, ctx) => {
    for (const [i, one] of list.slice(0, -1).entries())
      if (one.if === undefined)
        ctx.addIssue({
          code: 'custom',
          path: [i],
          message: 'the branches below are never reached',
          params: { suggestion: 'give it an if:, or put it last' },
        })
  })
  .describe('The ways, each with its condition: `{ if: ..., go: ... }`.')
  .meta({ title: 'a list' })

/** Chooses a way by conditions. One that cannot be computed counts as not true. */
export const branch = defineStep({
  kind: 'branch',
  summary: 'Chooses a way by conditions.',
  manual: `
    The first condition that is true is taken. One without \`if\` is always taken, and comes last. What conditions can
    read: [conditions](conditions.md).
  `,
  examples: [
    `
    known:
      branch:
        - if: caller.calls("72h") > 0 && caller.last.outcome == "gave-up"
          go: agent
        - go: main
    `,
  ],
  value: true,
  role: 'passes',
  schema: mapping({
    branch: branches,
    next: stepName
      .optional()
      .describe('Where the call goes when no condition is true. Default: the next step of the list.'),
  }),
  ways: (step) => [
    ...step.branch.map((one, i) => ({ what: `branch ${i + 1}`, path: ['branch', i, 'go'], to: one.go })),
    ...(step.branch.at(-1)?.if === undefined
      ? []
      : [{ what: 'next', path: ['next'], to: step.next, orElse: 'following' as const }]),
  ],
  parts: (step) => ({
    expressions: step.branch.flatMap((one, i) =>
      one.if === undefined ? [] : [{ path: ['branch', i, 'if'], cel: one.if, wants: 'yes-no' as const }],
    ),
  }),
  compile: (step, c) => ({
    always: [
      ...step.branch.map((one, i) => ({
        ...(one.if === undefined ? {} : { guard: when({ type: 'when', params: { cel: one.if } }) }),
        ...c.go(`branch ${i + 1}`),
      })),
      ...(step.branch.at(-1)?.if === undefined ? [] : [c.go('next')]),
    ],
  }),
  survives: (step, s) => [
    ...step.branch.map((one, i): Act<Said[]> => {
      const go = s.go(`branch ${i + 1}`)
      return one.if === undefined ? { act: 'go', go } : { act: 'branch', if: s.condition(one.if), go }
    }),
    ...(step.branch.at(-1)?.if === undefined ? [] : [{ act: 'go' as const, go: s.go('next') }]),
  ],
})
