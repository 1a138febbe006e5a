import assert from 'node:assert/strict'
import { HeardPrompts } from '../../engine/call/heard.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storyInWords } from '../../cli/call-story.ts'
import type { HeardPrompt } from '../../engine/call/heard.ts'
import { Journal } from '../../engine/journal/journal.ts'
import { openReader } from '../../engine/journal/reader.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import type { Entry, Store } from '../../engine/journal/store.ts'
import { compiled, monday } from '../calls/play.ts'
import { Engines } from './engines.ts'

const flow = compiled(
  `
hotline: Desk
numbers: ["100"]
queues: { desk: }
defaults: { input: { otherwise: agent, wait: 5s, between-keys: 2s }, failed: agent }
start: welcome
steps:
  welcome: { say: Welcome., next: main }
  main:
    menu: { keys: { 1: { for: a booking, go: postcode }, 2: { for: an agent, go: agent } } }
  postcode:
    collect: { say: Your postcode?, digits: 4, into: postcode }
    next: read
  read: { say: "You have chosen {{ postcode }}.", next: agent }
  agent: { queue: desk, answered: hang-up }
`,
  'desk.yaml',
)

describe('how much was heard, with the call', () => {
  let folder: string
  let store: Store
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-heard-'))
    store = openStore(join(folder, 'calls.db'))
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })

  function read<T>(look: (reader: ReturnType<typeof openReader>) => T): T {
    const reader = openReader(join(folder, 'calls.db'))
    try {
      return look(reader)
    } finally {
      reader.close()
    }
  }
  const inShort = ({ step, language, texts, ms, how }: HeardPrompt): string =>
    `${step} ${language} ${texts.join('+')}: ${ms} ms, ${how}`
  const kept = (): string[] => read((reader) => reader.heardIn('call-1').map(inShort))

  it('is kept with what happens next, prompt by prompt', () => {
    const call = new Engines(flow, store).arrives()
    call.heard(900, 'end').happens('finished').heard(2100, 'key')
    assert.deepEqual(kept(), ['welcome en welcome: 900 ms, end'])
    call.happens('key 1').heard(700, 'stopped').happens('key 2', '1s passes').happens('hangs up')
    assert.deepEqual(kept(), [
      'welcome en welcome: 900 ms, end',
      'main en main/keys/1+main/keys/2: 2100 ms, key',
      'postcode en postcode: 700 ms, stopped',
    ])
  })

  it('knows that what is stopped after a key was stopped for it, and not what is stopped otherwise', () => {
    const call = new Engines(flow, store).arrives().happens('finished', 'key 1', '1s passes', 'key 2')
    call.heard(400, 'stopped').happens('hangs up')
    assert.deepEqual(kept(), ['postcode en postcode: 400 ms, key'])
  })

  it('is kept of a prompt that the caller hung up in, and of one that could not be played', () => {
    const call = new Engines(flow, store).arrives()
    call.network.listener!.happened('call-1', { type: 'prompt-finished', id: 1, failed: true })
    call.settle().happens('finished').heard(300, 'hang-up').happens('hangs up')
    assert.deepEqual(kept(), ['welcome en welcome: 0 ms, failed', 'main en main/keys/1+main/keys/2: 300 ms, hang-up'])
  })

  it('is never more than all of it, nor less than nothing, whatever a line tells', () => {
    const told: [ms: number, kept: number][] = [[-5, 0], [699.6, 700], [99_999, 1000]]
    for (const [ms, want] of told) {
      const heard = new HeardPrompts()
      heard.began({ id: 1, prompt: [{ text: 'Hello', language: 'en', name: 'a' }] }, { at: 0, step: 'a', language: 'en', of: 1000 })
      heard.ended({ id: 1, ms, how: 'end' })
      assert.equal(heard.take().heard?.[0]?.ms, want)
    }
  })

  it('is kept once, of an engine that goes on with the call as well', () => {
    const call = new Engines(flow, store).arrives().heard(900, 'end').happens('finished').killed(500)
    call.heard(1200, 'key').happens('key 1', 'hangs up')
    assert.deepEqual(kept(), ['welcome en welcome: 900 ms, end', 'main en main/keys/1+main/keys/2: 1200 ms, key'])
  })

  it('costs no entry of its own', () => {
    const entries: number[] = []
    const counting: Store = { ...methods(store), write: (all) => void (entries.push(all.length), store.write(all)) }
    const call = new Engines(flow, counting).arrives().happens('finished')
    const before = entries.length
    call.heard(2100, 'key').settle()
    assert.equal(entries.length, before)
  })

  it('holds no value that was said', () => {
    const call = new Engines(flow, store).arrives().happens('finished', 'key 1', '1s passes', 'key 2', 'key 6', 'key 0', 'key 0')
    call.heard(1500, 'end').happens('finished', 'hangs up')
    assert.deepEqual(kept(), ['read en read: 1500 ms, end'])
    assert.ok(!JSON.stringify(read((reader) => reader.heard())).includes('2600'))
  })

  it('is not lost while the journal cannot be written', () => {
    const entry = (step: string, play: number): Entry => {
      const heard = [{ play, at: play, step, language: 'en', texts: [step], ms: 100 * play, how: 'end' as const }]
      const call = {
        facts: { id: 'call-1', line: 'test', called: '100', caller: '' }, hotline: 'test', flow: 'f', startedAt: 1, at: 2, outcome: '',
        step, language: 'en', state: { value: step, context: {}, lost: [] }, pending: { deadlines: {} }, deadAir: 0,
      }
      return { call, event: {}, effects: [], heard }
    }
    let fails = true
    const failing: Store = { ...methods(store), write(all) { if (fails) throw new Error('disk full'); store.write(all) } }
    const journal = new Journal(failing, { info() {}, warn() {}, error() {} }, () => 5)
    for (const [play, step] of ['a', 'b', 'c'].entries()) {
      journal.write(() => entry(step, play), () => {})
      journal.flush()
    }
    fails = false
    journal.close()
    assert.deepEqual(kept(), ['a en a: 0 ms, end', 'b en b: 100 ms, end', 'c en c: 200 ms, end'])
  })

  it('is erased with the call', () => {
    const rows = (): number => read((reader) => reader.heard().length)
    for (const what of [{ caller: '+61255501234' }, { before: monday + 86_400_000 }]) {
      new Engines(flow, store).arrives().heard(900, 'end').happens('finished', 'hangs up')
      assert.equal(rows(), 1)
      store.erase(what)
      assert.equal(rows(), 0)
    }
  })

  it('is told in the story of the call, with the key that was pressed', () => {
    const call = new Engines(flow, store).arrives().heard(900, 'end').happens('finished').heard(2140, 'key').happens('key 1')
    call.heard(300, 'hang-up').happens('hangs up')
    const story = read((reader) => storyInWords(reader.call('call-1')!, reader.story('call-1'), 'masked', reader.heardIn('call-1')))
    assert.deepEqual(story.split('\n').flatMap((line) => /a prompt.*/.exec(line) ?? []), [
      'a prompt: welcome; heard to its end, 0.9 s',
      'a prompt: main/keys/1, main/keys/2; heard 2.1 s, then key 1',
      'a prompt: postcode; heard 0.3 s, then the caller hung up',
    ])
  })
})

/** The methods of a store, to be put into another that differs in some. */
const methods = (store: Store): Store => ({
  write: (entries) => store.write(entries),
  live: () => store.live(),
  callsOf: (caller, since) => store.callsOf(caller, since),
  keepFlow: (one, at) => store.keepFlow(one, at),
  flow: (hash) => store.flow(hash),
  erase: (what) => store.erase(what),
  close: () => store.close(),
})
