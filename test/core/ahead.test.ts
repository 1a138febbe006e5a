import assert from 'node:assert/strict'
import { advance, begin, placeOf, type Advanced } from '../../engine/call/advance.ts'
import { ahead } from '../../engine/call/ahead.ts'
import { Sessions } from '../../engine/call/sessions.ts'
import type { CallEvent } from '../../engine/call/events.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { RecentCalls } from '../../engine/history.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import type { Line, LineListener, Log, Voice } from '../../engine/ports.ts'
import { compiled } from '../calls/play.ts'

const at = Date.parse('2026-11-23T10:00:00Z')
const facts = { id: 'a', line: 'test', called: '100', caller: '+61200000001' }
const flowOf = (steps: string): Compiled =>
  compiled(`
hotline: Desk
numbers: ["100"]
timezone: UTC
currency: EUR
queues: { desk: }
backends: { clinic: { url: "https://clinic.example" } }
defaults: { input: { otherwise: agent, wait: 5s, between-keys: 2s }, failed: agent }
start: a
steps:
${steps}
  agent: { queue: desk }
`, 'desk.yaml')

/** Where the call is after these events, and what it may hear next. */
function next(flow: Compiled, ...events: ('finished' | `key ${string}` | CallEvent)[]): { looks: boolean; ahead: string[] } {
  let now: Advanced = begin(flow.machine, facts, [], at)
  for (const event of events) {
    const { effect, request } = now.snapshot.context as { effect: number; request: number }
    const one: CallEvent =
      event === 'finished' ? { type: 'prompt-finished', id: effect }
      : typeof event === 'string' ? { type: 'key-pressed', key: event.slice(4) }
      : event.type === 'request-answered' ? { ...event, id: request }
      : event
    now = advance(flow.machine, now.snapshot, one, at)
  }
  const said = ahead(flow, now.snapshot, at).map((prompt) => prompt.map(({ text }) => text).join(' '))
  return { looks: flow.nearValues.has(placeOf(now.snapshot.value)), ahead: said }
}

