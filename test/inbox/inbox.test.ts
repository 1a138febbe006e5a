import assert from 'node:assert/strict'
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KeptInbox } from '../../engine/inbox.ts'
import { eraseFromInbox, fileOf, tidyInbox } from '../../engine/inbox-tidying.ts'
import type { LeftBehind } from '../../engine/ports.ts'

const about = { call: '1.1', caller: '+61255501234', hotline: 'clinic', language: 'en', step: 'leave' }
const voicemail = (id: string, at = 1000, recording = '1.1-7'): LeftBehind =>
  ({ ...about, kind: 'voicemail', id, at, box: 'desk', recording, ms: 3000, tell: { postcode: '2600' } })
const survey = (id: string, score: number, at = 1000): LeftBehind => ({ ...about, kind: 'survey', id, at, score, least: 1, most: 5 })
const callback: LeftBehind = { ...about, kind: 'callback', id: 'c', at: 500, queue: 'desk', number: '+61255501234', tell: {} }
const message: LeftBehind = { ...about, kind: 'message', id: 'm', at: 700, to: '+61255501234', text: 'Line one\nline two' }

describe('the inbox', () => {
  let data: string
  let inbox: KeptInbox
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'callwright-inbox-'))
    inbox = new KeptInbox(data)
  })
  afterEach(() => rmSync(data, { recursive: true, force: true }))

  const file = (name: string): string => join(data, 'inbox', `${name}.jsonl`)
  const ids = (): string[] => inbox.list().entries.map(({ id }) => id)

  it('keeps what is left in a file for each kind, whole and for its owner alone, and lists it by time', async () => {
    for (const left of [voicemail('v'), survey('s', 4), callback, message]) await inbox.keep(left)
    assert.deepEqual(inbox.list(), { entries: [callback, message, voicemail('v'), survey('s', 4)], unreadable: 0 })
    assert.deepEqual(readdirSync(join(data, 'inbox')).toSorted(), ['callback.jsonl', 'message.jsonl', 'survey.jsonl', 'voicemail.jsonl'])
    assert.equal(statSync(join(data, 'inbox')).mode & 0o777, 0o700)
    for (const kind of ['voicemail', 'survey', 'callback', 'message']) {
      assert.equal(statSync(file(kind)).mode & 0o777, 0o600)
      assert.equal(readFileSync(file(kind), 'utf8').split('\n').length, 2)
    }
    assert.deepEqual(inbox.list(['survey']).entries, [survey('s', 4)])
  })

  it('keeps many at once, each on a line of its own', async () => {
    const many = Array.from({ length: 50 }, (_, i) => voicemail(`v${i}`, i))
    await Promise.all(many.map((left) => inbox.keep(left)))
    assert.deepEqual(inbox.list().entries, many)
  })

  it('keeps the same thing once, however often and whenever it is handed over', async () => {
    await Promise.all([inbox.keep(voicemail('v')), inbox.keep(voicemail('v'))])
    await new KeptInbox(data).keep(voicemail('v'))
    assert.equal(readFileSync(file('voicemail'), 'utf8').split('\n').length, 2)
  })

  it('a line cut off by a crash spoils no other', async () => {
    await inbox.keep(voicemail('a'))
    appendFileSync(file('voicemail'), '{"kind":"voicemail","id":"b","at":')
    await new KeptInbox(data).keep(voicemail('c'))
    assert.deepEqual(ids(), ['a', 'c'])
    assert.equal(inbox.list().unreadable, 1)
  })

  it('writes again what another process has just put a new file in place of', async () => {
    await inbox.keep(voicemail('a'))
    // The file is replaced between the opening and the end of the writing, by one that lacks what is written.
    const kept = inbox.keep(voicemail('b'))
    const copy = readFileSync(file('voicemail'))
    await new Promise((resolve) => setImmediate(resolve))
    writeFileSync(`${file('voicemail')}.new`, copy)
    renameSync(`${file('voicemail')}.new`, file('voicemail'))
    await kept
    assert.deepEqual(ids(), ['a', 'b'])
  })

  it('marks what is dealt with, and by whom', async () => {
    await inbox.keep(voicemail('a'))
    await new KeptInbox(data).done({ id: 'a', at: 2000, by: 'anna' })
    assert.deepEqual(inbox.list().entries[0]!.done, { at: 2000, by: 'anna' })
  })

  it('says what to do when nothing can be kept, and goes on when it can', async () => {
    writeFileSync(join(data, 'inbox'), '')
    await assert.rejects(inbox.keep(voicemail('a')), /EEXIST|ENOTDIR/)
    rmSync(join(data, 'inbox'))
    await inbox.keep(voicemail('a'))
    assert.deepEqual(ids(), ['a'])
    if (process.getuid?.() === 0) return // root may write everywhere
    chmodSync(file('voicemail'), 0o400)
    await assert.rejects(inbox.keep(voicemail('b')), /may not be read or written: run "sudo chown -R/)
  })

  it('says that the disk is full', async function () {
    if (!existsSync('/dev/full')) return this.skip()
    mkdirSync(join(data, 'inbox'))
    symlinkSync('/dev/full', file('done'))
    await assert.rejects(inbox.done({ id: 'a', at: 1, by: 'anna' }), /the disk of .*inbox is full: make room there/)
  })

  describe('that has grown long', () => {
    const entries = 500
    /** How many lines are read while this runs. */
    const linesRead = async (run: () => unknown): Promise<number> => {
      const { parse } = JSON
      let lines = 0
      JSON.parse = (...args) => (lines++, parse(...args) as unknown)
      try {
        await run()
      } finally {
        JSON.parse = parse
      }
      return lines
    }
    const lineOf = (left: object): string => `${JSON.stringify(left)}\n`
    const fill = (from = 0): void =>
      writeFileSync(file('voicemail'), Array.from({ length: entries }, (_, i) => lineOf(voicemail(`v${from + i}`, from + i))).join(''))

    beforeEach(() => {
      mkdirSync(join(data, 'inbox'))
      fill()
    })

    it('is read once, and then only what is new in it, whoever has written that', async () => {
      assert.equal(await linesRead(() => inbox.list()), entries)
      assert.equal(await linesRead(() => [inbox.list(), inbox.unsent(), inbox.isUnsent('v7')]), 0)
      assert.equal(await linesRead(() => inbox.keep(voicemail('new', 9000)).then(() => inbox.list())), 1)
      await new KeptInbox(data).sent('v0', 9000)
      appendFileSync(file('voicemail'), lineOf(voicemail('other', 9100)))
      assert.equal(await linesRead(() => inbox.unsent()), 2)
      assert.deepEqual([inbox.list().entries.length, inbox.unsent()[0]!.id, inbox.isUnsent('v0')], [entries + 2, 'v1', false])
    })

    it('is read anew when another file stands in its place', async () => {
      inbox.list()
      await new KeptInbox(data).remove(({ id }) => id === 'v1')
      assert.deepEqual([inbox.list().entries.length, ids()[1]], [entries - 1, 'v2'])
      // In the same file, no shorter than before.
      fill(500)
      appendFileSync(file('voicemail'), lineOf(voicemail('new', 9000)))
      assert.deepEqual([inbox.list().entries.length, ids()[0]], [entries + 1, 'v500'])
      // And of the same length.
      const text = readFileSync(file('voicemail'), 'utf8')
      writeFileSync(file('voicemail'), text.replace('v500', 'w500'))
      utimesSync(file('voicemail'), 1, 1)
      assert.equal(ids()[0], 'w500')
      rmSync(file('voicemail'))
      assert.deepEqual(ids(), [])
    })

    it('shows no line before it has been written to its end', () => {
      inbox.list()
      const line = lineOf(voicemail('ü', 9000))
      const bytes = Buffer.from(line)
      const middle = bytes.indexOf(Buffer.from('ü')) + 1
      appendFileSync(file('voicemail'), bytes.subarray(0, middle))
      assert.deepEqual([inbox.list().entries.length, inbox.list().unreadable], [entries, 1])
      appendFileSync(file('voicemail'), bytes.subarray(middle, -1))
      assert.deepEqual([ids().at(-1), inbox.list().unreadable], ['ü', 0])
      appendFileSync(file('voicemail'), '\n')
      assert.deepEqual([inbox.list().entries.length, ids().at(-1), inbox.list().unreadable], [entries + 1, 'ü', 0])
    })
  })

  describe('after its time', () => {
    const recordings = (): string => join(data, 'recordings')
    const record = (name: string, at: number): void => {
      writeFileSync(join(recordings(), name), '')
      utimesSync(join(recordings(), name), at / 1000, at / 1000)
    }
    beforeEach(() => mkdirSync(recordings()))

    it('goes what is too old, with its recording, with recordings nobody names, and with nothing else', async () => {
      await inbox.keep(voicemail('old', 1000, '1.1-7'))
      await inbox.keep(voicemail('new', 9000, '1.2-7'))
      await inbox.keep(survey('s', 4, 1000))
      await inbox.done({ id: 'old', at: 1500, by: 'anna' })
      await inbox.done({ id: 'new', at: 9500, by: 'anna' })
      for (const [name, at] of [['1.1-7.wav', 1000], ['1.2-7.wav', 4000], ['1.3-2.wav', 2000], ['1.4-2.wav', 6000], ['notes.wav', 0], ['1.1-7.txt', 0]] as const)
        record(name, at)
      assert.deepEqual(await tidyInbox(inbox, recordings(), 5000), { entries: 2, recordings: 2 })
      assert.deepEqual(ids(), ['new'])
      assert.deepEqual(readdirSync(recordings()).toSorted(), ['1.1-7.txt', '1.2-7.wav', '1.4-2.wav', 'notes.wav'])
      assert.deepEqual(readFileSync(file('done'), 'utf8').trim().split('\n').length, 1)
      assert.deepEqual(readdirSync(join(data, 'inbox')).filter((name) => name.endsWith('.tmp')), [])
      assert.equal(statSync(file('voicemail')).mode & 0o777, 0o600)
    })

    it('goes what is to be erased, for good', async () => {
      await inbox.keep(voicemail('a', 1000, '1.1-7'))
      await inbox.keep(voicemail('b', 1000, '1.2-7'))
      record('1.1-7.wav', 1000)
      record('1.2-7.wav', 1000)
      assert.deepEqual(await eraseFromInbox(inbox, recordings(), ['a', 'unknown']), ['a'])
      assert.deepEqual(ids(), ['b'])
      assert.deepEqual(readdirSync(recordings()), ['1.2-7.wav'])
      assert.doesNotMatch(readFileSync(file('voicemail'), 'utf8'), /"a"/)
    })

    it('nothing goes wrong where there is nothing yet', async () => {
      rmSync(recordings(), { recursive: true })
      assert.deepEqual(await tidyInbox(inbox, recordings(), 5000), { entries: 0, recordings: 0 })
    })

    it('a name that leads elsewhere is no recording', () => {
      for (const name of ['../secret-1', '/etc/x-1', 'a/b-1', '', 'x']) assert.equal(fileOf(recordings(), name), undefined, name)
      assert.equal(fileOf('/rec', '1763.1-7'), '/rec/1763.1-7.wav')
    })
  })
})
