import assert from 'node:assert/strict'
import type { CallEvent } from '../../engine/call/events.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { type SimulatedCall, Simulator } from '../../telephony/simulator.ts'

describe('the line in memory: a transfer', () => {
  let clock: VirtualClock
  let call: SimulatedCall
  let events: CallEvent[]

  beforeEach(async () => {
    clock = new VirtualClock()
    events = []
    const simulator = new Simulator({ name: 'test', clock })
    await simulator.open({ callArrived: () => {}, happened: (_, event) => void events.push(event) })
    call = simulator.dial({ called: '100' }, () => {})
    simulator.order(call.facts.id, { type: 'transfer', id: 7, to: '200', ring: 20_000 })
  })

  it('rings as long as it may', () => {
    clock.pass(19_999)
    assert.deepEqual(events, [])
    clock.pass(1)
    assert.deepEqual(events, [{ type: 'transfer-ended', id: 7, how: 'no-answer' }])
  })

  it('does not ring any more once answered', () => {
    clock.pass(19_999)
    call.answerTransfer()
    clock.pass(3_600_000)
    assert.deepEqual(events, [])
    call.endTransfer('answered')
    assert.deepEqual(events, [{ type: 'transfer-ended', id: 7, how: 'answered' }])
  })

  it('does not ring any more once it has ended', () => {
    call.endTransfer('busy')
    assert.equal(clock.pending, 0)
    assert.deepEqual(events, [{ type: 'transfer-ended', id: 7, how: 'busy' }])
  })

  it('does not ring any more once the caller has hung up', () => {
    call.hangUp()
    assert.equal(clock.pending, 0)
    assert.deepEqual(events, [{ type: 'caller-hung-up' }])
  })
})
