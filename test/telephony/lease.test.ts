import assert from 'node:assert/strict'
import { VirtualClock } from '../../engine/clock.ts'
import { AmiCall } from '../../telephony/ami/call.ts'

/** For how long the lease of a call has not been renewed: what an admin sees before Asterisk takes calls back. */
describe('the age of a lease', () => {
  const setUp = () => {
    const clock = new VirtualClock(0)
    const call = new AmiCall(
      'PJSIP/a-1',
      { lease: 10, renewEvery: 4000, stopCheck: 60, overdue: 5000 },
      {
        send() {},
        together: (run) => run(),
        tell() {}, heard() {}, silence() {},
        forget() {},
        warn() {},
        now: () => clock.now(),
        after: (ms, run) => clock.after(ms, run),
        nextCommandId: () => 'play-1',
      },
    )
    /** Time passes, and the call is looked after ten times a second. */
    const pass = (ms: number): void => {
      for (let passed = 0; passed < ms; passed += 100) {
        clock.pass(100)
        call.tick(clock.now())
      }
    }
    return { clock, call, pass, age: () => call.leaseAge(clock.now()) }
  }

  it('stays below the time after which it is renewed', () => {
    const { pass, age } = setUp()
    for (let second = 0; second < 60; second++) {
      pass(1000)
      assert.ok(age()! <= 4000, String(age()))
    }
  })

  it('grows while nobody looks after the call, and while there is no connection', () => {
    const { clock, call, pass, age } = setUp()
    pass(100)
    clock.pass(6000)
    assert.equal(age(), 6000)
    pass(100)
    assert.equal(age(), 0)
    call.cutOff()
    pass(7000)
    assert.equal(age(), 7000)
    call.foundAt('PJSIP/a-1', 'callwright-control', 'entry')
    pass(100)
    assert.equal(age(), 0)
  })

  it('is not counted while the caller is with agents, and begins anew after', () => {
    const { call, pass, age } = setUp()
    call.leave({ type: 'queue', id: 1, queue: 'desk', maxWait: 0, tell: {} })
    pass(60_000)
    assert.equal(age(), undefined)
    call.waitsForOrders({ why: 'queue-left', status: '' })
    assert.equal(age(), 0)
  })
})
