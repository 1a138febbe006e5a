import assert from 'node:assert/strict'
import { assign } from 'xstate'
import type { CallContext } from '../../engine/call/context.ts'
import type { CallEvent, QueueEnd, TransferEnd } from '../../engine/call/events.ts'
import type { CallNote } from '../../engine/call/notes.ts'
import { Sessions } from '../../engine/call/sessions.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { milliseconds } from '../../engine/duration.ts'
import { RecentCalls } from '../../engine/history.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow, type Compiled } from '../../engine/language/compile.ts'
import type {
  BackendAnswer,
  BackendPort,
  CallRecord,
  Line,
  LineListener,
  Log,
  Order,
  Sound,
  Voice,
} from '../../engine/ports.ts'
import { compiled, monday } from '../calls/play.ts'

/** A line that writes down what is ordered, and may answer from within the order. */
class PaperLine implements Line {
  readonly name = 'test'
  readonly wantsSound: Line['wantsSound']
  readonly ordered: { call: string; order: Order }[] = []
  listener: LineListener | undefined
  answers: (call: string, order: Order) => void = () => {}

  constructor(wantsSound: Line['wantsSound']) {
    this.wantsSound = wantsSound
  }

  async open(listener: LineListener): Promise<void> {
    this.listener = listener
  }

  order(call: string, order: Order): void {
    this.ordered.push({ call, order })
    this.answers(call, order)
  }

  async close(): Promise<void> {}
}

type Options = { wantsSound?: Line['wantsSound']; voice?: Voice; backends?: BackendPort }

const silence: Voice = { sound: () => { throw new Error('nobody has asked for sound') } }
const header = `
hotline: Desk
numbers: ["100"]
queues: { desk: }
backends: { clinic: { url: "https://clinic.example" } }
defaults: { input: { otherwise: agent, wait: 5s, between-keys: 2s }, failed: agent }
`
const flowOf = (steps: string): Compiled =>
  compiled(`${header}start: a\nsteps:\n${steps}\n  agent: { queue: desk }\n`, 'desk.yaml')

/** Calls on a flow, with everything that can be seen of them. A call is named by a letter; `a` when nothing is said. */
class World {
  readonly clock = new VirtualClock(monday)
  readonly line: PaperLine
  readonly notes: CallNote[] = []
  readonly logged: string[] = []
  readonly history = new RecentCalls()
  readonly sessions: Sessions

  constructor(flow: string | Compiled, { wantsSound = 'no', voice = silence, backends }: Options = {}) {
    const answering = typeof flow === 'string' ? flowOf(flow) : flow
    this.line = new PaperLine(wantsSound)
    const write = (facts: object, words: string): void => void this.logged.push(`${JSON.stringify(facts)} ${words}`)
    const log: Log = { info: write, warn: write, error: write }
    const { clock, history } = this
    this.sessions = new Sessions({ flowFor: () => answering, clock, voice, history, log, ...(backends ? { backends } : {}) })
    this.sessions.watch((note) => this.notes.push(note))
    // A paper line is open at once.
    void this.sessions.answer(this.line)
  }

  arrives(call = 'a'): this {
    this.line.listener!.callArrived({ id: call, line: 'test', called: '100', caller: `+6120000000${call}` })
    return this
  }

  /**
   * What happens to the call, one after the other: `key 1`, `finished`, `failed`, `hangs up`, `line lost`, `Mia answers`,
   * `queue: timed-out`, `transfer: busy`, `5s passes`. What carries an id carries that of the last order, or the one
   * behind it: `finished #1`.
   */
  happens(words: string[], call = 'a'): this {
    for (const one of words) {
      const passes = /^(\S+) passes$/.exec(one)?.[1]
      if (passes === undefined) this.line.listener!.happened(call, this.eventOf(one, call))
      else this.clock.pass(milliseconds(passes)!)
    }
    return this
  }

