import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '../../engine/clock.ts'
import { KeptSwitches } from '../../engine/kept-switches.ts'

const monday = Date.parse('2026-11-23T10:00:00+11:00')
const hour = 3_600_000

describe('switches in a file', () => {
  let folder: string
  let clock: VirtualClock
  let logged: string[]

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'callwright-switches-')), 'data')
    clock = new VirtualClock(monday)
    logged = []
  })
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

  const open = (): KeptSwitches => {
    const write = (_: object, words: string): void => void logged.push(words.replaceAll(folder, 'data'))
    return new KeptSwitches(folder, { clock, log: { info: write, warn: write, error: write } })
  }
  const file = (): string => join(folder, 'switches.json')

  it('nobody has turned any: there is no answer, and no file', () => {
    assert.equal(open().isOn('power', 'outage'), undefined)
    assert.equal(existsSync(file()), false)
  })

  it('are remembered over a restart, with when and by whom', () => {
    open().turn('power', 'outage', { on: true, by: 'anna' })
    const again = open()
    assert.equal(again.isOn('power', 'outage'), true)
    assert.equal(again.isOn('water', 'outage'), undefined)
    const switches = {
      outage: { for: 'Outage', starts: 'off' },
      bookings: { for: 'Bookings', starts: 'on' },
    }
    assert.deepEqual(again.states({ name: 'power', switches }), [
      { name: 'outage', for: 'Outage', on: true, turned: { on: true, at: monday, by: 'anna', until: undefined } },
      { name: 'bookings', for: 'Bookings', on: true },
    ])
    assert.deepEqual(readdirSync(folder), ['switches.json'])
  })

  it('what another process turns is noticed within half a second, and told once', () => {
    const engine = open()
    const told: string[] = []
    const unwatch = engine.watch((hotline) => void told.push(hotline))
    open().turn('power', 'outage', { on: true, by: 'anna' })
    open().turn('power', 'early', { on: true, by: 'anna' })
    assert.equal(engine.isOn('power', 'outage'), undefined)
    clock.pass(500)
    assert.equal(engine.isOn('power', 'outage'), true)
    clock.pass(hour)
    assert.deepEqual(told, ['power'])
    const last = logged.filter((words) => words.includes('outage')).at(-1)
    assert.equal(last, 'the switch power/outage has been turned on by anna')
    unwatch()
    assert.equal(clock.pending, 0)
  })

  it('what is turned here is told at once, and nothing when it stands so already', () => {
    const engine = open()
    const told: string[] = []
    engine.watch((hotline) => void told.push(hotline))
    engine.turn('power', 'outage', { on: true, by: 'the page' })
    engine.turn('power', 'outage', { on: true, by: 'the page' })
    assert.deepEqual(told, ['power'])
  })

  it('for a while: it turns back by itself, also when nothing runs at that time', () => {
    const engine = open()
    const told: (boolean | undefined)[] = []
    engine.watch(() => void told.push(engine.isOn('power', 'outage')))
    engine.turn('power', 'outage', { on: true, by: 'anna', ms: 4 * hour })
    clock.pass(4 * hour - 1000)
    assert.equal(engine.isOn('power', 'outage'), true)
    clock.pass(1000)
    assert.deepEqual(told, [true, false])
    assert.equal(open().isOn('power', 'outage'), false)
    const [state] = open().states({ name: 'power', switches: { outage: { for: 'Outage', starts: 'off' } } })
    assert.deepEqual(state?.turned, { on: false, at: monday + 4 * hour, by: 'itself' })
  })

  it('turned off for a while comes on again', () => {
    open().turn('power', 'bookings', { on: false, by: 'anna', ms: hour })
    assert.equal(open().isOn('power', 'bookings'), false)
    clock.pass(hour)
    assert.equal(open().isOn('power', 'bookings'), true)
  })

  const broken: [name: string, text: string, why: RegExp][] = [
    ['is no JSON', '{ "power/outage": on }', /JSON/],
    ['is empty', '', /JSON/],
    ['is something else', '["power/outage"]', /it is no list of switches/],
    [
      'has a time that is none',
      '{ "power/outage": { "on": true, "at": "today", "by": "anna" } }',
      /it is no list of switches/,
    ],
  ]
  for (const [name, text, why] of broken)
    it(`a file that ${name} is told once, changes nothing, and is not written over`, () => {
      const engine = open()
      engine.watch(() => {})
      engine.turn('power', 'outage', { on: true, by: 'anna' })
      logged = []
      writeFileSync(file(), text)
      clock.pass(hour)
      assert.equal(engine.isOn('power', 'outage'), true)
      assert.equal(logged.length, 1)
      assert.match(logged[0]!, /^data\/switches\.json cannot be read \(.*\): mend it, or remove it/s)
      assert.match(logged[0]!, /; until then all switches stay as they are$/)
      assert.match(logged[0]!, why)
      assert.throws(() => engine.turn('power', 'outage', { on: false, by: 'anna' }), /mend it, or remove it/)
      assert.equal(readFileSync(file(), 'utf8'), text)
      // Mended, it holds again.
      rmSync(file())
      engine.turn('power', 'outage', { on: false, by: 'anna' })
      assert.equal(engine.isOn('power', 'outage'), false)
    })

  it('a file that is broken at the start keeps no engine from starting', () => {
    open().turn('power', 'outage', { on: true, by: 'anna' })
    writeFileSync(file(), '{')
    assert.equal(open().isOn('power', 'outage'), undefined)
  })

  it('without the file all stand as their flows start them', () => {
    const engine = open()
    engine.watch(() => {})
    engine.turn('power', 'outage', { on: true, by: 'anna' })
    rmSync(file())
    clock.pass(500)
    assert.equal(engine.isOn('power', 'outage'), undefined)
    assert.equal(logged.at(-1), 'the switch power/outage stands as its flow starts it')
  })
})
