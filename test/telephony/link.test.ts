import assert from 'node:assert/strict'
import { realClock, VirtualClock } from '../../engine/clock.ts'
import { TelephonyError, type TelephonyErrorCode } from '../../engine/errors.ts'
import { AmiLink, type AmiMessage, type LinkOptions } from '../../telephony/ami/link.ts'
import { FakeAmi, text } from './fake-ami.ts'
import { LogBook } from './recorder.ts'

const code = (expected: TelephonyErrorCode) => (error: unknown) => error instanceof TelephonyError && error.code === expected

/** Tells when a timer is set. */
class NotingClock extends VirtualClock {
  private noted = () => {}

  override after(ms: number, run: () => void): () => void {
    this.noted()
    return super.after(ms, run)
  }

  /** Resolves when the next timer has been set. */
  sets(): Promise<void> {
    return new Promise((resolve) => (this.noted = resolve))
  }
}

describe('the AMI link', () => {
  let fake: FakeAmi
  let log: LogBook
  let link: AmiLink
  let events: AmiMessage[]
  let changes: string[]
  let wake: () => void

  beforeEach(async () => {
    fake = await FakeAmi.open()
    log = new LogBook()
    events = []
    changes = []
    wake = () => {}
  })

  afterEach(async () => {
    link.stop()
    await fake.close().catch(() => {})
  })

  function connect(options: Partial<LinkOptions> = {}): void {
    link = new AmiLink({
      host: '127.0.0.1',
      port: fake.port,
      user: 'callwright',
      secret: 'secret',
      log,
      clock: realClock,
      onUp: () => changed('up'),
      onDown: () => changed('down'),
      onEvent: (event) => {
        events.push(event)
        wake()
      },
      ...options,
      times: { retryFirst: 5, retryMost: 20, deadline: 300, pingEvery: 1000, ...options.times },
    })
    link.start()
  }

  function changed(to: string): void {
    changes.push(to)
    wake()
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve))
  }

  it('logs in, says which events it wants and which Asterisk it found', async () => {
    fake.answer = ({ action }) =>
      action === 'CoreSettings' ? { Response: 'Success', AsteriskVersion: '22.10.1' } : { Response: 'Success' }
    connect()
    assert.equal(await log.says(/connected/), `info: connected to Asterisk 22.10.1 at 127.0.0.1:${fake.port}`)
    assert.equal(link.state, 'up')
    const login = await fake.gets(({ action }) => action === 'login')
    assert.deepEqual([login.username, login.secret], ['callwright', 'secret'])
    assert.equal((await fake.gets(({ action }) => action === 'Events')).eventmask, 'system,call,agent,agi,dtmf')
  })

  it('says in one line that the login was refused, tries again, and comes up when it is put right', async () => {
    fake.answer = ({ action }) =>
      action === 'login' ? { Response: 'Error', Message: 'Authentication failed' } : { Response: 'Success' }
    connect()
    await fake.gets(({ action }) => action === 'login', 3)
    assert.equal(link.state, 'refused')
    assert.deepEqual(log.lines, [
      'error: Asterisk refused the login of user callwright: check AMI_SECRET and manager.conf; trying again',
    ])
    fake.answer = () => ({ Response: 'Success' })
    await until(() => changes.includes('up'))
    assert.equal(link.state, 'up')
  })

  it('says in one line that nobody is there, and goes on trying', async () => {
    const { port } = fake
    await fake.close()
    connect({ port })
    assert.equal(
      await log.says(/cannot reach/),
      `warn: cannot reach Asterisk at 127.0.0.1:${port} (connection refused); trying again`,
    )
    fake = await FakeAmi.open(port)
    await until(() => changes.includes('up'))
    assert.equal(log.lines.filter((line) => line.includes('cannot reach')).length, 1)
  })

  it('waits twice as long after each try, up to 5 s, and 200 ms again after a login', async () => {
    const clock = new NotingClock()
    fake.cutsAtOnce = true
    link = new AmiLink({
      host: '127.0.0.1', port: fake.port, user: 'callwright', secret: 'secret', log, clock,
      onUp: () => changed('up'),
      onDown: () => changed('down'),
    })
    /** Lets the link dial, and returns how long it waits after that has failed. */
    const pauseAfter = async (dials: () => void): Promise<number> => {
      dials()
      await clock.sets()
      assert.equal(clock.pending, 1)
      return clock.untilNext!
    }
    const pauses = [await pauseAfter(() => link.start())]
    while (pauses.length < 8) pauses.push(await pauseAfter(() => clock.pass(pauses.at(-1)!)))
    assert.equal(fake.connections, 8)
    fake.cutsAtOnce = false
    clock.pass(pauses.at(-1)!)
    await until(() => changes.includes('up'))
    fake.cutsAtOnce = true
    pauses.push(await pauseAfter(() => fake.cut()), await pauseAfter(() => clock.pass(clock.untilNext!)))
    for (const [at, expected] of [200, 400, 800, 1600, 3200, 5000, 5000, 5000, 200, 400].entries()) {
      const pause = pauses[at]!
      assert.ok(pause >= 0.8 * expected && pause <= 1.2 * expected, `${pause} ms, not about ${expected}: ${pauses}`)
    }
    assert.ok(new Set(pauses.map((pause) => pause.toFixed(6))).size === pauses.length, 'engines are kept out of step')
  })

  it('does not wait for ever for a login answer', async () => {
    fake.answer = () => undefined
    connect({ times: { deadline: 20 } })
    await log.says(/cannot reach Asterisk at .* \(no answer\)/)
    await fake.gets(({ action }) => action === 'login', 1)
  })

  it('is not confused by a cut inside an event', async () => {
    connect()
    await until(() => changes.includes('up'))
    fake.write('Event: Hangup\r\nUniqueid: 1')
    fake.event('') // completes nothing: the line goes on
    fake.write('Event: DTMFEnd\r\nDig')
    fake.cut()
    await until(() => changes.length >= 3)
    assert.deepEqual(changes, ['up', 'down', 'up'])
    events.length = 0
    fake.event('Hangup', { Uniqueid: '2' })
    await until(() => events.length > 0)
    assert.deepEqual({ ...events[0] }, { event: 'Hangup', uniqueid: '2' })
    assert.equal((await link.action({ Action: 'CoreStatus' })).response, 'Success')
  })

  it('rejects what is pending when the connection ends, and what comes while it is down', async () => {
    connect()
    await until(() => changes.includes('up'))
    fake.answer = () => undefined
    const pending = link.action({ Action: 'CoreStatus' }, { deadline: 10_000 })
    let told = false
    link.send({ Action: 'AGI' }, () => (told = true))
    await fake.gets(({ action }) => action === 'AGI')
    fake.cut()
    await assert.rejects(pending, code('link-lost'))
    assert.notEqual(link.state, 'up')
    await assert.rejects(link.action({ Action: 'Originate' }), code('link-lost'))
    link.send({ Action: 'Originate' })
    assert.equal(told, false)
    fake.answer = () => ({ Response: 'Success' })
    await until(() => changes.length >= 3)
    await link.action({ Action: 'CoreStatus' })
    assert.ok(!fake.names().includes('Originate'), 'an action came late')
  })

  it('rejects at the deadline, and when Asterisk says no', async () => {
    fake.answer = ({ action }) =>
      action === 'Slow' ? undefined : action === 'Bad' ? { Response: 'Error', Message: 'No such channel' } : { Response: 'Success' }
    connect({ times: { pingEvery: 20 } })
    await until(() => changes.includes('up'))
    await assert.rejects(link.action({ Action: 'Slow' }, { deadline: 10 }), code('no-answer'))
    await assert.rejects(link.action({ Action: 'Bad' }), { code: 'action-refused', message: 'No such channel' })
    const refused: string[] = []
    link.send({ Action: 'Bad' }, (error) => refused.push(error.code))
    link.send({ Action: 'Slow' }, (error) => {
      refused.push(error.code)
      wake()
    })
    await until(() => refused.length === 2)
    assert.deepEqual(refused, ['action-refused', 'no-answer'])
  })

  it('collects the rows of a list', async () => {
    fake.answer = ({ action }) => (action === 'CoreShowChannels' ? { Response: 'Success', EventList: 'start' } : { Response: 'Success' })
    fake.onAction = ({ action, actionid = '' }) => {
      if (action !== 'CoreShowChannels') return
      for (const Uniqueid of ['1', '2']) fake.event('CoreShowChannel', { ActionID: actionid, Uniqueid })
      fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
    }
    connect()
    await until(() => changes.includes('up'))
    assert.deepEqual((await link.list({ Action: 'CoreShowChannels' })).map(({ uniqueid }) => uniqueid), ['1', '2'])
    assert.deepEqual(events, [])
  })

  it('sends nothing that holds CR, LF or NUL, is no header, or is too long', async () => {
    connect()
    await until(() => changes.includes('up'))
    const unsafe = [
      { Value: 'x\r\nAction: Originate' },
      { Value: 'x\nAction: Originate' },
      { Value: 'x\r' },
      { Value: 'x\0' },
      { 'Value\r\nAction': 'Originate' },
      { 'Value: x': 'y' },
      { Value: 'x'.repeat(1020) },
      { Value: 'ü'.repeat(509) },
    ] as Record<string, string>[]
    for (const fields of unsafe) {
      await assert.rejects(link.action({ Action: 'Setvar', ...fields }), code('unsafe-value'), JSON.stringify(fields))
      assert.throws(() => link.send({ Action: 'Setvar', ...fields }), code('unsafe-value'))
    }
    await link.action({ Action: 'Setvar', Value: 'x'.repeat(1015) })
    assert.deepEqual(fake.names(), ['Setvar'])
    assert.throws(() => new AmiLink({ host: '', port: 1, user: 'a', secret: 'b\r\nc', log, clock: realClock }), code('unsafe-value'))
  })

  it('gives every action an id of its own', async () => {
    connect()
    await until(() => changes.includes('up'))
    for (let count = 0; count < 50; count++) link.send({ Action: 'AbsoluteTimeout' })
    await link.action({ Action: 'CoreStatus' })
    const ids = fake.actions.slice(1).map(({ actionid }) => actionid)
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(ids.every((id) => /^cw[0-9a-f]{6}-\d+$/.test(id ?? '')), String(ids))
  })

  it('takes events with names and headers that mean harm, and reads headers in any case', async () => {
    connect()
    await until(() => changes.includes('up'))
    for (const name of ['Close', 'close', 'Connect', 'Error', 'End', 'rawevent', 'data', 'response']) fake.event(name)
    fake.write(text({ Event: 'Evil', __proto__x: '1' }).replace('__proto__x', '__proto__').repeat(2))
    fake.write('Event: Evil\r\n__proto__: a\r\n__proto__: b\r\nconstructor: c\r\nUNIQUEID: 9\r\nunIqueId: 8\r\n\r\n')
    await until(() => events.length === 11)
    assert.equal(link.state, 'up')
    assert.deepEqual(changes, ['up'])
    assert.equal(fake.connections, 1)
    const last = events.at(-1)!
    assert.equal(Object.getPrototypeOf(last), null)
    assert.equal(last.uniqueid, '9')
    assert.equal(({} as Record<string, unknown>).a, undefined)
  })

  it('notices a connection that is silent, and makes a new one', async () => {
    connect({ times: { pingEvery: 10, pingDeadline: 20 } })
    await until(() => changes.includes('up'))
    await fake.gets(({ action }) => action === 'Ping')
    fake.answer = ({ action }) => (action === 'login' ? { Response: 'Success' } : undefined)
    await until(() => changes.length >= 3)
    await log.says(/lost the connection .* \(silent for 20 ms\)/)
    fake.answer = () => ({ Response: 'Success' })
  })

  it('goes on when what listens to it throws', async () => {
    connect({
      onEvent: () => {
        throw new Error('listener')
      },
    })
    await until(() => changes.includes('up'))
    fake.event('Hangup')
    await log.says(/could not be dealt with/)
    // What a log of pino writes out in full.
    assert.ok(log.facts.some((facts) => 'err' in facts && facts.err instanceof Error && facts.err.message === 'listener'))
    assert.equal((await link.action({ Action: 'CoreStatus' })).response, 'Success')
  })

  it('stops for good, also while it is connecting', async () => {
    connect()
    link.stop()
    assert.equal(link.state, 'down')
    const before = fake.connections
    connect()
    await until(() => changes.includes('up'))
    const pending = link.action({ Action: 'Logoff' })
    link.stop()
    await assert.rejects(pending, code('link-lost'))
    assert.deepEqual(changes, ['up', 'down'])
    assert.ok(fake.connections - before <= 2)
  })
})