  private eventOf(words: string, call: string): CallEvent {
    const [, what = '', old] = /^(.*?)(?: #(\d+))?$/.exec(words.startsWith('key') ? '' : words) ?? []
    const last = this.orders(call).findLast((order) => 'id' in order) as { id: number } | undefined
    const id = old === undefined ? (last?.id ?? 0) : Number(old)
    if (words.startsWith('key ')) return { type: 'key-pressed', key: words.slice(4) }
    if (what === 'finished') return { type: 'prompt-finished', id }
    if (what === 'failed') return { type: 'prompt-finished', id, failed: true }
    if (what === 'hangs up') return { type: 'caller-hung-up' }
    if (what === 'line lost') return { type: 'line-lost' }
    if (what.endsWith(' answers')) return { type: 'agent-answered', id, agent: what.slice(0, -8) }
    if (what.startsWith('queue: ')) return { type: 'queue-left', id, how: what.slice(7) as QueueEnd }
    if (what.startsWith('transfer: ')) return { type: 'transfer-ended', id, how: what.slice(10) as TransferEnd }
    throw new Error(`nothing that can happen to a call: ${words}`)
  }

  orders(call = 'a'): Order[] {
    return this.line.ordered.filter((one) => one.call === call).map(({ order }) => order)
  }

  /** The orders in words: `play Hello.`, `queue`, `fall-back`. */
  ordered(call = 'a'): string[] {
    return this.orders(call).map((order) =>
      order.type === 'play' ? `play ${order.prompt.map(({ text }) => text).join(' ')}${order.sound ? ` (${order.sound.id})` : ''}` : order.type)
  }

  noted<T extends CallNote['type']>(type: T, call = 'a'): Extract<CallNote, { type: T }>[] {
    return this.notes.filter((note): note is Extract<CallNote, { type: T }> => note.call === call && note.type === type)
  }

  get keys(): string {
    return this.noted('key').map(({ key }) => key).join('')
  }

  get step(): string | undefined {
    return this.noted('step').at(-1)?.step
  }

  ended(call = 'a'): string[] {
    return this.noted('ended', call).map(({ by, outcome }) => `${by}: ${outcome}`)
  }

  record(call = 'a'): CallRecord | undefined {
    return this.history.of(`+6120000000${call}`, this.clock.now())[0]
  }
}

/** Lets promises that are settled call back. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('secret answers', () => {
  const code = `
  code: { collect: { say: Your code please., digits: 2, into: code }, next: told }
  told: { queue: desk, tell: [code] }`
  const pin = (digits: string, more = ''): string =>
    `{ collect: { say: Your PIN please., digits: ${digits}, into: pin, secret: true, otherwise: code${more} }, next: code }${code}`
  const cases: { case: string; steps: string; hears: string[]; keys: string }[] = [
    {
      case: 'a fixed number of digits', steps: `  a: ${pin('4')}`,
      hears: ['finished', 'key 4', 'key 7', 'key 1', 'key 9', 'key 8', 'key 3'], keys: '••••83',
    },
    {
      case: 'digits and an end key', steps: `  a: ${pin('4-6')}`,
      hears: ['key 4', 'key 7', 'key 1', 'key 9', 'key #', 'key 8', 'key 3'], keys: '•••••83',
    },
    {
      case: 'digits and a wait', steps: `  a: ${pin('4-6')}`,
      hears: ['key 4', 'key 7', 'key 1', 'key 9', '2s passes', 'key 8', 'key 3'], keys: '••••83',
    },
    {
      case: 'an answer that does not fit, and another', steps: `  a: ${pin('4', ', check: pin != "4719"')}`,
      hears: ['key 4', 'key 7', 'key 1', 'key 9', 'key 4', 'key 7', 'key 1', 'key 5', 'key 8', 'key 3'], keys: '••••••••83',
    },
    {
      case: 'keys that cut the prompt before short', steps: `  a: { say: Welcome., next: pin }\n  pin: ${pin('4')}`,
      hears: ['key 4', 'key 7', 'key 1', 'key 9', 'key 8', 'key 3'], keys: '••••83',
    },
    {
      case: 'keys kept from a prompt before that is said to its end',
      steps: `  a: { say: Welcome., next: b }\n  b: { branch: [{ if: caller.known, go: agent }, { go: pin }] }\n  pin: ${pin('4')}`,
      hears: ['key 4', 'key 7', 'key 1', 'key 9', 'finished', 'key 8', 'key 3'], keys: '••••83',
    },
    {
      case: 'some keys kept and some pressed then',
      steps: `  a: { say: Welcome., next: b }\n  b: { branch: [{ if: caller.known, go: agent }, { go: pin }] }\n  pin: ${pin('4')}`,
      hears: ['key 4', 'key 7', 'finished', 'key 1', 'key 9', 'key 8', 'key 3'], keys: '••••83',
    },
  ]
  it('keyed ahead, while something else is being kept, leave no trace and are not lost', async () => {
    const world = new World(`  a: { survey: { say: How was it?, scale: 1-5 }, next: pin }\n  pin: ${pin('4')}`).arrives()
    world.happens(['key 5', 'key 4', 'key 7', 'key 1', 'key 9'])
    await settled()
    world.happens(['finished', 'key 8', 'key 3'])
    assert.equal(world.keys, '•••••83')
    assert.deepEqual(world.noted('queued').map(({ tell }) => tell), [{ code: '83' }])
  })

  for (const { case: name, steps, hears, keys } of cases)
    it(`leave no trace: ${name}`, () => {
      const world = new World(steps).arrives().happens(hears)
      assert.equal(world.keys, keys)
      assert.deepEqual(world.noted('queued').map(({ tell }) => tell), [{ code: '83' }])
      world.happens(['hangs up'])
      const traces = JSON.stringify([world.notes, world.line.ordered, world.record()])
      assert.doesNotMatch(traces, /4719|4715|"[4719]"/)
      assert.deepEqual(world.logged, [])
    })

  it('of an unfinished entry leave no trace when the engine fails', () => {
    const flow = flowOf(`  a: ${pin('4')}`)
    const machine = flow.machine.provide({ guards: { 'entry-fits': () => { throw new Error('broken') } } })
    const world = new World({ ...flow, machine }).arrives().happens(['key 4', 'key 7', 'key 1', 'key 9'])
    assert.equal(world.keys, '•••')
    assert.doesNotMatch(JSON.stringify([world.notes, world.line.ordered, world.record(), world.logged]), /4719|"[4719]"/)
  })

  it('are not told to an agent even by a flow that was not checked', () => {
    const { flow } = checkFlow(`${header}start: a\nsteps:\n  a: { collect: { say: PIN?, digits: 2, into: pin }, next: agent }
  agent: { queue: desk, tell: [pin] }\n`, { name: 'desk', file: 'desk.yaml' })
    const world = new World(compileFlow({ ...flow!, secrets: new Set(['pin']) })).arrives().happens(['key 4', 'key 7'])
    assert.deepEqual(world.noted('queued').map(({ tell }) => tell), [{}])
  })

  it('others are shown', () => {
    const steps = `  a: { menu: { say: One or two., keys: { 1: code } } }\n${code.slice(1)}`
    assert.equal(new World(steps).arrives().happens(['key 5', 'key 1', 'key *', 'key 4', 'key 7']).keys, '51*47')
  })
})

describe('a failure', () => {
  const steps = '  a: { menu: { say: One or two., keys: { 1: b } } }\n  b: { say: Good., next: agent }'
  const broken = (where: 'arrive' | 'key-is'): Compiled => {
    const flow = flowOf(steps)
    const fail = (call: string): void => {
      if (call !== 'b') throw new Error('broken')
    }
    const arrive = ({ event }: { event: { facts: CallContext['facts'] } }): object => (fail(event.facts.id), {})
    const keyIs = ({ context }: { context: CallContext }, { key }: { key: string }): boolean => {
      fail(context.facts.id)
      return context.keys[0] === key
    }
    const machine = flow.machine.provide(
      where === 'arrive' ? { actions: { arrive: assign(arrive as never) } } : { guards: { 'key-is': keyIs as never } },
    )
    return { ...flow, machine }
  }

  it('of the engine at the start brings the caller to people', () => {
    const world = new World(broken('arrive')).arrives()
    assert.deepEqual(world.ordered(), ['fall-back'])
    assert.deepEqual(world.ended(), ['line: failed'])
    assert.equal(world.sessions.count, 0)
  })

  it('of the engine on the way brings the caller to people, and the other calls go on', () => {
    const world = new World(broken('key-is')).arrives('a').arrives('b').happens(['key 1'])
    assert.deepEqual(world.ordered(), ['play One or two.', 'fall-back'])
    assert.deepEqual(world.ended(), ['line: failed'])
    assert.equal(world.record()?.outcome, 'failed')
    assert.equal(world.noted('trouble').length, 1)
    assert.equal(world.logged.length, 1)
    world.happens(['key 1', 'finished'], 'b')
    assert.deepEqual(world.ordered('b'), ['play One or two.', 'stop-playback', 'play Good.', 'queue'])
    assert.deepEqual(world.ended('b'), [])
    assert.equal(world.sessions.count, 1)
  })

  it('of a watcher hurts no call and no other watcher', () => {
    const world = new World(steps)
    const seen: string[] = []
    world.sessions.watch(() => { throw new Error('a page has gone') })
    world.sessions.watch(({ type }) => seen.push(type))
    world.arrives().happens(['key 1', 'finished', 'hangs up'])
    assert.deepEqual(world.ordered(), ['play One or two.', 'stop-playback', 'play Good.', 'queue'])
    assert.deepEqual(world.ended(), ['caller: gave-up'])
    assert.deepEqual(seen, world.notes.map(({ type }) => type))
    assert.equal(world.logged.length, seen.length)
  })

  it('of a watcher that is gone is none', () => {
    const world = new World(steps)
    const seen: CallNote[] = []
    world.sessions.watch((note) => seen.push(note))()
    world.arrives()
    assert.deepEqual(seen, [])
  })

  const atOrder: { order: Order['type']; hears: string[] }[] = [
    { order: 'play', hears: [] },
    { order: 'stop-playback', hears: ['key 1'] },
    { order: 'queue', hears: ['key 1', '2s passes'] },
    { order: 'hang-up', hears: ['key 2', '2s passes'] },
    { order: 'fall-back', hears: ['failed', '5s passes', 'failed'] },
  ]
  for (const { order: failing, hears } of atOrder)
    it(`of the line at the order ${failing} ends this call alone`, () => {
      const world = new World(`  a: { collect: { say: Code?, digits: 1-4, into: code }, next: b }
  b: { branch: [{ if: code == "1", go: agent }, { go: hang-up }] }`)
      // A line that is broken cannot carry out the fallback either.
      world.line.answers = (call, { type }) => {
        if (call === 'a' && (type === failing || type === 'fall-back')) throw new Error('broken')
      }
      world.arrives('b').arrives('a').happens(hears)
      assert.deepEqual(world.ended(), ['line: failed'])
      assert.equal(world.ordered().at(-1), 'fall-back')
      assert.deepEqual(world.ended('b'), [])
      world.happens(['hangs up'], 'b')
      assert.equal(world.clock.pending, 0)
      assert.equal(world.sessions.count, 0)
    })

  it('of the line when a sound comes later ends this call alone', async () => {
    const sound: Sound = { id: 's', file: '/s.wav', ms: 10 }
    const world = new World(steps, { wantsSound: 'needs', voice: { sound: async () => sound } })
    world.line.answers = () => { throw new Error('broken') }
    world.arrives()
    await settled()
    assert.deepEqual(world.ended(), ['line: failed'])
  })

  it('of the line at the close keeps no other call from the fallback', async () => {
    const world = new World(steps)
    world.arrives('a').arrives('b')
    world.line.answers = (call) => { if (call === 'a') throw new Error('broken') }
    await world.sessions.close()
    assert.deepEqual([world.ordered('a').at(-1), world.ordered('b').at(-1)], ['fall-back', 'fall-back'])
    assert.deepEqual([world.ended('a'), world.ended('b')], [['line: failed'], ['line: failed']])
  })
})

describe('the end of a call', () => {
  const steps = `  a: { menu: { say: One or two., keys: { 1: agent, 2: hang-up, 3: b, 4: c, 5: d, 6: e } } }
  b: { say: Good., next: hang-up }
  c: { outcome: booked, next: agent }
  d: { transfer: "+61 2 6205 0000", answered: late }
  e: { queue: desk, answered: late, failed: hang-up }
  late: { menu: { say: Anything else?, keys: { 1: hang-up, 2: c } } }`
  const cases: { case: string; hears: string[]; ended: string; orders?: string[] }[] = [
    { case: 'the caller hangs up', hears: ['finished', 'hangs up'], ended: 'caller: gave-up' },
    { case: 'the flow hangs up', hears: ['finished', 'key 2'], ended: 'flow: finished', orders: ['hang-up'] },
    {
      case: 'the flow hangs up after its last words',
      hears: ['key 3', 'finished'],
      ended: 'flow: finished', orders: ['hang-up'],
    },
    { case: 'the line is lost', hears: ['finished', 'line lost'], ended: 'line: failed' },
    {
      case: 'two prompts fail',
      hears: ['failed', '5s passes', 'failed'],
      ended: 'line: failed', orders: ['fall-back'],
    },
    { case: 'the caller gives up waiting', hears: ['key 1', 'hangs up'], ended: 'caller: gave-up' },
    {
      case: 'the caller has talked with an agent',
      hears: ['key 1', 'Mia answers', 'hangs up'],
      ended: 'caller: answered',
    },
    {
      case: 'the agent has hung up',
      hears: ['key 1', 'Mia answers', 'queue: answered'],
      ended: 'flow: answered', orders: ['hang-up'],
    },
    { case: 'the line is lost in a talk', hears: ['key 1', 'Mia answers', 'line lost'], ended: 'line: answered' },
    { case: 'the outcome is the one noted', hears: ['key 4', 'Mia answers', 'queue: answered'], ended: 'flow: booked' },
    { case: 'the outcome noted stays when the caller hangs up', hears: ['key 4', 'hangs up'], ended: 'caller: booked' },
    {
      case: 'the outcome is noted after a talk',
      hears: ['key 6', 'Mia answers', 'queue: answered', 'key 2', 'hangs up'],
      ended: 'caller: booked',
    },
    {
      case: 'the caller hangs up after a talk',
      hears: ['key 6', 'Mia answers', 'queue: answered', 'finished', 'hangs up'],
      ended: 'caller: answered',
    },
    {
      case: 'the caller has been transferred',
      hears: ['key 5', 'transfer: answered', 'key 1'],
      ended: 'flow: transferred',
    },
    { case: 'the transfer has failed', hears: ['key 5', 'transfer: busy', 'hangs up'], ended: 'caller: gave-up' },
  ]
  for (const { case: name, hears, ended, orders } of cases)
    it(`is told, and nothing is left of it: ${name}`, () => {
      const world = new World(steps).arrives().happens(hears)
      assert.deepEqual(world.ended(), [ended])
      if (orders) assert.deepEqual(world.ordered().slice(-orders.length), orders)
      else if (!ended.startsWith('flow')) assert.ok(!world.ordered().some((order) => /hang-up|fall-back/.test(order)))
      assert.equal(world.clock.pending, 0)
      assert.equal(world.sessions.count, 0)
      const { outcome, endedAt, step } = world.record()!
      assert.deepEqual({ outcome, endedAt, step }, { outcome: ended.split(': ')[1], endedAt: world.clock.now(), step: world.step })
      const before = [world.notes.length, world.line.ordered.length]
      world.happens(['key 1', 'finished', 'failed', 'Mia answers', 'line lost', 'hangs up', '1h passes'])
      assert.deepEqual([world.notes.length, world.line.ordered.length], before)
    })

  it('is told, and nothing is left of it: the engine stops', async () => {
    const world = new World(steps).arrives().happens(['finished'])
    await world.sessions.close()
    assert.deepEqual(world.ended(), ['line: failed'])
    assert.equal(world.ordered().at(-1), 'fall-back')
    assert.equal(world.clock.pending, 0)
  })

  it('is told, and nothing is left of it: the engine fails', () => {
    const flow = flowOf(`  a: { collect: { say: Code?, digits: 1-4, into: code }, next: agent }`)
    const machine = flow.machine.provide({ guards: { 'nothing-keyed': () => { throw new Error('broken') } } })
    const world = new World({ ...flow, machine }).arrives().happens(['finished'])
    assert.equal(world.clock.pending, 1)
    world.happens(['key 1'])
    assert.deepEqual(world.ended(), ['line: failed'])
    assert.equal(world.clock.pending, 0)
  })

  it('leaves nothing to what comes from within its last order', () => {
    const world = new World(steps)
    world.line.answers = (_, { type }) => { if (type === 'hang-up') world.happens(['key 1', 'line lost', 'hangs up']) }
    world.arrives().happens(['key 2'])
    assert.deepEqual(world.ended(), ['flow: finished'])
    assert.equal(world.notes.at(-1)?.type, 'ended')
    assert.equal(world.ordered().at(-1), 'hang-up')
  })

  it('leaves nothing to a sound that comes later', async () => {
    const world = new World(steps, { wantsSound: 'needs', voice: { sound: async () => ({ id: 's', file: '/s.wav', ms: 1 }) } })
    world.arrives().happens(['hangs up'])
    await settled()
    assert.deepEqual(world.ordered(), [])
    assert.equal(world.notes.at(-1)?.type, 'ended')
  })
})

describe('events', () => {
  const collect =
    '  a: { collect: { say: Code?, digits: 4, into: code }, next: told }\n  told: { queue: desk, tell: [code] }'

  it('a timer that ran out while a key restarted it has not run out', () => {
    const world = new World(collect)
    // The wait between two keys ends in the instant in which the third key is taken.
    world.sessions.watch((note) => { if (note.type === 'key' && note.key === '3') world.clock.pass(2000) })
    world.arrives().happens(['key 1', 'key 2', 'key 3', 'key 4'])
    assert.deepEqual(world.noted('queued').map(({ tell }) => tell), [{ code: '1234' }])
  })

  it('a timer that ran out while a key cancelled it has not run out, and the one after it does', () => {
    const world = new World(`${collect.replace('digits: 4', 'digits: 1-4')}`)
    world.sessions.watch((note) => { if (note.type === 'key' && note.key === '2') world.clock.pass(2000) })
    world.arrives().happens(['key 1', 'key 2'])
    assert.deepEqual(world.noted('queued'), [])
    world.happens(['1s passes'])
    assert.deepEqual(world.noted('queued'), [])
    world.happens(['1s passes'])
    assert.deepEqual(world.noted('queued').map(({ tell }) => tell), [{ code: '12' }])
  })

  it('a line may answer from within an order, also from within the first', () => {
    const world = new World(`  a: { say: One., next: b }\n  b: { say: Two., next: c }\n  c: { say: Three., next: agent }`)
    world.line.answers = (_, { type }) => { if (type === 'play') world.happens(['finished']) }
    world.arrives()
    assert.deepEqual(world.ordered(), ['play One.', 'play Two.', 'play Three.', 'queue'])
    assert.deepEqual(world.noted('step').map(({ step }) => step), ['a', 'b', 'c', 'agent'])
  })

  it('a request refused at once leaves no timer behind, also in the first step', () => {
    const world = new World(`  a: { set: { way: ".." }, next: b }\n  b: { request: { get: "clinic/{{ way }}" }, next: hang-up }`).arrives()
    assert.equal(world.step, 'agent')
    assert.equal(world.clock.pending, 0)
  })

  it('of an order that another has replaced are not noted', () => {
    const world = new World(`  a: { queue: desk, timed-out: b, answered: b }\n  b: { menu: { say: One?, keys: { 1: c } } }
  c: { transfer: "+61 2 6205 0000", busy: b }`).arrives()
    world.happens(['queue: timed-out', 'Mia answers #1', 'key 1', 'transfer: busy', 'transfer: answered #3', 'queue: answered #1'])
    assert.deepEqual(world.noted('agent'), [])
    assert.equal(world.step, 'b')
    world.happens(['hangs up'])
    assert.deepEqual(world.ended(), ['caller: gave-up'])
  })

  it('an agent of the call is noted', () => {
    const world = new World('  a: { say: Welcome., next: agent }').arrives().happens(['finished', 'Mia answers'])
    assert.deepEqual(world.noted('agent').map(({ agent }) => agent), ['Mia'])
  })

  for (const [who, caller, step] of [['a caller', '+61255501234', 'b'], ['a withheld number', '', 'agent']] as const)
    it(`${who} who calls again: ${caller === '' ? 'nothing is known' : 'the call before is known'}`, () => {
      const world = new World('  a: { branch: [{ if: caller.known, go: b }, { go: agent }] }\n  b: { say: Again., next: agent }')
      for (const id of ['first', 'second']) {
        world.line.listener!.callArrived({ id, line: 'test', called: '100', caller })
        world.happens(['hangs up'], id)
      }
      assert.deepEqual(['first', 'second'].map((id) => world.noted('step', id).find((note) => note.step !== 'a')?.step), ['agent', step])
    })

  it('a call that arrives twice goes on where it is', () => {
    const world = new World(collect).arrives().happens(['key 1']).arrives()
    assert.equal(world.noted('arrived').length, 1)
    assert.equal(world.logged.length, 1)
    assert.equal(world.sessions.count, 1)
  })
})

describe('keys', () => {
  const last = 'last: { menu: { say: Last., keys: { 1: agent, 2: hang-up } } }'
  const cases: { case: string; steps: string; hears: string[]; step: string; orders: string[] }[] = [
    {
      case: 'pressed in a queue are not kept', steps: `  a: { queue: desk, timed-out: last }\n  ${last}`,
      hears: ['key 1', 'queue: timed-out'], step: 'last', orders: ['queue', 'play Last.'],
    },
    {
      case: 'kept until a queue are forgotten',
      steps: `  a: { say: Welcome., next: b }\n  b: { queue: desk, timed-out: last }\n  ${last}`,
      hears: ['key 1', 'finished', 'queue: timed-out'], step: 'last', orders: ['play Welcome.', 'queue', 'play Last.'],
    },
    {
      case: 'pressed in a transfer are not kept', steps: `  a: { transfer: "+61 2 6205 0000", busy: last }\n  ${last}`,
      hears: ['key 1', 'transfer: busy'], step: 'last', orders: ['transfer', 'play Last.'],
    },
    {
      case: 'behind a wrong one are forgotten',
      steps: `  a: { say: Welcome., next: b }\n  b: { branch: [{ if: caller.known, go: agent }, { go: last }] }\n  ${last}`,
      hears: ['key 5', 'key 1', 'finished', 'key 2'],
      step: 'last',
      orders: ['play Welcome.', 'play That key is not on offer. Last.', 'stop-playback', 'hang-up'],
    },
    {
      case: 'during what must be heard are forgotten',
      steps: `  a: { say: Careful., barge-in: false, next: last }\n  ${last}`,
      hears: ['key 1', 'finished'], step: 'last', orders: ['play Careful.', 'play Last.'],
    },
    {
      case: 'before what must be heard are forgotten',
      steps: `  a: { say: Welcome., next: b }\n  b: { branch: [{ if: caller.known, go: agent }, { go: c }] }
  c: { say: Careful., barge-in: false, next: last }\n  ${last}`,
      hears: ['key 1', 'finished', 'finished'], step: 'last', orders: ['play Welcome.', 'play Careful.', 'play Last.'],
    },
    {
      case: 'during a prompt that is said to its end are kept',
      steps: `  a: { say: Welcome., next: b }\n  b: { branch: [{ if: caller.known, go: agent }, { go: last }] }\n  ${last}`,
      hears: ['key 1', 'finished'], step: 'agent', orders: ['play Welcome.', 'queue'],
    },
  ]
  for (const { case: name, steps, hears, step, orders } of cases)
    it(name, () => {
      const world = new World(steps).arrives().happens(hears)
      assert.equal(world.step, step)
      assert.deepEqual(world.ordered(), orders)
    })
})

describe('prompts that fail', () => {
  const steps = `  a: { menu: { say: One., tries: 9, wait: 5s, keys: { 1: b } } }\n  b: { say: Good., next: a }`
  const cases: { case: string; hears: string[]; ended: string[]; troubles: number }[] = [
    { case: 'one is passed over', hears: ['failed'], ended: [], troubles: 1 },
    {
      case: 'two in a row send the caller to people',
      hears: ['failed', '5s passes', 'failed'],
      ended: ['line: failed'], troubles: 2,
    },
    {
      case: 'two with one between them that was heard do not',
      hears: ['failed', '5s passes', 'finished', '5s passes', 'failed'],
      ended: [], troubles: 2,
    },
    {
      case: 'a third one behind them does',
      hears: ['failed', '5s passes', 'finished', '5s passes', 'failed', '5s passes', 'failed'],
      ended: ['line: failed'], troubles: 3,
    },
    { case: 'an old one does not count', hears: ['key 1', 'failed #1', 'failed'], ended: [], troubles: 1 },
    { case: 'nor twice', hears: ['key 1', 'failed #1', 'failed #1'], ended: [], troubles: 0 },
    {
      case: 'an old one that was heard is none between them',
      hears: ['failed', '5s passes', 'finished #1', 'failed'],
      ended: ['line: failed'], troubles: 2,
    },
  ]
  for (const { case: name, hears, ended, troubles } of cases)
    it(name, () => {
      const world = new World(steps).arrives().happens(hears)
      assert.deepEqual(world.ended(), ended)
      assert.equal(world.ordered().includes('fall-back'), ended.length > 0)
      assert.equal(world.noted('trouble').length, troubles)
    })
})

describe('sound', () => {
  const steps =
    '  a: { menu: { say: One., wait: 5s, keys: { 1: b, 2: agent } } }\n  b: { say: Good., next: c }\n  c: { say: Bye., next: agent }'

  /** A voice that makes each sound when it is told to. */
  class SlowVoice implements Voice {
    readonly asked: { text: string; made: () => Promise<void>; failed: () => Promise<void> }[] = []

