import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import { KeptInbox, type InboxEntry } from '../../engine/inbox.ts'
import type { Phone, PhoneCall } from '../phone/phone.ts'
import { toneShare } from '../phone/tones.ts'
import { toUlaw } from '../phone/ulaw.ts'
import { readWav, tone } from '../phone/wav.ts'
import { LogBook } from '../telephony/recorder.ts'
import { needsAsterisk } from './needs-asterisk.ts'
import { compileText, Station } from './station.ts'

/** The pitch of the tone after which callers speak, and of what they say here. Hz. */
const beep = 1000
const voice = 700

const flow = `
hotline: Messages
numbers: ["100"]
languages: [en]
timezone: Australia/Canberra
queues:
  desk: { said: the desk }
defaults:
  failed: broken
start: leave
steps:
  leave:
    voicemail: { say: Please leave a message after the tone., box: desk, silence: 2s, longest: 5s }
    nothing-said: silent
    next: bye
  silent:
    - say: Not a word was said.
    - hang-up
  broken:
    - say: Nothing can be recorded at the moment.
    - hang-up
  bye:
    - say: Goodbye then.
    - hang-up
`
const said = (text: string) => ({ text, language: 'en' })
const prompt = said('Please leave a message after the tone.')

describe('what callers leave, on Asterisk', function () {
  this.timeout(40_000)
  let folder: string
  let station: Station
  let inbox: KeptInbox
  let log: LogBook
  let phone: Phone
  const recordings = (): string => join(folder, 'recordings')

  /** `theirs`: the folder of recordings as Asterisk sees it, when it sees another. */
  async function open(theirs?: string): Promise<void> {
    if (folder) rmSync(folder, { recursive: true, force: true })
    folder = mkdtempSync(join(tmpdir(), 'callwright-left-'))
    mkdirSync(recordings())
    inbox = new KeptInbox(folder)
    log = new LogBook()
    const opened = await Station.open({
      flows: [compileText(flow, 'messages')],
      recordings: { ours: recordings(), theirs: theirs ?? recordings() },
      inbox, log, lease: 2,
      times: { lease: 3, renewEvery: 1000 },
    })
    if ('none' in opened) throw new Error(opened.none)
    station = opened
    phone = await station.phone()
  }

  before(async function () {
    await needsAsterisk(this)
    await open()
  })
  after(async () => {
    await station?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  const hears = async (call: PhoneCall, text: string) => call.hears(await station.learn(said(text)), { within: 10_000 })
  /** Dials, and has heard the tone. */
  async function afterTheTone(): Promise<PhoneCall> {
    const call = await phone.dial('100', { from: '+61255501234' })
    await hears(call, prompt.text)
    await call.hears({ tone: beep }, { within: 10_000 })
    await call.hearsSilence({ for: 100 })
    return call
  }
  const entry = (number: number): Promise<InboxEntry> =>
    station.until(() => inbox.list().entries[number], 5000, 'the inbox has nothing new')

  it('after the tone a caller speaks, hears it again, and saves it', async () => {
    const call = await afterTheTone()
    await call.speak(tone(voice, 2000))
    await passes(2200)
    await call.press('#')
    await hears(call, 'To hear your message, press 1.')
    await call.press('1')
    await call.hears({ tone: voice })
    await hears(call, 'To hear your message, press 1.')
    await call.press('2')
    await hears(call, 'Thank you. Your message has been saved.')
    await hears(call, 'Goodbye then.')
    const left = await entry(0)
    assert.equal(left.kind, 'voicemail')
    assert.equal(left.caller, '+61255501234')
    assert.ok(left.kind === 'voicemail')
    const samples = await readWav(join(recordings(), `${left.recording}.wav`))
    assert.equal(left.ms, samples.length / 8)
    assert.ok(left.ms > 1700 && left.ms < 2800, `${left.ms} ms`)
    const middle = toUlaw(samples.subarray(8000, 8160))
    assert.ok(toneShare(middle, voice) > 0.9, 'the message is what was said')
  })

  it('who hangs up while speaking has left a message', async () => {
    const call = await afterTheTone()
    await call.speak({ tone: voice })
    await passes(1000)
    await call.hangUp()
    const left = await entry(1)
    assert.ok(left.kind === 'voicemail' && left.ms > 700 && left.ms < 1500, JSON.stringify(left))
    assert.ok(existsSync(join(recordings(), `${left.recording}.wav`)))
  })

  it('a silence after words ends it; who then says nothing more has left it all the same', async () => {
    const call = await afterTheTone()
    await call.speak(tone(voice, 600))
    await hears(call, 'To hear your message, press 1.')
    await call.hangUp()
    const left = await entry(2)
    assert.ok(left.kind === 'voicemail' && left.ms > 500 && left.ms < 2000, JSON.stringify(left))
  })

  it('who says nothing, and who only presses the key, has left nothing, and no file', async () => {
    const files = readdirSync(recordings()).length
    const silent = await afterTheTone()
    await hears(silent, 'Not a word was said.')
    const keyed = await afterTheTone()
    await passes(500)
    await keyed.press('#')
    await hears(keyed, 'Not a word was said.')
    const gone = await afterTheTone()
    await passes(300)
    await gone.hangUp()
    await station.until(() => (station.sessions.count === 0 ? true : undefined), 10_000, 'a call goes on')
    assert.equal(inbox.list().entries.length, 3)
    assert.equal(readdirSync(recordings()).length, files)
  })

  it('the longest time ends it', async () => {
    const call = await afterTheTone()
    await call.speak({ tone: voice })
    await hears(call, 'To hear your message, press 1.')
    await call.press('2')
    const left = await entry(3)
    assert.ok(left.kind === 'voicemail' && Math.abs(left.ms - 5000) < 150, JSON.stringify(left))
    await call.hangUp()
  })

  it('a folder that Asterisk cannot write into: the caller goes on, and the admin is told', async () => {
    await station.close()
    await open('/proc/no-folder')
    const call = await phone.dial('100')
    await hears(call, prompt.text)
    await call.hears({ tone: beep }, { within: 10_000 })
    await hears(call, 'Nothing can be recorded at the moment.')
    await log.says(/error: Asterisk could not record: may its user write into the folder .proc.no-folder/)
    assert.deepEqual(inbox.list().entries, [])
  })
})
