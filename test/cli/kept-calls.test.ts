import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { KeptCalls } from '../../cli/kept-calls.ts'
import type { Hotline } from '../../engine/hotlines.ts'
import { readHotlines } from '../../engine/hotlines.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import { mostAtOnce, type Entry, type StoredCall } from '../../engine/journal/store.ts'
import type { Line } from '../../engine/ports.ts'
import { LogBook } from '../telephony/recorder.ts'

const day = 86_400_000

/** The calls of an engine over restarts, with a clock that shows what it is set to. */
describe('the calls that are kept', () => {
  let data: string
  let now: number
  let log: LogBook
  let answering: Hotline[]
  const opened: KeptCalls[] = []
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'callwright-kept-'))
    now = 100 * day
    log = new LogBook()
    answering = []
  })
  afterEach(() => {
    for (const kept of opened.splice(0)) kept.close()
    rmSync(data, { recursive: true })
  })

  function keptCalls(): KeptCalls {
    const clock = { now: () => now, steady: () => now, after: () => () => {} }
    const kept = new KeptCalls({ data, callsDays: 7 }, { clock, log, answering: () => answering })
    opened.push(kept)
    return kept
  }

  const entry = (id: string, more: Partial<StoredCall> = {}): Entry => ({
    call: {
      facts: { id, line: 'test', called: '100', caller: '+612' }, hotline: 'desk', flow: 'f1', startedAt: now, at: now, outcome: '',
      step: 'main', language: 'en', state: { value: 'main', context: {}, lost: [] }, pending: { deadlines: {} }, deadAir: 0, ...more,
    },
    event: { type: 'arrived' }, effects: [],
  })

  /** What is in the file, beside whoever writes it. */
  function asks<T>(sql: string): T[] {
    const db = new Database(join(data, 'calls.db'), { readonly: true })
    try {
      return db.prepare<[], T>(sql).all()
    } finally {
      db.close()
    }
  }
  const written = (...entries: Entry[]): void => {
    const store = openStore(join(data, 'calls.db'))
    store.write(entries)
    store.close()
  }
  const open = (): string[] => asks<{ id: string }>('SELECT id FROM calls WHERE ended_at IS NULL ORDER BY id').map(({ id }) => id)

  /** A version of a hotline that says these words. */
  function version(words: string): Hotline {
    const file = join(data, 'desk.yaml')
    writeFileSync(file, `hotline: Desk\nnumbers: ["100"]\nstart: main\nsteps:\n  main: { say: ${words}, next: hang-up }\n`)
    const [hotline] = readHotlines(file)
    assert.ok(hotline?.compiled && hotline.text, String(hotline?.mistakes))
    return hotline
  }

  /** Which calls are gone on with on a line, and on which words. */
  function resumed(kept: KeptCalls, line: Partial<Line> = { adopt() {} }): string[] {
    const seen: string[] = []
    const sessions: Parameters<KeptCalls['resume']>[0] = {
      has: () => false,
      resume: (_line, { facts }, _earlier, { fixedPrompts }) => seen.push(`${facts.id}: ${fixedPrompts.at(-1)![0]!.text}`) > 0,
    }
    kept.resume(sessions, { name: 'test', wantsSound: 'no', open: async () => {}, order() {}, close: async () => {}, ...line })
    kept.journal.flush()
    return seen
  }

  describe('go on', () => {
    it('each on the version on which it began, also when that does not answer any more', () => {
      const [before, after] = [version('Before.'), version('After.')]
      answering = [after]
      const kept = keptCalls()
      kept.keepFlow(before)
      written(entry('a', { flow: before.compiled!.flow.hash }), entry('b', { flow: after.compiled!.flow.hash }))
      assert.deepEqual(resumed(keptCalls()), ['a: Before.', 'b: After.'])
      assert.deepEqual(open(), ['a', 'b'])
    })

    it('not without their version: that is said, and they are over', () => {
      written(entry('a'))
      assert.deepEqual(resumed(keptCalls()), [])
      assert.deepEqual(open(), [])
      assert.match(log.lines.join('\n'), /a version of desk on which calls began is gone/)
    })

    it('not on a line that cannot take them over: they are over', () => {
      answering = [version('Welcome.')]
      written(entry('a', { flow: answering[0]!.compiled!.flow.hash }))
      assert.deepEqual(resumed(keptCalls(), {}), [])
      assert.deepEqual(open(), [])
    })

    it('not on another line', () => {
      written(entry('a'))
      assert.deepEqual(resumed(keptCalls(), { name: 'other' }), [])
      assert.deepEqual(open(), ['a'])
    })

    for (const disk of ['works', 'cannot be written'])
      it(`not when they have ended, while the journal ${disk}`, () => {
        answering = [version('Welcome.')]
        const flow = answering[0]!.compiled!.flow.hash
        written(entry('ended', { flow }), entry('running', { flow }))
        const kept = keptCalls()
        const other = new Database(join(data, 'calls.db'))
        if (disk === 'cannot be written') other.exec('BEGIN IMMEDIATE')
        kept.journal.write(() => entry('ended', { flow, endedAt: now, outcome: 'finished' }), () => {})
        assert.deepEqual(resumed(kept), ['running: Welcome.'])
        other.close()
      })
  })

  describe('are erased', () => {
    it('after CALLS_DAYS, a little at a time: callers are looked after in between', async () => {
      const [calls, events] = [5 * mostAtOnce + 3, 4]
      const old = Array.from({ length: calls }, (_, i) => entry(`old-${i}`, { startedAt: now - 8 * day, endedAt: now - 8 * day }))
      written(...Array.from({ length: events }, () => old).flat(), entry('young', { startedAt: now - 6 * day, endedAt: now }))
      const kept = keptCalls()
      const rows = (): number => asks<{ n: number }>('SELECT count(*) AS n FROM events')[0]!.n
      let [before, longest, over] = [rows(), 0, false]
      void kept.tidy().then(() => (over = true))
      // Every turn of the event loop in which callers could be looked after.
      while (!over) {
        const left = rows()
        longest = Math.max(longest, before - left)
        before = left
        await new Promise(setImmediate)
      }
      assert.equal(rows(), 1)
      assert.ok(longest <= mostAtOnce * events, `${longest} rows at once`)
      assert.match(log.lines.join('\n'), /253 calls older than 7 days erased/)
    })

    it('with the versions that no call needs, but never one that answers', async () => {
      const [before, after] = [version('Before.'), version('After.')]
      answering = [after]
      const kept = keptCalls()
      for (const one of [before, after]) kept.keepFlow(one)
      now += 8 * day
      await kept.tidy()
      assert.deepEqual(asks<{ hash: string }>('SELECT hash FROM flows').map(({ hash }) => hash), [after.compiled!.flow.hash])
    })
  })

  it('are not written any more when another engine has them', () => {
    const kept = keptCalls()
    kept.journal.write(() => entry('a'), () => {})
    kept.forsake()
    kept.close()
    assert.deepEqual(open(), [])
  })
})
