import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../../engine/clock.ts'
import { recordEnd } from '../../telephony/ami/ends.ts'
import { AsteriskLine } from '../../telephony/asterisk.ts'
import { Recordings } from '../../telephony/recordings.ts'
import { tone, writeWav } from '../phone/wav.ts'
import { FakeAmi } from './fake-ami.ts'
import { LogBook, Recorder } from './recorder.ts'

const CALL = '1.1'
const CHANNEL = 'PJSIP/caller-1'
const silence = (ms: number): Int16Array => new Int16Array(ms * 8)

describe('recording on the Asterisk line', () => {
  let fake: FakeAmi
  let line: AsteriskLine
  let heard: Recorder
  let log: LogBook
  let folder: string

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-record-'))
    fake = await FakeAmi.open()
    heard = new Recorder()
    log = new LogBook()
  })
  afterEach(async () => {
    await line.close()
    await fake.close()
    rmSync(folder, { recursive: true })
  })

  /** A call that waits for orders; recordings are kept in `folder`, which Asterisk sees as /rec. */
  async function arrive(): Promise<void> {
    line = new AsteriskLine({
      host: '127.0.0.1', port: fake.port, user: 'callwright', secret: 'secret', log, clock: realClock,
      recordings: { ours: folder, theirs: '/rec/' },
      times: { renewEvery: 60_000, retryFirst: 5 },
    })
    await line.open(heard)
    await log.says(/connected/)
    back('entry', '100')
    await heard.arrives()
  }
  function back(...values: string[]): void {
    const env = values.map((value, at) => `agi_arg_${at + 1}: ${value}`).join('\n')
    fake.event('AsyncAGIStart', { Uniqueid: CALL, Channel: CHANNEL, Env: encodeURIComponent(env) })
  }
  const record = (recording: string, end = '#'): void =>
    line.order(CALL, { type: 'record', id: 7, recording, longest: 90_500, silence: 2500, end })
  const spoken = (name: string, samples: Int16Array): Promise<void> => writeWav(join(folder, `${name}.wav`), samples)
  const redirected = () => fake.gets(({ action, context }) => action === 'Redirect' && context === 'callwright-record')
  const variables = () => fake.actions.filter(({ action }) => action === 'Setvar').map(({ variable, value }) => [variable, value])
  const key = (digit: string): void => {
    for (const Event of ['DTMFBegin', 'DTMFEnd']) fake.event(Event, { Uniqueid: CALL, Digit: digit, Direction: 'Received' })
  }

  it('sends the caller to speak, with what Asterisk needs, and tells what came of it; keys meanwhile are not told', async () => {
    await arrive()
    record('1.1-7')
    const { channel, exten } = await redirected()
    assert.deepEqual([channel, exten], [CHANNEL, 'record'])
    assert.deepEqual(variables(), [
      ['CALLWRIGHT_RECORD', '/rec/1.1-7.wav'],
      ['CALLWRIGHT_SILENCE', '3'],
      ['CALLWRIGHT_LONGEST', '91'],
      ['CALLWRIGHT_RECORD_OPTIONS', 'kq'],
    ])
    await spoken('1.1-7', tone(700, 1500))
    key('5')
    key('#')
    back('recorded', 'DTMF')
    assert.deepEqual(await heard.next(CALL), { type: 'recorded', id: 7, how: 'recorded', ms: 1500 })
    assert.equal(heard.of(CALL).length, 1)
  })

  it('ends at the star where the flow says so', async () => {
    await arrive()
    record('1.1-7', '*')
    await redirected()
    assert.deepEqual(variables().at(-1), ['CALLWRIGHT_RECORD_OPTIONS', 'kqt'])
  })

  for (const [what, samples, event] of [
    ['words', tone(700, 800), { type: 'caller-hung-up', recorded: 800 }],
    ['silence, of which no file is kept', silence(800), { type: 'caller-hung-up' }],
  ] as const) {
    it(`tells of a hang-up after ${what}`, async () => {
      await arrive()
      record('1.1-7')
      await redirected()
      await spoken('1.1-7', samples)
      fake.event('Hangup', { Uniqueid: CALL })
      assert.deepEqual(await heard.next(CALL), event)
      assert.equal(existsSync(join(folder, '1.1-7.wav')), 'recorded' in event)
    })
  }

  it('says what to see to when Asterisk could not record', async () => {
    await arrive()
    record('1.1-7')
    await redirected()
    back('recorded', 'ERROR')
    assert.deepEqual(await heard.next(CALL), { type: 'recorded', id: 7, how: 'failed', ms: 0 })
    await log.says(/error: Asterisk could not record: may its user write into the folder \/rec, is there room/)
  })

  it('a hand-over that is refused is a recording that failed', async () => {
    await arrive()
    fake.answer = ({ action }) => ({ Response: action === 'Redirect' ? 'Error' : 'Success' })
    record('1.1-7')
    assert.deepEqual(await heard.next(CALL), { type: 'recorded', id: 7, how: 'failed', ms: 0 })
  })

  it('never sends a name that could lead out of the folder, or be read as syntax', async () => {
    await arrive()
    for (const name of ['', '..', '../x', 'a/b', 'a..b', '.a', 'a b', 'a,b', 'a%d', '${A}', 'a\r\nAction: Originate', 'a'.repeat(121)]) {
      record(name)
      assert.deepEqual(await heard.next(CALL), { type: 'recorded', id: 7, how: 'failed', ms: 0 }, name)
      line.order(CALL, { type: 'replay', id: 8, recording: name, bargeIn: true })
      assert.deepEqual(await heard.next(CALL), { type: 'prompt-finished', id: 8, failed: true }, name)
    }
    assert.deepEqual(fake.names().filter((name) => /Setvar|Redirect|AGI/.test(name)), [])
  })

  it('plays a recording back from where Asterisk has it, and passes over one that is gone', async () => {
    await arrive()
    await spoken('1.1-7', tone(700, 800))
    line.order(CALL, { type: 'replay', id: 8, recording: '1.1-7', bargeIn: true })
    const { command, commandid } = await fake.gets(({ action }) => action === 'AGI')
    assert.equal(command, 'STREAM FILE "/rec/1.1-7" "0123456789*#"')
    fake.event('AsyncAGIExec', { Uniqueid: CALL, CommandId: commandid!, Result: encodeURIComponent('200 result=0 endpos=6400\n') })
    assert.deepEqual(await heard.next(CALL), { type: 'prompt-finished', id: 8 })
    line.order(CALL, { type: 'replay', id: 9, recording: '1.1-8', bargeIn: true })
    assert.deepEqual(await heard.next(CALL), { type: 'prompt-finished', id: 9, failed: true })
  })

  it('after a reconnect lets a caller speak on, and asks again how a recording ended', async () => {
    await arrive()
    record('1.1-7')
    await redirected()
    await spoken('1.1-7', tone(700, 800))
    for (const [Context, Exten] of [['callwright-record', 'record'], ['callwright-control', 'recorded']] as const) {
      const from = fake.actions.length
      fake.onAction = ({ action, actionid = '' }) => {
        if (action !== 'CoreShowChannels') return
        fake.event('CoreShowChannel', { ActionID: actionid, Uniqueid: CALL, Context, Exten })
        fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
      }
      fake.answer = ({ action }) => ({ Response: 'Success', ...(action === 'CoreShowChannels' ? { EventList: 'start' } : {}) })
      fake.cut()
      await fake.gets(({ action }) => action === 'CoreShowChannels', from)
    }
    const asked = await fake.gets(({ action, exten }) => action === 'Redirect' && exten === 'recorded')
    assert.equal(asked.context, 'callwright-control')
    assert.equal(fake.actions.filter(({ action }) => action === 'Redirect').length, 2, 'the one to speak, and this one')
    back('recorded', 'TIMEOUT')
    assert.deepEqual(await heard.next(CALL), { type: 'recorded', id: 7, how: 'recorded', ms: 800 })
  })
})

