import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Journal, mostEndedOwed } from '../../engine/journal/journal.ts'
import { migrations } from '../../engine/journal/migrations.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import type { CallRecord } from '../../engine/ports.ts'
import { mostAtOnce, type Entry, type Store, type StoredCall } from '../../engine/journal/store.ts'

const call = (id: string, more: Partial<StoredCall> = {}): StoredCall => ({
  facts: { id, line: 'test', called: '100', caller: '+612' },
  hotline: 'desk', flow: 'f1', startedAt: 1000, at: 2000, outcome: '', step: 'main', language: 'en',
  state: { value: 'main', context: {}, lost: [] }, pending: { deadlines: {} }, deadAir: 0, ...more,
})
const entry = (id: string, more: Partial<StoredCall> = {}): Entry => ({ call: call(id, more), event: { type: 'key-pressed' }, effects: [] })

const quiet = { info() {}, warn() {}, error() {} }

describe('the store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'calls.db')

  it('has the newest of each call that is not over, with its caller\'s earlier calls, after it was closed', () => {
    const store = openStore(file)
    store.write([{ ...entry('a'), earlier: [] }, entry('b'), entry('a', { step: 'postcode' }), entry('b', { endedAt: 3000, outcome: 'booked' })])
    store.close()
    const again = openStore(file)
    assert.deepEqual(again.live(), [{ call: call('a', { step: 'postcode' }), earlier: [] }])
    const [record] = again.callsOf('+612', 0)
    assert.deepEqual([record?.id, record?.outcome, record?.at, record?.endedAt], ['b', 'booked', 1000, 3000])
    again.close()
  })

  it('can be read by nobody else', () => assert.equal(statSync(file).mode & 0o777, 0o600))

  it('keeps all entries or none', () => {
    const store = openStore(':memory:')
    const broken = { ...entry('b'), event: { toJSON: () => { throw new Error('cannot be written') } } }
    assert.throws(() => store.write([entry('a'), broken]))
    assert.deepEqual(store.live(), [])
  })

  it('erases by age and by number, but no call that is going on, and no flow that is needed', () => {
    const store = openStore(':memory:')
    store.write([entry('old', { endedAt: 1, startedAt: 1 }), entry('new', { endedAt: 9000, startedAt: 8000 }), entry('live', { startedAt: 1, flow: 'f2' })])
    for (const hash of ['f1', 'f2', 'f3']) store.keepFlow({ hash, name: 'desk', file: 'x', texts: {}, env: {} }, hash === 'f3' ? 4000 : 1)
    assert.equal(store.erase({ before: 5000 }), 1)
    assert.deepEqual(store.callsOf('+612', 0).map(({ id }) => id), ['new'])
    assert.equal(store.flow('f3')?.name, 'desk')
    assert.equal(store.erase({ before: 5000 }), 0)
    assert.equal(store.flow('f3'), undefined)
    assert.equal(store.flow('f2')?.name, 'desk')
    store.write([entry('again', { endedAt: 2, startedAt: 2 })])
    assert.equal(store.erase({ caller: '+612' }), 2)
    assert.equal(store.live().length, 1)
  })

  it('of an earlier version is brought up to this one, and keeps what is in it', () => {
    const earlier = join(folder, 'earlier.db')
    const db = new Database(earlier)
    db.exec(migrations[0]!)
    db.pragma('user_version = 1')
    const { facts, hotline, flow, startedAt } = call('a')
    db.prepare('INSERT INTO calls (id, caller, hotline, flow, started_at, row) VALUES (?, ?, ?, ?, ?, ?)')
      .run(facts.id, facts.caller, hotline, flow, startedAt, JSON.stringify(call('a')))
    db.close()
    const store = openStore(earlier)
    const heard = [{ play: 1, at: 1, step: 'main', language: 'en', texts: ['welcome'], ms: 5, how: 'end' as const }]
    store.write([{ ...entry('a'), heard }])
    assert.deepEqual(store.live(), [{ call: call('a'), earlier: [] }])
    store.close()
    // Whatever comes after is there, too, and is not done again.
    openStore(earlier).close()
    const after = new Database(earlier, { readonly: true })
    assert.equal(after.pragma('user_version', { simple: true }), migrations.length)
    after.close()
  })

  it('erases little at once, however much there is', () => {
    const store = openStore(':memory:')
    store.write(Array.from({ length: 2 * mostAtOnce + 7 }, (_, i) => entry(`old-${i}`, { endedAt: 2, startedAt: 1 })))
    assert.deepEqual([1, 2, 3, 4].map(() => store.erase({ before: 5000 })), [mostAtOnce, mostAtOnce, 7, 0])
    store.write(Array.from({ length: mostAtOnce + 7 }, (_, i) => entry(`theirs-${i}`, { endedAt: 2 })))
    assert.deepEqual([1, 2, 3].map(() => store.erase({ caller: '+612' })), [mostAtOnce, 7, 0])
  })

  it('is not opened when a newer version wrote it', () => {
    const newer = join(folder, 'newer.db')
    openStore(newer).close()
    const db = new Database(newer)
    db.pragma('user_version = 99')
    db.close()
    assert.throws(() => openStore(newer), /newer Callwright \(version 99\): start that one/)
  })
})

