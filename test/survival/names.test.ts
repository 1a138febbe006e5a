import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { takeIn } from '../../cli/left-in-survival.ts'
import { KeptInbox } from '../../engine/inbox.ts'
import { fileOf } from '../../engine/inbox-tidying.ts'
import { Recordings } from '../../telephony/recordings.ts'
import { readRecorded, recordingPath } from '../../telephony/survival/recorded.ts'
import { backExtension, stepExtension } from '../../telephony/survival/names.ts'
import { tone, writeWav } from '../phone/wav.ts'

describe('names in survival', () => {
  const steps: [step: string, extension: string][] = [
    ['main', 'step_main'],
    ['h', 'step_h'],
    ['read-slot/2', 'step_read_slot.2'],
    ['identify/ask@known', 'step_identify.ask+known'],
    ['read-slot@main:2/1', 'step_read_slot+main*2.1'],
  ]
  for (const [step, extension] of steps) {
    it(`the step ${step} is ${extension}`, () => {
      assert.equal(stepExtension(step), extension)
      assert.equal(backExtension(step), extension.replace('step_', 'back_'))
    })
  }

  it('a long name is cut, and the one that comes back is that of the same step', () => {
    const [one, other] = [stepExtension(`${'a'.repeat(90)}1`), stepExtension(`${'a'.repeat(90)}2`)]
    assert.notEqual(one, other)
    assert.equal(one.length, 79)
    // The dialplan makes the one from the other, see queue-left in callwright-control.
    assert.equal(backExtension(`${'a'.repeat(90)}1`), `back_${one.slice(5)}`)
  })

  it('a name that is none is refused', () => assert.throws(() => stepExtension('a,b'), /cannot stand/))

  it('the file of a message tells whose it is', () => {
    const about = { hotline: 'city_desk', box: '_B-1', language: 'en' }
    const path = '/rec/survival.hcity.-desk.b.-B-1.len.c${STRREPLACE(CALLWRIGHT_FROM,+,p):0:17}.${UNIQUEID}-0.wav'
    assert.equal(recordingPath({ folder: '/rec/', ...about }), path)
    const filled = (from: string, call: string): string =>
      path.replace('/rec/', '').replace(/\$\{STR.*17\}/, from).replace('${UNIQUEID}', call)
    assert.deepEqual(readRecorded(filled('p61255501234', '1795300000.17')), {
      recording: 'survival.hcity.-desk.b.-B-1.len.cp61255501234.1795300000.17-0', ...about,
      caller: '+61255501234', call: '1795300000.17', at: 1_795_300_000_000,
    })
    assert.deepEqual(readRecorded(filled('', 'pbx-1-1795300000.17')), {
      recording: 'survival.hcity.-desk.b.-B-1.len.c.pbx-1-1795300000.17-0', ...about,
      caller: '', call: 'pbx-1-1795300000.17', at: 1_795_300_000_000,
    })
  })

  it('a long name of a hotline and of a box leave room for the rest, and the engine can play it', () => {
    const path = recordingPath({ folder: '/r', hotline: 'h'.repeat(60), box: 'b'.repeat(64), language: 'en' })
    const name = path.replace('/r/', '').replace(/c\$.*$/, `cp${'1'.repeat(16)}.pbx-1795300000.1234567-0`)
    assert.ok(readRecorded(`${name}.wav`))
    assert.ok(new Recordings({ ours: '/r', theirs: '/r' }).file(name))
    assert.ok(fileOf('/r', name))
  })

  for (const other of ['call-1-2.wav', 'survival.ha.bb.wav', 'survival.ha.bb.len.c1.1.1-0.wav.tmp', 'survival.ha.bb.len.cx.1.1-0.wav'])
    it(`${other} is none`, () => assert.equal(readRecorded(other), undefined))
})

describe('messages left in survival', () => {
  let folder: string
  const ago = new Date(Date.now() - 60_000)
  const name = (call: string): string => `survival.hcity.bdesk.len.cp61255501234.${call}-0.wav`
  async function recorded(call: string, samples: Int16Array, at = ago): Promise<void> {
    await writeWav(join(folder, name(call)), samples)
    utimesSync(join(folder, name(call)), at, at)
  }
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'callwright-taken-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('are taken into the inbox once; silence is removed, and what is still being spoken waits', async () => {
    await recorded('1795300000.1', tone(700, 1500))
    await recorded('1795300000.2', new Int16Array(16_000))
    await recorded('1795300000.3', tone(700, 1500), new Date())
    writeFileSync(join(folder, 'call-1.wav'), '')
    const inbox = new KeptInbox(folder)
    for (let time = 0; time < 2; time++) assert.equal((await takeIn(folder, inbox, Date.now())).length, 1)
    assert.deepEqual(inbox.list().entries, [{
      kind: 'voicemail', id: `1795300000.1:${name('1795300000.1').slice(0, -4)}`, recording: name('1795300000.1').slice(0, -4),
      hotline: 'city', box: 'desk', language: 'en', caller: '+61255501234', call: '1795300000.1', at: 1_795_300_000_000,
      ms: 1500, tell: {}, step: '',
    }])
    const left = readdirSync(folder).filter((file) => file.startsWith('survival'))
    assert.deepEqual(left.toSorted(), [name('1795300000.1'), name('1795300000.3')])
  })
})
