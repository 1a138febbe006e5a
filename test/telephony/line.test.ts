import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../../engine/clock.ts'
import { AsteriskLine, type AsteriskOptions } from '../../telephony/asterisk.ts'
import { FakeAmi } from './fake-ami.ts'
import { LogBook, Recorder } from './recorder.ts'

const CALL = '1.1'
const CHANNEL = 'PJSIP/caller-1'
/** Length of every prompt here. Milliseconds. */
const MS = 1000

describe('the Asterisk line', () => {
  let fake: FakeAmi
  let line: AsteriskLine
  let heard: Recorder
  let log: LogBook
  let folder: string
  /** Actions before this number have been looked at. */
  let seen: number

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callwright-line-'))
    for (const name of ['a', 'b', 'c']) await writeFile(join(folder, `${name}.wav`), '')
  })
  after(() => rm(folder, { recursive: true }))

  beforeEach(async () => {
    fake = await FakeAmi.open()
    heard = new Recorder()
    log = new LogBook()
    seen = 0
    channels([])
  })

  afterEach(async () => {
    await line.close()
    await fake.close()
  })

  async function open(options: Partial<AsteriskOptions> = {}): Promise<void> {
    line = new AsteriskLine({
      host: '127.0.0.1',
      port: fake.port,
      user: 'callwright',
      secret: 'secret',
      log,
      clock: realClock,
      transfers: ['110'],
      ...options,
      times: { renewEvery: 60_000, retryFirst: 5, stopCheck: 30, overdue: 5000, ...options.times },
    })
    await line.open(heard)
    await log.says(/connected/)
    await next(named('CoreShowChannels'))
  }

  /** What CoreShowChannels finds. */
  function channels(rows: Record<string, string>[]): void {
    fake.answer = ({ action }) => (action === 'CoreShowChannels' ? { Response: 'Success', EventList: 'start' } : { Response: 'Success' })
    fake.onAction = ({ action, actionid = '' }) => {
      if (action !== 'CoreShowChannels') return
      for (const row of rows) fake.event('CoreShowChannel', { ActionID: actionid, Channel: CHANNEL, ...row })
      fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
    }
  }

  function start(...values: string[]): void {
    const env = ['agi_callerid: 0151', ...values.map((value, at) => `agi_arg_${at + 1}: ${value}`)].join('\n')
    fake.event('AsyncAGIStart', { Uniqueid: CALL, Channel: CHANNEL, Env: encodeURIComponent(env) })
  }

  async function arrive(options: Partial<AsteriskOptions> = {}): Promise<void> {
    await open(options)
    start('entry', '100')
    await heard.arrives()
  }

  const play = (id: number, name: string, bargeIn = true): void =>
    line.order(CALL, {
      type: 'play', id, prompt: [{ text: name, language: 'en' }], bargeIn,
      sound: { id: name, file: join(folder, `${name}.wav`), ms: MS },
    })
  const stop = (): void => line.order(CALL, { type: 'stop-playback' })
  /** The AGI command that plays a prompt, once sent. */
  async function sent(name: string): Promise<{ id: string; text: string }> {
    const found = await next(({ action, command }) => action === 'AGI' && command!.includes(`${folder}/${name}"`))
    return { id: found.commandid!, text: found.command! }
  }
  async function next(fits: (action: Record<string, string>) => boolean): Promise<Record<string, string>> {
    const action = await fake.gets(fits, seen)
    seen = fake.actions.indexOf(action) + 1
    return action
  }
  const named = (name: string) => ({ action }: Record<string, string>) => action === name
  const began = (text: string): void => fake.event('AGIExecStart', { Uniqueid: CALL, Command: text, CommandId: '815' })
  const ended = (id: string, result: string): void =>
    fake.event('AsyncAGIExec', { Uniqueid: CALL, CommandId: id, Result: encodeURIComponent(`${result}\n`) })
  const key = (digit: string): void => {
    for (const Event of ['DTMFBegin', 'DTMFEnd']) fake.event(Event, { Uniqueid: CALL, Digit: digit, Direction: 'Received' })
  }
  /** Waits until Asterisk's events so far have been dealt with. */
  async function settled(): Promise<void> {
    const before = fake.actions.length
    fake.event('AsyncAGIStart', { Uniqueid: `other-${before}`, Channel: 'x', Env: encodeURIComponent('agi_arg_1: entry') })
    await heard.until(() => heard.arrivals.some(({ id }) => id === `other-${before}`), 2000, () => 'not settled')
  }
  /** Fails if anything is sent to a channel during two rounds of renewals, as another call sees them. */
  async function noneFor(unwanted: string): Promise<void> {
    await settled()
    const since = seen
    for (let round = 0; round < 2; round++) await next(({ action, channel }) => action === 'AbsoluteTimeout' && channel === 'x')
    assert.deepEqual(fake.actions.slice(since).filter(({ channel }) => channel === unwanted), [])
  }
  const told = () => heard.of(CALL)

  it('offers a call, and plays with the wake and the lease right behind', async () => {
    await arrive()
    assert.deepEqual(heard.arrivals, [{ id: CALL, line: 'asterisk', called: '100', caller: '0151' }])
    // The lease that every call gets first; the next one of its own is a minute away.
    await next(named('AbsoluteTimeout'))
    play(1, 'a')
    const { id, text } = await sent('a')
    assert.equal(text, `STREAM FILE "${folder}/a" "0123456789*#"`)
    assert.deepEqual((await next(named('AbsoluteTimeout'))).timeout, '2.8')
    assert.deepEqual(fake.names(), ['CoreShowChannels', 'AbsoluteTimeout', 'AGI', 'AbsoluteTimeout'])
    began(text)
    ended(id, '200 result=0 endpos=8000')
    assert.deepEqual(await heard.next(CALL), { type: 'prompt-finished', id: 1 })
  })

  it('says where the call is, in what Asterisk goes on with alone, behind the prompt and once', async () => {
    await arrive()
    await next(named('AbsoluteTimeout'))
    line.at(CALL, 'read-slot/2', 'de')
    play(1, 'a')
    await sent('a')
    await next(named('AbsoluteTimeout'))
    const said = [await next(named('Setvar')), await next(named('Setvar'))]
    assert.deepEqual(said.map(({ variable, value }) => `${variable}=${value}`), ['CALLWRIGHT_STEP=step_read_slot.2', 'CALLWRIGHT_LANGUAGE=de'])
    line.order(CALL, { type: 'fall-back' })
    await next(named('Redirect'))
    assert.equal(fake.names().filter((name) => name === 'Setvar').length, 2)
  })

  it('after a key sends the next prompt at once, without a stop', async () => {
    heard.onEvent = (_, event) => {
      if (event.type !== 'key-pressed') return
      stop()
      play(2, 'b')
    }
    await arrive()
    play(1, 'a')
    const first = await sent('a')
    began(first.text)
    key('1')
    const second = await sent('b')
    ended(first.id, '200 result=49 endpos=800')
    began(second.text)
    ended(second.id, '200 result=0 endpos=8000')
    await heard.next(CALL)
    assert.deepEqual(await heard.next(CALL), { type: 'prompt-finished', id: 2 })
    assert.ok(!fake.names().includes('ControlPlayback'))
  })

  it('a prompt that has not heard the key is told to stop when it begins, and the next one waits for its end', async () => {
    heard.onEvent = (_, event) => {
      if (event.type !== 'key-pressed') return
      stop()
      play(2, 'b')
    }
    await arrive({ times: { stopCheck: 5000 } })
    play(1, 'a')
    const first = await sent('a')
    key('1')
    await heard.next(CALL)
    await settled()
    assert.ok(!fake.names().includes('ControlPlayback'))
    began(first.text)
    await next(named('ControlPlayback'))
    assert.equal(fake.actions.filter(named('AGI')).length, 1)
    ended(first.id, '200 result=0 endpos=160')
    await sent('b')
    assert.deepEqual(told(), [{ type: 'key-pressed', key: '1' }])
  })

  it('a prompt that does not end by itself after the key is told to, soon', async () => {
    await arrive()
    play(1, 'a')
    began((await sent('a')).text)
    key('1')
    await heard.next(CALL)
    stop()
    await next(named('ControlPlayback'))
  })

  it('a prompt is told to stop though nobody said that it began', async () => {
    await arrive()
    play(1, 'a')
    await sent('a')
    stop()
    await next(named('ControlPlayback'))
  })

  it('stops at once without a key, and for a new prompt', async () => {
    await arrive({ times: { stopCheck: 5000 } })
    play(1, 'a')
    const first = await sent('a')
    began(first.text)
    await settled()
    play(2, 'b')
    await next(named('ControlPlayback'))
    ended(first.id, '200 result=0 endpos=160')
    await sent('b')
  })

  it('a prompt cut by mistake goes on where it was', async () => {
    await arrive()
    play(1, 'a')
    const first = await sent('a')
    began(first.text)
    ended(first.id, '200 result=49 endpos=480') // the second end of a short key
    const again = await sent('a')
    assert.equal(again.text, `STREAM FILE "${folder}/a" "0123456789*#" "480"`)
    began(again.text)
    ended(again.id, '200 result=0 endpos=800') // a stop that came too late for another one
    const third = await sent('a')
    assert.match(third.text, /"800"$/)
    ended(third.id, '200 result=0 endpos=8000')
    assert.deepEqual(await heard.next(CALL), { type: 'prompt-finished', id: 1 })
  })

  it('a key that nobody wants ends a prompt all the same', async () => {
    await arrive()
    play(1, 'a')
    const { id, text } = await sent('a')
    began(text)
    key('1')
    ended(id, '200 result=49 endpos=480')
    await heard.next(CALL)
    assert.deepEqual(await heard.next(CALL), { type: 'prompt-finished', id: 1 })
  })

  it('tells each key once, however often Asterisk reads its end', async () => {
    await arrive()
    const dtmf = (events: string): void => {
      for (const [, kind, Digit = ''] of events.matchAll(/([be])(.)/g)) {
        fake.event(kind === 'b' ? 'DTMFBegin' : 'DTMFEnd', { Uniqueid: CALL, Digit, Direction: 'Received' })
      }
    }
    dtmf('e7') // SIP INFO has no begin
    dtmf('b1e1e1b2e1e2e2b2e2b3b4e3e4e4')
    await settled()
    assert.equal(told().map((event) => (event.type === 'key-pressed' ? event.key : '?')).join(''), '712234')
  })

  it('brings the call back when an answer makes no sense, and plays again', async () => {
    await arrive()
    play(1, 'a')
    const { id } = await sent('a')
    ended(id, 'rest of another answer')
    const back = await next(named('Redirect'))
    assert.deepEqual([back.channel, back.context, back.exten], [CHANNEL, 'callwright-control', 'resumed'])
    ended(id, '200 result=-1 endpos=0')
    fake.event('AsyncAGIEnd', { Uniqueid: CALL })
    start('resumed')
    await sent('a')
    assert.deepEqual(told(), [])
  })

  it('brings the call back when a prompt does not end, or is not taken', async () => {
    await arrive({ times: { overdue: 30 } })
    play(1, 'a', false)
    began((await sent('a')).text)
    stop()
    await next(named('Redirect'))
    start('resumed')
    fake.answer = ({ action }) => (action === 'AGI' ? { Response: 'Error', Message: 'no' } : { Response: 'Success' })
    await settled()
    play(2, 'b')
    await next(named('Redirect'))
  })

  it('gives a call up that Asterisk does not give back', async () => {
    await arrive({ times: { overdue: 30 } })
    fake.event('AsyncAGIEnd', { Uniqueid: CALL })
    assert.deepEqual(await heard.next(CALL), { type: 'line-lost' })
    line.order(CALL, { type: 'hang-up' })
    assert.ok(!fake.names().includes('Hangup'))
  })

  it('a prompt that cannot be played is told when the call is back, not when the caller has gone', async () => {
    await arrive()
    play(1, 'a')
    ended((await sent('a')).id, '200 result=-1 endpos=0')
    fake.event('AsyncAGIEnd', { Uniqueid: CALL })
    start('resumed')
    assert.deepEqual(await heard.next(CALL), { type: 'prompt-finished', id: 1, failed: true })
    play(2, 'b')
    ended((await sent('b')).id, '200 result=-1 endpos=4000')
    fake.event('AsyncAGIEnd', { Uniqueid: CALL })
    fake.event('Hangup', { Uniqueid: CALL })
    assert.deepEqual(await heard.next(CALL), { type: 'caller-hung-up' })
  })

  it('ignores answers and calls that are not its own', async () => {
    await arrive()
    play(1, 'a')
    await sent('a')
    ended('play-99', '200 result=0 endpos=8000')
    fake.event('Hangup', { Uniqueid: 'x' })
    for (const why of ['resumed', 'queue-left']) {
      fake.event('AsyncAGIStart', { Uniqueid: 'x', Channel: 'x', Env: encodeURIComponent(`agi_arg_1: ${why}`) })
    }
    await settled()
    assert.deepEqual(told(), [])
    assert.ok(heard.arrivals.every(({ id }) => id !== 'x'))
  })

  it('hands over when nothing is playing, and sends nothing to the call until it is back', async () => {
    await arrive({ times: { renewEvery: 1 } })
    play(1, 'a')
    const first = await sent('a')
    began(first.text)
    key('1')
    await heard.next(CALL)
    line.order(CALL, { type: 'queue', id: 5, queue: 'desk', maxWait: 1500, tell: { code: '2600', why: 'new, booking' } })
    await settled()
    assert.ok(!fake.names().includes('Redirect'), 'not before the prompt has ended')
    ended(first.id, '200 result=49 endpos=480')
    const to = await next(named('Redirect'))
    assert.deepEqual([to.context, to.exten, to.priority], ['callwright-queue', 'desk', '1'])
    assert.deepEqual(
      fake.actions.filter(named('Setvar')).map(({ variable, value }) => [variable, value]),
      [
        ['__CALLWRIGHT_TOLD', '{"code":"2600","why":"new, booking"}'],
        ['CALLERID(name)', '2600, new booking'],
        ['CALLWRIGHT_WAIT', '2'],
      ],
    )
    play(6, 'b')
    await noneFor(CHANNEL)
    fake.event('AgentConnect', { Uniqueid: CALL, MemberName: 'Anna' })
    key('5')
    start('queue-left', 'CONTINUE')
    assert.deepEqual(await heard.next(CALL), { type: 'agent-answered', id: 5, agent: 'Anna' })
    assert.deepEqual(await heard.next(CALL), { type: 'queue-left', id: 5, how: 'answered' })
    await next(named('AbsoluteTimeout'))
  })

  it('tells the engine when a hand-over is refused', async () => {
    await arrive()
    fake.answer = ({ action }) => (action === 'Redirect' ? { Response: 'Error', Message: 'no' } : { Response: 'Success' })
    line.order(CALL, { type: 'queue', id: 1, queue: 'desk', maxWait: 0, tell: {} })
    assert.deepEqual(await heard.next(CALL), { type: 'queue-left', id: 1, how: 'failed' })
    line.order(CALL, { type: 'transfer', id: 2, to: '110', ring: 20_000 })
    assert.deepEqual(await heard.next(CALL), { type: 'transfer-ended', id: 2, how: 'failed' })
    for (const queue of ['a,b', '../x', '', '${X}', 'T\r\nAction: Originate']) {
      line.order(CALL, { type: 'queue', id: 3, queue, maxWait: 0, tell: {} })
      assert.deepEqual(await heard.next(CALL), { type: 'queue-left', id: 3, how: 'failed' })
    }
    line.order(CALL, { type: 'transfer', id: 4, to: '111', ring: 1 })
    assert.deepEqual(await heard.next(CALL), { type: 'transfer-ended', id: 4, how: 'failed' })
    assert.equal(fake.actions.filter(named('Redirect')).length, 2)
  })

  it('a hand-over without an answer is no refusal: nothing is sent to a caller who may be with agents', async () => {
    await arrive({ times: { renewEvery: 1, deadline: 30, pingEvery: 20 } })
    fake.answer = ({ action }) => (action === 'Redirect' ? undefined : { Response: 'Success' })
    line.order(CALL, { type: 'queue', id: 1, queue: 'desk', maxWait: 0, tell: {} })
    await next(named('Redirect'))
    await log.says(/warn: Asterisk does not say whether the caller is in callwright-queue/)
    play(2, 'a')
    await noneFor(CHANNEL)
    assert.deepEqual(told(), [])
    start('queue-left', 'CONTINUE')
    assert.deepEqual(await heard.next(CALL), { type: 'queue-left', id: 1, how: 'answered' })
  })

  it('leaves a call alone that it has given to the fallback, and says nothing of its end', async () => {
    await arrive({ times: { renewEvery: 1, overdue: 30 } })
    play(1, 'a')
    const { id, text } = await sent('a')
    began(text)
    await settled()
    const { length } = log.lines
    line.order(CALL, { type: 'fall-back' })
    const { context, exten } = await next(named('Redirect'))
    assert.deepEqual([context, exten], ['callwright-control', 'let-go'])
    ended(id, '200 result=-1 endpos=800')
    fake.event('AsyncAGIEnd', { Uniqueid: CALL })
    key('1')
    play(2, 'b')
    await noneFor(CHANNEL)
    fake.event('Hangup', { Uniqueid: CALL })
    await settled()
    await line.close()
    assert.equal(fake.actions.filter((action) => named('Redirect')(action) && action.channel === CHANNEL).length, 1)
    assert.deepEqual(told(), [])
    assert.deepEqual(log.lines.slice(length), [])
  })

  it('gives a call to the fallback that is just on its way back', async () => {
    await arrive()
    fake.event('AsyncAGIEnd', { Uniqueid: CALL })
    await settled()
    line.order(CALL, { type: 'fall-back' })
    assert.equal((await next(named('Redirect'))).exten, 'let-go')
  })

  it('takes a caller who comes again from the fallback as a new call', async () => {
    await arrive()
    line.order(CALL, { type: 'fall-back' })
    start('entry', '100')
    assert.equal((await heard.arrives(1)).id, CALL)
  })

  it('says why when Asterisk does not list its channels', async () => {
    await arrive()
    fake.answer = ({ action }) => (action === 'CoreShowChannels' ? { Response: 'Error', Message: 'no' } : { Response: 'Success' })
    fake.cut()
    await log.says(/does not list its channels/)
    assert.ok(log.facts.some((facts) => 'err' in facts && facts.err instanceof Error))
  })

  it('a hang-up that was lost with the connection is ordered again', async () => {
    await arrive()
    channels([{ Uniqueid: CALL, Context: 'callwright-control', Exten: 'entry' }])
    fake.cut()
    await log.says(/lost/)
    line.order(CALL, { type: 'hang-up' })
    await next(named('Hangup'))
    fake.event('Hangup', { Uniqueid: CALL })
    await settled().catch(() => {})
    assert.deepEqual(told(), [])
  })

  it('after a reconnect: leaves alone what is well, ends what is gone or in the fallback', async () => {
    await arrive()
    for (const Context of ['callwright-control', 'callwright-fallback']) {
      channels([{ Uniqueid: CALL, Context, Exten: 'entry' }])
      fake.cut()
      await next(named('CoreShowChannels'))
      await settled()
    }
    assert.deepEqual(await heard.next(CALL), { type: 'line-lost' })
    assert.equal(told().length, 1)
    assert.ok(!fake.names().includes('Redirect'))
  })

  it('a call that was to leave when the connection ended leaves after', async () => {
    await arrive()
    channels([{ Uniqueid: CALL, Context: 'callwright-control', Exten: 'entry' }])
    fake.cut()
    await log.says(/lost/)
    line.order(CALL, { type: 'transfer', id: 1, to: '110', ring: 20_000 })
    assert.equal((await next(named('Redirect'))).exten, 'resumed')
    start('resumed')
    assert.equal((await next(named('Setvar'))).value, '20')
    assert.equal((await next(named('Redirect'))).context, 'callwright-transfer')
  })

  it('leaves its calls to the engine that follows, whose leases hold until it is there', async () => {
    await arrive()
    play(1, 'a')
    await sent('a')
    line.forsake()
    await line.close()
    assert.equal(fake.names().includes('Redirect'), false)
    assert.deepEqual(told(), [])
  })

  it('lets go of everything when it closes', async () => {
    await arrive()
    play(1, 'a')
    await sent('a')
    await line.close()
    assert.equal((await next(named('Redirect'))).exten, 'let-go')
    const events = heard.events.length
    fake.event('Hangup', { Uniqueid: CALL })
    assert.equal(heard.events.length, events)
    assert.equal(line.connected, false)
  })
})
