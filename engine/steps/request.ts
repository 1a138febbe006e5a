import { z } from 'zod'
import type { Method } from '../call/effects.ts'
import { onlyValue } from '../expressions/template.ts'
import { answerName, duration, mapping, stepName, text } from './fields.ts'
import { defineStep, does, when, type FieldPath } from './step.ts'

/** An answer within this time needs no filler; people pause about as long between sentences. Milliseconds. */
const patience = 1500
/** Nobody waits in silence for longer. Milliseconds. */
const longestSilence = 3000

const address = z
  .string({ error: 'must be a backend and what is asked of it; write clinic/slots' })
  .regex(/^[a-z][a-z0-9-]*([/?].*)?$/, 'must begin with the name of a backend; write clinic/slots?postcode={{ postcode }}')
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
const method = (does_: string) =>
  address
    .optional()
    .describe(`${does_} The name of a backend, then what is asked of it. Default: one of the five must be given.`)
    .meta({ title: 'an address' })

/**
 * Asks a backend over HTTP and keeps its JSON answer.
 *
 * When the answer takes longer than a second and a half a filler is said, and again after three seconds of silence. An
 * answer that does not come in time, is no JSON or no success takes the way `failed`. Each request carries an
 * idempotency key, the same for every try.
 */
export const request = defineStep({
  kind: 'request',
  summary: 'Asks a backend over HTTP and keeps its answer.',
  manual: `
    Backends are listed in the [head](hotline.md#the-head), under \`backends\`. Values in an address are encoded, so
    that they cannot lead elsewhere. What a backend answers must be JSON.

    Each request carries an \`Idempotency-Key\`, the same for every try, so that a booking is made once. Redirects are
    not followed, answers are at most 256 KB, and private addresses are asked only when the admin allows them
    ([BACKENDS_ALLOW](../admins/settings.md)).
  `,
  examples: [
    `
    free-times:
      - request:
          get: clinic/slots?postcode={{ postcode }}
          filler: One moment please, I am looking for free times.
          into: slots
          failed: agent
      - branch:
          - { if: size(slots.free) == 0, go: agent }
          - go: goodbye
    `,
  ],
  role: 'passes',
  schema: mapping(
    {
      get: method('Reads.'),
      post: method('Makes something new.'),
      put: method('Puts something in place.'),
      patch: method('Changes a part.'),
      delete: method('Removes.'),
      json: z
        .unknown()
        .optional()
        .describe('What is sent; "{{ value }}" alone keeps the kind of the value; not with `get`. Default: nothing.')
        .meta({ title: 'values' }),
      into: answerName.optional().describe('The name under which the answer is kept. Default: it is not kept.'),
      timeout: duration
        .optional()
        .describe("How long the answer may take. Default: the backend's `timeout`, else `5s`."),
      filler: text
        .optional()
        .describe(
          'Said when the answer takes longer than a second and a half, and again after three seconds of silence. ' +
            'Default: "One moment please."',
        ),
      next: stepName.optional().describe('Where the call goes with a good answer.'),
      failed: stepName
        .optional()
        .describe('Where the call goes when none comes in time, or it is no success or no JSON.'),
    },
    'write { get: clinic/slots, into: slots }',
  ).superRefine((step, ctx) => {
    const given = methods.filter((name) => step[name] !== undefined)
    if (given.length !== 1)
      ctx.addIssue({
        code: 'custom',
        path: given[1] ? [given[1]] : [],
        message: given.length === 0 ? 'the request does not say what it asks' : `the request asks twice, ${given.join(' and ')}`,
        params: { suggestion: given.length === 0 ? 'write get: or post: with a backend and what is asked of it' : 'keep one of them' },
      })
    if (step.get !== undefined && step.json !== undefined)
      ctx.addIssue({ code: 'custom', path: ['json'], message: 'nothing is sent with get', params: { suggestion: 'write post: instead of get:, or leave json: out' } })
  }),
  ways: (step) => [
    { what: 'next', path: ['next'], to: step.next, orElse: 'following' },
    { what: 'failed', path: ['failed'], to: step.failed, orElse: 'failed' },
  ],
  parts(step) {
    const name = methods.find((one) => step[one] !== undefined)
    const asked = name && step[name]
    return {
      texts: step.filler === undefined ? [] : [{ path: ['filler'], text: step.filler }],
      backends: name && asked !== undefined ? [{ path: [name], name: asked.split(/[/?]/)[0]! }] : [],
      templates: [...(name && asked !== undefined ? [{ path: [name], text: asked }] : []), ...textsIn(step.json, ['json']).map((one) => ({ ...one, sent: asked?.split(/[/?]/)[0] ?? '' }))],
      sets: step.into === undefined ? [] : [{ path: ['into'], name: step.into, value: { type: 'any' as const }, by: 'next' }],
    }
  },
  compile(step, c) {
    const name = methods.find((one) => step[one] !== undefined)!
    const [, backend = '', rest = ''] = /^([^/?]*)\/?(.*)$/s.exec(step[name]!) ?? []
    const filler = step.filler === undefined ? c.phrase((pack) => pack.oneMoment) : c.said(step.filler)
    const hold = does({ type: 'hold-answer' })
    return {
      entry: does({ type: 'request', params: { method: name.toUpperCase() as Method, backend, rest, json: step.json, timeout: step.timeout } }),
      initial: 'waiting',
      states: {
        waiting: { after: { [patience]: { target: 'filling' } }, on: { 'request-answered': { target: 'judging', actions: hold } } },
        // A filler is said to its end: half a word would sound like a fault.
        filling: {
          entry: does({ type: 'play', params: { say: [filler], bargeIn: false } }),
          on: { 'request-answered': { actions: hold }, 'prompt-finished': [{ guard: when({ type: 'answer-held' }), target: 'judging' }, { target: 'filled' }] },
        },
        filled: {
          after: { [longestSilence]: { target: 'filling' } },
          on: { 'request-answered': { target: 'judging', actions: hold } },
        },
        judging: {
          always: [
            { guard: when({ type: 'answered-well' }), ...c.go('next', [does({ type: 'take-answer', params: { into: step.into } })]) },
            c.go('failed', [does({ type: 'take-answer', params: { into: undefined } })]),
          ],
        },
      },
    }
  },
  survives(step, s) {
    const asked = methods.map((one) => step[one]).find((one) => one !== undefined)
    s.loses(`the request to ${asked?.split(/[/?]/)[0]} is not made`, 'failed')
    return [{ act: 'go', go: s.go('failed') }]
  },
})

/** Every text in a body, with its place. */
function textsIn(json: unknown, path: FieldPath): { path: FieldPath; text: string }[] {
  if (typeof json === 'string') return onlyValue(json) !== undefined || json.includes('{{') ? [{ path, text: json }] : []
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, part]) => textsIn(part, [...path, Array.isArray(json) ? Number(name) : name]))
}
