import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readHotlines } from '../../engine/hotlines.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow, type Compiled } from '../../engine/language/compile.ts'
import { coverageOf, neverWalked, Walked } from '../../rehearsal/coverage.ts'
import { readTests } from '../../rehearsal/read.ts'
import { rehearseAll } from '../../rehearsal/rehearse.ts'
import { hotlinesForTests } from '../../rehearsal/unplugged.ts'
import { inFull } from '../../rehearsal/report.ts'
import { beginningOf } from '../../rehearsal/walk/beginning.ts'
import { textsFor } from '../../rehearsal/walk/patterns.ts'
import { inWords, walk, walkMark } from '../../rehearsal/walk/walk.ts'

const minute = 60_000

/** Walks a flow and has the conversations take place: they must go as written. Answers what is left. */
async function walked(compiled: Compiled, most?: number) {
  const { text, tests, unreached } = walk(compiled, most)
  const { conversations, mistakes } = readTests(text, 'tests.walk.yaml', compiled.flow)
  assert.deepEqual(
    mistakes.map((one) => one.pretty()),
    [],
  )
  assert.equal(conversations.length, tests)
  assert.ok(text.startsWith(walkMark))
  const walked = new Walked()
  for (const { conversation, failure } of await rehearseAll(compiled, 'tests.walk.yaml', conversations, walked))
    assert.ok(!failure, failure && inFull({ conversation, failure }))
  return {
    text,
    names: conversations.map(({ test }) => test),
    left: neverWalked(coverageOf(compiled.flow, walked)),
    unreached: unreached.map(({ mark, why }) => `${inWords(mark)}: ${why}`),
  }
}

function compiledFrom(text: string): Compiled {
  const { flow, mistakes } = checkFlow(text, { name: 'walk', file: 'walk.yaml' })
  if (!flow) throw new Error(mistakes.map((one) => one.pretty()).join('\n'))
  return compileFlow(flow)
}

const withSteps = (steps: string, head = ''): Compiled =>
  compiledFrom(
    `hotline: Walk\nnumbers: ["300"]\ntimezone: Australia/Canberra\n${head}queues: { desk: {} }\nstart: first\nsteps:\n${steps}  desk: { queue: desk }\n`,
  )

