import assert from 'node:assert/strict'
import { readHotlines } from '../../engine/hotlines.ts'
import { readTestFile, testFiles } from '../../rehearsal/read.ts'
import { rehearse } from '../../rehearsal/rehearse.ts'
import { inFull } from '../../rehearsal/report.ts'

describe('conversations on the simulator', () => {
  for (const { name, file, compiled } of readHotlines('flows')) {
    describe(name, () => {
      const tests = testFiles(file).map((one) => readTestFile(one, compiled?.flow))
      it('has tests, and no mistake in them', () => {
        assert.ok(tests.length > 0, `${name} has no tests.yaml`)
        assert.deepEqual(tests.flatMap(({ mistakes }) => mistakes.map((mistake) => mistake.pretty())), [])
      })
      for (const { conversations } of tests) for (const conversation of conversations) {
        it(conversation.test, async () => {
          if (!compiled) throw new Error(`${file} holds mistakes`)
          const failure = await rehearse(compiled, conversation)
          if (failure) throw new Error(inFull({ conversation, failure }))
        })
      }
    })
  }
})
