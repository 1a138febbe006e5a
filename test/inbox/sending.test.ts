import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '../../cli/settings.ts'
import { stateInWords } from '../../cli/status-words.ts'
import { Backends } from '../../engine/backends/backends.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { troublesOf } from '../../engine/health/state.ts'
import { KeptInbox } from '../../engine/inbox.ts'
import { InboxSending } from '../../engine/inbox-sending.ts'
import type { LeftBehind } from '../../engine/ports.ts'
import { FarEnds, until } from '../backends/far-end.ts'
import { but, well } from '../health/states.ts'
import { LogBook } from '../telephony/recorder.ts'

const message = (id: string, more: object = {}): LeftBehind => ({
  kind: 'voicemail', id: `survival.cp61401555123.${id}:7`, at: Date.UTC(2026, 10, 22, 23), call: id, caller: '+61401555123', hotline: 'clinic', language: 'en',
  step: 'leave', box: 'nurses', recording: `${id}-7`, ms: 4250, tell: { name: 'Zoë "x"\r\n--' }, ...more,
})

describe('messages of callers, sent to an address', () => {
  const ends = new FarEnds()
  let folder: string
  let inbox: KeptInbox
  let clock: VirtualClock
  let log: LogBook
  let sending: InboxSending
  let backends: Backends
  let url: string
  let got: { headers: IncomingHttpHeaders; body: Buffer; path: string }[]
  let answer: (response: ServerResponse, body: Buffer) => void

  before(async () => {
    url = await ends.http((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const body = Buffer.concat(chunks)
        got.push({ headers: request.headers, body, path: request.url ?? '' })
        answer(response, body)
      })
    })
  })
  after(() => ends.end())

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-sending-'))
    mkdirSync(join(folder, 'recordings'))
    inbox = new KeptInbox(folder)
    clock = new VirtualClock(0)
    log = new LogBook()
    got = []
    answer = (response) => response.end('Thank you.')
  })
  afterEach(async () => {
    sending.close()
    await backends.close()
    rmSync(folder, { recursive: true })
  })

  function start({ allow = [new URL(url).host], to = `${url}/messages?box=1` } = {}): void {
    backends = new Backends({ allow })
    sending = new InboxSending({
      inbox, recordings: join(folder, 'recordings'), url: to, token: 'open-sesame', request: (order) => backends.request(order), clock, log,
    })
  }
  async function leave(id: string, sound = `RIFF of ${id}`): Promise<void> {
    if (sound !== '') writeFileSync(join(folder, 'recordings', `${id}-7.wav`), sound)
    await inbox.keep(message(id))
  }
  const sent = (): string[] => got.map(({ body }) => /RIFF of (\w+)/.exec(body.toString())?.[1] ?? '')
  const waiting = (count: number): Promise<void> => until(() => sending.state.waiting === count && inbox.unsent().length === count, `${count} wait`)

  it('go with their sound and what is known of them, once', async () => {
    start()
    await leave('a')
    await waiting(0)
    const { headers, body, path } = got[0]!
    assert.equal(path, '/messages?box=1')
    assert.equal(headers.authorization, 'Bearer open-sesame')
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type']! } }).formData()
    const [facts, sound] = [form.get('facts'), form.get('sound') as File]
    const { id, ...rest } = JSON.parse(facts as string) as { id: string }
    assert.deepEqual(rest, {
      box: 'nurses', caller: '+61401555123', at: '2026-11-22T23:00:00.000Z', hotline: 'clinic', language: 'en', step: 'leave', call: 'a',
      seconds: 4.25, told: { name: 'Zoë "x"\r\n--' },
    })
    assert.deepEqual([await sound.text(), sound.type, sound.name], ['RIFF of a', 'audio/wav', `${id}.wav`])
    assert.equal(headers['idempotency-key'], `"${id}"`)
    assert.ok(!id.includes('61401555123'))
    clock.pass(3_600_000)
    sending.close()
    start()
    await leave('b')
    await waiting(0)
    assert.deepEqual(sent(), ['a', 'b'])
    assert.match(readFileSync(join(folder, 'inbox', 'sent.jsonl'), 'utf8'), /61401555123/)
    await inbox.remove(() => true)
    assert.equal(readFileSync(join(folder, 'inbox', 'sent.jsonl'), 'utf8'), '')
  })

  it('wait while the address is down, are tried with growing pauses, and all arrive, after a restart, too', async () => {
    answer = (response) => response.writeHead(503).end()
    start()
    for (const id of ['a', 'b', 'c']) await leave(id)
    await log.says(/messages cannot be sent: .* answered 503; they are kept, and tried again/)
    await waiting(3)
    const pauses: number[] = []
    for (let tries = 1; tries <= 10; tries++) {
      await until(() => got.length === tries && clock.untilNext !== undefined, 'the next try is set')
      pauses.push(clock.untilNext! / 1000)
      clock.pass(clock.untilNext!)
    }
    assert.deepEqual(pauses, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
    assert.equal(new Set(got.map(({ headers }) => headers['idempotency-key'])).size, 1, 'one message finds out for all')
    sending.close()
    answer = (response) => response.end('{}')
    got = []
    start()
    await waiting(0)
    assert.deepEqual(sent(), ['a', 'b', 'c'])
    assert.equal(sending.state.failing, undefined)
  })

  it('do not wait for one that is not taken, or whose sound is gone', async () => {
    answer = (response, body) => response.writeHead(body.includes('RIFF of big') ? 413 : 204).end()
    start()
    await leave('big')
    await leave('none', '')
    await leave('good')
    await waiting(2)
    assert.deepEqual(sent(), ['big', 'good'])
    assert.equal(sending.state.failing, undefined)
    assert.equal(log.lines.filter((line) => /a message could not be sent/.test(line)).length, 2)
  })

  it('are not sent when they were erased meanwhile', async () => {
    answer = (response) => response.writeHead(500).end()
    start()
    await leave('a')
    await log.says(/cannot be sent/)
    await inbox.remove(() => true)
    answer = (response) => response.end()
    clock.pass(5_000)
    await until(() => sending.state.waiting === 0, 'nothing waits')
    assert.equal(got.length, 1)
    assert.equal(sending.state.failing, undefined)
  })

  it('go to no private address that the admin has not named, and nothing of a caller goes to the log', async () => {
    start({ allow: [] })
    await leave('a')
    await log.says(/cannot be sent: .*127\.0\.0\.1/)
    assert.deepEqual(got, [])
    assert.ok(!JSON.stringify([log.lines, log.facts]).includes('61401555123'))
  })

  it('are in the status, and when they cannot be sent, among what is to be seen to', () => {
    start()
    const sendingNow = { to: 'https://clinic.example', waiting: 2, failing: undefined }
    assert.match(stateInWords(but({ sending: sendingNow })), /messages +sent to https:\/\/clinic\.example, 2 on the way/)
    assert.deepEqual(troublesOf(but({ sending: sendingNow })), [])
    const failing = { since: well.at - 90_000, why: 'it did not answer' }
    assert.match(stateInWords(but({ sending: { ...sendingNow, failing } })), /not sent to https:\/\/clinic\.example for 90 s, 2 wait/)
    assert.deepEqual(troublesOf(but({ sending: { ...sendingNow, failing } })).map(({ what }) => what), [
      'messages of callers cannot be sent, 2 wait: it did not answer',
    ])
    assert.ok(!stateInWords(well).includes('messages'))
  })

  it('are only sent where nobody can listen, and the address is not repeated when it is wrong', () => {
    start()
    for (const [to, words] of [
      ['http://clinic.example/x', /is not encrypted, .* https/], ['clinic', /is not an address: write for instance https/], ['ftp://u:word@x/', /is not encrypted/],
    ] as const)
      assert.throws(() => readSettings({ RECORDINGS_TO: to }), (error: Error) => words.test(error.message) && !error.message.includes('word@'))
    assert.equal(readSettings({}).recordingsTo, undefined)
    assert.deepEqual(readSettings({ RECORDINGS_TO: 'https://clinic.example/x', RECORDINGS_TOKEN: 't' }).recordingsTo, { url: 'https://clinic.example/x', token: 't' })
  })
})
