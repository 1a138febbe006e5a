import { onKey } from './asking.ts'
import { bargeIn, mapping, stepName, text } from './fields.ts'
import { spokenLanguage } from './set.ts'
import { defineStep, does, when } from './step.ts'

/**
 * Says something and goes on.
 *
 * A key cuts it short and is kept as the answer to what follows, if a menu or a question follows whichever way the
 * call goes on; what the caller hears last before an agent or the end is always said to its end. With `barge-in: false`
 * keys pressed before it and during it are forgotten (VoiceXML 2.0 §4.1.5, §4.1.8): it is meant to be heard.
 */
export const say = defineStep({
  kind: 'say',
  summary: 'Says something and goes on.',
  manual: `
    A key cuts it short when a menu or a question follows, whichever way the call goes on; the key is then its answer.
    What a caller hears last before an agent, a transfer or the end is always said to its end.

    With \`in\` a text is said in that one language and needs no other: a greeting in both languages, one after the
    other.
  `,
  examples: [
    `
    news:
      say: From Monday on we are in the new building at 12 High Street.
      barge-in: false
      next: main
    `,
    `
    welcome:
      - say: Welcome to the library.
        in: en
      - say: Willkommen in der Bibliothek.
        in: de
        next: main
    `,
  ],
  value: true,
  valueName: 'text',
  role: 'passes',
  schema: mapping({
    say: text,
    in: spokenLanguage
      .optional()
      .describe('The language in which it is said, whatever the caller speaks. Default: the language of the call.')
      .meta({ title: 'a language' }),
    'barge-in': bargeIn
      .optional()
      .describe(
        'Whether a key cuts it short; `false`: keys are forgotten, too. Default: when a menu or a question follows.',
      ),
    next: stepName.optional(),
  }),
  ways: (step) => [{ what: 'next', path: ['next'], to: step.next, orElse: 'following' }],
  parts: (step) => ({
    texts: [{ path: ['say'], text: step.say, in: step.in }],
    languages: step.in === undefined ? [] : [{ path: ['in'], name: step.in }],
  }),
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
          entry: does({ type: 'play', params: { say: [c.said(step.say, step.in)], bargeIn: cuts } }),
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
  survives: (step, s) => [
    {
      act: 'say',
      words: [s.said(step.say, step.in)],
      cut: step['barge-in'] ?? s.leadsToInput('next'),
      forget: step['barge-in'] === false,
    },
    { act: 'go', go: s.go('next') },
  ],
})
