import assert from 'node:assert/strict'
import { readHotlines } from '../../engine/hotlines.ts'
import { MUSIC_ON_HOLD_TONE } from '../asterisk/config.ts'
import type { Phone, PhoneCall } from '../phone/phone.ts'
import { needsAsterisk } from './needs-asterisk.ts'
import { Station } from './station.ts'

/** A Monday morning in Canberra. */
const open = Date.parse('2026-11-23T10:00:00+11:00')

/** A phone on a real Asterisk, the vaccination hotline, and an agent. */
describe('calls on Asterisk', function () {
  this.timeout(60_000)
  let station: Station
  let phone: Phone
  let agent: Phone

  before(async function () {
    await needsAsterisk(this)
    const flows = ['flows/hello', 'flows/vaccination'].flatMap((path) => readHotlines(path)).flatMap(({ compiled }) => compiled ?? [])
    const opened = await Station.open({ flows, startAt: open })
    if ('none' in opened) throw new Error(opened.none)
    station = opened
    phone = await station.phone()
    agent = await station.agent()
  })
  after(async () => {
    await station?.close()
  })

  const welcome = { text: 'Welcome to the vaccination hotline.', language: 'en' }
  const mainMenu = { text: 'For a new booking, press 1.', language: 'en' }
  const hears = async (call: PhoneCall, part: { text: string; language: string }, within = 15_000) => call.hears(await station.learn(part), { within })

  async function nothingLeft(): Promise<void> {
    await station.until(() => (station.sessions.count === 0 ? true : undefined), 5000, 'a call is left in the engine')
    for (const deadline = Date.now() + 5000; (await station.channels()) > 0; )
      if (Date.now() > deadline) throw new Error(`channels are left:\n${await station.asterisk.cli('core show channels')}`)
  }

  it('stops a prompt at a key, and says what comes next at once', async () => {
    const call = await phone.dial('100', { from: '1001' })
    await hears(call, welcome)
    await call.press('1')
    await hears(call, mainMenu)
    const name = await station.learn(welcome)
    const first = call.playings().find((playing) => playing.names.includes(name))
    assert.equal(first?.complete, false, `the welcome went on: ${call.transcript()}`)
    await call.hangUp()
    await nothingLeft()
  })

  it('brings caller and agent together; they hear each other, and the agent sees why', async () => {
    const call = await phone.dial('100', { from: '+61255501234' })
    await hears(call, welcome)
    await call.press('1126001', { ms: 60 })
    const ringing = await agent.rings({ within: 15_000 })
    assert.equal(ringing.callerId.number, '+61255501234')
    assert.match(ringing.callerId.name, /new booking/)
    assert.match(ringing.callerId.name, /2600/)
    await call.hears({ tone: MUSIC_ON_HOLD_TONE })
    await ringing.answer()
    await call.speak({ tone: 620 })
    await ringing.speak({ tone: 940 })
    await ringing.hears({ tone: 620 })
    await call.hears({ tone: 940 })
    await ringing.hangUp()
    await hears(call, { text: 'One question before you go. How satisfied are you with this call, from 1, not at all, to 5, very much?', language: 'en' })
    await call.press('5')
    await hears(call, { text: 'Thank you for your call.', language: 'en' })
    await call.ended({ within: 10_000 })
    await nothingLeft()
  })

  /** Keys that lead to a step, and the step. */
  const places: [string, string][] = [
    ['', 'welcome'], ['1', 'main'], ['11', 'postcode/2'], ['13', 'advice/3'], ['112600', 'confirm'], ['113000', 'elsewhere'],
    ['12', 'booking-number/2'], ['10', 'agent'],
  ]
  it('leaves nothing behind when the caller hangs up, at whichever step', async () => {
    await Promise.all(places.map(async ([keys, step], i) => {
      const from = `+6125550200${i}`
      const call = await phone.dial('100', { from })
      const { call: id } = await station.until(() => station.notes.find((note) => note.type === 'arrived' && note.facts.caller === from), 5000, 'the call did not arrive')
      if (keys) await hears(call, welcome).then(() => call.press(keys, { ms: 60 }))
      await station.until(() => station.notes.find((note) => note.call === id && note.type === 'step' && note.step === step), 10_000, `the call did not come to ${step}`)
      await call.hangUp()
      const end = await station.until(() => station.notes.find((note) => note.call === id && note.type === 'ended'), 5000, `the call in ${step} did not end`)
      assert.equal(end.type === 'ended' && end.by, 'caller')
    }))
    await nothingLeft()
  })

  it('takes two hundred calls at once, and each ends in the right place', async function () {
    this.timeout(90_000)
    const ways: { keys: string; queue: string; language: string }[] = [
      { keys: '10', queue: 'bookings', language: 'en' }, { keys: '20', queue: 'bookings', language: 'de' },
      { keys: '113000', queue: 'bookings', language: 'en' }, { keys: '0', queue: 'front-desk', language: 'en' },
    ]
    const before = station.notes.length
    const calls = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
      const way = ways[i % ways.length]!
      const from = `+61255503${String(i).padStart(3, '0')}`
      const call = await phone.dial(way.queue === 'front-desk' ? '200' : '100', { from, within: 30_000 })
      const arrived = await station.until(() => station.notes.find((note) => note.type === 'arrived' && note.facts.caller === from), 30_000, `${from} did not arrive`)
      await call.hearsAnything({ within: 20_000 })
      await call.press(way.keys, { ms: 60 })
      const queued = await station.until(() => station.notes.find((note) => note.type === 'queued' && note.call === arrived.call), 40_000, `${from} came to no queue: ${call.transcript()}`)
      assert.equal(queued.type === 'queued' && queued.queue, way.queue)
      return { call, from }
    }))
    const troubles = station.notes.slice(before).filter((note) => note.type === 'trouble')
    assert.deepEqual(troubles, [])
    assert.equal(calls.length, 200)
    // All wait in their queues, with music, at the same time.
    await Promise.all(calls.map(({ call }) => call.hears({ tone: MUSIC_ON_HOLD_TONE }, { within: 10_000 })))
    await Promise.all(calls.map(({ call }) => call.hangUp()))
    await nothingLeft()
  })

  it('keeps callers out of silence when the engine goes: they come to the fallback queue, and so do new ones', async () => {
    const call = await phone.dial('100', { from: '+61255504001' })
    await hears(call, welcome)
    await station.stopEngine()
    await call.hears({ tone: MUSIC_ON_HOLD_TONE }, { within: 15_000 })
    const late = await phone.dial('100', { from: '+61255504002' })
    await late.hears({ tone: MUSIC_ON_HOLD_TONE }, { within: 10_000 })
    await Promise.all([call.hangUp(), late.hangUp()])
    await station.startEngine()
    await nothingLeft()
  })
})

describe('an Asterisk that cannot read the prompts', function () {
  this.timeout(60_000)
  let station: Station | undefined

  before(async function () {
    await needsAsterisk(this)
    const opened = await Station.open({ flows: readHotlines('flows/hello').flatMap(({ compiled }) => compiled ?? []), promptsOnAsterisk: '/nowhere' })
    if ('none' in opened) throw new Error(opened.none)
    station = opened
  })
  after(async () => {
    await station?.close()
  })

  it('does not leave callers in silence: after two prompts they come to the fallback', async () => {
    const { notes } = station!
    await station!.agent()
    const call = await (await station!.phone()).dial('200', { from: '1001' })
    await call.hears({ tone: MUSIC_ON_HOLD_TONE }, { within: 10_000 })
    assert.deepEqual(notes.flatMap((note) => (note.type === 'trouble' ? [note.words] : [])), [
      'a prompt could not be played; the call goes on without it',
      'two prompts in a row could not be played; the caller goes to the fallback',
    ])
    const end = await station!.until(() => notes.find((note) => note.type === 'ended'), 2000, 'the call is not over for the engine')
    assert.ok(end.type === 'ended' && end.outcome === 'failed' && end.by === 'line')
  })
})
