import assert from 'node:assert/strict'
import { checkFlow } from '../../engine/language/check.ts'

/** A flow whose steps are given; `agent` is the default when something fails, and when nobody presses a key. */
const flowOf = (steps: string): string => `
hotline: Desk
numbers: ["100"]
queues: { desk: }
defaults: { input: { otherwise: agent }, failed: agent }
start: agent
steps:
${steps}
`

const ways = (steps: string): Record<string, Record<string, string>> => {
  const { flow, mistakes } = checkFlow(flowOf(steps), { name: 'test', file: 'test.yaml' })
  assert.deepEqual(mistakes.filter(({ warning }) => !warning).map(({ message }) => message), [])
  return Object.fromEntries([...flow!.steps.values()].map(({ name, ways }) => [name, Object.fromEntries(ways)]))
}

describe('defaults that would lead in a circle', () => {
  it('end the call with words of regret, where nobody wrote a way', () => {
    const { message } = ways(`
  agent: { queue: desk, nobody-there: message }
  message: { voicemail: { say: Please speak., box: desk }, next: hang-up }`)
    assert.equal(message!.failed, '$sorry')
  })

  it('from an offer to call back as well, by each of its ways', () => {
    const { offer } = ways(`
  agent: { queue: desk, nobody-there: offer }
  offer: { callback: desk, next: hang-up }`)
    assert.equal(offer!.otherwise, '$sorry')
    assert.equal(offer!.failed, 'agent', 'only who has pressed a key gets there')
  })

  it('lead where they say when there is no circle', () => {
    const { message } = ways(`
  agent: { queue: desk, nobody-there: hang-up, answered: message }
  message: { voicemail: { say: Please speak., box: desk }, next: hang-up }`)
    assert.equal(message!.failed, 'agent')
  })
})