describe('the journal', () => {
  /** A store that fails while told to. */
  class Failing {
    fails = false
    asked = 0
    written: string[][] = []
    earlier: CallRecord[] = []
    store: Store = {
      ...openStore(':memory:'),
      write: (entries) => {
        this.asked++
        if (this.fails) throw new Error('disk full')
        this.earlier.push(...entries.flatMap((one) => one.earlier ?? []))
        this.written.push(entries.map(({ call: { facts, step } }) => `${facts.id} ${step}`))
      },
    }
  }

  it('writes what happens to many calls in one turn as one commit, before anything is done', () => {
    const { store, written } = new Failing()
    const journal = new Journal(store, quiet)
    const done: string[] = []
    for (const id of ['a', 'b', 'c']) journal.write(() => entry(id), () => done.push(`${id} after ${written.length}`))
    assert.deepEqual(done, [])
    journal.flush()
    assert.deepEqual(written, [['a main', 'b main', 'c main']])
    assert.deepEqual(done, ['a after 1', 'b after 1', 'c after 1'])
  })

  it('lets calls go on when it cannot write, says so once, asks seldom, and makes up for it later', () => {
    const disk = new Failing()
    const said: string[] = []
    const log = { info: (_: object, words: string) => void said.push(words), warn() {}, error: (_: object, words: string) => void said.push(words) }
    const journal = new Journal(disk.store, log, () => 5)
    const known: CallRecord = { id: 'z', caller: '+612', called: '100', hotline: 'desk', at: 1, outcome: '', step: '', language: 'en' }
    let done = 0
    disk.fails = true
    for (const step of ['main', 'postcode', 'slots']) {
      journal.write(() => ({ ...entry('a', { step }), ...(step === 'main' ? { earlier: [known] } : {}) }), () => done++)
      journal.write(() => entry('b', { step }), () => done++)
      journal.flush()
    }
    assert.equal(done, 6)
    assert.equal(disk.asked, 1, 'a store that fails may take its time, and callers wait meanwhile')
    assert.equal(journal.state.failing, 5)
    disk.fails = false
    journal.write(() => entry('c'), () => done++)
    journal.close()
    assert.deepEqual(disk.written, [['a slots', 'b slots', 'c main']])
    assert.deepEqual(disk.earlier, [known], 'what is written once, at the begin, is not forgotten')
    assert.equal(journal.state.failing, undefined)
    assert.deepEqual(said.map((words) => words.split(':')[0]!.split(';')[0]), ['the journal cannot be written', 'the journal works again'])
  })

  it('remembers of ended calls what the history needs, and no more of them than it can hold', () => {
    const disk = new Failing()
    disk.fails = true
    const journal = new Journal(disk.store, quiet)
    const big = { state: { value: 'main', context: { answers: { long: 'x'.repeat(5000) } }, lost: [] } }
    const known: CallRecord = { id: 'z', caller: '+612', called: '100', hotline: 'desk', at: 1, outcome: '', step: '', language: 'en' }
    const end = (id: string): void => journal.write(() => entry(id, { ...big, endedAt: 3000, outcome: 'booked' }), () => {})
    journal.write(() => entry('running', big), () => {})
    for (let i = 0; i < mostEndedOwed + 3; i++) {
      journal.write(() => ({ ...entry(`call-${i}`, big), earlier: [known] }), () => {})
      end(`call-${i}`)
    }
    journal.flush()
    assert.equal(journal.state.owed, mostEndedOwed + 1)
    assert.deepEqual(['running', 'call-2', 'call-3'].map((id) => journal.owesEndOf(id)), [false, false, true])
    disk.fails = false
    const kept: Entry[] = []
    disk.store.write = (entries) => void kept.push(...entries)
    journal.close()
    const [running, first] = kept
    assert.deepEqual([running?.call.state, first?.call.outcome, first?.call.endedAt], [big.state, 'booked', 3000])
    assert.ok(JSON.stringify(kept.slice(1)).length < 500 * mostEndedOwed, 'half a kilobyte for each')
    assert.deepEqual([journal.state.owed, journal.owesEndOf('call-3')], [0, false])
  })

  it('writes nothing of a call that another engine may have, now or when the disk works again', () => {
    const disk = new Failing()
    const journal = new Journal(disk.store, quiet)
    let mine = true
    disk.fails = true
    journal.write(() => entry('owed'), () => {}, () => mine)
    journal.flush()
    disk.fails = false
    mine = false
    let done = 0
    journal.write(() => entry('waits'), () => done++, () => mine)
    journal.write(() => entry('other'), () => done++)
    journal.close()
    assert.deepEqual([disk.written, done], [[['other main']], 1])
    mine = true
    journal.flush()
    assert.deepEqual([disk.written[1], done], [['owed main', 'waits main'], 2])
  })
})