describe('a walk', function () {
  this.timeout(2 * minute)

  for (const { name, compiled } of readHotlines('flows')) {
    it(`goes every way of ${name}`, async () => {
      const { left, unreached } = await walked(compiled!)
      assert.deepEqual([left, unreached], [undefined, []])
    })
  }

  it('is written so that it can be read', async () => {
    const { text } = await walked(
      withSteps(
        '  first: { menu: { keys: { 1: { for: "a: b", go: desk }, "*": { for: an end, go: hang-up } }, otherwise: desk } }\n',
      ),
    )
    assert.equal(
      text.slice(0, text.indexOf('- test: "desk: timed-out"')),
      `# Written by "callwright test --walk", which writes it anew each time: conversations that go
# every way once. Tests of your own belong in tests.yaml.

- test: "first: key *"
  at: Mo 2026-11-23 10:00
  call:
    - hears: "For a: b, press 1."
    - presses: "*"
    - hung-up: finished

- test: "first: key 1, then desk: answered"
  at: Mo 2026-11-23 10:00
  call:
    - hears: "For a: b, press 1."
    - presses: 1
    - queued: desk
    - agent: answers
    - agent: hangs-up
    - hung-up: answered

`,
    )
  })

  it('is the same each time', () => {
    const hotline = compiledFrom(readFileSync('test/rehearsal/desk.yaml', 'utf8'))
    assert.equal(walk(hotline).text, walk(hotline).text)
  })

  it('finds answers, callers and times, and says which ways it has not found', async () => {
    const { left, unreached, names } = await walked(compiledFrom(readFileSync('test/rehearsal/desk.yaml', 'utf8')))
    assert.equal(left, 'code (2): branch 2; and the step never')
    assert.deepEqual(unreached, [
      'code (2): branch 2: no caller, time and answers were found for which code == "0778" && code == "0779"',
      'never: no conversation comes to this step',
    ])
    assert.equal(new Set(names).size, names.length)
  })

  it('tries earlier calls of every sort', async () => {
    const { left } = await walked(
      withSteps(`
  first:
    branch:
      - { if: 'caller.calls("24h") > 2', go: often }
      - { if: 'caller.calls("24h") == 0 && caller.known', go: long-ago }
      - { if: caller.last.outcome == "booked", go: booked }
      - { if: caller.last.step == "desk", go: was-there }
      - { if: caller.number == "", go: withheld }
      - { go: desk }
  often: { outcome: often, next: desk }
  long-ago: { outcome: long-ago, next: desk }
  booked: { outcome: booked, next: desk }
  was-there: { outcome: was-there, next: desk }
  withheld: { outcome: withheld, next: desk }
`),
    )
    assert.equal(left, undefined)
  })

  it('tries times of the day for conditions that read the clock', async () => {
    const { left } = await walked(
      withSteps(
        `
  first:
    branch:
      - { if: 'now.getHours("Australia/Canberra") < 6', go: night }
      - { if: '!hours.office && hours.late', go: late }
      - { go: desk }
  night: { outcome: night, next: desk }
  late: { outcome: late, next: desk }
`,
        'opening-hours: { office: { Mo-Fr: 09:00-17:00 }, late: { Mo-Fr: 09:00-20:00 } }\n',
      ),
    )
    assert.equal(left, undefined)
  })

  it('finds the answers among several questions without trying all together', async () => {
    const questions = Array.from(
      { length: 8 },
      (_, n) => `
  ${n === 0 ? 'first' : `q${n}`}:
    - collect: { say: "Number ${n}.", digits: 4-6, into: a${n}, otherwise: desk }
    - branch:
        - { if: 'a${n}.startsWith("${n}7")', go: ${n === 7 ? 'all' : `q${n + 1}`} }
        - { go: desk }
`,
    ).join('')
    const began = performance.now()
    const { left } = await walked(withSteps(`${questions}  all: { outcome: all, next: desk }\n`))
    assert.equal(left, undefined)
    assert.ok(performance.now() - began < 10_000)
  })

  it('counts rounds that a caller goes', async () => {
    const { left } = await walked(
      withSteps(`
  first: { set: { round: 0 }, next: ask }
  ask: { menu: { say: Again?, keys: { 1: more }, otherwise: desk } }
  more: { set: { round: "{{ round + 1 }}" }, next: enough }
  enough:
    branch:
      - { if: round > 3, go: done }
      - { go: ask }
  done: { outcome: done, next: desk }
`),
    )
    assert.equal(left, undefined)
  })

  it('turns switches, alone and together, at every time', async () => {
    const { left, text } = await walked(
      withSteps(
        `
  first:
    branch:
      - { if: switches.outage && !switches.bookings, go: both }
      - { if: switches.outage && !hours.office, go: night }
      - { if: switches.outage, go: news }
      - { if: "!switches.bookings", go: no-bookings }
      - { go: desk }
  both: { outcome: both, next: desk }
  night: { outcome: night, next: desk }
  news: { outcome: news, next: desk }
  no-bookings: { outcome: no-bookings, next: desk }
`,
        'opening-hours: { office: { Mo-Fr: 09:00-17:00 } }\nswitches: { outage: { for: Outage }, bookings: { for: Bookings, starts: on } }\n',
      ),
    )
    assert.equal(left, undefined)
    for (const line of ['switches: [outage, bookings]', 'switches: [outage]', 'switches: []']) assert.ok(text.includes(`  ${line}\n`), line)
  })

  it('goes by every share of callers', async () => {
    const { left } = await walked(
      withSteps(
        '  first: { split: { new: 5%, old: 95% } }\n  new: { outcome: new, next: desk }\n  old: { outcome: old, next: desk }\n',
      ),
    )
    assert.equal(left, undefined)
  })

  it('finds who goes on in the language of the call before', async () => {
    const { left } = await walked(
      compiledFrom(`
hotline: Walk
numbers: ["300"]
languages: [en, de]
start: first
steps:
  first: { set: { language: "{{ caller.language }}" }, next: by }
  by: { branch: [{ if: call.language == "de", go: german }, { go: hang-up }] }
  german: { say: { en: Hello., de: Guten Tag. }, next: hang-up }
`),
    )
    assert.equal(left, undefined)
  })

  it('finds what backends answer and what callers leave, without a setting', async () => {
    const [hotline] = hotlinesForTests('test/rehearsal/clinic.yaml')
    const { left, unreached, text } = await walked(hotline!.compiled!)
    assert.deepEqual([left, unreached], [undefined, []])
    const test = text.slice(text.indexOf('- test: "main: key 1, then booked (3): next"'))
    assert.equal(
      test.slice(0, test.indexOf('\n\n')),
      `- test: "main: key 1, then booked (3): next"
  at: Mo 2026-11-23 10:00
  backends:
    clinic/slots: { json: { free: [ { at: 2026-11-24T09:30, id: id } ], fee: 10, kind: travel } }
    clinic/bookings: { json: { status: ok, number: "4711" } }
    clinic/holds/id: { json: {} }
  call:
    - hears: For a booking, press 1.
    - presses: 1
    - hears: Your postcode please.
    - presses: 1234
    - hears: The next free time is Tuesday, 24 November at 9:30 a.m. To take it, press 1.
    - presses: 1
    - hears: Booked. Your number is 4 7 1 1.
    - hears: Goodbye.
    - hung-up: booked`,
    )
  })

  it('finds answers by all that conditions compare', async () => {
    const conditions = [
      'size(a.list) > 3',
      'a.status == "late"',
      'a.status.startsWith("no-")',
      'a.count >= 10 && a.count < 12',
      'a.n == -1',
      'a.ok',
      '!a.ok && a.open == false',
      'has(a.extra)',
      'a.list.exists(one, one.kind == "red" && one.size > 5)',
      '"blue" in a.colours',
      'a.name in ["Ann", "Bob"]',
      'a["two words"] == "x"',
      'int(a.digits) == 42',
      'part.deep == "yes"',
      'a.code == code',
    ]
    const { left } = await walked(
      withSteps(
        `
  first: { collect: { say: Code., digits: 4, into: code, otherwise: desk }, next: ask }
  ask:
    - request: { get: clinic/a, into: a }
    - set: { part: "{{ a.parts[1] }}" }
      next: c0
${conditions.map((cel, n) => `  c${n}: { branch: [{ if: '${cel}', go: d${n} }, { go: ${n + 1 < conditions.length ? `c${n + 1}` : 'desk'} }] }\n  d${n}: { outcome: o${n}, next: desk }\n`).join('')}`,
        'backends: { clinic: { url: "https://clinic.example" } }\ndefaults: { failed: desk }\n',
      ),
    )
    assert.equal(left, undefined)
  })

  it('says of which answers it has found none', async () => {
    const { unreached } = await walked(
      withSteps(
        `
  first:
    - request: { get: clinic/a, into: a }
    - branch: [{ if: a.n == 1 && a.n == 2, go: never }, { go: desk }]
  never: { outcome: never, next: desk }
`,
        'backends: { clinic: { url: "https://clinic.example" } }\ndefaults: { failed: desk }\n',
      ),
    )
    assert.deepEqual(unreached, [
      'first (2): branch 1: no caller, time and answers were found for which a.n == 1 && a.n == 2',
      'never: no conversation comes to this step',
    ])
  })

  it('keys in what a regular expression asks for', async () => {
    const { left } = await walked(
      withSteps(`
  first:
    - collect:
        say: Your birthday.
        digits: 8
        into: birthday
        check: birthday.matches("^[0-3][0-9][01][0-9](19|20)[0-9]{2}$")
        otherwise: desk
    - branch: [{ if: 'birthday.matches("20..$")', go: young }, { go: desk }]
  young: { outcome: young, next: desk }
`),
    )
    assert.equal(left, undefined)
  })

  it('finds numbers for fields that are compared with what was keyed, and for sums', async () => {
    const { left } = await walked(
      withSteps(
        `
  first: { collect: { say: How many?, digits: 1, into: people, otherwise: desk }, next: ask }
  ask:
    - request: { get: ferries/next, into: f }
    - set: { total: "{{ f.price + f.fee }}", cheap: "{{ f.price < 50 }}" }
    - branch:
        - { if: cheap, go: cheap }
        - { if: total > 10000.0, go: dear }
        - { if: "f.sailings.exists(s, s.free >= int(people))", go: offer }
        - { go: desk }
  offer: { set: { s: "{{ f.sailings.filter(x, x.free >= int(people))[0] }}" }, next: said }
  said: { say: "It goes at {{ s.at | time }}.", next: desk }
  cheap: { outcome: cheap, next: desk }
  dear: { outcome: dear, next: desk }
`,
        'backends: { ferries: { url: "https://ferries.example" } }\ndefaults: { failed: desk }\n',
      ),
    )
    assert.equal(left, undefined)
  })

  it("dials each of the hotline's numbers, from its own country", async () => {
    const { left, text } = await walked(
      compiledFrom(`
hotline: Walk
numbers: ["0800 555 100", "+49 30 5550 100"]
start: first
steps:
  first:
    branch:
      - { if: call.number == "+49305550100", go: berlin }
      - { if: caller.number.startsWith("+43"), go: vienna }
      - { if: 'caller.number.matches("^[+]34")', go: madrid }
      - { go: hang-up }
  berlin: { outcome: berlin, next: hang-up }
  vienna: { outcome: vienna, next: hang-up }
  madrid: { outcome: madrid, next: hang-up }
`),
    )
    assert.equal(left, undefined)
    assert.match(text, /caller: "\+49255501234"\n {2}dials: "\+49 30 5550 100"\n {2}call:\n {4}- hung-up: berlin\n/)
    assert.match(text, /caller: "\+43255501234"/)
  })

  it('takes its time where a condition asks how long the call has lasted', async () => {
    const { left } = await walked(
      withSteps(`
  first: { menu: { say: Again?, keys: { 1: { go: more } }, otherwise: desk } }
  more: { branch: [{ if: call.seconds > 60, go: long }, { go: first }] }
  long: { outcome: long, next: desk }
`),
    )
    assert.equal(left, undefined)
  })

  it('ends after so many moves, and says so', async () => {
    const compiled = withSteps('  first: { menu: { say: One., keys: { 1: first, 2: desk }, otherwise: desk } }\n')
    const { unreached } = await walked(compiled, 1)
    assert.ok(unreached.every((one) => one.endsWith(': not found in 1 moves, the most that are tried')) && unreached.length > 0)
  })
})

