import { z } from 'zod'
import { mapping, text } from './fields.ts'
import { delivering } from './delivering.ts'
import { agreeing, recordingFields, recordingWays, speaking } from './recording.ts'
import { defineStep, does } from './step.ts'

/**
 * Takes a message for the people of a box.
 *
 * After a tone the caller speaks, may hear the message, record it again or save it. It is kept as well when the caller
 * hangs up or says nothing more.
 */
export const voicemail = defineStep({
  kind: 'voicemail',
  summary: 'Takes a message for people to listen to.',
  manual: `
    After \`say\` comes a tone, then the caller speaks, until \`end\` is pressed or they say nothing more. They can hear
    the message, keep it, or speak again. Who presses nothing then, or hangs up, has left it all the same.
  `,
  examples: [
    `
    leave-message:
      voicemail:
        say: Please leave a message after the tone, then press the hash key.
        box: bookings
        tell: [postcode]
        longest: 3m
      nothing-said: goodbye
      failed: agent
      next: goodbye
    `,
  ],
  role: 'takes',
  schema: mapping({
    say: text.describe('Said before the tone.'),
    box: z
      .string({ error: 'must be the name of a box; write for instance bookings' })
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be a name of letters, digits, - and _; write for instance bookings')
      .describe('Whose message it is. A name of your own; the admin sees it with the message.')
      .meta({ title: 'a name' }),
    tell: z
      .array(z.string({ error: 'must be the name of an answer; write for instance postcode' }), {
        error: 'must be a list of answers; write [postcode, slot]',
      })
      .default([])
      .describe('Answers that are kept with the message. Default: none.')
      .meta({ title: 'a list of names' }),
    thanks: text.optional().describe('Said when the message is kept. Default: words of the language.'),
    ...recordingFields,
  }),
  ways: recordingWays,
  parts: (step) => ({
    texts: (['consent', 'say', 'thanks'] as const).flatMap((field) =>
      step[field] === undefined ? [] : [{ path: [field], text: step[field] }],
    ),
    told: step.tell.map((name, i) => ({ path: ['tell', i], name })),
  }),
  compile(step, c) {
    const deliver = does({ type: 'deliver', params: { kind: 'voicemail', box: step.box, tell: step.tell } })
    const thanks = step.thanks === undefined ? c.phrase((pack) => pack.recorded.kept) : c.said(step.thanks)
    const consent = step.consent === undefined ? undefined : c.said(step.consent)
    return {
      initial: consent ? 'consent' : 'telling',
      states: {
        ...speaking({ ...step, prompt: c.said(step.say), consent, atHangUp: [deliver] }, c, delivering(deliver, c)),
        thanked: { entry: does({ type: 'play', params: { say: [thanks], bargeIn: false } }), on: { 'prompt-finished': c.go('next') } },
      },
    }
  },
  survives(step, s) {
    const thanks = step.thanks === undefined ? s.phrase((pack) => pack.recorded.kept) : s.said(step.thanks)
    s.loses(`the caller cannot listen to the message${step.tell.length > 0 ? `, and ${step.tell.join(', ')} is not kept with it` : ''}`)
    return [
      ...(step.consent === undefined ? [] : [agreeing(s.said(step.consent), s)]),
      { act: 'say', words: [s.said(step.say)], forget: true },
      { act: 'record', box: step.box, longest: step.longest, silence: step.silence, end: step.end, failed: s.go('failed') },
      { act: 'say', words: [thanks] },
      { act: 'go', go: s.go('next') },
    ]
  },
})