describe('how a recording ended', () => {
  const there = (ms: number, said: boolean | undefined) => ({ state: 'there' as const, ms, said })
  const unseen = { state: 'unseen' as const }
  const missing = { state: 'missing' as const }
  /** RECORD_STATUS, what is found of the file, seconds since the order, with 4 s of silence; and the end, with milliseconds. */
  const cases = [
    ['DTMF', there(3000, true), 3.6, 'recorded', 3000],
    ['DTMF', there(3000, false), 3.6, 'nothing-said', 0],
    ['SILENCE', there(2000, true), 5.6, 'recorded', 2000],
    ['SILENCE', there(1020, undefined), 4.6, 'nothing-said', 0],
    ['SILENCE', there(2020, undefined), 6.6, 'recorded', 2020],
    ['TIMEOUT', there(9000, true), 9.6, 'recorded', 9000],
    ['HANGUP', there(900, true), 1.4, 'recorded', 900],
    ['DTMF', unseen, 3.7, 'recorded', 3000],
    ['SILENCE', unseen, 4.6, 'nothing-said', 0],
    ['HANGUP', unseen, 0.2, 'recorded', 0],
    ['DTMF', missing, 3.6, 'failed', 0],
    ['ERROR', there(3000, true), 3.6, 'failed', 0],
    ['SKIP', missing, 0.6, 'failed', 0],
    ['', unseen, 0.6, 'failed', 0],
  ] as const
  for (const [status, found, passed, how, ms] of cases) {
    const seen = found.state === 'there' ? `${found.ms} ms, ${found.said === undefined ? 'unread' : found.said ? 'with sound' : 'silent'}` : found.state
    it(`${status || 'no status'}, file ${seen}, after ${passed} s: ${how}, ${ms} ms`, () => {
      assert.deepEqual(recordEnd(status, found, passed * 1000, 4000), { how, ms })
    })
  }
})

