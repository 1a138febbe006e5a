import assert from 'node:assert/strict'
import { GREETING, until, World } from './world.ts'

describe('the phone in the browser', () => {
  let world: World

  beforeEach(async () => {
    world = await new World().start({ awayMs: 5_000 })
  })

  afterEach(async () => {
    assert.deepEqual(await world.end(), { timers: 0, watchers: 0 })
  })

  it('dials and hears from the first moment on', async () => {
    const answer = await world.ask('POST', '/api/calls', { called: '100' })
    assert.equal(answer.status, 201)
    const stream = await world.listen(`/api/calls/${answer.body.id}/events`)
    assert.match(stream.headers['content-type'] ?? '', /^text\/event-stream/)
    const at = world.clock.now()
    assert.deepEqual(await stream.next(), { id: '1', data: { at, type: 'step', step: 'welcome', kind: 'menu' } })
    const prompt = await stream.next()
    assert.deepEqual(prompt?.data.prompt, GREETING)
    assert.equal('sound' in prompt.data, false)
  })

  it('names a sound by its id and never by its file', async () => {
    const { simulator } = world
    const id = await world.dial()
    const sound = { id: 'a'.repeat(32), file: '/srv/secret/a.wav', ms: 900 }
    simulator.order(id, { type: 'play', id: 7, prompt: GREETING, bargeIn: true, sound })
    const stream = await world.listen(`/api/calls/${id}/events`)
    assert.deepEqual(await stream.types(3), ['step', 'prompt', 'prompt-stopped'])
    const prompt = await stream.next()
    assert.equal(prompt?.data.sound, sound.id)
    assert.doesNotMatch(JSON.stringify(prompt), /secret/)
  })

  it('passes keys on and tells of barge-in before the key', async () => {
    const id = await world.dial()
    assert.equal((await world.ask('POST', `/api/calls/${id}/keys`, { key: '#' })).status, 204)
    assert.deepEqual(world.events, [{ type: 'key-pressed', key: '#' }])
    const stream = await world.listen(`/api/calls/${id}/events`)
    assert.deepEqual(await stream.types(4), ['step', 'prompt', 'prompt-stopped', 'key'])
  })

  it('refuses what is no key, and numbers that no live hotline has', async () => {
    const id = await world.dial()
    for (const key of ['A', '11', '', 1, null, '\n']) {
      const answer = await world.ask('POST', `/api/calls/${id}/keys`, { key })
      assert.deepEqual([answer.status, answer.body.code], [400, 'no-such-key'])
    }
    for (const called of ['200', '300', 100, null]) {
      const answer = await world.ask('POST', '/api/calls', { called })
      assert.deepEqual([answer.status, answer.body.code], [404, 'no-such-number'])
    }
    assert.deepEqual(world.events, [])
  })

  it('says of an unknown call what to do', async () => {
    const answers = [
      await world.ask('GET', '/api/calls/nobody/events'),
      await world.ask('POST', '/api/calls/nobody/keys', { key: '1' }),
      await world.ask('POST', '/api/calls/nobody/agent', { does: 'answers' }),
      await world.ask('DELETE', '/api/calls/nobody'),
    ]
    for (const { status, body } of answers) {
      assert.equal(status, 404)
      assert.deepEqual(Object.keys(body), ['code', 'error', 'what-to-do'])
      assert.equal(body.code, 'unknown-call')
    }
  })

  it('goes on after the last event that the browser has had', async () => {
    const id = await world.dial()
    const first = await world.listen(`/api/calls/${id}/events`)
    await first.types(2)
    first.leave()
    await world.ask('POST', `/api/calls/${id}/keys`, { key: '5' })
    const again = await world.listen(`/api/calls/${id}/events`, { 'Last-Event-ID': '2' })
    const next = await again.next()
    assert.deepEqual([next?.id, next?.data.type], ['3', 'prompt-stopped'])
    assert.deepEqual(await again.types(1), ['key'])
  })

  it('plays the agent: answers, then hangs up', async () => {
    const id = await world.dial()
    const agent = (does: string) => world.ask('POST', `/api/calls/${id}/agent`, { does })
    assert.equal((await agent('answers')).body.code, 'no-agent')
    assert.equal((await agent('sings')).body.code, 'unknown-deed')
    await world.ask('POST', `/api/calls/${id}/keys`, { key: '1' })
    assert.equal((await agent('hangs-up')).body.code, 'no-agent')
    assert.equal((await agent('answers')).status, 204)
    assert.equal((await agent('answers')).body.code, 'no-agent')
    assert.equal((await agent('hangs-up')).status, 204)
    assert.deepEqual(world.events.slice(1), [
      { type: 'agent-answered', id: 2, agent: 'you' },
      { type: 'queue-left', id: 2, how: 'answered' },
    ])
  })

  it('plays a queue without agents, and the far end of a transfer', async () => {
    const queued = await world.dial()
    await world.ask('POST', `/api/calls/${queued}/keys`, { key: '1' })
    await world.ask('POST', `/api/calls/${queued}/agent`, { does: 'nobody-there' })
    const away = await world.dial()
    await world.ask('POST', `/api/calls/${away}/keys`, { key: '2' })
    await world.ask('POST', `/api/calls/${away}/agent`, { does: 'nobody-there' })
    const ends = world.events.filter(({ type }) => type === 'queue-left' || type === 'transfer-ended')
    assert.deepEqual(ends, [
      { type: 'queue-left', id: 2, how: 'nobody-there' },
      { type: 'transfer-ended', id: 3, how: 'no-answer' },
    ])
  })

  it('hangs up, tells the end, and forgets the call a little later', async () => {
    const id = await world.dial()
    const stream = await world.listen(`/api/calls/${id}/events`)
    await stream.types(2)
    assert.equal((await world.ask('DELETE', `/api/calls/${id}`)).status, 204)
    assert.deepEqual(await stream.types(2), ['prompt-stopped', 'ended'])
    assert.deepEqual(world.events, [{ type: 'caller-hung-up' }])
    assert.equal((await world.ask('POST', `/api/calls/${id}/keys`, { key: '1' })).body.code, 'call-over')
    assert.equal((await world.ask('DELETE', `/api/calls/${id}`)).status, 204)
    world.clock.pass(10_000)
    assert.equal(await stream.next(), undefined)
    assert.equal((await world.ask('DELETE', `/api/calls/${id}`)).status, 404)
  })

  it('hangs up a call whose browser went away', async () => {
    const id = await world.dial()
    const stream = await world.listen(`/api/calls/${id}/events`)
    await stream.types(2)
    world.clock.pass(60_000)
    assert.equal(world.events.some(({ type }) => type === 'caller-hung-up'), false)
    const before = world.clock.pending.size
    stream.leave()
    // The heartbeat ends and the wait begins; one for the other.
    await until(() => [...world.clock.pending].some(({ at }) => at === world.clock.now() + 5_000))
    assert.equal(world.clock.pending.size, before)
    world.clock.pass(4_999)
    assert.equal(world.events.at(-1)?.type, 'prompt-finished')
    world.clock.pass(1)
    assert.deepEqual(world.events.at(-1), { type: 'caller-hung-up' })
  })

  it('hangs up a call to which no browser ever listened', async () => {
    await world.dial()
    world.clock.pass(5_000)
    assert.deepEqual(world.events.at(-1), { type: 'caller-hung-up' })
  })

  it('takes fifty calls at once', async () => {
    const dial = () => world.ask('POST', '/api/calls', { called: '100' })
    const answers = await Promise.all(Array.from({ length: 50 }, dial))
    assert.equal(answers.every(({ status }) => status === 201), true)
    const refused = await dial()
    assert.deepEqual([refused.status, refused.body.code], [429, 'too-many-calls'])
    await world.ask('DELETE', `/api/calls/${answers[0]?.body.id}`)
    assert.equal((await dial()).status, 201)
  })

  it('ends calls and streams when Callwright stops, and takes no more', async () => {
    const id = await world.dial()
    const stream = await world.listen(`/api/calls/${id}/events`)
    await stream.types(2)
    world.stop.abort()
    assert.deepEqual(await stream.types(2), ['prompt-stopped', 'ended'])
    assert.equal(await stream.next(), undefined)
    assert.equal((await world.ask('POST', '/api/calls', { called: '100' })).body.code, 'stopping')
  })
})
