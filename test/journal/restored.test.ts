import assert from 'node:assert/strict'
import type { CallContext } from '../../engine/call/context.ts'
import type { Effect } from '../../engine/call/effects.ts'
import type { CallEvent } from '../../engine/call/events.ts'
import { keptState } from '../../engine/call/kept.ts'
import { pendingAfter, type Pending } from '../../engine/call/pending.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import { compiled, monday } from '../calls/play.ts'
import { Engines } from './engines.ts'

const flowOf = (steps: string) =>
  compiled(
    `
hotline: Desk
numbers: ["100"]
queues: { desk: }
backends: { bank: { url: "https://bank.example" } }
switches: { outage: { for: an outage } }
defaults: { input: { otherwise: end, wait: 5s, tries: 1 }, failed: end }
start: main
steps:
${steps}
  end: hang-up
`,
    'desk.yaml',
  )

const arrived = (steps: string): Engines => new Engines(flowOf(steps), openStore(':memory:')).arrives()

/** A secret number, and what comes after it. */
const secret = (then: string): string => `
  main: { collect: { say: Your secret number?, digits: 2, into: pin, secret: true }, next: then }
${then}
  login: { request: { post: bank/login, json: { pin: "{{ pin }}" } }, next: hang-up }
`
const keyed = ['key 8', 'key 6']

describe('what a call that was killed knows again', () => {
  it('its outcome, and when it came in', () => {
    const store = openStore(':memory:')
    const flow = flowOf(`
  main: [{ outcome: booked }, { menu: { say: Anything else?, keys: { 1: end } } }]`)
    new Engines(flow, store).arrives().happens('7s passes').killed(3000).happens('hangs up')
    const [record] = store.callsOf('+61255501234', 0)
    assert.deepEqual([record?.outcome, record?.at, record?.endedAt], ['booked', monday, monday + 10_000])
  })

  it('a switch that was turned meanwhile', () => {
    const call = arrived(`
  main: { menu: { say: Please choose., keys: { 1: which } } }
  which: { branch: [{ if: switches.outage, go: out }, { go: fine }] }
  out: { say: There is an outage., next: end }
  fine: { say: All is well., next: end }`)
    call.switches.set('outage', true)
    assert.equal(call.killed(100).happens('key 1').last, 'There is an outage.')
  })

  it('a message that was spoken: it is kept though the line takes the call from us', () => {
    const call = arrived(`
  main: { voicemail: { say: Please leave a message., box: desk, consent: May we?, longest: 60s }, declined: end, next: end }`)
    call.happens('key 1', 'finished', 'speaks: 5s').killed(100).happens('line lost')
    assert.deepEqual(call.left.map(({ kind }) => kind), ['voicemail'])
  })

  it('that somebody who has spoken a message is not asked for a secret out of it', () => {
    const call = arrived(secret(`
  then: { record: { say: Your name?, consent: May we?, into: name }, declined: end, next: login }`))
    call.happens(...keyed, 'key 1', 'finished', 'speaks: 2s')
    const { last } = call
    assert.match(last, /^To hear your message/)
    assert.equal(call.killed(100).last, last)
  })

  it('which secret was lost before the restart before this one, and who had asked for it', () => {
    const call = arrived(secret(`
  then: { queue: desk, answered: offer }
  offer: { menu: { say: To log in press 1., keys: { 1: login } } }`))
    call.happens(...keyed).killed(100).happens('Mia answers', 'queue: answered')
    assert.equal(call.last, 'To log in press 1.')
    assert.equal(call.killed(100).last, 'Your secret number?')
  })

  it('that a secret which only a condition reads is needed', () => {
    const call = arrived(`
  main: { collect: { say: Your secret number?, digits: 2, into: pin, secret: true }, next: then }
  then: { menu: { say: To go on press 1., keys: { 1: judge } } }
  judge: { branch: [{ if: 'pin == "42"', go: right }, { go: end }] }
  right: { say: That is right., next: end }`)
    assert.equal(call.happens(...keyed).last, 'To go on press 1.')
    assert.equal(call.killed(100).last, 'Your secret number?')
  })
})

describe('the silence of a call that was killed', () => {
  const main = `
  main: { menu: { say: Please choose., keys: { 1: end } } }`
  const cases: [what: string, (call: Engines) => Engines, ms: number][] = [
    // "Please choose." takes 0.8 s.
    ['while something was said counts from its end', (call) => call.killed(2500), 1700],
    ['none while it was still being said', (call) => call.killed(700), 0],
    ['a longer one before counts', (call) => call.killed(2500).happens('finished').killed(100), 1700],
    ['while the caller thought counts not', (call) => call.happens('finished', '2s passes').killed(2500), 0],
    ['counts from the end of the time to think', (call) => call.happens('finished', '2s passes').killed(7000), 4000],
  ]
  for (const [what, course, ms] of cases)
    it(`${what}: ${ms} ms`, () => assert.equal(course(arrived(main)).happens('0s passes', 'hangs up').deadAir, ms))
})

