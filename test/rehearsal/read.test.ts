import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { readTests } from '../../rehearsal/read.ts'
import { hotlinesForTests } from '../../rehearsal/unplugged.ts'

/** `of`: the hotline that is tested, `desk` or `clinic`. */
type Case = { case: string; of?: string; text: string; says: string[] }

const [desk, clinic] = ['desk', 'clinic'].map((name) => {
  const [hotline] = hotlinesForTests(`test/rehearsal/${name}.yaml`)
  return hotline!.compiled!.flow
})
const read = (text: string, of = 'desk') => readTests(text, 't.yaml', of === 'clinic' ? clinic : desk)
const said = (text: string, of?: string): string[] =>
  read(text, of).mistakes.map(({ message }) => message.replace(/^t\.yaml:/, ''))

describe('reading tests', () => {
  describe('tells of', () => {
    for (const { case: name, of, text, says } of parse(readFileSync('test/rehearsal/mistakes.yaml', 'utf8')) as Case[]) {
      it(name, () => assert.deepEqual(said(text, of), says))
    }
  })

  it('keeps numbers as they are written', () => {
    const { conversations, mistakes } = read(
      [
        '- test: 007',
        '  caller: +61255501234',
        '  call:',
        '    - presses: 0451',
        '    - presses: 2600',
        '    - presses: 1 2 #',
        '    - presses: "12#"',
        '    - presses: 12345678901234567890',
        '    - hears: 0800',
        '    - queued: desk',
        '      tell: { code: 0800 }',
      ].join('\n'),
    )
    assert.deepEqual(mistakes, [])
    const [{ test, caller, call }] = conversations as [(typeof conversations)[number]]
    assert.deepEqual([test, caller], ['007', '+61255501234'])
    assert.deepEqual(JSON.parse(JSON.stringify(call)), [
      { type: 'presses', keys: '0451' },
      { type: 'presses', keys: '2600' },
      { type: 'presses', keys: '12' },
      { type: 'presses', keys: '12#' },
      { type: 'presses', keys: '12345678901234567890' },
      { type: 'hears', text: '0800' },
      { type: 'queued', queue: 'desk', tell: { code: '0800' } },
    ])
  })

  it('takes what backends answer as JSON has it', () => {
    const { conversations, mistakes } = read(
      [
        '- test: a',
        '  backends:',
        '    clinic/slots:',
        '      json: { at: 2026-11-24T09:30, day: 2026-11-24, id: 7, fee: 12.50, big: 1e3, card: "12.50", code: 0451, none: null, long: 12345678901234567890 }',
        '    POST clinic/bookings: [failed, { status: 500 }, { after: 4s, json: [1, -2] }]',
        '  call: [hangs-up]',
      ].join('\n'),
      'clinic',
    )
    assert.deepEqual(mistakes, [])
    const [slots, bookings] = conversations[0]!.backends
    const json = { at: '2026-11-24T09:30', day: '2026-11-24', id: 7, fee: 12.5, big: 1000, card: '12.50', code: '0451', none: null, long: '12345678901234567890' }
    assert.deepEqual(slots!.request, { path: 'clinic/slots', method: undefined, query: undefined })
    assert.deepEqual(slots!.answers, [{ status: 200, after: 0, json }])
    assert.equal(bookings!.request.method, 'POST')
    assert.deepEqual(bookings!.answers, [
      { status: 'failed', after: 0 },
      { status: 500, after: 0, json: null },
      { status: 200, after: 4000, json: [1, -2] },
    ])
    assert.deepEqual([slots, bookings].map((one) => `${one!.place().line}:${one!.place().column}`), ['3:5', '5:5'])
  })

  it('knows where each line stands', () => {
    const { conversations } = read(
      '# head\n- test: a\n  call: [hears: Welcome, presses: 1]\n- test: b\n  call:\n    - queued: desk\n      tell: {}\n    - hung-up\n',
    )
    const [a, b] = conversations
    const at = ({ place }: { place(): { line: number; column: number } }) => `${place().line}:${place().column}`
    assert.deepEqual([a!, ...a!.call].map(at), ['2:3', '3:10', '3:26'])
    assert.deepEqual([b!, ...b!.call].map(at), ['4:3', '6:7', '8:7'])
  })

  it('reads times on the clocks of the hotline', () => {
    const times = ['2026-11-23 10:00', 'Mo 2026-11-23 10:00', 'Monday 2026-11-23 10:00', '2026-11-23T10:00']
    for (const time of times)
      assert.equal(
        read(`- { test: a, at: ${time}, call: [hangs-up] }`).conversations[0]?.at,
        Date.UTC(2026, 10, 22, 23),
        time,
      )
    assert.equal(
      read('- { test: a, at: Di 2026-11-24 10:00, call: [hangs-up] }').conversations[0]?.at,
      Date.UTC(2026, 10, 23, 23),
    )
  })

  it('reads what is right beside what is wrong', () => {
    const { conversations } = read(
      '- { test: a, call: [hangs-up] }\n- { test: b, call: [hang-up] }\n- { test: c, call: [hangs-up] }\n',
    )
    assert.deepEqual(
      conversations.map(({ test }) => test),
      ['a', 'c'],
    )
  })

  it('needs no flow to be read, and then takes all names', () => {
    assert.deepEqual(
      readTests('- { test: a, call: [queued: anything, hung-up: somehow] }', 't.yaml', undefined).mistakes,
      [],
    )
  })
})

/** Files by people who mean no good, or by programs that have gone wrong. */
describe('hostile files of tests', () => {
  const hostile: Record<string, string> = {
    'a bomb of aliases': `- &a [x, x]\n${Array.from({ length: 30 }, (_, n) => `- &a${n} [*a${n === 0 ? '' : n - 1}, *a]`).join('\n')}`,
    'brackets without end': '['.repeat(100_000),
    'braces without end': '- '.repeat(50) + '{a: '.repeat(5000),
    'a text of a megabyte': `- test: ${'x'.repeat(1_000_000)}`,
    'many tests': '- {}\n'.repeat(30_000),
    'many lines': `- test: a\n  call:\n${'    - hears:\n'.repeat(12_000)}`,
    'bytes that are no text': '- test: \u0000\u0001\n',
    'a prototype': '- __proto__: { test: a }\n  call: [hangs-up]\n- constructor: a\n',
    'a tag': '- !!js/function "x"\n- test: !!binary aGVsbG8=\n',
    'two documents': '- test: a\n---\n- test: b\n',
    'a merge': '- <<: { test: a }\n  call: [hangs-up]\n',
    tabs: '-\ttest: a\n\tcall:\n',
    'a name of everything':
      '- toString: 1\n  hasOwnProperty: 2\n  call: [toString, { hasOwnProperty: 1 }, { valueOf: 2 }]\n',
    'a lone byte order mark': '\uFEFF',
    'carriage returns': '- test: a\r\n  call:\r\n    - hangs up\r\n',
  }
  for (const [name, text] of Object.entries(hostile)) {
    it(name, () => {
      const began = performance.now()
      const { mistakes } = read(text)
      assert.ok(mistakes.length > 0, 'nothing was said of it')
      assert.ok(mistakes.length <= 500)
      for (const one of mistakes)
        assert.doesNotMatch(one.message, /undefined|\[object|Invalid input|expected .* received|\n/)
      assert.ok(performance.now() - began < 3000, 'it took too long')
    })
  }
})
