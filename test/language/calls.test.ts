import assert from 'node:assert/strict'
import { checkFlow, type Checked } from '../../engine/language/check.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { ownName } from '../../engine/language/step-names.ts'
import { graphOf } from '../../engine/picture/graph.ts'
import { mermaidOf } from '../../engine/picture/mermaid.ts'
import { explain } from '../../engine/picture/words.ts'
import { coverageOf, neverWalked, Walked } from '../../rehearsal/coverage.ts'
import { readTests } from '../../rehearsal/read.ts'
import { rehearseAll } from '../../rehearsal/rehearse.ts'
import { inFull } from '../../rehearsal/report.ts'

const head = `hotline: Desk
numbers: ["100"]
queues: { desk: { said: the desk } }
defaults: { input: { otherwise: agent } }
start: a
steps:
  agent: { queue: desk, answered: hang-up, timed-out: hang-up, nobody-there: hang-up, failed: hang-up }
`
const ask = '{ collect: { say: Your number please., digits: 2, into: number }'

/** A hotline with these steps, and files beside it. */
function check(steps: string, files: Record<string, string> = {}): Checked {
  const beside = {
    names: Object.keys(files),
    text: (name: string) => files[name],
    called: (name: string) => `flows/desk/${name}`,
  }
  return checkFlow(`${head}${steps}`, { name: 'desk', file: 'flows/desk/hotline.yaml', beside })
}

const told = ({ mistakes }: Checked): string[] => mistakes.map((one) => one.message)

function compiled(steps: string, files?: Record<string, string>): Compiled {
  const flow = check(steps, files)
  assert.deepEqual(told(flow), [])
  return flow.compiled!
}

/** Where every way leads in what runs, but for the agent's: `a: next b`. */
const ways = ({ flow }: Compiled): string[] =>
  [...flow.steps.values()]
    .filter(({ name }) => name !== 'agent')
    .map(({ name, ways }) => `${name}: ${[...ways].map(([what, to]) => `${what} ${to}`).join(', ')}`)

describe('steps that are called', () => {
  const twice = `
  a: { call: ask, next: b }
  b: { call: ask, next: c }
  c: { say: "It is {{ number | digits }}.", next: agent }
  ask: ${ask}, next: thanks, otherwise: sorry }
  thanks: [{ say: "Thanks." }, return]
  sorry: { say: Sorry., next: agent }
`

  it('run once for each call; what does not come back runs once, and what is only called not by itself', () => {
    assert.deepEqual(ways(compiled(twice)), [
      'a: call ask@a',
      'b: call ask@b',
      'c: next agent',
      'sorry: next agent',
      'ask@a: next thanks@a/1, otherwise sorry',
      'thanks@a/1: next thanks@a/2',
      'thanks@a/2: return b',
      'ask@b: next thanks@b/1, otherwise sorry',
      'thanks@b/1: next thanks@b/2',
      'thanks@b/2: return c',
    ])
  })

  it('call in their turn, from lists too', () => {
    const flow = compiled(`
  a: [{ call: b }, { call: b, next: agent }]
  b: [{ call: c }, { say: B., next: return }]
  c: { say: C., next: return }
`)
    assert.deepEqual(ways(flow), [
      'a/1: call b@a:1/1',
      'a/2: call b@a:2/1',
      'b@a:1/1: call c@b@a:1:1',
      'b@a:1/2: next a/2',
      'c@b@a:1:1: next b@a:1/2',
      'b@a:2/1: call c@b@a:2:1',
      'b@a:2/2: next agent',
      'c@b@a:2:1: next b@a:2/2',
    ])
    assert.deepEqual([...new Set([...flow.flow.steps.keys()].map(ownName))], ['agent', 'a/1', 'a/2', 'b/1', 'b/2', 'c'])
  })

  it('stand in files of their own, lead to their own steps first, then to those of the hotline', () => {
    const flow = compiled(
      `
  a: { call: identify, next: b }
  b: { say: B., next: agent }
`,
      {
        'identify.yaml': `start: ask
steps:
  ask: ${ask}, next: b, otherwise: agent }
  b: { call: greet, next: return }
`,
        'greet.yaml': 'start: hello\nsteps:\n  hello: { say: Hello., next: return }\n',
        'nobodys.yaml': 'this: [is not read',
      },
    )
    assert.deepEqual(ways(flow), [
      'a: call identify/ask@a',
      'b: next agent',
      'identify/ask@a: next identify/b@a, otherwise agent',
      'identify/b@a: call greet/hello@identify/b@a',
      'greet/hello@identify/b@a: next b',
    ])
  })

  it('give no false alarm when the same is called twice in a row: no loop, and nothing unset', () => {
    assert.deepEqual(told(check(twice)), [])
    // Were there only one "hello", its end would lead back into the list for ever.
    const three = '[{ call: hello }, { call: hello }, { call: hello, next: agent }]'
    assert.deepEqual(told(check(`  a: ${three}\n  hello: [{ say: Hello. }, return]\n`)), [])
  })

  it('are proven for each call: what only one of them leaves unset is told', () => {
    const flow = check(`
  a: { menu: { say: 'Number?', keys: { 1: b, 2: c } } }
  b: [${ask} }, { call: read, next: agent }]
  c: { call: read, next: agent }
  read: { say: "It is {{ number | digits }}.", next: return }
`)
    assert.deepEqual(flow.mistakes.map(({ code, place }) => `${place.line} ${code}`), ['12 unset-variable'])
    assert.deepEqual(told(check(`
  a: [${ask} }, { menu: { say: 'Number?', keys: { 1: b, 2: c } } }]
  b: { call: read, next: agent }
  c: { call: read, next: agent }
  read: { say: "It is {{ number | digits }}.", next: return }
`)), [])
  })

  it('are refused when calls within calls make too many of them', () => {
    const row = (i: number): string => `  s${i}: [{ call: s${i + 1} }, { call: s${i + 1}, next: return }]\n`
    const rows = Array.from({ length: 14 }, (_, i) => row(i))
    const flow = check(`  a: { call: s0, next: agent }\n${rows.join('')}  s14: { say: Hello., next: return }\n`)
    assert.deepEqual(flow.mistakes.map(({ code, place }) => `${place.line} ${code}`), ['8 yaml-refused'])
    assert.equal(flow.flow, undefined)
  })

  it('are explained for each call, by the name that their author gave them', () => {
    const texts = explain(compiled(twice), 'thanks/2')
    assert.deepEqual(texts.map((text) => text.split('\n').at(-1)), [
      'Return: goes to `b` (call).',
      'Return: goes to `c` ("It is {{ number | digits }}.").',
    ])
  })
})