describe('the folder of recordings', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'callwright-recordings-'))))
  afterEach(() => rmSync(folder, { recursive: true }))
  const look = (name: string, ours = folder) => new Recordings({ ours, theirs: '/rec' }).file(name)!.look()

  it('hears a word in silence, and neither a click nor the noise of a line', async () => {
    const noise = Int16Array.from({ length: 16_000 }, (_, i) => ((i * 7919) % 401) - 200)
    const sounds = {
      word: Int16Array.of(...silence(3000), ...tone(500, 200, 0.05), ...silence(900)),
      click: Int16Array.of(...silence(500), ...tone(500, 20), ...silence(500)),
      noise,
      nothing: silence(0),
    }
    for (const [name, samples] of Object.entries(sounds)) await writeWav(join(folder, `${name}.wav`), samples)
    assert.deepEqual(look('word'), { state: 'there', ms: 4100, said: true })
    assert.deepEqual(look('click'), { state: 'there', ms: 1020, said: false })
    assert.deepEqual(look('noise'), { state: 'there', ms: 2000, said: false })
    assert.deepEqual(look('nothing'), { state: 'there', ms: 0, said: false })
  })

  it('knows a file that is missing from a folder that cannot be seen', () => {
    assert.deepEqual(look('none'), { state: 'missing' })
    assert.deepEqual(look('none', join(folder, 'nowhere')), { state: 'unseen' })
  })

  it('refuses a folder that could be read as syntax', () => {
    for (const theirs of ['rec', '/a,b', '/a%d', '/a"b', '/${A}', '/a|b', "/a'b", '/a\\b', '/a;b', '/a\nb'])
      assert.throws(() => new Recordings({ ours: folder, theirs }), /cannot be told to Asterisk: take a whole path/, theirs)
    assert.ok(new Recordings({ ours: folder, theirs: '/srv/Ton (neu)/ä b' }).file('x'))
    assert.equal(new Recordings({ ours: folder, theirs: `/${'a'.repeat(240)}` }).file('12345678901'), undefined, 'longer than Asterisk can keep')
  })
})