    sound([part]: { text: string }[]): Promise<Sound> {
      return new Promise((resolve, reject) => {
        const text = part!.text
        const made = (): Promise<void> => (resolve({ id: `sound of ${text}`, file: '/a.wav', ms: 700 }), settled())
        this.asked.push({ text, made, failed: () => (reject(new Error('no voice')), settled()) })
      })
    }

    of(text: string): SlowVoice['asked'][number] {
      return this.asked.findLast((one) => one.text === text)!
    }
  }

  const slow = (wantsSound: Line['wantsSound'] = 'needs'): { world: World; voice: SlowVoice } => {
    const voice = new SlowVoice()
    return { voice, world: new World(steps, { wantsSound, voice }).arrives() }
  }

  it('is played when it is there', async () => {
    const { world, voice } = slow()
    assert.deepEqual(world.ordered(), [])
    await voice.of('One.').made()
    assert.deepEqual(world.ordered(), ['play One. (sound of One.)'])
    assert.deepEqual(world.noted('prompt').map(({ ms }) => ms), [700])
  })

  it('is played at once when it is there at once', () => {
    const world = new World(steps, { wantsSound: 'needs', voice: { sound: () => ({ id: 's', file: '/s.wav', ms: 1 }) } })
    assert.deepEqual(world.arrives().ordered(), ['play One. (s)'])
  })

