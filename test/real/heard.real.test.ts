import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import type { HeardPrompt } from '../../engine/call/heard.ts'
import { Journal } from '../../engine/journal/journal.ts'
import { openReader, type JournalReader } from '../../engine/journal/reader.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import type { Phone, PhoneCall } from '../phone/phone.ts'
import { quiet } from '../quiet.ts'
import { needsAsterisk } from './needs-asterisk.ts'
import { compileText, Station } from './station.ts'

const welcome = 'Welcome to the line for parking permits of the city, which is open on all days of the week.'
const flow = `
hotline: Permits
numbers: ["100"]
languages: [en]
defaults: { input: { otherwise: bye }, failed: bye }
start: main
steps:
  main:
    menu: { say: "${welcome}", keys: { 1: bye } }
  bye:
    - say: Goodbye then.
    - hang-up
`

describe('how much of a prompt a caller hears, on Asterisk', function () {
  this.timeout(40_000)
  let folder: string
  let station: Station
  let journal: Journal
  let reader: JournalReader
  let phone: Phone

  before(async function () {
    await needsAsterisk(this)
    folder = mkdtempSync(join(tmpdir(), 'callwright-heard-'))
    journal = new Journal(openStore(join(folder, 'calls.db')), quiet)
    reader = openReader(join(folder, 'calls.db'))
    const opened = await Station.open({ flows: [compileText(flow, 'permits')], journal })
    if ('none' in opened) throw new Error(opened.none)
    station = opened
    phone = await station.phone()
  })
  after(async () => {
    await station?.close()
    reader?.close()
    journal?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** Dials, and has heard that the welcome begins. */
  async function welcomed(): Promise<PhoneCall> {
    const call = await phone.dial('100', { from: '+61255501234' })
    await call.hears(await station.learn({ text: welcome, language: 'en' }))
    return call
  }

  /** What the journal says was heard of the welcome in the newest call, once that is over, and what the phone says. */
  async function compared(call: PhoneCall): Promise<{ kept: HeardPrompt; phone: number }> {
    await station.until(() => (station.sessions.count === 0 ? true : undefined), 15_000, 'the call goes on')
    journal.flush()
    const [newest] = reader.newest(1)
    const kept = reader.heardIn(newest!.facts.id)[0]!
    const { began, until } = call.playings()[0]!
    return { kept, phone: until + 20 - began }
  }

  function agree({ kept, phone: ms }: Awaited<ReturnType<typeof compared>>): void {
    assert.ok(Math.abs(kept.ms - ms) <= 100, `kept ${kept.ms} ms, the phone heard ${ms} ms`)
    assert.deepEqual([kept.step, kept.language, kept.texts[0]], ['main', 'en', 'main'])
  }

  it('until a key, after about a second', async () => {
    const call = await welcomed()
    await passes(700)
    await call.press('1')
    await call.ended()
    const both = await compared(call)
    agree(both)
    assert.equal(both.kept.how, 'key')
    assert.ok(both.kept.ms > 800 && both.kept.ms < 1800 && both.kept.of! > 3000, JSON.stringify(both))
  })

  it('until the caller hangs up', async () => {
    const call = await welcomed()
    await passes(1200)
    await call.hangUp()
    const both = await compared(call)
    agree(both)
    assert.equal(both.kept.how, 'hang-up')
    assert.ok(both.kept.ms < 2200, JSON.stringify(both))
  })

  it('to the end', async () => {
    const call = await welcomed()
    await call.hearsSilence({ for: 700, within: 10_000 })
    await call.press('1')
    await call.ended()
    const both = await compared(call)
    agree(both)
    assert.deepEqual([both.kept.how, both.kept.ms > both.kept.of! - 30], ['end', true], JSON.stringify(both))
  })

  it('until the engine ends, by the clock', async () => {
    const call = await welcomed()
    await passes(500)
    await station.stopEngine()
    await station.startEngine()
    await call.hangUp()
    const both = await compared(call)
    assert.equal(both.kept.how, 'stopped')
    assert.ok(Math.abs(both.kept.ms - both.phone) < 300, JSON.stringify(both))
  })
})
