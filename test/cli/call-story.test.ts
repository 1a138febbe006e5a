import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { numberShown, storyInWords } from '../../cli/call-story.ts'
import { forget } from '../../cli/forget.ts'
import { KeptInbox } from '../../engine/inbox.ts'
import { openReader } from '../../engine/journal/reader.ts'
import { openStore } from '../../engine/journal/sqlite.ts'
import type { LeftBehind } from '../../engine/ports.ts'
import { compiled } from '../calls/play.ts'
import { Engines } from '../journal/engines.ts'

const flow = compiled(
  `
hotline: Desk
numbers: ["100"]
queues: { desk: }
backends: { clinic: { url: "https://clinic.example" } }
defaults: { input: { otherwise: agent, wait: 5s, between-keys: 2s }, failed: agent }
start: welcome
steps:
  welcome: { menu: { say: Welcome., keys: { 1: pin } } }
  pin:
    collect: { say: Your secret number?, digits: 4, into: pin, secret: true }
    next: login
  login:
    request: { post: clinic/login, json: { pin: "{{ pin }}" }, into: account }
    next: agent
  agent:
    - outcome: logged-in
    - queue: desk
      answered: hang-up
`,
  'desk.yaml',
)

/** What admins are told of calls, and what they erase of callers. */
describe('the calls that are remembered', () => {
  let data: string
  beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'callwright-calls-'))))
  afterEach(() => rmSync(data, { recursive: true }))

  const callwright = (...args: string[]): { said: string; code: number | null } => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['cli/callwright.mjs', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: data, CALLWRIGHT_DATA: data, TZ: 'Australia/Sydney' },
    })
    return { said: stdout + stderr, code: status }
  }

  /** A caller logs in with a secret number, talks with Mia, and the call is over. */
  const aCall = async (): Promise<void> => {
    const call = new Engines(flow, openStore(join(data, 'calls.db'))).arrives()
    call.answer = async () => ({ how: 'ok', data: { name: 'Ann' } })
    call.happens('key 1', '1s passes', 'key 2', 'key 7', 'key 3', 'key 9')
    await new Promise((resolve) => setImmediate(resolve))
    call.settle().happens('Mia answers', '90s passes', 'queue: answered')
  }

  it('are listed with what came of them, the number masked', async () => {
    await aCall()
    const { said, code } = callwright('calls')
    assert.equal(
      said,
      'Mon 23 Nov 10:00:00  call-1  test  •••234  logged-in at agent/2, 91 s, silent for 0 s at most\n',
    )
    assert.equal(code, 0)
    assert.match(callwright('calls', '--numbers').said, / \+61255501234 /)
  })

  it('are told one by one, from begin to end, and never with a secret', async () => {
    await aCall()
    const { said } = callwright('calls', 'call-1')
    const told = said.replace(/flow [0-9a-f]{12}/, 'flow …')
    if (process.env.UPDATE) writeFileSync('test/cli/call-story.txt', told)
    assert.equal(told, readFileSync('test/cli/call-story.txt', 'utf8'))
    for (const secret of ['2739', 'key 7', 'Ann']) assert.ok(!said.includes(secret), secret)
  })

  it('tell that an engine ended and another went on, where the caller heard nothing, and what time was up', async () => {
    const call = new Engines(flow, openStore(join(data, 'calls.db'))).arrives()
    call.happens('5s passes', 'finished', '5s passes').killed(12_000).happens('finished', 'key 1')
    call.killed(400).happens('finished', 'hangs up')
    const { said } = callwright('calls', 'call-1')
    const told = said.replace(/flow [0-9a-f]{12}/, 'flow …')
    if (process.env.UPDATE) writeFileSync('test/cli/call-story-resumed.txt', told)
    assert.equal(told, readFileSync('test/cli/call-story-resumed.txt', 'utf8'))
  })

  it('tell how often the caller waited for a voice, and how long', () => {
    const waited = (waits?: { count: number; longest: number }): string => {
      const store = openStore(join(data, 'calls.db'))
      new Engines(flow, store).arrives().happens('hangs up')
      const [call] = openReader(join(data, 'calls.db')).newest(1)
      store.close()
      return storyInWords({ ...call!, ...(waits ? { waits } : {}) }, [], 'masked').split('\n')[1]!.replace(/^.*flow \w+/, '')
    }
    assert.equal(waited(), '')
    assert.equal(waited({ count: 1, longest: 240 }), ', waited once for a voice, 0.24 s at most')
    assert.equal(waited({ count: 3, longest: 1200 }), ', waited 3 times for a voice, 1.2 s at most')
  })

  it('can be read while an engine writes', async () => {
    const store = openStore(join(data, 'calls.db'))
    const call = new Engines(flow, store).arrives()
    assert.match(callwright('calls').said, /under way, at welcome, silent/)
    call.happens('hangs up')
    assert.match(callwright('calls').said, /gave-up at welcome/)
    store.close()
  })

  it('are named when they are not there, as is a journal', () => {
    assert.deepEqual(callwright('calls'), {
      said: `callwright: there is no journal ${data}/calls.db: see CALLWRIGHT_DATA, and whether Callwright has run\n`,
      code: 2,
    })
    openStore(join(data, 'calls.db')).close()
    assert.deepEqual(callwright('calls'), { said: 'No call is remembered.\n', code: 0 })
    assert.match(callwright('calls', '99').said, /no call 99 is remembered; "callwright calls" lists/)
    assert.match(callwright('calls', '--last', 'ten').said, /--last ten is not a number of calls/)
  })

  it('are erased for a number, with what the caller has left and spoken, and for nobody else', async () => {
    await aCall()
    const about = { at: 1, hotline: 'desk', language: 'en', step: 'x' }
    const inbox = new KeptInbox(data)
    const left: LeftBehind[] = [
      {
        ...about,
        kind: 'voicemail',
        id: 'call-1:7',
        call: 'call-1',
        caller: '+61255501234',
        box: 'desk',
        recording: 'call-1-7',
        ms: 9,
        tell: {},
      },
      {
        ...about,
        kind: 'voicemail',
        id: 'old.1:7',
        call: 'old.1',
        caller: '61255501234',
        box: 'desk',
        recording: 'old.1-7',
        ms: 9,
        tell: {},
      },
      {
        ...about,
        kind: 'callback',
        id: 'other:7',
        call: 'other',
        caller: '+61255509999',
        queue: 'desk',
        number: '+61255501234',
        tell: {},
      },
      {
        ...about,
        kind: 'callback',
        id: 'other:9',
        call: 'other',
        caller: '+61255509999',
        queue: 'desk',
        number: '+61255509999',
        tell: {},
      },
    ]
    for (const one of left) await inbox.keep(one)
    mkdirSync(join(data, 'recordings'))
    const survived = ['cp61255501234', 'cp61255509999', 'c'].map((caller) => `survival.hdesk.bdesk.len.${caller}.1763.1-0`)
    for (const name of ['call-1-7', 'call-1-12', 'old.1-7', 'other-7', 'call-11-7', ...survived])
      writeFileSync(join(data, 'recordings', `${name}.wav`), 'RIFF')

    const { said, code } = callwright('forget', '61 2 5550 1234')
    assert.equal(
      said,
      'Erased of 61255501234: 1 call, 3 things left for people, 4 recordings.\n' +
        "Not erased: Asterisk's own records, logs, and backups.\n",
    )
    assert.equal(code, 0)
    assert.deepEqual(readdirSync(join(data, 'recordings')).sort(), [
      'call-11-7.wav',
      'other-7.wav',
      ...[survived[2], survived[1]].map((name) => `${name}.wav`),
    ])
    assert.deepEqual(
      inbox.list().entries.map(({ id }) => id),
      ['other:9'],
    )
    for (const file of readdirSync(data).filter((name) => name.startsWith('calls.db')))
      assert.ok(!readFileSync(join(data, file)).includes('61255501234'), file)
    assert.match(callwright('forget', '61255501234').said, /^Erased of 61255501234: 0 calls, 0 things/)
  })

  it('are not erased while they are under way', () => {
    const store = openStore(join(data, 'calls.db'))
    new Engines(flow, store).arrives()
    assert.match(
      callwright('forget', '+61255501234').said,
      /0 calls, .*\n1 call under way: write this again when it is over\./,
    )
    assert.equal(store.live().length, 1)
    store.close()
  })

  it('are not erased for what is no number', async () => {
    for (const odd of ['', '+', 'anna', '%', '1']) await assert.rejects(forget(odd), /is not a telephone number/)
  })

  it('show no number of a caller who withholds it, and never enough of a short one', () => {
    assert.deepEqual(
      ['', '123', '12345', '+61255501234'].map((number) => numberShown(number, 'masked')),
      ['withheld', '•••', '•••', '•••234'],
    )
  })

  it('are not read from a journal of another version', () => {
    const file = join(data, 'calls.db')
    writeFileSync(file, '')
    assert.throws(() => openReader(file), /another version of Callwright/)
    writeFileSync(file, 'no database at all, but long enough to look at')
    assert.throws(() => openReader(file), /is damaged \(file is not a database\): start Callwright/)
  })

  it('are not told from a damaged journal, and it is said what to do', async () => {
    const file = join(data, 'calls.db')
    const store = openStore(file)
    const call = new Engines(flow, store).arrives()
    for (let i = 0; i < 20; i++) call.happens('key 9')
    call.happens('hangs up')
    store.close()
    writeFileSync(file, Buffer.alloc(200_000, 'random bytes '), { flag: 'r+' })
    // The first page, on which it stands that this is a journal, as it was: only the rest is damaged.
    const fresh = join(data, 'fresh.db')
    openStore(fresh).close()
    writeFileSync(file, readFileSync(fresh).subarray(0, 4096), { flag: 'r+' })
    for (const command of [['calls'], ['calls', 'call-1'], ['forget', '+61255501234'], ['prompts', 'flows/hello', '--heard']]) {
      const { said, code } = callwright(...command)
      assert.match(said, /calls\.db is damaged \(.*\): start Callwright, or restart it .*"callwright status"\n$/, command.join(' '))
      assert.equal(code, 2)
    }
  })

  it('that lie in a journal that was set aside are not erased, which is said', () => {
    writeFileSync(join(data, 'calls.db.damaged-2026-11-23T10-00-00.000Z'), '')
    const { said } = callwright('forget', '+61255501234')
    assert.match(said, /Not erased either: .*calls\.db\.damaged-2026-11-23T10-00-00\.000Z, set aside as damaged\./)
  })
})