  it('is not asked for on a line that wants none', () => {
    assert.deepEqual(new World(steps).arrives().ordered(), ['play One.'])
  })

  it('of a prompt that was replaced is not played, and there was nothing to stop', async () => {
    const { world, voice } = slow()
    world.happens(['key 1'])
    assert.deepEqual(world.ordered(), [])
    await voice.of('Good.').made()
    await voice.of('One.').made()
    assert.deepEqual(world.ordered(), ['play Good. (sound of Good.)'])
  })

  it('of a prompt that was replaced is not played when it comes first', async () => {
    const { world, voice } = slow()
    world.happens(['key 1'])
    await voice.of('One.').made()
    assert.deepEqual(world.ordered(), [])
    await voice.of('Good.').made()
    assert.deepEqual(world.ordered(), ['play Good. (sound of Good.)'])
  })

  it('that comes when the caller is in a queue is not played', async () => {
    const { world, voice } = slow()
    world.happens(['key 2'])
    await voice.of('One.').made()
    assert.deepEqual(world.ordered(), ['queue'])
  })

  it('that fails after its prompt was replaced is no failure', async () => {
    const { world, voice } = slow()
    world.happens(['key 1'])
    await voice.of('One.').failed()
    assert.deepEqual([world.logged, world.noted('trouble')], [[], []])
  })

