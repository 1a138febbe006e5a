import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '../../engine/clock.ts'
import { examineAll, examineBeginning } from '../../engine/journal/examine.ts'
import { LastingStore, type LastingPorts } from '../../engine/journal/lasting-store.ts'
import { openReader } from '../../engine/journal/reader.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import type { Entry, StoredCall } from '../../engine/journal/store.ts'

const entry = (id: string, more: Partial<StoredCall> = {}): Entry => ({
  call: {
    facts: { id, line: 'test', called: '100', caller: '+612' },
    hotline: 'desk', flow: 'f1', startedAt: 1000, at: 2000, outcome: '', step: 'main', language: 'en',
    state: { value: 'main', context: {}, lost: [] }, pending: { deadlines: {} }, deadAir: 0, ...more,
  },
  event: { type: 'key-pressed', key: '1' },
  effects: [],
})
const over = (id: string): Entry => entry(id, { endedAt: 3000, outcome: 'booked' })
const flow = { hash: 'f1', name: 'desk', file: 'desk.yaml', texts: { '': 'hotline: Desk' }, env: {} }
/** A disk that has no room: what SQLite says then. */
const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })

/** The file of the journal in all states that a disk and an admin can bring it to. */
describe("the journal's file", () => {
  let folder: string
  let file: string
  let said: string[]
  let clock: VirtualClock
  const open: LastingStore[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lasting-'))
    file = join(folder, 'calls.db')
    said = []
    clock = new VirtualClock(Date.parse('2026-11-23T10:00:00Z'))
  })
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
    rmSync(folder, { recursive: true })
  })

  const lasting = (ports: Partial<LastingPorts> = {}): LastingStore => {
    const say = (_: object, words: string): void => void said.push(words.replaceAll(folder, ''))
    const log = { info: say, warn: say, error: say }
    const one = new LastingStore(file, { clock, log, examine: async () => undefined, ...ports })
    open.push(one)
    return one
  }
  const idsIn = (store: { live(): { call: StoredCall }[] }): string[] => store.live().map(({ call }) => `${call.facts.id} ${call.step}`)
  /** What another process finds in the file, as one does after a restart. */
  const found = (): string[] => {
    const other = openStore(file)
    const ids = idsIn(other)
    other.close()
    return ids
  }
  const aside = (): string[] => readdirSync(folder).filter((name) => name.includes('damaged'))
  /** A journal with two calls under way, one that is over and enough of the past to fill some pages, left by `kill -9`. */
  const leftByKill = (): void => {
    const store = openStore(file)
    store.keepFlow(flow, 1)
    store.write([entry('a'), entry('b'), ...Array.from({ length: 200 }, (_, i) => over(`old-${i}`))])
    mkdirSync(join(folder, 'killed'))
    for (const part of ['', '-wal']) cpSync(`${file}${part}`, join(folder, 'killed', `calls.db${part}`))
    store.close()
    for (const part of ['', '-wal']) cpSync(join(folder, 'killed', `calls.db${part}`), `${file}${part}`)
    rmSync(join(folder, 'killed'), { recursive: true })
  }
  const garbage = (from: number): Buffer => Buffer.alloc(Math.max(0, statSync(file).size - from), 'random bytes ')
  const spoil = (from: number): void => {
    const bytes = garbage(from)
    truncateSync(file, from)
    writeFileSync(file, bytes, { flag: 'a' })
  }
  /** All of it in the file itself, as after an orderly end. */
  const checkpointed = (): void => {
    leftByKill()
    openStore(file).close()
  }

  it('holds no flow that has not answered for long and that no call needs', () => {
    const store = lasting()
    store.keepFlow(flow, 1)
    store.keepFlow({ ...flow, hash: 'f2' }, 1)
    store.keepFlow({ ...flow, hash: 'f3' }, 20)
    store.write([entry('a')])
    store.erase({ before: 10 })
    assert.deepEqual(['f1', 'f2', 'f3'].map((hash) => store.flow(hash)?.hash), ['f1', undefined, 'f3'])
  })

  it('that is well is used as it is, and nothing is said', () => {
    leftByKill()
    const store = lasting()
    assert.deepEqual(idsIn(store), ['a main', 'b main'])
    assert.equal(store.flow('f1')?.name, 'desk')
    assert.deepEqual([store.state, said], [{ open: true, trouble: undefined, setAside: [], goneAt: undefined }, []])
  })

  describe('damaged at the start', () => {
    const cases: { is: string; made: () => void; goesOn?: string[] }[] = [
      { is: 'random bytes behind the first page', made: () => { checkpointed(); spoil(4096) } },
      {
        is: 'random bytes there and in the write-ahead log',
        made: () => {
          checkpointed()
          spoil(4096)
          writeFileSync(`${file}-wal`, Buffer.alloc(50_000, 'random bytes '))
        },
      },
      {
        is: '23 bytes of something else, beside the write-ahead log of before',
        made: () => {
          leftByKill()
          writeFileSync(file, 'this is no database now')
        },
      },
      { is: 'cut in the middle', made: () => { checkpointed(); truncateSync(file, 8192) } },
    ]
    for (const { is, made } of cases)
      it(`(${is}) is set aside, and a new one is begun`, () => {
        made()
        const store = lasting()
        assert.deepEqual(aside().filter((name) => !/-(wal|shm)$/.test(name)), ['calls.db.damaged-2026-11-23T10-00-00.000Z'])
        assert.match(said[0] ?? '', /^\/calls\.db is damaged \(.*\): it is set aside as calls\.db\.damaged-2026-11-23T10-00-00\.000Z, and a new journal is begun/)
        store.write([entry('c')])
        assert.ok(found().includes('c main'))
        assert.equal(store.state.open, true)
        assert.deepEqual(store.state.setAside, [`${file}.damaged-2026-11-23T10-00-00.000Z`], 'until an admin has seen to it')
        assert.equal(examineBeginning(file), undefined, 'the new one is well')
      })

    it('gives the calls and flows that can still be read into the new one', () => {
      checkpointed()
      // Rows of the past are gone; those of calls under way, and the flow, stand before them.
      spoil(statSync(file).size - 16_384)
      const store = lasting()
      assert.equal(aside().length, 1)
      assert.deepEqual(idsIn(store), ['a main', 'b main'])
      assert.deepEqual(found(), ['a main', 'b main'])
      assert.equal(store.flow('f1')?.name, 'desk')
    })
  })

  it('damaged while calls go on is set aside, and the newest of each call stands in the new one', () => {
    let [damaged, asked] = [false, 0]
    const store = lasting({
      open: (at) => {
        const one = openStore(at)
        const mine = ++asked
        return Object.assign(Object.create(one) as typeof one, {
          write: (entries: readonly Entry[]) => {
            if (damaged && mine === 1) throw Object.assign(new Error('database disk image is malformed'), { code: 'SQLITE_CORRUPT' })
            one.write(entries)
          },
        })
      },
    })
    store.keepFlow(flow, 1)
    store.write([entry('a'), entry('b'), over('c')])
    damaged = true
    store.write([entry('a', { step: 'postcode' })])
    assert.deepEqual(found(), ['a postcode', 'b main'])
    assert.equal(openStore(file).flow('f1')?.name, 'desk')
    assert.equal(store.state.setAside.length, 1)
    const story = openReader(file).story('b')
    assert.deepEqual(story.map(({ event }) => event.type), ['journal-begun'])
  })

  it('found damaged by the look through all of it, a minute after the start, is set aside', async () => {
    const looked: string[] = []
    const store = lasting({ examine: async (at) => (looked.push(at), looked.length === 1 ? 'row 7 missing from index calls_of' : undefined) })
    store.write([entry('a')])
    clock.pass(58_000)
    assert.deepEqual(looked, [])
    clock.pass(3000)
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(looked.length, 1)
    assert.match(said[0] ?? '', /is damaged \(row 7 missing/)
    assert.deepEqual(found(), ['a main'])
    clock.pass(23 * 3_600_000)
    assert.equal(looked.length, 1, 'seldom')
    clock.pass(2 * 3_600_000)
    assert.equal(looked.length, 2)
  })

  it('is not set aside again and again on a disk that damages everything', () => {
    const store = lasting({ open: () => { throw Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' }) } })
    clock.pass(50_000)
    assert.ok(aside().length <= 1)
    assert.deepEqual([store.state.open, store.state.trouble?.what], [false, `${file} is damaged (malformed)`])
  })

  it('removed while calls go on is noticed within two seconds, and the newest of each call stands in the new one', () => {
    const store = lasting()
    store.keepFlow(flow, 1)
    store.write([{ ...entry('a'), earlier: [] }, entry('b'), over('c')])
    store.write([entry('a', { step: 'postcode' })])
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    clock.pass(2000)
    assert.deepEqual(found(), ['a postcode', 'b main'])
    assert.deepEqual(said.map((words) => words.split(/[:;]/)[0]), ['/calls.db is gone', 'the journal goes on in a new /calls.db'])
    store.write([entry('a', { step: 'slots' })])
    assert.deepEqual(found(), ['a slots', 'b main'])
    assert.equal(store.state.goneAt, clock.now() - 1000)
  })

  it('without its write-ahead log, which somebody has removed, loses nothing', () => {
    const store = lasting()
    store.write([entry('a'), over('c')])
    rmSync(`${file}-wal`)
    clock.pass(2000)
    store.write([entry('b')])
    assert.deepEqual(found(), ['a main', 'b main'])
    assert.deepEqual(store.callsOf('+612', 0).map(({ id }) => id), ['c'])
  })

  it('is left as it is by a look into it from beside', () => {
    const store = lasting()
    store.write([entry('a')])
    openReader(file).close()
    openStore(file).close()
    clock.pass(5000)
    assert.deepEqual([found(), said], [['a main'], []])
  })

  describe('that cannot be opened', () => {
    it('is tried again until it can, and what happened meanwhile is written', () => {
      let isFull = true
      const store = lasting({ open: (at) => { if (isFull) throw full; return openStore(at) } })
      assert.deepEqual(store.state.trouble, {
        what: `there is no room for ${file} (database or disk is full)`,
        todo: `make room on its disk: df -h ${folder}`,
        since: clock.now(),
      })
      assert.throws(() => store.write([entry('a')]), /there is no room/)
      store.keepFlow(flow, 1)
      assert.deepEqual([store.live(), store.callsOf('+612', 0), store.flow('f1')?.name], [[], [], 'desk'])
      clock.pass(30_000)
      assert.equal(said.length, 1, 'said once')
      isFull = false
      clock.pass(5000)
      assert.match(said[1] ?? '', /is open again/)
      store.write([entry('a')])
      assert.deepEqual(found(), ['a main'])
      assert.equal(openStore(file).flow('f1')?.name, 'desk')
      assert.equal(store.state.trouble, undefined)
    })

    it('still tells of the calls of the process before, when it can be read', () => {
      leftByKill()
      let isFull = true
      const store = lasting({ open: (at) => { if (isFull) throw full; return openStore(at) } })
      assert.deepEqual([idsIn(store), store.flow('f1')?.name], [['a main', 'b main'], 'desk'])
      isFull = false
      clock.pass(6000)
      assert.deepEqual(found(), ['a main', 'b main'])
      assert.deepEqual(openReader(file).story('a').map(({ event }) => event.type), ['key-pressed'], 'nothing was begun anew')
    })

    it('can be read where there is no room for the file beside it', () => {
      leftByKill()
      rmSync(`${file}-shm`, { force: true })
      mkdirSync(`${file}-shm`)
      assert.deepEqual(idsIn(lasting()), ['a main', 'b main'])
    })
  })

  it('that fails in writing says why in words, and is well when it can be written again', () => {
    let fails = false
    const store = lasting({
      open: (at) => {
        const one = openStore(at)
        return Object.assign(Object.create(one) as typeof one, { write: (entries: readonly Entry[]) => { if (fails) throw full; one.write(entries) } })
      },
    })
    fails = true
    assert.throws(() => store.write([entry('a')]), full)
    assert.match(store.state.trouble?.todo ?? '', /df -h/)
    assert.equal(store.state.open, true)
    fails = false
    store.write([entry('a')])
    assert.equal(store.state.trouble, undefined)
  })

  it('is looked through as a whole in a thread of its own', async () => {
    checkpointed()
    assert.equal(await examineAll(file), undefined)
    spoil(8192)
    assert.match((await examineAll(file)) ?? '', /\S/)
    assert.ok(existsSync(file))
  })
})
