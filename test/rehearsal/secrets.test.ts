import assert from 'node:assert/strict'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow } from '../../engine/language/compile.ts'
import { junit } from '../../rehearsal/junit.ts'
import { readTests } from '../../rehearsal/read.ts'
import { rehearseAll } from '../../rehearsal/rehearse.ts'
import { inFull } from '../../rehearsal/report.ts'

const flow = `
hotline: Bank
numbers: ["300"]
queues: { desk: {} }
backends: { core: { url: "https://core.example" } }
defaults: { failed: desk }
start: account
steps:
  account: { collect: { say: Your account., digits: 4, into: account, otherwise: desk }, next: pin }
  pin: { collect: { say: Your PIN., digits: 5, into: pin, secret: true, otherwise: desk }, next: login }
  login:
    request:
      post: core/login
      json: { account: "{{ account }}", pin: "{{ pin }}", keyed: { both: ["{{ account }}-{{ pin }}", fixed] } }
    next: desk
  desk: { queue: desk }
`

const test = (line: string): string => `
- test: the balance
  backends: { core/login: { json: { ok: true } } }
  call:
    - presses: 4711
    - presses: 98765
    - ${line}
`

describe('what a failed test shows', () => {
  const { flow: checked, mistakes } = checkFlow(flow, { name: 'bank', file: 'bank.yaml' })
  assert.ok(checked, mistakes.map((one) => one.pretty()).join('\n'))
  const compiled = compileFlow(checked)

  for (const [name, line] of [
    ['in the conversation', 'hears: Welcome'],
    ['in the reason', '{ asked: core/login, json: { account: "0815" } }'],
  ] as const)
    it(`holds no secret, ${name}`, async () => {
      const { conversations, mistakes } = readTests(test(line), 'tests.yaml', checked)
      assert.deepEqual(mistakes.map((one) => one.pretty()), [])
      const results = await rehearseAll(compiled, 'tests.yaml', conversations)
      const [{ conversation, failure } = assert.fail()] = results
      const shown = inFull({ conversation, failure: failure! })
      const sent = '{"account":"4711","pin":"•","keyed":{"both":["•","fixed"]}}'
      assert.ok(shown.includes(`asks post core/login ${sent}`), shown)
      // What the author has pressed stands as it is written.
      assert.equal(shown.match(/98765/g)?.length, 1, shown)
      const file = junit([{ name: 'bank', files: [], mistakes: [], results, ms: 0 }])
      assert.equal(file.match(/98765/g)?.length, 1, file)
    })
})
