import assert from 'node:assert/strict'
import { advance, begin } from '../../engine/call/advance.ts'
import { Sessions } from '../../engine/call/sessions.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { RecentCalls } from '../../engine/history.ts'
import type { Switches } from '../../engine/ports.ts'
import { Simulator, type SimulatedCall } from '../../telephony/simulator.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import { compiled, monday } from '../calls/play.ts'
import { Engines } from '../journal/engines.ts'

const power = compiled(
  `
hotline: Power
numbers: ["100"]
switches:
  outage: { for: Large outage announcement }
  bookings: { for: Booking by phone, starts: on }
queues: { desk: }
start: welcome
steps:
  welcome:
    branch:
      - { if: switches.outage, go: news }
      - { go: main }
  news: { say: Many of you have no power., next: main }
  main: { menu: { say: For the desk press 0., keys: { 0: choose }, otherwise: choose } }
  choose:
    branch:
      - { if: switches.outage && !switches.bookings, go: no-bookings }
      - { go: desk }
  no-bookings: { say: Nobody can book today., next: desk }
  desk: { queue: desk }
`,
  'power.yaml',
)

/** Switches that a test turns. The hotline is called `test`. */
class Turned implements Switches {
  private readonly turned = new Map<string, boolean>()
  private readonly watchers = new Set<(hotline: string) => void>()

  isOn(hotline: string, name: string): boolean | undefined {
    return this.turned.get(`${hotline}/${name}`)
  }

  watch(changed: (hotline: string) => void): () => void {
    this.watchers.add(changed)
    return () => this.watchers.delete(changed)
  }

  turn(key: string, on: boolean): void {
    this.turned.set(key, on)
    for (const watcher of this.watchers) watcher(key.split('/')[0]!)
  }

  get watched(): number {
    return this.watchers.size
  }
}

describe('switches during calls', () => {
  let switches: Turned
  let clock: VirtualClock
  let sessions: Sessions
  let simulator: Simulator
  let heard: string[]

  beforeEach(async () => {
    switches = new Turned()
    clock = new VirtualClock(monday)
    heard = []
    sessions = new Sessions({
      flowFor: () => power,
      clock,
      switches,
      history: new RecentCalls(),
      log: { info() {}, warn() {}, error() {} },
      voice: { sound: () => Promise.reject(new Error('not here')) },
    })
    simulator = new Simulator({ name: 'test', clock })
    await sessions.answer(simulator)
  })

  const dials = (): SimulatedCall =>
    simulator.dial({ called: '100' }, (what) => {
      if (what.type === 'prompt') heard.push(what.prompt[0]!.text)
      if (what.type === 'queued') heard.push(`queue ${what.queue}`)
    })

  it('off until somebody turns it on, and on for the next caller', () => {
    dials()
    switches.turn('test/outage', true)
    dials()
    switches.turn('test/outage', false)
    dials()
    assert.deepEqual(heard, ['For the desk press 0.', 'Many of you have no power.', 'For the desk press 0.'])
  })

  it('a call under way sees it at its next branch, not before', () => {
    const call = dials()
    switches.turn('test/bookings', false)
    switches.turn('test/outage', true)
    assert.deepEqual(heard, ['For the desk press 0.'])
    call.press('0')
    assert.equal(heard.at(-1), 'Nobody can book today.')
  })

  it('one that starts on is on until it is turned', () => {
    switches.turn('test/outage', true)
    const call = dials()
    clock.pass(60_000)
    call.press('0')
    assert.equal(heard.at(-1), 'queue desk')
  })

  it('the switch of another hotline does nothing', () => {
    switches.turn('water/outage', true)
    dials()
    assert.deepEqual(heard, ['For the desk press 0.'])
  })

  it('nobody looks at them any more when the engine has ended', async () => {
    assert.equal(switches.watched, 1)
    await sessions.close()
    assert.equal(switches.watched, 0)
  })
})

describe('switches and kill -9', () => {
  it('a call that goes on sees what was turned while nobody had it', () => {
    const call = new Engines(power, openStore(':memory:')).arrives().happens('finished')
    call.switches.set('outage', true)
    call.switches.set('bookings', false)
    assert.equal(call.killed().happens('key 0').last, 'Nobody can book today.')
  })
})

describe('a call as its events tell it', () => {
  const facts = { id: 'a', line: 'test', called: '100', caller: '' }
  const stepOf = (effects: { type: string; step?: string }[]) => effects.findLast(({ type }) => type === 'enter')?.step

  it('sees the switches that came with its begin, and with what happened since', () => {
    const without = begin(power.machine, facts, [], monday, ['bookings'])
    assert.equal(stepOf(without.effects), 'main')
    assert.equal(stepOf(begin(power.machine, facts, [], monday, ['bookings', 'outage']).effects), 'news')

    const turned = advance(power.machine, without.snapshot, { type: 'switched', switches: ['outage'] }, monday)
    assert.deepEqual(turned.effects, [])
    const key = { type: 'key-pressed', key: '0' } as const
    assert.equal(stepOf(advance(power.machine, turned.snapshot, key, monday).effects), 'no-bookings')
    assert.equal(stepOf(advance(power.machine, without.snapshot, key, monday).effects), 'desk')
  })
})
