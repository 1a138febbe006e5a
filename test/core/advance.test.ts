import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { advance, begin, type Advanced } from '../../engine/call/advance.ts'
import { mostKeys, type CallContext } from '../../engine/call/context.ts'
import type { CallEvent } from '../../engine/call/events.ts'
import { compiled, monday } from '../calls/play.ts'

const facts = { id: 'call-1', line: 'test', called: '100', caller: '' }
const { machine, fixedPrompts } = compiled(readFileSync('flows/vaccination/hotline.yaml', 'utf8'), 'hotline.yaml')
const start = (): Advanced => begin(machine, facts, [], monday)

/** A call to the postcode, in German, with some of everything on the way. */
const events: CallEvent[] = [
  { type: 'prompt-finished', id: 1 },
  { type: 'key-pressed', key: '2' },
  { type: 'prompt-finished', id: 3 },
  { type: 'key-pressed', key: '9' },
  { type: 'key-pressed', key: '1' },
  { type: 'key-pressed', key: '2' },
  { type: 'key-pressed', key: '9' },
]

describe('advance', () => {
  it('is pure: the same snapshot and event give the same effects, and the snapshot stays as it was', () => {
    let at = start()
    for (const event of [...events, { type: 'caller-hung-up' } as const]) {
      const before = JSON.stringify(at.snapshot)
      const first = advance(machine, at.snapshot, event, monday)
      const second = advance(machine, at.snapshot, event, monday)
      assert.deepEqual(second.effects, first.effects)
      assert.equal(JSON.stringify(second.snapshot), JSON.stringify(first.snapshot))
      assert.equal(JSON.stringify(at.snapshot), before)
      at = first
    }
  })

  it('is plain data between two events: a call goes on from what was written down', () => {
    let at = start()
    let kept = start()
    for (const event of events) {
      at = advance(machine, at.snapshot, event, monday)
      const written = JSON.parse(JSON.stringify(machine.getPersistedSnapshot(kept.snapshot))) as Parameters<
        typeof machine.resolveState
      >[0]
      kept = advance(machine, machine.resolveState(written), event, monday)
      assert.deepEqual(kept.effects, at.effects)
    }
  })

  it('two calls on one flow know nothing of each other', () => {
    const one = advance(machine, start().snapshot, { type: 'key-pressed', key: '2' }, monday)
    const other = start()
    assert.deepEqual((other.snapshot.context as CallContext).keys, [])
    assert.notEqual(JSON.stringify(one.snapshot.value), JSON.stringify(other.snapshot.value))
  })

  it('the end of a prompt that another has replaced changes nothing', () => {
    const { snapshot } = advance(machine, start().snapshot, { type: 'key-pressed', key: '2' }, monday)
    assert.deepEqual(advance(machine, snapshot, { type: 'prompt-finished', id: 1 }, monday), { snapshot, effects: [] })
  })

  it('what does not belong to a step changes nothing', () => {
    const { snapshot } = start()
    for (const event of [
      { type: 'timer-fired', timer: 'nothing' },
      { type: 'queue-left', id: 1, how: 'answered' },
      { type: 'transfer-ended', id: 1, how: 'busy' },
      { type: 'agent-answered', id: 1, agent: 'Mia' },
    ] as CallEvent[])
      assert.deepEqual(advance(machine, snapshot, event, monday).effects, [])
  })

  it('nothing happens after the end', () => {
    const { snapshot } = advance(machine, start().snapshot, { type: 'caller-hung-up' }, monday)
    for (const event of events) assert.deepEqual(advance(machine, snapshot, event, monday).effects, [])
  })

  it('keeps no more keys than a caller in a hurry presses', () => {
    const flow = compiled(
      `
hotline: Child
numbers: ["100"]
queues: { desk: }
start: a
steps:
  a: { say: A long text., next: b }
  b: { branch: [{ if: caller.known, go: c }, { go: d }] }
  c: { queue: desk }
  d: { menu: { say: One?, keys: { 1: c }, otherwise: c } }
`,
      'child.yaml',
    )
    let at = begin(flow.machine, facts, [], monday)
    for (let n = 0; n < 100; n++) at = advance(flow.machine, at.snapshot, { type: 'key-pressed', key: '5' }, monday)
    assert.equal((at.snapshot.context as CallContext).keys.length, mostKeys)
  })

  it('every text that is the same for all callers is known before a call', () => {
    const played = new Set<string>()
    let at = start()
    for (const event of events) {
      for (const effect of at.effects) if (effect.type === 'play') played.add(JSON.stringify(effect.prompt))
      at = advance(machine, at.snapshot, event, monday)
    }
    const known = new Set(fixedPrompts.map((prompt) => JSON.stringify(prompt)))
    assert.ok(played.size > 2)
    for (const prompt of played) assert.ok(known.has(prompt), prompt)
  })

  it('goes through a thousand steps at once', () => {
    const sets = Array.from({ length: 1200 }, (_, i) => `    - set: { a: ${i} }`).join('\n')
    const flow = compiled(`hotline: Long\nnumbers: ["100"]\nstart: a\nsteps:\n  a:\n${sets}\n    - hang-up\n`, 'long.yaml')
    assert.equal(begin(flow.machine, facts, [], monday).effects.at(-1)?.type, 'hang-up')
  })
})
