import assert from 'node:assert/strict'
import { differences } from '../../engine/picture/difference.ts'
import { clinic, clinicText, compiled, generated } from './flows.ts'

/** What is changed in the text of the flow, and what is told of it. */
const cases: [name: string, edits: [string, string][], told: string[]][] = [
  ['nothing', [], []],
  [
    'a comment and other spacing',
    [
      ['# closed on these', '#'],
      ['\n  welcome:', '\n\n  welcome:'],
    ],
    [],
  ],
  [
    'a text in one language',
    [['Welcome to the', 'Welcome at the']],
    ['`welcome` says "Welcome at the vaccination hotline." instead of "Welcome to the vaccination hotline." (en).'],
  ],
  [
    'a new key',
    [
      [
        '        0: { for: { en: the',
        '        4: { for: { en: a person, de: einen Menschen }, go: agent }\n        0: { for: { en: the',
      ],
    ],
    ['At `main` the caller now presses 4 for "a person", which leads to `agent`.'],
  ],
  [
    'a key that is gone',
    [
      ['        3: { for: { en: our opening hours, de: unsere Öffnungszeiten }, go: times }\n', ''],
      ['  times:\n    say:', '  times:\n    say:'],
    ],
    ['At `main` the caller can no longer press 3 for "our opening hours".'],
  ],
  [
    'a key for something else',
    [
      ['en: our opening hours', 'en: when we are here'],
      ['go: times', 'go: closed'],
    ],
    [
      'At `main` key 3 is now for "when we are here" instead of "our opening hours" (en).',
      'At `main` key 3 for "when we are here" now leads to `closed` instead of `times`.',
    ],
  ],
  [
    'the order of keys',
    [
      ['        1: { for: { en: an appointment there, de: einen Termin dort }, go: wants-booking }\n', ''],
      [
        'en: another postcode, de: eine andere Postleitzahl }, go: postcode }\n',
        'en: another postcode, de: eine andere Postleitzahl }, go: postcode }\n        1: { for: { en: an appointment there, de: einen Termin dort }, go: wants-booking }\n',
      ],
    ],
    ['At `confirm` the keys are now offered in the order 2, 1.'],
  ],
  ['another name', [['elsewhere', 'outside']], ['`elsewhere` is now called `outside`.']],
  [
    'another name for a step that asks, and other tries',
    [
      ['  main:\n    menu:', '  choice:\n    menu:\n      tries: 2'],
      ['go: main', 'go: choice'],
      ['next: main', 'next: choice'],
    ],
    ['`main` is now called `choice`.', 'At `choice` the caller is now asked 2 times at most instead of the default.'],
  ],
  [
    'a new step on the way',
    [
      ['next: language', 'next: fresh'],
      [
        '  opened:\n',
        '  fresh:\n    say: { en: There is news., de: Es gibt Neues. }\n    next: language\n\n  opened:\n',
      ],
    ],
    [
      'New: `fresh` (say) says "There is news.".',
      'At `welcome` the call now goes on to `fresh` (new) instead of `language`.',
    ],
  ],
  [
    'numbers, languages, clocks',
    [
      ['"+61 2 5124 7700"', '"101"'],
      ['[en, de]', '[en, de]\ncurrency: AUD'],
      ['Australia/Canberra', 'Australia/Perth'],
    ],
    [
      'It now also answers 101.',
      'It no longer answers +61 2 5124 7700.',
      'Its clocks are now those of Australia/Perth instead of Australia/Canberra.',
      'Amounts that name no currency are now in AUD instead of none.',
    ],
  ],
  [
    'shares',
    [
      ['20%', '35%'],
      ['80%', '65%'],
    ],
    [
      'At `trial` 35% of the callers now go to `news` instead of 20% of the callers.',
      'At `trial` 65% of the callers now go to `known` instead of 80% of the callers.',
    ],
  ],
  [
    'opening hours',
    [
      ['Sa: 08:00-16:00\n', 'Sa-Su: 08:00-13:00\n'],
      ['AU-ACT', 'AU-NSW'],
      ['2026-12-24: 07:00-12:00', '2026-12-24: closed'],
    ],
    [
      'The opening hours `bookings` on Saturday: 08:00-13:00 instead of 08:00-16:00.',
      'The opening hours `bookings` on Sunday: 08:00-13:00 instead of closed.',
      'The opening hours `bookings` on 2026-12-24: closed instead of 07:00-12:00.',
      'The opening hours `bookings` now keep the holidays of AU-NSW instead of AU-ACT.',
    ],
  ],
  [
    'the people of a queue',
    [['said: { en: the bookings team', 'said: { en: our people']],
    ['The people of the queue `bookings` are now called "our people" instead of "the bookings team" (en).'],
  ],
  [
    'defaults',
    [
      [
        'wait: 5s, between-keys: 2s, tries: 3, otherwise: agent',
        'wait: 7s, between-keys: 1500ms, tries: 3, otherwise: nobody',
      ],
    ],
    [
      'Unless a step says otherwise, the caller now has 7 s for the first key instead of 5 s.',
      'Unless a step says otherwise, the caller now has 1.5 s between two keys instead of 2 s.',
      'At `main` and `confirm` "silence or wrong keys, 3 times" now leads to `nobody` instead of `agent`.',
      'At `postcode` (step 1) and `booking-number` (step 1) "silence or wrong digits, 3 times" now leads to `nobody` instead of `agent`.',
    ],
  ],
  [
    'what a step does',
    [
      ['digits: 4-10', 'digits: 4-8'],
      ['max-wait: 20m', 'max-wait: 90s'],
      ['tell: [matter, postcode]', 'tell: [matter]'],
      ['ring: 20s', 'ring: 40s'],
      ['set: { matter: new booking }', 'set: { matter: booking }'],
      ['outcome: wants', 'outcome: would-like'],
    ],
    [
      'At `wants-booking` (step 1) set matter: booking instead of new booking.',
      'At `wants-booking` (step 4) the outcome is now would-like-booking instead of wants-booking.',
      'At `booking-number` (step 1) the caller now keys in 4 to 8 digits instead of 4 to 10 digits.',
      'At `agent` the agent now sees matter instead of matter, postcode.',
      'At `agent` the caller now waits for 1 min 30 s at most instead of 20 min.',
      'At `other-desk` it now rings for 40 s instead of 20 s.',
    ],
  ],
  [
    'a condition',
    [['startsWith("29")', 'startsWith("28")']],
    [
      'At `postcode` (step 2) the call now goes to `confirm` if postcode.startsWith("26") || postcode.startsWith("28") instead of if postcode.startsWith("26") || postcode.startsWith("29").',
    ],
  ],
  [
    'words after silence',
    [
      [
        '      no-input:\n        - { en: I did not hear a key., de: Ich habe keine Taste gehört. }\n        - { en: Still there?, de: Sind Sie noch da? }\n',
        '      no-input: { en: Hello?, de: Hallo? }\n',
      ],
    ],
    [
      '`main` says after silence, the first time "Hello?" instead of "I did not hear a key." (en).',
      '`main` says after silence, the first time "Hallo?" instead of "Ich habe keine Taste gehört." (de).',
      '`main` says after silence, the second time the usual words instead of "Still there?" (en).',
      '`main` says after silence, the second time the usual words instead of "Sind Sie noch da?" (de).',
    ],
  ],
  [
    'a step in a list',
    [['    - say: { en: Goodbye.', '    - outcome: done\n    - say: { en: Goodbye.']],
    ['At `goodbye` (step 1) there is a new step in the list: (outcome).'],
  ],
  [
    'another kind',
    [['    say: { en: Thank you for your call., de: Danke für Ihren Anruf. }', '    outcome: thanked']],
    [
      'At `thanks` what was there is gone: (say) says "Thank you for your call.".',
      'At `thanks` there is now another kind of step: (outcome).',
    ],
  ],
]

