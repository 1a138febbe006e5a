import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leftHere, recordingTrouble } from '../../cli/left.ts'
import { readSettings, type Settings } from '../../cli/settings.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { readHotlines } from '../../engine/hotlines.ts'
import { LogBook } from '../telephony/recorder.ts'

const day = 86_400_000
const says = 'hotline: Talk\nnumbers: ["1"]\nlanguages: [en]\nstart: a\nsteps:\n  a:\n'
const flows = {
  speaks: `${says}    - voicemail: { say: Please speak., box: desk }\n    - hang-up\n`,
  mute: `${says}    - say: Hello.\n    - hang-up\n`,
}

describe('the folder of recordings, at the start', () => {
  let data: string
  beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'callwright-left-'))))
  afterEach(() => rmSync(data, { recursive: true, force: true }))

  const settings = (env: Record<string, string> = {}): Settings => readSettings({ CALLWRIGHT_DATA: data, ...env })
  function hotlines(flow: keyof typeof flows) {
    mkdirSync(join(data, 'flows/talk'), { recursive: true })
    writeFileSync(join(data, 'flows/talk/hotline.yaml'), flows[flow])
    const found = readHotlines(join(data, 'flows'), {})
    assert.ok(found[0]?.compiled, found[0]?.mistakes.map((one) => one.message).join())
    return found
  }

  it('is made, and nobody else may look into it', () => {
    leftHere(settings(), { clock: new VirtualClock(), log: new LogBook() })
    assert.equal(statSync(join(data, 'recordings')).mode & 0o007, 0)
  })

  it('names the command that lets Asterisk write, when callers are to speak', () => {
    const all = settings()
    leftHere(all, { clock: new VirtualClock(), log: new LogBook() })
    const command = `run "sudo chgrp asterisk ${all.recordings} && sudo chmod 2770 ${all.recordings}"`
    assert.equal(recordingTrouble(hotlines('mute'), all), undefined)
    assert.match(recordingTrouble(hotlines('speaks'), all)!, /^Only you can write into .*, it cannot record there/)
    assert.ok(recordingTrouble(hotlines('speaks'), all)!.endsWith(command))
    assert.equal(recordingTrouble(hotlines('speaks'), settings({ RECORDINGS_ON_ASTERISK: '/rec' })), undefined)
    chmodSync(all.recordings, 0o777)
    assert.match(recordingTrouble(hotlines('speaks'), all)!, /^Everybody on this machine may look into /)
  })

  it('is tidied at once and every day, after as many days as are set', async () => {
    const all = settings({ INBOX_DAYS: '2' })
    const clock = new VirtualClock(100 * day)
    const log = new LogBook()
    const left = leftHere(all, { clock, log })
    const record = (name: string, at: number): string => {
      const file = join(all.recordings, `${name}.wav`)
      writeFileSync(file, '')
      utimesSync(file, at / 1000, at / 1000)
      return file
    }
    const [old, young] = [record('1.1-2', 97 * day), record('1.2-2', 99 * day)]
    const stop = left.tidy()
    await log.says(/after 2 days removed: 0 of what callers have left, and 1 recording$/)
    assert.deepEqual([existsSync(old), existsSync(young)], [false, true])
    log.lines.length = 0
    clock.pass(day + 1)
    clock.pass(day)
    await log.says(/1 recording/)
    assert.equal(existsSync(young), false)
    stop()
    assert.equal(clock.pending, 0)
  })

  it('INBOX_DAYS is a number of days', () => {
    assert.equal(settings().inboxDays, 30)
    for (const wrong of ['0', '-1', 'x', '1.5', '10000'])
      assert.throws(() => settings({ INBOX_DAYS: wrong }), new RegExp(`INBOX_DAYS=${wrong} is not a number of days: write a whole number from 1 to 9999`))
  })
})
