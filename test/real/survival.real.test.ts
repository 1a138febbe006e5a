import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import { DateTime } from 'luxon'
import { isOpen } from '../../engine/hours.ts'
import { readRecorded } from '../../telephony/survival/recorded.ts'
import { MUSIC_ON_HOLD_TONE } from '../asterisk/config.ts'
import type { PhoneCall } from '../phone/call.ts'
import type { Phone } from '../phone/phone.ts'
import { readWav, tone } from '../phone/wav.ts'
import { Alone } from './alone.ts'
import { needsAsterisk } from './needs-asterisk.ts'
import { compileText } from './station.ts'

const MAIN = 'For a postcode, press 1.'
const BEEP = 1000

/** Moments at and around opening and closing, holidays, and the nights in which clocks are put back and forward. */
const MOMENTS = ['2026-11-23', '2026-12-24', '2026-12-25', '2026-12-26', '2026-12-28', '2027-01-01', '2027-01-26', '2027-04-03', '2027-04-04', '2027-10-02', '2027-10-03', '2027-10-04']
  .flatMap((day) => ['00:00', '00:30', '01:30', '02:30', '03:59', '04:00', '05:59', '06:00', '08:29', '08:30', '12:30', '16:59', '17:00', '20:00', '22:00', '23:59'].map((time) =>
    Math.floor(DateTime.fromISO(`${day}T${time}`, { zone: 'Australia/Canberra' }).toSeconds())))
const HOURS = ['days', 'nights']

/** Finds out at each moment whether it is open, and keeps it: as the hours do it, but for their first line, the time of now. */
function asksHours(number: string): string {
  const lines = [`exten => ${number},1,Answer()`]
  for (const hours of HOURS) {
    for (const moment of MOMENTS) {
      lines.push(`Set(CALLWRIGHT_TIME=${moment})`, `Gosub(callwright-survival-all-alone-hours,hours_${hours},2)`)
      lines.push(`Set(GLOBAL(FOUND_${hours})=\${FOUND_${hours}}\${CALLWRIGHT_OPEN_${hours}})`)
    }
  }
  return [...lines, 'Hangup()'].join('\n same => n,')
}

/** Callers left by an engine: at a step in German, at one that is not there any more, back from an agent. */
const left = (number: string, ...set: string[]): string =>
  [`exten => ${number},1,Answer()`, 'Set(CALLWRIGHT_HOTLINE=all-alone)', ...set.map((one) => `Set(${one})`), 'Goto(callwright-control,T,1)'].join('\n same => n,')
const LEFT = ['[callwright-in]',
  left('901', 'CALLWRIGHT_STEP=step_main', 'CALLWRIGHT_LANGUAGE=de'),
  left('902', 'CALLWRIGHT_STEP=step_gone', 'CALLWRIGHT_LANGUAGE=fr'),
  left('903', 'CALLWRIGHT_STEP=back_agent', 'QUEUESTATUS=CONTINUE'),
  left('904', 'CALLWRIGHT_STEP=back_empty', 'QUEUESTATUS=JOINEMPTY'),
  left('905', 'QUEUESTATUS=CONTINUE'),
  left('906', 'CALLWRIGHT_STEPS=499'),
  asksHours('907'),
].join('\n')

