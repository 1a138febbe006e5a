import assert from 'node:assert/strict'
import { realClock } from '../../engine/clock.ts'
import { AsteriskLine } from '../../telephony/asterisk.ts'
import { FakeAmi } from './fake-ami.ts'
import { LogBook, Recorder } from './recorder.ts'

const CALL = '1795300000.7'
const CHANNEL = 'PJSIP/trunk-00000007'

describe('calls of another process', () => {
  let fake: FakeAmi
  let heard: Recorder
  let line: AsteriskLine
  let rows: Record<string, string>[]
  let seen = 0

  beforeEach(async () => {
    fake = await FakeAmi.open()
    heard = new Recorder()
    rows = []
    seen = 0
    fake.answer = ({ action }) => (action === 'CoreShowChannels' ? { Response: 'Success', EventList: 'start' } : { Response: 'Success' })
    fake.onAction = ({ action, actionid = '' }) => {
      if (action !== 'CoreShowChannels') return
      for (const row of rows) fake.event('CoreShowChannel', { ActionID: actionid, Channel: CHANNEL, Uniqueid: CALL, Exten: 'entry', ...row })
      fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
    }
    line = new AsteriskLine({ host: '127.0.0.1', port: fake.port, user: 'u', secret: 's', log: new LogBook(), clock: realClock, transfers: ['110'] })
  })

  afterEach(async () => {
    await line.close()
    await fake.close()
  })

  async function next(name: string): Promise<Record<string, string>> {
    const action = await fake.gets(({ action }) => action === name, seen)
    seen = fake.actions.indexOf(action) + 1
    return action
  }
  const back = (...values: string[]): void =>
    fake.event('AsyncAGIStart', {
      Uniqueid: CALL, Channel: CHANNEL,
      Env: encodeURIComponent(values.map((value, at) => `agi_arg_${at + 1}: ${value}`).join('\n')),
    })

  it('one that waits for orders is taken out of what it was doing, which nobody knows, and is ours again', async () => {
    rows = [{ Context: 'callwright-control' }]
    line.adopt(CALL)
    await line.open(heard)
    assert.deepEqual([(await next('Redirect')).exten, fake.actions.at(-1)?.channel], ['resumed', CHANNEL])
    back('resumed')
    assert.deepEqual((await next('AbsoluteTimeout')).channel, CHANNEL)
    assert.deepEqual(heard.of(CALL), [])
  })

  it('what is ordered before it is found waits, and is then brought to its place', async () => {
    rows = [{ Context: 'callwright-control' }]
    line.adopt(CALL)
    line.order(CALL, { type: 'transfer', id: 3, to: '110', ring: 1000 })
    await line.open(heard)
    assert.deepEqual([(await next('Redirect')).exten, fake.actions.at(-1)?.channel], ['resumed', CHANNEL])
    back('resumed')
    assert.equal((await next('Redirect')).context, 'callwright-transfer')
  })

  it('one that has gone on since is told where it is before it goes to agents', async () => {
    rows = [{ Context: 'callwright-control' }]
    line.adopt(CALL)
    line.at(CALL, 'menu', 'en')
    await line.open(heard)
    await next('Redirect')
    line.at(CALL, 'person', 'en')
    line.order(CALL, { type: 'transfer', id: 3, to: '110', ring: 1000 })
    back('resumed')
    assert.equal((await next('Redirect')).context, 'callwright-transfer')
    const told = fake.actions.filter(({ action, variable }) => action === 'Setvar' && variable === 'CALLWRIGHT_STEP')
    assert.deepEqual(told.map(({ value }) => value), ['step_person'])
  })

  it('one that is gone has hung up', async () => {
    line.adopt(CALL)
    await line.open(heard)
    assert.deepEqual(await heard.next(CALL), { type: 'caller-hung-up' })
  })

  it('one that went to the fallback is lost for us', async () => {
    rows = [{ Context: 'callwright-fallback' }]
    line.adopt(CALL)
    await line.open(heard)
    assert.deepEqual(await heard.next(CALL), { type: 'line-lost' })
  })

  it('what another process has left of trying sounds is ended', async () => {
    rows = [{ Context: 'callwright-sounds', Exten: 'play', Uniqueid: 'callwright-0a1b2c3d4e5f-1', Channel: 'Local/listen@callwright-sounds-1;1' }]
    await line.open(heard)
    assert.equal((await next('Hangup')).channel, 'Local/listen@callwright-sounds-1;1')
  })

  it('one in a queue is left alone, and comes back from it', async () => {
    rows = [{ Context: 'callwright-queue' }]
    line.adopt(CALL, { type: 'queue', id: 4, queue: 'desk', maxWait: 0, tell: {} })
    await line.open(heard)
    await next('CoreShowChannels')
    fake.event('AgentConnect', { Uniqueid: CALL, MemberName: 'Agent 1' })
    assert.deepEqual(await heard.next(CALL), { type: 'agent-answered', id: 4, agent: 'Agent 1' })
    back('queue-left', 'CONTINUE')
    assert.deepEqual(await heard.next(CALL), { type: 'queue-left', id: 4, how: 'answered' })
    assert.equal(fake.names().includes('Redirect'), false)
  })

  it('one that came back from a queue meanwhile says again how that ended', async () => {
    rows = [{ Context: 'callwright-control', Exten: 'queue-left' }]
    line.adopt(CALL, { type: 'queue', id: 4, queue: 'desk', maxWait: 0, tell: {} })
    await line.open(heard)
    assert.equal((await next('Redirect')).exten, 'queue-left')
  })

  it('a caller who came while nobody listened is asked to come in again', async () => {
    rows = [{ Context: 'callwright-control' }]
    await line.open(heard)
    const { channel, context, exten } = await next('Redirect')
    assert.deepEqual([channel, context, exten], [CHANNEL, 'callwright-control', 'entry'])
    back('entry', '100')
    assert.equal((await heard.arrives()).called, '100')
  })

  it('one that speaks into a recording which this engine has no folder for has not recorded', async () => {
    rows = [{ Context: 'callwright-control' }]
    await line.open(heard)
    line.adopt(CALL, { type: 'record', id: 5, recording: 'a-5', longest: 1000, silence: 1000, end: '#' })
    assert.deepEqual(await heard.next(CALL), { type: 'recorded', id: 5, how: 'failed', ms: 0 })
  })
})

