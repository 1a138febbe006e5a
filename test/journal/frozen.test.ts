import assert from 'node:assert/strict'
import { openStore } from '../../engine/journal/sqlite.ts'
import type { Store } from '../../engine/journal/store.ts'
import { compiled } from '../calls/play.ts'
import { Engines } from './engines.ts'

const flow = compiled(
  `
hotline: Desk
numbers: ["100"]
queues: { desk: }
backends: { clinic: { url: "https://clinic.example" } }
defaults: { input: { otherwise: ask, wait: 5s, tries: 1 }, failed: agent }
start: main
steps:
  main:
    menu: { say: For a booking press 1., keys: { 1: ask } }
  ask:
    request: { post: clinic/bookings }
    next: agent
  agent: { queue: desk, answered: hang-up }
`,
  'desk.yaml',
)

/** A caller who has been asked for a key, and everything that an engine does with the call from then on. */
class Watched {
  readonly call: Engines
  private readonly store: Store
  private readonly before: { ordered: number; written: number }
  private written = 0

  constructor() {
    this.store = openStore(':memory:')
    const write = this.store.write.bind(this.store)
    this.store.write = (entries) => {
      this.written += entries.length
      write(entries)
    }
    this.call = new Engines(flow, this.store).arrives().happens('finished')
    this.before = { ordered: this.call.network.ordered.length, written: this.written }
  }

  /** In words: what was done since. */
  get done(): string {
    const { call, before } = this
    return `${call.network.ordered.length - before.ordered} ordered, ${call.asked.length} asked, ${this.written - before.written} written`
  }
}

describe('an engine that was frozen, and does not know yet whether another one has its calls', () => {
  let watched: Watched
  let call: Engines
  beforeEach(() => {
    watched = new Watched()
    call = watched.call
  })

  for (const what of ['5s passes', 'key 1'])
    describe(`in whose call this happens: ${what}`, () => {
      beforeEach(() => {
        call.frozen().happens(what)
        assert.equal(watched.done, '0 ordered, 0 asked, 0 written')
      })

      it('goes on when none has', () => {
        call.drives()
        assert.equal(watched.done, '0 ordered, 1 asked, 1 written')
      })

      it('does nothing any more when another one has', () => {
        call.standsDown().drives().happens('key 1', '60s passes')
        assert.equal(watched.done, '0 ordered, 0 asked, 0 written')
      })
    })

  it('and froze between an event and the journal, does not write it before it knows, and does nothing', () => {
    const { listener } = call.network
    listener!.happened('call-1', { type: 'key-pressed', key: '1' })
    call.frozen().settle()
    assert.equal(watched.done, '0 ordered, 0 asked, 0 written')
    call.drives()
    assert.equal(watched.done, '0 ordered, 1 asked, 1 written')
  })

  it('and froze between an event and the journal, never writes it when another one has them', () => {
    call.network.listener!.happened('call-1', { type: 'key-pressed', key: '1' })
    call.frozen().standsDown().drives()
    assert.equal(watched.done, '0 ordered, 0 asked, 0 written')
  })

  it('asks nothing for a caller who has hung up meanwhile', () => {
    call.frozen().happens('5s passes', 'hangs up').drives()
    assert.equal(watched.done, '0 ordered, 0 asked, 2 written')
    assert.equal(call.sessionsRunning, 0)
  })
})