describe('what may be said next', () => {
  it('is what stands behind the prompt that is heard, through steps that say nothing', () => {
    const flow = flowOf(`
  a: { say: Welcome., next: b }
  b:
    - set: { when: "2026-11-24T09:30" }
    - branch: [{ if: 'caller.number == "+61200000001"', go: c }, { go: d }]
  c: { say: "You have an appointment at {{ when | time }}.", next: agent }
  d: { say: "You are {{ caller.number | digits }}.", next: agent }`)
    assert.deepEqual(next(flow), { looks: true, ahead: ['You have an appointment at 9:30 a.m.'] })
    assert.equal(next(flow, 'finished').looks, false, 'behind it nothing has a value')
  })

  it('is what stands behind each key, and what is said when no key or a wrong one is pressed', () => {
    const flow = flowOf(`
  a:
    menu:
      say: "It is {{ now | time }}."
      keys: { 1: b, 2: c, 3: d }
      no-input: ["Still {{ now | time }}."]
      no-match: [No.]
  b: { say: "Today is {{ now | date }}.", next: agent }
  c: { say: "It costs {{ 12.5 | money }}.", next: agent }
  d: { say: Goodbye., next: agent }`)
    assert.deepEqual(next(flow), {
      looks: true,
      ahead: [
        'Today is Monday, 23 November.', 'It costs 12 euros and 50 cents.', 'No. It is 10 a.m.', 'Still 10 a.m. It is 10 a.m.',
      ],
    })
  })

  it('is not known before an answer is', () => {
    const flow = flowOf(`
  a: { collect: { say: Your postcode?, digits: 4, into: postcode }, next: b }
  b: { say: "Your postcode is {{ postcode | digits }}.", next: c }
  c: { say: "Once more, {{ postcode | digits }}.", next: agent }`)
    assert.deepEqual(next(flow), { looks: true, ahead: [] })
    assert.deepEqual(next(flow, 'key 2', 'key 6', 'key 0', 'key 0'), { looks: true, ahead: ['Once more, 2 6 0 0.'] })
  })

  it('is known when a backend has answered and something else is said before', () => {
    const flow = flowOf(`
  a: { request: { get: clinic/slot, into: slot }, next: b }
  b: { say: I have found something., next: c }
  c: { menu: { say: "It is on {{ slot.at | date }}.", keys: { 1: agent } } }`)
    const answered: CallEvent = { type: 'request-answered', id: 0, how: 'ok', data: { at: '2026-11-24T09:30' } }
    assert.deepEqual(next(flow, answered).ahead, ['It is on Tuesday, 24 November.'])
  })

  it('is not guessed at a secret question', () => {
    const asks = (secret: string): Compiled => flowOf(`
  a: { collect: { say: Your code?, digits: 1, into: code${secret} }, next: b }
  b: { say: "It is {{ now | time }}.", next: agent }`)
    assert.deepEqual(next(asks('')).ahead, ['It is 10 a.m.'])
    assert.deepEqual(next(asks(', secret: true')).ahead, [])
  })

  it('is nothing in a flow without values, and no more than ten prompts', () => {
    const plain = flowOf('  a: { say: Welcome., next: b }\n  b: { say: Bye., next: agent }')
    assert.deepEqual([...plain.nearValues], [])
    const keys = [...'0123456789*#']
    const many = flowOf(`
  a: { menu: { say: Which?, keys: { ${keys.map((key, i) => `"${key}": s${i}`).join(', ')} } } }
${keys.map((_, i) => `  s${i}: { say: "${i} at {{ now | time }}.", next: agent }`).join('\n')}`)
    assert.equal(next(many).ahead.length, 10)
  })

  it('does nothing of it: the call goes on as if nobody had looked', () => {
    const flow = flowOf('  a: { menu: { say: Which?, keys: { 1: b } } }\n  b: { say: "It is {{ now | time }}.", next: agent }')
    const { snapshot } = begin(flow.machine, facts, [], at)
    const before = JSON.stringify(snapshot)
    assert.equal(ahead(flow, snapshot, at).length, 1)
    assert.equal(JSON.stringify(snapshot), before)
  })
})

describe('a voice', () => {
  const flow = flowOf('  a: { menu: { say: Which?, keys: { 1: b } } }\n  b: { say: "It is {{ now | time }}.", next: agent }')
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  function world(wantsSound: Line['wantsSound'], answering = flow): { did: string[]; listener: LineListener } {
    const did: string[] = []
    const log: Log = { info() {}, warn() {}, error() {} }
    const voice: Voice = {
      sound: () => ({ id: 's', file: '/s.wav', ms: 700 }),
      ahead: (prompts) => void did.push(`ahead ${prompts.map(([part]) => part!.text).join(', ')}`),
    }
    let listener: LineListener | undefined
    const line: Line = {
      name: 'test', wantsSound,
      open: async (one) => void (listener = one),
      order: (_, order) => void did.push(order.type),
      close: async () => {},
    }
    const sessions = new Sessions({ flowFor: () => answering, clock: new VirtualClock(at), voice, history: new RecentCalls(), log })
    void sessions.answer(line)
    return { did, listener: listener! }
  }

  it('is told of it once the prompt before has left, and not in the same breath', async () => {
    const { did, listener } = world('needs')
    listener.callArrived(facts)
    assert.deepEqual(did, ['play'])
    await turn()
    assert.deepEqual(did, ['play', 'ahead It is 10 a.m.'])
  })

  it('is told nothing where no sound is wanted, no value is near, or the caller has hung up', async () => {
    const plain = flowOf('  a: { menu: { say: Which?, keys: { 1: b } } }\n  b: { say: Good., next: agent }')
    for (const { did, listener } of [world('no'), world('needs', plain)]) {
      listener.callArrived(facts)
      await turn()
      assert.deepEqual(did, ['play'])
    }
    const gone = world('needs')
    gone.listener.callArrived(facts)
    gone.listener.happened('a', { type: 'caller-hung-up' })
    await turn()
    assert.deepEqual(gone.did, ['play'])
  })
})
