import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KeptInbox } from '../../engine/inbox.ts'
import type { LeftBehind } from '../../engine/ports.ts'

const at = (time: string): number => Date.parse(`2026-11-23T${time}:00Z`)
const about = { call: '1.1', caller: '+61255501234', hotline: 'clinic', language: 'en', step: 'leave' }
const left: LeftBehind[] = [
  { ...about, kind: 'voicemail', id: '1.1:7', at: at('10:00'), box: 'desk', recording: '1.1-7', ms: 3400, tell: { postcode: '2600', note: 'angry' } },
  { ...about, kind: 'voicemail', id: '1.2:7', at: at('10:05'), caller: '', box: 'night', recording: '1.2-7', ms: 12_000, tell: {} },
  { ...about, kind: 'callback', id: '1.3:4', at: at('09:00'), queue: 'desk', number: '0255509999', tell: {} },
  { ...about, kind: 'message', id: '1.4:4', at: at('11:00'), to: '+61255501234', text: 'Your booking is 4711.' },
  ...[5, 4, 4].map((score, i): LeftBehind => ({ ...about, kind: 'survey', step: 'rating', id: `s${i}`, at: at('12:00') + i, score, least: 1, most: 5 })),
]

describe('callwright inbox', () => {
  let data: string
  before(async () => {
    data = mkdtempSync(join(tmpdir(), 'callwright-inbox-cli-'))
    const inbox = new KeptInbox(data)
    for (const one of left) await inbox.keep(one)
    mkdirSync(join(data, 'recordings'))
    writeFileSync(join(data, 'recordings/1.1-7.wav'), '')
  })
  after(() => rmSync(data, { recursive: true }))

  function inbox(...args: string[]): { said: string; code: number | null } {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['cli/callwright.mjs', 'inbox', ...args], {
      encoding: 'utf8',
      env: { ...process.env, CALLWRIGHT_DATA: data, CALLWRIGHT_RECORDINGS: '', INBOX_DAYS: '', SUDO_USER: 'anna', TZ: 'UTC' },
    })
    return { said: stdout + stderr, code: status }
  }

  it('lists what was left, the newest last, and a survey as one figure', () => {
    assert.equal(inbox().said, `Mon 23 Nov 2026 09:00  clinic, to be called back by desk on 0255509999
    from +61255501234
    id 1.3:4
Mon 23 Nov 2026 10:00  clinic, a message of 3 s for desk
    from +61255501234; postcode 2600, note angry
    ${data}/recordings/1.1-7.wav
    id 1.1:7
Mon 23 Nov 2026 10:05  clinic, a message of 12 s for night
    from a withheld number
    its sound is not here
    id 1.2:7
Mon 23 Nov 2026 11:00  clinic, a text message to +61255501234
    from +61255501234
    Your booking is 4711.
    id 1.4:4
clinic, rating: 4.3 on average, of 1 to 5, from 3 answers
`)
  })

  it('lists one kind, and every answer of a survey when asked for it', () => {
    assert.equal(inbox('callback').said.split('\n').length, 4)
    assert.match(inbox('survey').said, /clinic, 5 of 1 to 5, at the step rating\n[^]*4\.3 on average/)
  })

  it('is read by programs', () => {
    const [first, second] = JSON.parse(inbox('voicemail', '--json').said) as Record<string, unknown>[]
    assert.deepEqual(first, { ...left[0], at: '2026-11-23T10:00:00.000Z', file: join(data, 'recordings/1.1-7.wav') })
    assert.ok(second && !('file' in second))
  })

  it('no longer lists what was dealt with, but with --all, and says by whom', () => {
    assert.deepEqual(inbox('done', '1.3:4'), { said: '1.3:4: dealt with.\n', code: 0 })
    assert.equal(inbox('callback').said, 'Nothing waits: all of it is dealt with. --all shows it.\n')
    assert.match(inbox('callback', '--all').said, /id 1\.3:4, dealt with by anna, /)
  })

  it('says what is wrong, and changes nothing', () => {
    assert.deepEqual(inbox('voicemial'), { said: 'callwright: "voicemial" is nothing that callers leave; did you mean "voicemail"?\n', code: 2 })
    assert.deepEqual(inbox('done'), { said: 'callwright: which one? Write "callwright inbox done ID"; "callwright inbox" lists the ids\n', code: 2 })
    assert.match(inbox('erase', '1.1:7', 'nobody').said, /nothing with the id nobody is there/)
    assert.match(inbox('voicemail').said, /id 1\.1:7/)
  })
})