describe('an Asterisk line that was frozen', () => {
  it('does not drive, and gives up no call, before it has looked; then it says that it does', async () => {
    const fake = await FakeAmi.open()
    let claim = ''
    fake.answer = ({ action, variable, value }) => {
      if (action === 'Setvar' && variable === 'CALLWRIGHT_DRIVER') claim = value ?? ''
      return { Response: 'Success', ...(action === 'Getvar' ? { Value: claim } : {}), ...(action === 'CoreShowChannels' ? { EventList: 'start' } : {}) }
    }
    fake.onAction = ({ action, actionid = '' }) => {
      if (action !== 'CoreShowChannels') return
      fake.event('CoreShowChannel', { ActionID: actionid, Channel: CHANNEL, Uniqueid: CALL, Context: 'callwright-control', Exten: 'resumed' })
      fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
    }
    let frozenFor = 0
    const clock = { ...realClock, steady: () => realClock.steady() + frozenFor }
    let told = 0
    let toldAgain = (): void => {}
    const heard = Object.assign(new Recorder(), { drives: () => { told++; toldAgain() } })
    const nobody = { family: 'one', instance: 'a', aloneInFamily: () => true, onTakeOver() {}, onStoodDown() {} }
    const line = new AsteriskLine({ host: '127.0.0.1', port: fake.port, user: 'u', secret: 's', log: new LogBook(), clock, driving: nobody, times: { claimSettles: 1, claimEvery: 60_000, pingEvery: 60_000 } })
    try {
      const first = new Promise<void>((resolve) => (toldAgain = resolve))
      await line.open(heard)
      await first
      fake.event('AsyncAGIStart', { Uniqueid: CALL, Channel: CHANNEL, Env: encodeURIComponent('agi_arg_1: entry\nagi_arg_2: 100') })
      await heard.arrives()
      // Asterisk gives the call back while the engine is frozen: what it says of that has not been read.
      fake.event('AsyncAGIEnd', { Uniqueid: CALL, Channel: CHANNEL })
      fake.event('DTMFEnd', { Uniqueid: CALL, Digit: '1', Direction: 'Received' })
      await heard.next(CALL)
      const again = new Promise<void>((resolve) => (toldAgain = resolve))
      frozenFor = 6000
      assert.deepEqual([line.drives, told], [false, 1])
      await again
      assert.deepEqual([line.drives, told], [true, 2])
      assert.deepEqual(heard.of(CALL).map(({ type }) => type), ['key-pressed'])
    } finally {
      await line.close()
      await fake.close()
    }
  })
})