describe('the picture of a list that calls', () => {
  const list = compiled('  a: [{ call: hello }, { say: Now., next: agent }]\n  hello: { say: Hello., next: return }\n')

  it('leads back into the middle of the list', () => {
    const [, from] = /^ {2}(s\d+).*hello/m.exec(mermaidOf(graphOf(list)))!
    const [, now] = /^ {4}(s\d+).*a\/2/m.exec(mermaidOf(graphOf(list)))!
    assert.ok(mermaidOf(graphOf(list)).includes(`\n  ${from} -->|"(2)"| ${now}\n`), mermaidOf(graphOf(list)))
    assert.match(explain(list, 'hello')[0]!, /Then: goes to `a\/2` \("Now\."\)\./)
  })
})

describe('a conversation through steps that are called', () => {
  const flow = compiled(
    '  a: [{ call: identify }, { say: "It is {{ number | digits }}." }, { call: identify, next: agent }]\n',
    { 'identify.yaml': `start: ask\nsteps:\n  ask: ${ask}, next: thanks }\n  thanks: [{ say: Thanks. }, return]\n` },
  )

  it('goes as it is written, and a step is walked when one call has walked it', async () => {
    const { conversations, mistakes } = readTests(
      `- test: once well, once silent
  call:
    - hears: Your number
    - presses: 42
    - hears: Thanks
    - hears: It is 4 2
    - hears: Your number
    - waits: 5s
    - waits: 5s
    - waits: 5s
    - queued: desk
`,
      'tests.yaml',
      flow.flow,
    )
    assert.deepEqual(mistakes, [])
    const walked = new Walked()
    const [result] = await rehearseAll(flow, 'tests.yaml', conversations, walked)
    assert.ok(!result!.failure, result!.failure && inFull({ ...result!, failure: result!.failure }))
    assert.equal(neverWalked(coverageOf(flow.flow, walked)), 'agent: answered, timed-out, nobody-there, failed')
  })

  it('is kept under the name of the step as its author has written it', async () => {
    const { conversations } = readTests(
      '- test: gives up\n  call: [hears: Your number, hangs-up]\n',
      'tests.yaml',
      flow.flow,
    )
    const walked = new Walked()
    await rehearseAll(flow, 'tests.yaml', conversations, walked)
    assert.ok(walked.has('identify/ask'))
    assert.ok(!walked.has('identify/ask@a:1'))
  })
})