describe('a text that a regular expression matches', () => {
  const patterns = ['^[0-3][0-9][01][0-9](19|20)[0-9]{2}$', '^(?:1|22|333)\\d{2,4}$', '^\\+?4\\d+$', '[^0-8]{3}', 'a.c', '^$', '[\\d-]x*?']
  for (const pattern of patterns)
    it(pattern, () => {
      const texts = textsFor(pattern)
      assert.ok(texts.length > 0)
      for (const text of texts) assert.match(text, new RegExp(pattern))
    })

  it('is not made of what is not read', () => {
    for (const pattern of ['(?i)x', '[', '(', '\\b1', '\\p{L}', 'x{1']) assert.ok(textsFor(pattern).every((text) => new RegExp(pattern).test(text)))
  })
})

describe('the beginning of a text', () => {
  const cases: [string, string][] = [
    ['Hello.', 'Hello.'],
    ['Hello. This is short. And this is what makes it longer than sixty characters.', 'Hello. This is short.'],
    ['The next free time is Tuesday, 24 November at 9:30 a.m. To take it, press 1. For another, press 2.', 'The next free time is Tuesday, 24 November at 9:30 a.m. To take it, press 1.'],
    ['Frei ist es am Dienstag, 24. November um 9 Uhr 30. Wollen Sie diesen Termin haben?', 'Frei ist es am Dienstag, 24. November um 9 Uhr 30.'],
    ['Praxis Dr. Lang, guten Tag und herzlich willkommen bei uns in der Stadt. Danke.', 'Praxis Dr. Lang, guten Tag und herzlich willkommen bei uns in der Stadt.'],
    ['A sentence without an end that goes on and on and on, and then goes on', 'A sentence without an end that goes on and on and on, and then goes on'],
  ]
  for (const [text, beginning] of cases) it(beginning, () => assert.equal(beginningOf(text), beginning))
})
