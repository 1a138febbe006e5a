import { onKey } from './asking.ts'
import { bargeIn, mapping, stepName, text } from './fields.ts'
import { defineStep, does, when } from './step.ts'

/**
 * Says something and goes on.
 *
 * A key cuts it short and is kept as the answer to what follows, if a menu or a question follows whichever way the
 * call goes on; what the caller hears last before an agent or the end is always said to its end. With `barge-in: false`
 * keys pressed before it and during it are forgotten (VoiceXML 2.1 §4.1.5, §4.1.8): it is meant to be heard.
 */
export const say = defineStep({
  kind: 'say',
  summary: 'Says something and goes on.',
  value: true,
  role: 'passes',
  schema: mapping({
    say: text,
    'barge-in': bargeIn
      .optional()
      .describe(
        'Whether a key cuts it short. Default: when a menu or a question follows. `false`: keys are forgotten, too.',
      ),
    next: stepName.optional(),
  }),
  ways: (step) => [{ what: 'next', path: ['next'], to: step.next, orElse: 'following' }],
  parts: (step) => ({ texts: [{ path: ['say'], text: step.say }] }),
  compile(step, c) {
    const cuts = step['barge-in'] ?? c.leadsToInput('next')
    const mustBeHeard = step['barge-in'] === false
    return {
      ...(mustBeHeard ? { entry: does({ type: 'drop-keys' }) } : {}),
      initial: 'ready',
      states: {
        ready: {
          always: [...(cuts ? [{ guard: when({ type: 'keys-waiting' }), ...c.go('next') }] : []), { target: 'saying' }],
        },
        saying: {
          entry: does({ type: 'play', params: { say: [c.said(step.say)], bargeIn: cuts } }),
          on: {
            'prompt-finished': c.go('next'),
            ...(mustBeHeard ? { 'key-pressed': {} } : {}),
            ...(cuts
              ? {
                  'key-pressed': onKey(
                    c.go('next', [does({ type: 'keep-key' }), does({ type: 'stop-playback' })]),
                    'saying',
                  ),
                }
              : {}),
          },
        },
      },
    }
  },
})