  it('that plays is stopped', async () => {
    const { world, voice } = slow()
    await voice.of('One.').made()
    world.happens(['key 2'])
    assert.deepEqual(world.ordered().slice(1), ['stop-playback', 'queue'])
  })

  it('keeps the order of the prompts', async () => {
    const { world, voice } = slow()
    await voice.of('One.').made()
    world.happens(['key 1'])
    await voice.of('Good.').made()
    world.happens(['finished'])
    await voice.of('Bye.').made()
    world.happens(['finished'])
    assert.deepEqual(world.ordered(), [
      'play One. (sound of One.)', 'stop-playback', 'play Good. (sound of Good.)', 'play Bye. (sound of Bye.)', 'queue',
    ])
  })

  it('that fails on a line that needs it is a failed prompt, and two in a row bring the caller to people', async () => {
    const { world, voice } = slow('needs')
    await voice.of('One.').failed()
    assert.equal(world.noted('trouble').length, 1)
    assert.equal(world.clock.pending, 0, 'nobody waits for an answer to what was not heard')
    world.happens(['key 1'])
    await voice.of('Good.').failed()
    assert.deepEqual(world.ordered(), ['fall-back'])
    assert.deepEqual(world.ended(), ['line: failed'])
  })

  /** A voice that hangs for as long as a caller waits for it. */
  const hanging = (steps: string): World => {
    const world: World = new World(flowOf(steps), {
      wantsSound: 'needs',
      voice: { sound: (_, within = 2500) => new Promise((_, reject) => world.clock.after(within, () => reject(new Error('too late')))) },
    })
    return world.arrives()
  }
  const inRow: [name: string, steps: string][] = [
    ['prompts', '  a: { say: One., next: b }\n  b: { say: Two., next: agent }'],
    ['tries of a menu', '  a: { menu: { say: One., keys: { 1: agent } } }'],
    ['prompts with other steps between them', '  a: { say: One., next: b }\n  b: { set: { x: 1 }, next: c }\n  c: { collect: { say: Two., digits: 2, into: y }, next: agent }'],
  ]
  for (const [name, steps] of inRow) {
    it(`that hangs keeps a caller in silence for less than three seconds, however many ${name} there are`, async () => {
      const world = hanging(steps)
      for (let ms = 0; ms < 6000 && world.ended().length === 0; ms += 100) {
        world.clock.pass(100)
        await settled()
      }
      assert.deepEqual(world.ordered(), ['fall-back'])
      const [ended] = world.noted('ended')
      assert.ok(ended!.deadAir <= 3000 && world.clock.now() - monday <= 3000, `${world.clock.now() - monday} ms`)
    })
  }

