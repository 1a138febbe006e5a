import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../engine/journal/store.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import { compiled } from '../calls/play.ts'
import { Engines } from './engines.ts'

const flow = compiled(
  `
hotline: Desk
numbers: ["100"]
queues: { desk: }
backends: { clinic: { url: "https://clinic.example" } }
defaults: { input: { otherwise: agent, wait: 5s }, failed: agent }
start: main
steps:
  main:
    menu: { keys: { 1: { for: a booking, go: slots }, 2: { for: a message, go: message } } }
  slots:
    request: { get: clinic/slots, into: slots }
    next: agent
  message:
    voicemail: { say: Please speak., box: desk }
    next: hang-up
  agent: { queue: desk }
`,
  'desk.yaml',
)
const again = 'I did not hear a key. For a booking, press 1. For a message, press 2.'
const folder = mkdtempSync(join(tmpdir(), 'clock-'))
const stores: Store[] = []
function started(): Engines {
  const store = openStore(join(folder, `${stores.length}.db`))
  stores.push(store)
  return new Engines(flow, store).arrives()
}
after(() => {
  for (const store of stores) store.close()
  rmSync(folder, { recursive: true })
})

describe('a clock on the wall that is set during a call', () => {
  for (const ms of [-600_000, -10_000, 10_000, 600_000]) {
    const how = `by ${ms / 1000} s`
    it(`touches none of its times: ${how}`, () => {
      const call = started().happens('finished')
      call.clock.set(ms)
      assert.notEqual(call.happens('4s passes').last, again)
      assert.equal(call.happens('1s passes').last, again)
    })

    it(`nor, between two processes, lets it wait longer than its timer was set for: ${how}`, () => {
      const call = started().happens('finished', '1s passes')
      call.clock.set(ms)
      const silences = call.killed(1000).notes.flatMap((note) => (note.type === 'resumed' ? note.unledFor : []))
      assert.deepEqual(silences, [Math.max(0, 2000 + ms)])
      // How long it was away nobody can tell when the clock was set back.
      if (ms > 0) return assert.equal(call.happens('0s passes').last, again)
      call.happens('2s passes').killed(1000)
      assert.notEqual(call.happens('1900ms passes').last, again)
      assert.equal(call.happens('100ms passes').last, again)
    })

    it(`counts no silence that there was not: ${how}`, () => {
      const call = started().happens('finished', 'key 1')
      call.clock.set(ms)
      call.happens('1s passes', 'hangs up')
      const ended = call.notes.at(-1)!
      assert.equal('deadAir' in ended && ended.deadAir, 1000)
    })
  }
})

describe('a caller who comes in twice under the same id, as after a transfer back', () => {
  it('has other keys for requests, other recordings and other messages the second time', () => {
    const call = started().happens('finished', 'key 1', 'hangs up', '1ms passes').arrives().happens('finished', 'key 1')
    assert.equal(call.asked.length, 2)
    assert.equal(new Set(call.asked.map(({ key }) => key)).size, 2)
    call.happens('hangs up')
    for (let calls = 0; calls < 2; calls++) call.happens('1ms passes').arrives().happens('finished', 'key 2', 'finished', 'speaks: 5s', 'hangs up')
    assert.equal(call.left.length, 2)
    for (const of of ['id', 'recording'] as const) assert.equal(new Set(call.left.map((left) => (left as { id: string; recording: string })[of])).size, 2, of)
  })
})

describe('the line of a call that is gone on with', () => {
  it('is told the step at once, though the call does not move', () => {
    const call = started().happens('finished')
    const told = call.network.places.length
    call.killed()
    assert.deepEqual(call.network.places.slice(told), ['main en'])
  })
})
