import { z } from 'zod'
import { inOrder, mapping, stepName } from './fields.ts'
import { defineStep, when } from './step.ts'

const share = z.unknown().transform((raw, ctx): { percent: number } => {
  const [, number] = /^(\d{1,3}(?:\.\d)?)\s*%$/.exec(String(raw)) ?? []
  if (number !== undefined && Number(number) > 0 && Number(number) <= 100) return { percent: Number(number) }
  ctx.addIssue({
    code: 'custom',
    message: `${typeof raw === 'object' ? 'this' : `"${String(raw)}"`} is not a share`,
    params: { suggestion: 'write 20%, and so on to 100% in all' },
  })
  return z.NEVER
})

const shares = inOrder(stepName, share, 'write { new-menu: 20%, old-menu: 80% }').superRefine((list, ctx) => {
  const sum = Math.round(list.reduce((all, { percent }) => all + percent, 0) * 10) / 10
  if (sum !== 100)
    ctx.addIssue({ code: 'custom', message: `the shares make ${sum}%, not 100%`, params: { suggestion: 'change one of them' } })
})

/**
 * Sends shares of the callers by different ways, for a trial. The same caller goes the same way each time; who withholds
 * the number is drawn anew with each call.
 */
export const split = defineStep({
  kind: 'split',
  summary: 'Sends shares of the callers by different ways, for a trial.',
  manual: `
    The same caller goes the same way each time; who withholds the number is drawn anew with each call. The shares must
    make 100% in all.
  `,
  examples: [
    `
    trial:
      split: { agent: 20%, goodbye: 80% }
    `,
  ],
  value: true,
  role: 'passes',
  schema: mapping({
    split: shares.describe('Where the call goes: steps, each with its share.').meta({ title: 'steps and shares' }),
  }),
  ways: (step) => step.split.map(({ key, percent }) => ({ what: `share ${percent}% ${key}`, path: ['split', key], to: key })),
  parts: () => ({}),
  compile(step, c) {
    const trial = step.split.map(({ key }) => key).join()
    let below = 0
    return {
      always: step.split.map(({ key, percent }, i) => {
        below += percent
        const go = c.go(`share ${percent}% ${key}`)
        return i === step.split.length - 1 ? go : { guard: when({ type: 'share', params: { trial, below } }), ...go }
      }),
    }
  },
  survives: (step, s) => [
    { act: 'share', shares: step.split.map(({ key, percent }) => ({ percent, go: s.go(`share ${percent}% ${key}`) })) },
  ],
})
