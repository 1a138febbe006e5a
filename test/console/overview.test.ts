import assert from 'node:assert/strict'
import { until, World } from './world.ts'

describe('the overview', () => {
  let world: World

  beforeEach(async () => {
    world = await new World().start()
  })

  afterEach(async () => {
    assert.deepEqual(await world.end(), { timers: 0, watchers: 0 })
  })

  it('tells of hotlines, Asterisk and the calls under way', async () => {
    const id = await world.dial()
    await world.ask('POST', `/api/calls/${id}/keys`, { key: '1' })
    const { body } = await world.ask('GET', '/api/status')
    assert.deepEqual(body.hotlines.map((hotline: { name: string; live: boolean }) => [hotline.name, hotline.live]), [
      ['clinic', true],
      ['broken', false],
    ])
    assert.deepEqual(body.asterisk, { state: 'off', words: 'No Asterisk is configured.' })
    const since = world.clock.now()
    const line = { id, line: 'browser', caller: '', called: '100', hotline: 'clinic', since }
    const queue = { where: 'queue', queue: 'nurses', tell: { postcode: '2600' } }
    assert.deepEqual(body.calls, [{ ...line, step: 'welcome', ...queue }])
  })

  it('tells of calls on every line as they go on, and of their end', async () => {
    const stream = await world.listen('/api/events')
    assert.deepEqual((await stream.next())?.data.calls, [])
    const facts = { id: 'a-1', line: 'asterisk', called: '100', caller: '+61401555123' }
    world.note({ call: 'a-1', type: 'arrived', facts, hotline: 'clinic' })
    world.note({ call: 'a-1', type: 'step', step: 'agent', kind: 'queue' })
    world.note({ call: 'a-1', type: 'queued', queue: 'nurses', tell: { postcode: '2600' } })
    world.note({ call: 'a-1', type: 'agent', agent: 'Ann' })
    world.note({ call: 'a-1', type: 'step', step: 'bye', kind: 'say' })
    world.note({ call: 'a-1', type: 'trouble', words: 'the voice failed' })
    world.note({ call: 'a-1', type: 'ended', by: 'flow', outcome: 'queued' })
    world.note({ call: 'a-1', type: 'step', step: 'late', kind: 'say' })
    const seen: object[] = []
    for (let count = 0; count < 7; count++) {
      const { step, where, tell, agent, trouble, ended } = (await stream.next())!.data.call
      seen.push({ step, where, tell, agent, trouble, ended })
    }
    const nothing = { tell: undefined, agent: undefined, trouble: undefined, ended: undefined }
    const tell = { postcode: '2600' }
    const trouble = 'the voice failed'
    assert.deepEqual(seen, [
      { ...nothing, step: '', where: 'flow' },
      { ...nothing, step: 'agent', where: 'flow' },
      { ...nothing, step: 'agent', where: 'queue', tell },
      { ...nothing, step: 'agent', where: 'agent', tell, agent: 'Ann' },
      { ...nothing, step: 'bye', where: 'flow' },
      { ...nothing, step: 'bye', where: 'flow', trouble },
      { ...nothing, step: 'bye', where: 'flow', trouble, ended: { by: 'flow', outcome: 'queued' } },
    ])
    assert.deepEqual((await world.ask('GET', '/api/status')).body.calls, [])
  })

  it('tells when a hotline changes, and only then', async () => {
    const stream = await world.listen('/api/events')
    await stream.next()
    world.clock.pass(10_000)
    world.hotline.mistakes = ['hotline.yaml:8:14 unknown-step: no step is called "salse"']
    world.clock.pass(1_000)
    const { data } = (await stream.next())!
    assert.deepEqual([data.type, data.hotlines[0].mistakes.length], ['status', 1])
    stream.leave()
    // Nobody watches: nothing is looked at any more.
    await until(() => world.clock.pending.size === 0)
  })

  it('keeps a quiet stream alive', async () => {
    const stream = await world.listen('/api/events')
    await stream.next()
    world.clock.pass(60_000)
    world.note({ call: 'x', type: 'arrived', facts: { id: 'x', line: 'l', called: '', caller: '' }, hotline: 'clinic' })
    assert.equal((await stream.next())?.data.call.id, 'x')
  })
})
