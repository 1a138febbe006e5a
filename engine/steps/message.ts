import { mapping, stepName, text, written } from './fields.ts'
import { delivering } from './delivering.ts'
import { defineStep, does } from './step.ts'
import type { z } from 'zod'

/** A number as it is dialled, or one that a value holds. */
function checkNumber(to: string, ctx: z.RefinementCtx): void {
  if (to.includes('{{') || /^\+?(?=.*\d)[\d ()/-]{2,24}$/.test(to)) return
  const isName = /^[a-z]\w*(\.\w+)*$/i.test(to)
  const value = isName && !/^(the )?(caller|me|sender)$/i.test(to) ? to : 'caller.number'
  ctx.addIssue({
    code: 'custom',
    message: 'must be a telephone number, or a value that holds one',
    params: { suggestion: `write "{{ ${value} }}"` },
  })
}

/**
 * Sends a text message to the caller's telephone, or to another number.
 *
 * Without a number, because the caller withholds theirs, the call goes on by `failed`.
 */
export const message = defineStep({
  kind: 'message',
  summary: 'Sends a text message to the caller.',
  manual: `
    For what is better read than heard: an address, a booking number. Say so before or after it: a message that comes
    without a word is taken for a fraud.
  `,
  examples: [
    `
    confirm:
      - message: Your appointment is booked. Please bring your card. To change it, call 130.
        failed: agent
      - say: I have sent you a message with what to bring.
        next: goodbye
    `,
  ],
  value: true,
  valueName: 'text',
  role: 'passes',
  schema: mapping({
    message: text.describe('The text of the message. Values stand in {{ }}.'),
    to: written(/^/, 'must be a telephone number in quotes; write "{{ caller.number }}"')
      .superRefine(checkNumber)
      .default('{{ caller.number }}')
      .describe("The number that gets it. Default: the caller's.")
      .meta({ title: 'a number' }),
    next: stepName.optional(),
    failed: stepName
      .optional()
      .describe('Where the call goes when there is no number, or the message cannot be sent. Default: as `next`.'),
  }),
  ways: (step) => [
    { what: 'next', path: ['next'], to: step.next, orElse: 'following' },
    { what: 'failed', path: ['failed'], to: step.failed ?? step.next, orElse: 'following' },
  ],
  parts: (step) => ({
    texts: [{ path: ['message'], text: step.message }],
    templates: [{ path: ['to'], text: step.to }],
  }),
  compile(step, c) {
    const deliver = does({ type: 'deliver', params: { kind: 'message', to: step.to, text: c.said(step.message) } })
    return { initial: 'sending', states: { sending: delivering(deliver, c), thanked: { always: c.go('next') } } }
  },
  survives(_, s) {
    s.loses('the message is not sent', 'failed')
    return [{ act: 'go', go: s.go('failed') }]
  },
})
