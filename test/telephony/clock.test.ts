import assert from 'node:assert/strict'
import { VirtualClock } from '../../engine/clock.ts'
import { AsteriskLine } from '../../telephony/asterisk.ts'
import { FakeAmi } from './fake-ami.ts'
import { LogBook, Recorder } from './recorder.ts'

const CHANNEL = 'PJSIP/trunk-00000007'

describe('a clock on the wall that is set while calls are under way', () => {
  for (const [how, ms] of [['back by ten seconds', -10_000], ['back by ten minutes', -600_000], ['forwards by ten minutes', 600_000]] as const)
    it(`costs no lease, no prompt and no connection: ${how}`, async () => {
      const fake = await FakeAmi.open()
      const clock = new VirtualClock()
      const [heard, log] = [new Recorder(), new LogBook()]
      fake.answer = ({ action }) => (action === 'CoreShowChannels' ? { Response: 'Success', EventList: 'start' } : { Response: 'Success' })
      fake.onAction = ({ action, actionid = '' }) => {
        if (action === 'CoreShowChannels') fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
      }
      const line = new AsteriskLine({ host: '127.0.0.1', port: fake.port, user: 'u', secret: 's', log, clock })
      try {
        await line.open(heard)
        await fake.gets(({ action }) => action === 'CoreShowChannels')
        fake.event('AsyncAGIStart', { Uniqueid: '7', Channel: CHANNEL, Env: encodeURIComponent('agi_arg_1: entry\nagi_arg_2: 100') })
        await heard.arrives()
        clock.pass(100)
        await fake.gets(({ action }) => action === 'AbsoluteTimeout')
        clock.set(ms)
        for (let second = 0; second < 8; second++) {
          const from = fake.actions.length
          clock.pass(1100)
          await fake.gets(({ action, channel }) => action === 'AbsoluteTimeout' && channel === CHANNEL, from)
          assert.ok(line.oldestLease! >= 0 && line.oldestLease! < 1100, String(line.oldestLease))
          if (second % 2) await fake.gets(({ action }) => action === 'Ping', from)
        }
        assert.equal(fake.connections, 1)
        assert.deepEqual(heard.events, [])
      } finally {
        const closed = line.close()
        for (let waits = 0; waits < 20; waits++) {
          await new Promise((resolve) => setImmediate(resolve))
          clock.pass(500)
        }
        await closed
        await fake.close()
      }
    })
})
