import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readHotlines } from '../../engine/hotlines.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow, type Compiled } from '../../engine/language/compile.ts'
import { coverageOf, neverWalked, Walked } from '../../rehearsal/coverage.ts'
import { readTests } from '../../rehearsal/read.ts'
import { rehearseAll } from '../../rehearsal/rehearse.ts'
import { inFull } from '../../rehearsal/report.ts'
import { inWords, walk, walkMark } from '../../rehearsal/walk/walk.ts'

const minute = 60_000

/** Walks a flow and has the conversations take place: they must go as written. Answers what is left. */
async function walked(compiled: Compiled, limits = { ms: minute, places: 50_000 }) {
  const { text, tests, unreached } = walk(compiled, limits)
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
  this.timeout(minute)

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
    const [hotline] = readHotlines('flows/vaccination')
    assert.equal(walk(hotline!.compiled!).text, walk(hotline!.compiled!).text)
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

  it('goes on without the answers of backends', async () => {
    const { left, unreached } = await walked(
      withSteps(
        `
  first: { request: { get: clinic/slots, into: slots }, next: hang-up, failed: desk }
`,
        'backends: { clinic: { url: "https://clinic.example" } }\n',
      ),
    )
    assert.equal(left, 'first: next')
    assert.deepEqual(unreached, ['first: next: tests cannot give the answers of backends yet'])
  })

  it('ends in its time, and says so', async () => {
    const compiled = withSteps('  first: { menu: { say: One., keys: { 1: first, 2: desk }, otherwise: desk } }\n')
    const { unreached } = await walked(compiled, { ms: minute, places: 1 })
    assert.ok(unreached.every((one) => one.endsWith('the search has taken too long')) && unreached.length > 0)
  })
})