describe('what is different for callers', () => {
  for (const [name, edits, told] of cases) {
    it(name, () => {
      const text = edits.reduce((text, [from, to]) => {
        assert.ok(text.includes(from), from)
        return text.replaceAll(from, to)
      }, clinicText)
      assert.deepEqual(differences(clinic, compiled(text, 'clinic')), told)
    })
  }

  it('is told of switches', () => {
    const before = clinicText.replace(
      'queues:',
      'switches:\n  outage: { for: Outage }\n  early: { for: Closing early }\nqueues:',
    )
    const first = '      - if: caller.calls("72h")'
    const reads = before.replace(first, `      - { if: switches.outage, go: agent }\n${first}`)
    const now = reads
      .replace('{ for: Outage }', '{ for: Large outage }')
      .replace('{ for: Closing early }', '{ for: Closing early, starts: on }')
    const head = [
      'The switch `outage` is now shown as "Large outage" instead of "Outage".',
      'The switch `early` now starts on instead of off.',
    ]
    assert.deepEqual(differences(compiled(reads, 'clinic'), compiled(now, 'clinic')), head)
    assert.deepEqual(differences(clinic, compiled(before, 'clinic')), ['New switch: `outage`.', 'New switch: `early`.'])
    assert.ok(
      differences(compiled(before, 'clinic'), compiled(reads, 'clinic')).join().includes('if the switch "Outage" is on'),
    )
  })

  it('can be told the other way round', () => {
    for (const [, edits] of cases) {
      const now = compiled(
        edits.reduce((text, [from, to]) => text.replaceAll(from, to), clinicText),
        'clinic',
      )
      assert.equal(differences(now, clinic).length === 0, differences(clinic, now).length === 0)
    }
  })

  it('is found in a flow of a thousand steps, all of them renamed, within five seconds', () => {
    const text = generated(1000)
    const [old, now] = [
      compiled(text),
      compiled(text.replaceAll(/\b(paid|pay|more|missed|noted|address|area|number|known)-(\d+)/g, 'x-$1-$2')),
    ]
    const from = performance.now()
    const told = differences(old, now)
    assert.ok(performance.now() - from < 5000)
    assert.ok(told.filter((line) => line.includes('is now called')).length > 600)
  })
})
