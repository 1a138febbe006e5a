import { z } from 'zod'
import { duration, mapping, stepName, text } from './fields.ts'
import { defineStep, firstOf, does, when, type Said, type Text, type Wording } from './step.ts'

/**
 * Hands the caller to the agents of a queue, with what is known.
 *
 * The caller is told first who will answer, when the queue has a `said` or the step a `say`. Waiting does not depend
 * on the engine: the caller stays in Asterisk's queue whatever happens to us.
 */
export const queue = defineStep({
  kind: 'queue',
  summary: 'Hands the caller to the agents of a queue, with what is known.',
  manual: `
    Callers are told first who will answer, then they hear music. They wait in Asterisk, whatever becomes of Callwright.

    What is in \`tell\` is shown on the agent's phone in place of the caller's name: "new booking, 2600".
  `,
  examples: [
    `
    person:
      queue: bookings
      say: One moment please, somebody from the bookings team will be with you.
      tell: [postcode]
      max-wait: 20m
      timed-out: goodbye
      nobody-there: goodbye
      failed: goodbye
      answered: thanks
    thanks:
      say: Thank you for your call.
      next: hang-up
    `,
  ],
  value: true,
  valueName: 'name',
  role: 'leaves',
  schema: mapping({
    queue: z
      .string({ error: 'must be the name of a queue; list it under queues:' })
      .describe('A name under `queues`; the queue has the same name in Asterisk.')
      .meta({ title: 'a name' }),
    say: text
      .optional()
      .describe(
        'Said before the caller waits. Default: "I am putting you through to ...", when the queue has a `said`.',
      ),
    tell: z
      .array(z.string({ error: 'must be the name of an answer; write for instance postcode' }), {
        error: 'must be a list of answers; write [postcode, slot]',
      })
      .default([])
      .describe('Answers that the agent sees beside who called. Default: only who called.')
      .meta({ title: 'a list of names' }),
    'max-wait': duration.default(30 * 60_000).describe('The longest wait. Default: `30m`.'),
    answered: stepName.optional().describe('Where the call goes when the agent has hung up and the caller has not.'),
    'timed-out': stepName
      .optional()
      .describe('Where the call goes after the longest wait. Default: as `nobody-there`.'),
    'nobody-there': stepName
      .optional()
      .describe('Where the call goes when no agent is logged in. Default: as `failed`.'),
    failed: stepName
      .optional()
      .describe(
        'Where the call goes when the queue cannot be used. Default: as `nobody-there`, else `defaults.failed`, else words ' +
          'of regret and the end.',
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
    const first = firstSaid(step, c)
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
  survives(step, s) {
    const said = firstSaid(step, s)
    return [
      ...(said.length > 0 ? [{ act: 'say' as const, words: said }] : []),
      {
        act: 'queue', queue: step.queue, maxWait: step['max-wait'], tell: step.tell,
        ends: {
          answered: s.go('answered'),
          'timed-out': s.go('timed-out'),
          'nobody-there': s.go('nobody-there'),
          failed: s.go('failed'),
        },
      },
    ]
  },
})

/** What callers hear before they wait. */
function firstSaid({ queue: name, say }: { queue: string; say?: Text | undefined }, c: Wording): Said[] {
  if (say !== undefined) return [c.said(say)]
  const people = c.queueSaid(name)
  if (people === undefined) return []
  const who = c.said(people)
  return [c.phrase((pack, language) => pack.connecting(who.texts[language]))]
}