describe('an Asterisk whose engine is gone', function () {
  this.timeout(60_000)
  let alone: Alone
  let phone: Phone
  let agent: Phone
  let recordings: string

  before(async function () {
    await needsAsterisk(this)
    recordings = mkdtempSync(join(tmpdir(), 'callwright-alone-'))
    const { flow } = compileText(readFileSync('test/real/survival.yaml', 'utf8'), 'all-alone')
    alone = await Alone.open({ flows: [flow], more: LEFT, recordings })
    phone = await alone.phone()
    agent = await alone.agent()
  })
  afterEach(async function () {
    const log = alone ? await alone.asterisk.logs() : ''
    if (this.currentTest?.state === 'failed') console.log(log.split('\n').slice(-60).join('\n'))
    // What an expression or an application could not read is said there.
    const complaints = log.split('\n').filter((line) => /ast_yyerror|(WARNING|ERROR).*(pbx|app_|func_|ast_expr|file\.c)/.test(line) && !/Unable to join queue/.test(line))
    assert.deepEqual(complaints, [])
  })
  after(async () => {
    await alone?.close()
    if (recordings) rmSync(recordings, { recursive: true, force: true })
  })

  const dial = (number = '100'): Promise<PhoneCall> => phone.dial(number, { from: '+61255501234' })
  async function atMain(): Promise<PhoneCall> {
    const call = await dial()
    await alone.hears(call, ['Welcome to the lonely hotline.', 'For English, press 1.'])
    await call.press('1')
    await alone.hears(call, [MAIN])
    return call
  }

  it('a caller is greeted in the first language, chooses the other, and goes on in it', async () => {
    const call = await dial()
    await alone.hears(call, ['Welcome to the lonely hotline.', 'For English, press 1.'])
    await alone.hears(call, ['Für Deutsch drücken Sie die 2.'], 'de')
    await call.press('2')
    await alone.hears(call, ['Für eine Postleitzahl drücken Sie die 1.'], 'de')
    await call.hangUp()
  })

  it('silence is answered twice, in other words, and then by a person', async () => {
    const call = await atMain()
    await alone.hears(call, ['I did not hear a key.', MAIN, 'Are you still there?', MAIN, 'I am putting you through to the desk.'])
    await call.hears({ tone: MUSIC_ON_HOLD_TONE }, { within: 10_000 })
    await call.hangUp()
  })

  it('wrong keys too, # and * among them', async () => {
    const call = await atMain()
    await call.press('9')
    await alone.hears(call, ['That key is not on offer.', MAIN])
    await call.press('#')
    await alone.hears(call, ['That key is not on offer.', MAIN])
    await call.press('*')
    await alone.hears(call, ['I am putting you through to the desk.'])
    await call.hangUp()
  })

  it('an agent answers, sees what the caller wants, and the caller goes on without the survey', async () => {
    const call = await dial()
    await alone.hears(call, ['Welcome to the lonely hotline.'])
    await call.press('112600', { ms: 60 })
    await alone.hears(call, ['You live near us.', MAIN])
    await call.press('0')
    const ringing = await agent.rings({ within: 15_000 })
    assert.deepEqual(ringing.callerId, { name: 'wants the desk, 2600', number: '+61255501234' })
    await ringing.answer()
    await call.speak({ tone: 700 })
    await ringing.hears({ tone: 700 })
    await ringing.hangUp()
    await alone.hears(call, ['Goodbye then.'])
    await call.ended()
  })

  const entries: [name: string, keys: string, hears: string[]][] = [
    ['a postcode is compared as a text, with its first zero', '0260', ['You live far away.']],
    ['one that is compared by its beginning', '2612', ['You live near us.']],
    ['a sentence with a value in it is left out', '5000', ['It is elsewhere.']],
    ['* begins again', '99*2600', ['You live near us.']],
    ['the end key pressed out of habit is no key of the menu that follows', '2600#', ['You live near us.', MAIN, 'I did not hear a key.']],
    ['too few digits', '26#', ['That was too short for a postcode.', 'Please key in your postcode.']],
    ['too few digits and a silence', '26', ['That was too short for a postcode.', 'Please key in your postcode.']],
    ['a postcode that is checked', '0000', ['There is no such postcode.', 'Please key in your postcode.']],
    ['nothing keyed', '', ['I did not hear any digits.', 'Please key in your postcode.']],
  ]
  for (const [name, keys, hears] of entries) {
    it(`digits: ${name}`, async () => {
      const call = await atMain()
      await call.press('1')
      await alone.hears(call, ['Please key in your postcode.'])
      await call.press(keys, { ms: 60 })
      await alone.hears(call, hears)
      await call.hangUp()
    })
  }

  it('out of hours callers hear so, and the call ends', async () => {
    const call = await atMain()
    await call.press('2')
    await alone.hears(call, ['We are closed now.', 'Goodbye then.'])
    await call.ended()
  })

  it('a switch is as the engine has left it', async () => {
    await alone.asterisk.cli('dialplan set global CALLWRIGHT_SWITCH_all-alone.flood on')
    const call = await atMain()
    await call.press('2')
    await alone.hears(call, ['The river is high.'])
    await call.hangUp()
    await alone.asterisk.cli('dialplan set global CALLWRIGHT_SWITCH_all-alone.flood off')
    const next = await atMain()
    await next.press('2')
    await alone.hears(next, ['We are closed now.'])
    await next.hangUp()
  })

  it('what needs the engine goes its failed way, and a queue without agents the way for that', async () => {
    const call = await atMain()
    await call.press('4')
    await alone.hears(call, ['The clinic does not answer.', 'Let us see who is there.', 'We are closed now.'])
    await call.hangUp()
  })

  it('a message is kept, with what the inbox needs in the name of its file, also when the caller hangs up', async () => {
    const call = await atMain()
    await call.press('3')
    await alone.hears(call, ['Please leave a message.'])
    await call.hears({ tone: BEEP }, { within: 10_000 })
    await call.speak(tone(700, 1500))
    await alone.hears(call, ['Thank you. Your message has been saved.', 'Goodbye then.'])
    await call.ended()
    const [file = ''] = readdirSync(recordings)
    const { recording, call: id, at, ...recorded } = readRecorded(file)!
    assert.deepEqual(recorded, { hotline: 'all-alone', box: 'front_desk', language: 'en', caller: '+61255501234' })
    assert.equal(`${recording}.wav`, file)
    assert.ok(id.endsWith('.1') || /\.\d+$/.test(id))
    assert.ok(Math.abs(at - Date.now()) < 60_000)
    const samples = await readWav(join(recordings, file))
    assert.ok(samples.length > 8000, `${samples.length} samples`)

    const second = await atMain()
    await second.press('3')
    await second.hears({ tone: BEEP }, { within: 10_000 })
    await second.speak({ tone: 700 })
    await passes(1500)
    await second.hangUp()
    while (readdirSync(recordings).length < 2) await passes(50)
  })

  const back: [name: string, number: string, hears: string[], language: string][] = [
    ['at a step, in the language of the call', '901', ['Für eine Postleitzahl drücken Sie die 1.'], 'de'],
    ['at a step that there is not: from the start, in the first language', '902', ['Welcome to the lonely hotline.'], 'en'],
    ['back from an agent', '903', ['Goodbye then.'], 'en'],
    ['back from a queue in which nobody was', '904', ['We are closed now.'], 'en'],
  ]
  for (const [name, number, hears, language] of back) {
    it(`goes on where the engine left the caller: ${name}`, async () => {
      const call = await dial(number)
      await alone.hears(call, hears, language)
      await call.hangUp()
    })
  }

  it('opening hours are those of the engine, to the minute, at any time of the year', async () => {
    const call = await dial('907')
    await call.ended()
    const found = await alone.asterisk.cli('dialplan show globals')
    const { flow } = compileText(readFileSync('test/real/survival.yaml', 'utf8'), 'all-alone')
    for (const hours of HOURS) {
      const expected = MOMENTS.map((moment) => (isOpen(flow.hours[hours]!, moment * 1000, flow.timezone) ? '1' : '0'))
      assert.ok(expected.includes('0') && expected.includes('1'))
      assert.equal(new RegExp(`FOUND_${hours}=(\\d*)`).exec(found)?.[1], expected.join(''))
    }
  })

  it('a call that goes round for ever comes to the queue of last resort', async () => {
    const call = await dial('906')
    await alone.hears(call, ['Welcome to the lonely hotline.'])
    await call.hears({ tone: MUSIC_ON_HOLD_TONE }, { within: 10_000 })
    await call.hangUp()
  })

  it('who has talked to an agent, and whose step nobody knows, need not begin again', async () => {
    const call = await dial('905')
    await call.ended()
    assert.equal(call.playings().length, 0)
  })
})
