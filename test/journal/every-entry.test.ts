import assert from 'node:assert/strict'
import { openStore } from '../../engine/journal/sqlite.ts'
import type { Entry, Store } from '../../engine/journal/store.ts'
import { compiled } from '../calls/play.ts'
import { Engines } from './engines.ts'

const flow = compiled(
  `
hotline: Desk
numbers: ["100"]
queues: { desk: }
backends: { clinic: { url: "https://clinic.example" } }
defaults: { input: { otherwise: agent, wait: 5s, between-keys: 2s }, failed: agent }
start: welcome
steps:
  welcome: { say: Welcome., next: postcode }
  postcode:
    collect: { say: Your postcode?, digits: 4, into: postcode }
    next: slots
  slots:
    request: { get: "clinic/slots?postcode={{ postcode }}", into: slots }
    next: who
  who:
    record: { say: Please say your name., consent: May we record it? Then press 1., into: who, review: false }
    declined: agent
    next: message
  message:
    voicemail: { say: Please leave a message., consent: May we record it? Then press 1., box: desk }
    declined: agent
    next: busy
  busy:
    callback: desk
    say: All lines are busy.
    otherwise: agent
    next: agent
  agent: { queue: desk, answered: survey }
  survey:
    survey: { say: How was it?, scale: 1-5 }
    next: goodbye
  goodbye:
    - say: Goodbye.
    - hang-up
`,
  'desk.yaml',
)

/** A store, and all that is written into it. */
function noting(): { store: Store; entries: Entry[] } {
  const store = openStore(':memory:')
  const entries: Entry[] = []
  const write = store.write.bind(store)
  store.write = (all) => {
    entries.push(...(JSON.parse(JSON.stringify(all)) as Entry[]))
    write(all)
  }
  return { store, entries }
}

/** All that happens in one long call; `...`: what backend and inbox have answered arrives. */
const course = [
  'finished', 'finished', '2s passes', 'key 2', 'key 6', 'key 0', 'key 0', '...', 'key 1', 'finished', 'speaks: 3s',
  'key 1', 'finished', 'speaks: 5s', 'finished', 'key 2', '...', 'finished', 'finished', 'key 1', '...', 'finished',
  'Mia answers', 'queue: answered', 'finished', '5s passes', 'key 4', '...', 'finished', 'finished',
]

/** The call from begin to end, and every entry that was written in it. */
async function whole(): Promise<{ call: Engines; entries: Entry[] }> {
  const { store, entries } = noting()
  const call = new Engines(flow, store)
  call.answer = async () => ({ how: 'ok', data: { at: 'nine' } })
  call.arrives()
  for (const one of course) {
    if (one === '...') await call.answered()
    else call.happens(one)
  }
  return { call, entries }
}

/** The engine that follows one that was killed right behind this entry: nothing of what it led to has left. */
function killedBehind(entry: Entry): { next: Engines; store: Store; entries: Entry[] } {
  const { store, entries } = noting()
  store.write([entry])
  return { next: new Engines(flow, store), store, entries }
}

describe('killed between an entry of the journal and what it orders', () => {
  it('no caller is left in silence: something is ordered, or is under way, or will happen in its time', async () => {
    const { call, entries } = await whole()
    assert.deepEqual(call.left.map(({ kind }) => kind), ['voicemail', 'callback', 'survey'])
    assert.equal(call.last, 'hang-up')
    const running = entries.filter((entry) => entry.call.endedAt === undefined)
    assert.ok(running.length >= course.filter((one) => one !== '...').length, `${running.length} entries`)
    for (const entry of running) {
      const { next } = killedBehind(entry)
      const { network, asked, left, clock } = next
      const signs = [network.ordered.length, asked.length, left.length, clock.pending, network.adopted.filter((one) => one.includes(' in ')).length]
      assert.ok(signs.some((sign) => sign > 0), `nothing goes on after ${JSON.stringify(entry.event)} in ${entry.call.step}`)
    }
  })

  it('a call that was to be ended is ended at once, and is over', async () => {
    const { entries } = await whole()
    const last = entries.findLast((entry) => entry.call.endedAt === undefined)!
    assert.deepEqual(last.effects.map((effect) => (effect as { type: string }).type).slice(-1), ['hang-up'])
    const { next, store } = killedBehind(last)
    assert.equal(next.last, 'hang-up')
    assert.deepEqual([next.sessionsRunning, store.live().length], [0, 0])
    assert.deepEqual(next.notes.at(-1), { ...next.notes.at(-1), type: 'ended', by: 'flow', outcome: 'answered' })
  })

  it('what a caller has left by hanging up is kept, and the call is over', async () => {
    const { entries } = await whole()
    const speaking = entries.find((entry) => entry.call.step === 'message' && entry.call.pending.away)!
    const second = killedBehind(speaking)
    second.next.network.listener!.happened('call-1', { type: 'caller-hung-up', recorded: 4000 })
    second.next.settle()
    const hungUp = second.entries.find(({ event }) => 'type' in event && event.type === 'caller-hung-up')!
    const third = killedBehind(hungUp).next
    assert.deepEqual(third.left.map(({ id, kind }) => [id, kind]), [[second.next.left[0]!.id, 'voicemail']])
    assert.deepEqual(third.notes.at(-1), { ...third.notes.at(-1), type: 'ended', by: 'caller', outcome: 'gave-up' })
  })

  it('a call in which nothing is under way at all goes to people, and is over', async () => {
    const { entries } = await whole()
    const entry = entries.find((one) => one.call.step === 'postcode')!
    const { next, store } = killedBehind({ ...entry, call: { ...entry.call, pending: { deadlines: {} } } })
    assert.equal(next.last, 'fall-back')
    assert.equal(store.live().length, 0)
  })

  it('a call that this version cannot read goes to people, and keeps no other from going on', async () => {
    const { entries } = await whole()
    const entry = entries.find((one) => one.call.step === 'postcode')!
    const store = openStore(':memory:')
    const { call } = entry
    store.write([{ ...entry, call: { ...call, facts: { ...call.facts, id: 'call-0' }, startedAt: 1, state: { ...call.state, value: 'nowhere' } } }, entry])
    const next = new Engines(flow, store)
    assert.deepEqual(next.network.ordered.map(({ type }) => type), ['fall-back', 'play'])
    assert.equal(next.sessionsRunning, 1)
  })
})