  it('that was waited for is counted, with the longest wait; a wait that a key ends is one, too', async () => {
    const { world, voice } = slow()
    world.clock.pass(300)
    await voice.of('One.').made()
    world.happens(['key 1'])
    world.clock.pass(1200)
    await voice.of('Good.').made()
    world.happens(['finished'])
    world.clock.pass(500)
    world.happens(['hangs up'])
    assert.deepEqual(world.noted('ended').map(({ waits }) => waits), [{ count: 3, longest: 1200 }])
  })

  it('that was there in an instant was not waited for', async () => {
    const { world, voice } = slow()
    world.clock.pass(19)
    await voice.of('One.').made()
    world.happens(['hangs up'])
    assert.deepEqual(world.noted('ended').map(({ waits }) => waits), [undefined])
  })

  it('that fails on a line that likes it leaves the text', async () => {
    const { world, voice } = slow('likes')
    await voice.of('One.').failed()
    assert.deepEqual(world.ordered(), ['play One.'])
    assert.deepEqual(world.noted('trouble'), [])
    assert.equal(world.logged.length, 1)
  })
})

describe('requests of a call', () => {
  const steps =
    '  a: { request: { get: clinic/slots, into: slots }, next: b, failed: c }\n  b: { say: Good., next: agent }\n  c: { say: Bad., next: agent }'

  /** A backend that answers when it is told to. */
  class SlowBackend implements BackendPort {
    signal: AbortSignal | undefined
    answer: (answer: BackendAnswer) => Promise<void> = settled
    fail: () => Promise<void> = settled

    request({ signal }: Parameters<BackendPort['request']>[0]): Promise<BackendAnswer> {
      this.signal = signal
      return new Promise((resolve, reject) => {
        this.answer = (answer) => (resolve(answer), settled())
        this.fail = () => (reject(new Error('broken')), settled())
      })
    }
  }

  const asking = (): { world: World; backend: SlowBackend } => {
    const backend = new SlowBackend()
    return { backend, world: new World(steps, { backends: backend }).arrives() }
  }

  it('are answered', async () => {
    const { world, backend } = asking()
    assert.equal(backend.signal!.aborted, false)
    await backend.answer({ how: 'ok', data: [] })
    assert.deepEqual([world.step, world.noted('trouble')], ['b', []])
  })

  it('that a backend does not help with take the way failed', async () => {
    const { world, backend } = asking()
    await backend.answer({ how: 'failed', words: 'it is closed' })
    assert.equal(world.step, 'c')
    assert.match(world.noted('trouble')[0]!.words, /clinic.*it is closed/)
  })

  it('that reject take the way failed', async () => {
    const { world, backend } = asking()
    await backend.fail()
    assert.equal(world.step, 'c')
    assert.equal(world.noted('trouble').length, 1)
  })

  it('without a backend take the way failed', async () => {
    const world = new World(steps).arrives()
    await settled()
    assert.equal(world.step, 'c')
  })

  for (const end of ['hangs up', 'line lost'])
    it(`are given up at the end, and an answer that comes then does nothing: ${end}`, async () => {
      for (const how of ['answer', 'fail'] as const) {
        const { world, backend } = asking()
        world.happens([end])
        assert.equal(backend.signal!.aborted, true)
        const before = world.notes.length
        await (how === 'fail' ? backend.fail() : backend.answer({ how: 'failed', words: 'too late' }))
        assert.equal(world.notes.length, before)
        assert.deepEqual(world.ordered(), [])
        assert.equal(world.clock.pending, 0)
      }
    })
})