describe('the silence of a call whose line was cut', () => {
  const cases: [what: string, course: ({ from: number } | { until: number })[], ms: number][] = [
    ['from the end of what was said until it is said again', [{ from: 2000 }, { until: 12_000 }], 10_000],
    ['none when it is said again before its end', [{ from: 2000 }, { until: 1500 }], 0],
    ['from the first moment, of two', [{ from: 3000 }, { from: 2000 }, { until: 4000 }], 2000],
  ]
  for (const [what, course, ms] of cases)
    it(`${what}: ${ms} ms`, () => {
      const call = arrived(`
  main: { menu: { say: Please choose., keys: { 1: end } } }`)
      const began = call.clock.steady()
      for (const one of course)
        call.network.listener!.silence!('call-1', 'from' in one ? { from: began + one.from } : { until: began + one.until })
      assert.equal(call.happens('20s passes', 'hangs up').deadAir, ms)
    })
})

describe('what is written down of a call with secrets', () => {
  const context = { answers: { pin: '8642', town: 'Cooma' }, keys: ['8'], digits: '86', lost: [] } as unknown as CallContext
  const kept = (asked: object) => {
    const request = { type: 'request', id: 3, backend: 'bank', asked } as Extract<Effect, { type: 'request' }>
    return keptState({ value: 'main', context }, { request, deadlines: {} }, { secrets: new Set(['pin']), secretNow: true, asked: new Map([['pin', 'main']]) })
  }

  it('is no answer, no digit and no key that may be one', () => {
    const { state } = kept({})
    const { answers, keys, digits } = state.context as CallContext
    assert.deepEqual([answers, keys, digits, state.lost], [{ town: 'Cooma' }, [], '', [{ name: 'pin', step: 'main' }]])
  })

  const refused = { refused: 'it held a secret, which is not kept over a restart' }
  const cases: [what: string, asked: object, kept: object][] = [
    ['that is told to hold one', { url: 'https://bank.example', confidential: true }, refused],
    ['in whose body one stands', { url: 'https://bank.example', json: { note: 'the number is 8642.' } }, refused],
    ['in whose address one stands', { url: 'https://bank.example/8642' }, refused],
    ['without one', { url: 'https://bank.example/Cooma' }, { url: 'https://bank.example/Cooma' }],
  ]
  for (const [what, asked, left] of cases)
    it(`of a request ${what}: ${JSON.stringify(left)}`, () => assert.deepEqual(kept(asked).pending.request?.asked, left))
})

describe('what is pending', () => {
  const play: Pending = { playing: { type: 'play', id: 1, prompt: [], bargeIn: true }, deadlines: {} }
  const away: Pending = { away: { type: 'transfer', id: 1, to: '110', ring: 1 }, deadlines: {} }
  const request: Pending = { request: { type: 'request', id: 1, backend: 'bank', asked: { refused: '' } }, deadlines: {} }
  const deliver: Pending = { deliver: { type: 'deliver', id: 1, left: { refused: '' } }, deadlines: {} }
  const timers: Pending = { deadlines: { wait: 5, other: 9 } }
  const none: Pending = { deadlines: {} }
  const nothing: CallEvent = { type: 'switched', switches: [] }
  const cases: [what: string, before: Pending, event: CallEvent, effects: Effect[], after: Pending][] = [
    ['a prompt, until it has ended', play, { type: 'prompt-finished', id: 1 }, [], none],
    ['a prompt, though another has ended', play, { type: 'prompt-finished', id: 2 }, [], play],
    ['a prompt, until it is stopped', play, nothing, [{ type: 'stop-playback' }], none],
    ['a prompt, until the caller is sent away', play, nothing, [away.away!], away],
    ['an agent or a transfer, until the caller is back', away, { type: 'transfer-ended', id: 1, how: 'busy' }, [], none],
    ['an agent or a transfer, until something is said', away, nothing, [play.playing!], play],
    ['a request, until it is answered', request, { type: 'request-answered', id: 1, how: 'ok' }, [], none],
    ['a request, though one before was answered', request, { type: 'request-answered', id: 0, how: 'ok' }, [], request],
    ['what was left, until it is kept', deliver, { type: 'delivered', id: 1, how: 'ok' }, [], none],
    ['a timer, until it has run out', timers, { type: 'timer-fired', timer: 'wait' }, [], { deadlines: { other: 9 } }],
    ['a timer, until it is cancelled', timers, nothing, [{ type: 'cancel-timer', timer: 'wait' }], { deadlines: { other: 9 } }],
    ['a timer, from now on', none, nothing, [{ type: 'start-timer', timer: 'wait', ms: 30 }], { deadlines: { wait: 1030 } }],
  ]
  for (const [what, before, event, effects, after] of cases)
    it(what, () => assert.deepEqual(pendingAfter(before, event, effects, 1000), after))
})
