import { answerName, mapping, text } from './fields.ts'
import { recordingFields, recordingWays, speaking } from './recording.ts'
import { defineStep, does } from './step.ts'

/**
 * Records what the caller says, a name or an address, and keeps it as an answer.
 *
 * The answer is the name of the recording: an agent or a backend that is told it finds the sound by it.
 */
export const record = defineStep({
  kind: 'record',
  summary: 'Records what the caller says and keeps it as an answer.',
  manual: `
    For what cannot be keyed in: a name, an address. The answer is the name of the recording; whoever is told it finds
    the sound by it. Callers can hear what they said, and say it again.
  `,
  examples: [
    `
    who:
      - record:
          say: Please say your name and your address after the tone.
          consent: We would like to record your answer. If you agree, press 1. If you do not, press 2.
          into: who
          longest: 20s
          review: false
        declined: agent
        failed: agent
      - queue: bookings
        tell: [who]
    `,
  ],
  role: 'takes',
  schema: mapping({
    say: text.describe('Said before the tone.'),
    into: answerName.describe('The name under which the recording is kept.'),
    ...recordingFields,
  }),
  ways: recordingWays,
  parts: (step) => ({
    texts: (['consent', 'say'] as const).flatMap((field) =>
      step[field] === undefined ? [] : [{ path: [field], text: step[field] }],
    ),
    sets: [{ path: ['into'], name: step.into, value: { type: 'text' }, by: 'next' }],
  }),
  compile(step, c) {
    const consent = step.consent === undefined ? undefined : c.said(step.consent)
    const keep = does({ type: 'keep-recording', params: { into: step.into } })
    return {
      initial: consent ? 'consent' : 'telling',
      states: speaking({ ...step, prompt: c.said(step.say), consent }, c, { always: c.go('next', [keep]) }),
    }
  },
  survives(step, s) {
    s.loses(`nothing is recorded for ${step.into}`, 'failed')
    return [{ act: 'go', go: s.go('failed') }]
  },
})
