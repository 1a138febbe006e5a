import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readHotlines } from '../../engine/hotlines.ts'
import { converse, readConversations } from './script.ts'
import { SimulatedCaller } from './simulated.ts'

describe('conversations on the simulator', () => {
  for (const { name, file, compiled } of readHotlines('flows')) {
    describe(name, () => {
      const tests = join(dirname(file), 'tests.yaml')
      it('has tests', () => {
        if (!existsSync(tests)) throw new Error(`${tests} is missing`)
      })
      for (const conversation of existsSync(tests) ? readConversations(tests) : []) {
        it(conversation.test, async () => {
          if (!compiled) throw new Error(`${file} holds mistakes`)
          await converse(conversation, await SimulatedCaller.dial(compiled, conversation))
        })
      }
    })
  }
})
