import { z } from 'zod'
import { duration, mapping, stepName, text } from './fields.ts'
import { defineStep, firstOf, does, when, type Said } from './step.ts'

/**
 * Hands the caller to the agents of a queue, with what is known.
 *
 * The caller is told first who will answer, when the queue has a `said` or the step a `say`. Waiting does not depend
 * on the engine: the caller stays in Asterisk's queue whatever happens to us.
 */
export const queue = defineStep({
  kind: 'queue',
  summary: 'Hands the caller to the agents of a queue, with what is known.',
  value: true,
  role: 'leaves',
  schema: mapping({
    queue: z
      .string({ error: 'must be the name of a queue; list it under queues:' })
      .describe('The name of a queue under `queues`.'),
    say: text.optional().describe("Said before the caller waits. Default: who will answer, from the queue's `said`."),
    tell: z
      .array(z.string({ error: 'must be the name of an answer; write for instance postcode' }), {
        error: 'must be a list of answers; write [postcode, slot]',
      })
      .default([])
      .describe('Answers that the agent sees beside who called.'),
    'max-wait': duration.default(30 * 60_000).describe('The longest wait. Default 30m.'),
    answered: stepName.optional().describe('Where the call goes when the agent has hung up. Default: it ends.'),
    'timed-out': stepName
      .optional()
      .describe('Where the call goes after the longest wait. Default: as `nobody-there`.'),
    'nobody-there': stepName
      .optional()
      .describe('Where the call goes when no agent is logged in. Default: as `failed`.'),
    failed: stepName
      .optional()
      .describe(
        'Where the call goes when the queue cannot be used. Default: as `nobody-there`, else words of regret and the end.',
      ),
  }),
  ways: (step) => [
    { what: 'answered', path: ['answered'], to: step.answered, orElse: 'hang-up' },
    { what: 'timed-out', ...firstOf(step, ['timed-out', 'nobody-there', 'failed']), orElse: 'failed' },
    { what: 'nobody-there', ...firstOf(step, ['nobody-there', 'failed']), orElse: 'failed' },
    { what: 'failed', ...firstOf(step, ['failed', 'nobody-there']), orElse: 'failed' },
  ],
  parts: (step) => ({
    queues: [{ path: ['queue'], name: step.queue }],
    texts: step.say === undefined ? [] : [{ path: ['say'], text: step.say }],
    told: step.tell.map((name, i) => ({ path: ['tell', i], name })),
  }),
  compile(step, c) {
    const ends = (['answered', 'timed-out', 'nobody-there'] as const).map((how) => ({
      guard: when({ type: 'ended', params: { how } }),
      ...c.go(how),
    }))
    const people = c.queueSaid(step.queue)
    const first: Said[] =
      step.say !== undefined ? [c.said(step.say)] : people === undefined ? [] : [connecting(c.said(people))]
    function connecting(who: Said): Said {
      return c.phrase((pack, language) => pack.connecting(who.texts[language]))
    }
    return {
      initial: first.length > 0 ? 'telling' : 'waiting',
      states: {
        ...(first.length > 0
          ? {
              telling: {
                entry: does({ type: 'play', params: { say: first, bargeIn: false } }),
                on: { 'prompt-finished': { target: 'waiting' } },
              },
            }
          : {}),
        waiting: {
          entry: [
            does({ type: 'drop-keys' }),
            does({ type: 'queue', params: { queue: step.queue, maxWait: step['max-wait'], tell: step.tell } }),
          ],
          // A key pressed while waiting is not the flow's.
          on: { 'key-pressed': {}, 'queue-left': [...ends, c.go('failed')] },
        },
      },
    }
  },
})
