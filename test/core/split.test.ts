import assert from 'node:assert/strict'
import { begin } from '../../engine/call/advance.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow } from '../../engine/language/compile.ts'

/** Which of two steps each of ten thousand callers comes to. */
describe('a split', () => {
  const { flow } = checkFlow(
    'hotline: Trial\nnumbers: ["1"]\nstart: trial\nsteps:\n  trial: { split: { new: 20%, old: 80% } }\n  new: hang-up\n  old: hang-up\n',
    { name: 'trial', file: 'trial.yaml' },
  )
  const { machine } = compileFlow(flow!)
  const comesTo = (id: string, caller: string): unknown =>
    begin(machine, { id, line: 'test', called: '1', caller }, [], 0).snapshot.value

  it('has its shares, over callers and over calls without a number', () => {
    for (const who of [(i: number) => comesTo('x', `+6125550${i}`), (i: number) => comesTo(`170000.${i}`, '')]) {
      const share = Array.from({ length: 10_000 }, (_, i) => who(i)).filter((step) => step === 'new').length / 100
      assert.ok(Math.abs(share - 20) < 1.5, `${share}% instead of 20%`)
    }
  })

  it('sends the same caller the same way each time', () => {
    for (const caller of ['+61255501234', '+493012345', '100'])
      assert.equal(comesTo('first', caller), comesTo('second', caller))
  })
})
