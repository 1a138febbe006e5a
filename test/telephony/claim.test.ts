import assert from 'node:assert/strict'
import { realClock } from '../../engine/clock.ts'
import { AsteriskLine } from '../../telephony/asterisk.ts'
import { FakeAmi } from './fake-ami.ts'
import { LogBook, Recorder } from './recorder.ts'

const CALL = '1795300000.7'
const CHANNEL = 'PJSIP/trunk-00000007'

/** An engine that drives only what is its own to drive: the claim, and the calls that it knew before. */
describe('the calls of an Asterisk that several engines may drive', () => {
  let fake: FakeAmi
  let heard: Recorder
  let log: LogBook
  let line: AsteriskLine
  /** The variable in which the driver says that it drives. */
  let claim: string
  let rows: Record<string, string>[]
  let silent: boolean
  let stoodDown: number

  beforeEach(async () => {
    fake = await FakeAmi.open()
    heard = new Recorder()
    log = new LogBook()
    claim = ''
    rows = []
    silent = false
    stoodDown = 0
    fake.answer = ({ action, variable, value }) => {
      if (silent && variable === 'CALLWRIGHT_DRIVER') return undefined
      if (action === 'Setvar' && variable === 'CALLWRIGHT_DRIVER') claim = value ?? ''
      if (action === 'Getvar') return { Response: 'Success', Value: claim }
      return action === 'CoreShowChannels' ? { Response: 'Success', EventList: 'start' } : { Response: 'Success' }
    }
    fake.onAction = ({ action, actionid = '' }) => {
      if (action === 'CoreShowChannels') list(actionid)
    }
    line = new AsteriskLine({
      host: '127.0.0.1', port: fake.port, user: 'u', secret: 's', log, clock: realClock,
      driving: { family: 'one', instance: 'a', aloneInFamily: () => false, onTakeOver() {}, onStoodDown: () => void stoodDown++ },
      times: { claimEvery: 20, claimSettles: 20, claimLapses: 400, renewEvery: 20, retryFirst: 5, deadline: 100, pingEvery: 50 },
    })
  })

  afterEach(async () => {
    silent = false
    await line.close()
    await fake.close()
  })

  function list(actionid: string): void {
    for (const row of rows) fake.event('CoreShowChannel', { ActionID: actionid, Channel: CHANNEL, Uniqueid: CALL, Exten: 'entry', Context: 'callwright-control', ...row })
    fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
  }
  const start = (id: string, ...values: string[]): void =>
    fake.event('AsyncAGIStart', {
      Uniqueid: id, Channel: CHANNEL, Env: encodeURIComponent(values.map((value, at) => `agi_arg_${at + 1}: ${value}`).join('\n')),
    })
  const from = (): number => fake.actions.length
  /** What is ordered for the channel of a call. */
  const forTheCall = ({ channel }: Record<string, string>): boolean => channel === CHANNEL
  const looks = (): Promise<unknown> => fake.gets(({ action }) => action === 'Getvar', from())

  async function drives(): Promise<void> {
    await line.open(heard)
    await fake.gets(({ action }) => action === 'CoreShowChannels')
  }

  it('new ones are left to the engine that drives, by one that stands by', async () => {
    claim = 'two b 1'
    await line.open(heard)
    const other = setInterval(() => (claim = `two b ${Date.now()}`), 10)
    await log.says(/another engine drives/)
    start(CALL, 'entry', '100')
    await looks()
    await looks()
    clearInterval(other)
    assert.deepEqual(heard.arrivals, [])
    assert.equal(line.standsBy, true)
    assert.deepEqual(fake.actions.filter(forTheCall), [])
  })

  it('get no order from an engine whose claim may have lapsed, until it has looked', async () => {
    await drives()
    start(CALL, 'entry', '100')
    await heard.arrives()
    await fake.gets(({ action }) => action === 'AbsoluteTimeout')
    silent = true
    for (const until = performance.now() + 3000; line.drives && performance.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(line.drives, false)
    const since = from()
    line.order(CALL, { type: 'hang-up' })
    await looks()
    assert.deepEqual(fake.actions.slice(since).filter(forTheCall), [])
    claim = 'two b 1'
    silent = false
    await log.says(/another engine drives/)
    assert.equal(stoodDown, 1)
    assert.deepEqual(fake.actions.slice(since).filter(forTheCall), [])
  })

  it('that ended while Asterisk listed its channels have ended once', async () => {
    await drives()
    start(CALL, 'entry', '100')
    await heard.arrives()
    const lists: string[] = []
    fake.onAction = ({ action, actionid = '' }) => void (action === 'CoreShowChannels' && lists.push(actionid))
    const since = from()
    fake.cut()
    await fake.gets(({ action }) => action === 'CoreShowChannels', since)
    fake.event('Hangup', { Uniqueid: CALL })
    await heard.next(CALL)
    list(lists[0]!)
    await looks()
    await looks()
    assert.deepEqual(heard.of(CALL), [{ type: 'caller-hung-up' }])
  })

  for (const Context of ['callwright-survival', 'callwright-survival-desk-en', 'callwright-fallback'])
    for (const away of [undefined, { type: 'queue', id: 4, queue: 'desk', maxWait: 0, tell: {} }] as const)
      it(`that are found in ${Context} are lost to us, ${away ? 'also when they have been in a queue' : 'and left alone'}`, async () => {
        rows = [{ Context }]
        line.adopt(CALL, away)
        await line.open(heard)
        assert.deepEqual(await heard.next(CALL), { type: 'line-lost' })
        await looks()
        assert.deepEqual(fake.actions.filter(forTheCall), [])
      })

  it('are given to survival at their step when they leave for a queue, before they leave', async () => {
    await drives()
    start(CALL, 'entry', '100')
    await heard.arrives()
    await fake.gets(({ action }) => action === 'AbsoluteTimeout')
    const since = from()
    line.at(CALL, 'agent', 'de')
    line.order(CALL, { type: 'queue', id: 1, queue: 'desk', maxWait: 0, tell: {} })
    await fake.gets(({ action }) => action === 'Redirect', since)
    assert.deepEqual(
      fake.actions.slice(since).filter(forTheCall).map(({ action, variable, value, exten }) => (action === 'Setvar' ? `${variable}=${value}` : `${action} ${exten}`)).filter((one) => /STEP|LANGUAGE|Redirect/.test(one)),
      ['CALLWRIGHT_STEP=step_agent', 'CALLWRIGHT_LANGUAGE=de', 'Redirect desk'],
    )
  })

  it('from before are asked for again when Asterisk does not list its channels in time, and the cause is said', async () => {
    rows = [{}]
    let lists = 0
    fake.onAction = ({ action, actionid = '' }) => void (action === 'CoreShowChannels' && ++lists > 1 && list(actionid))
    line.adopt(CALL)
    await line.open(heard)
    assert.equal((await fake.gets(({ action }) => action === 'Redirect')).exten, 'resumed')
    assert.equal(lists, 2)
    assert.deepEqual(log.lines.filter((one) => /list its channels/.test(one)), [
      'error: Asterisk does not list its channels (Asterisk did not answer in time), and calls from before wait for that; trying again; see what keeps it busy',
    ])
  })
})
