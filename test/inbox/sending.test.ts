import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
    assert.equal(log.lines.length, 3, 'the first two speak for themselves')
    const pauses: number[] = []
    for (let tries = 3; tries <= 12; tries++) {
      await until(() => got.length === tries && clock.untilNext !== undefined, 'the next try is set')
      pauses.push(clock.untilNext! / 1000)
      clock.pass(clock.untilNext!)
    }
    assert.deepEqual(pauses, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
    assert.deepEqual(sent().slice(0, 9), ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c'], 'each in its turn finds out for all')
    assert.deepEqual(sending.state.failing, { since: 0, why: `${new URL(url).origin}: answered 503` })
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

  it('do not wait for one that is always refused, or never answered', async () => {
    answer = (response, body) => void (body.includes('RIFF of a') ? response.destroy() : response.end())
    start()
    for (const id of ['a', 'b', 'c']) await leave(id)
    await waiting(1)
    assert.deepEqual(sent(), ['a', 'b', 'c'])
    answer = (response, body) => response.writeHead(body.includes('RIFF of a') ? 500 : 200).end()
    const pauses: number[] = []
    for (let tries = 4; tries <= 8; tries++) {
      await until(() => clock.untilNext !== undefined, 'the next try is set')
      pauses.push(clock.untilNext! / 1000)
      clock.pass(clock.untilNext!)
      await until(() => got.length === tries, 'it was tried')
    }
    assert.deepEqual(pauses, [5, 10, 20, 40, 80])
    await leave('d')
    await until(() => sent().includes('d') && sending.state.waiting === 1, 'd is there')
    // What is stuck is told: once to the log, and in the status for as long as it waits.
    assert.deepEqual(log.lines.filter((line) => !/a message could not be sent: .*; it is kept, and tried again/.test(line)), [])
    assert.deepEqual([log.lines.length, sending.state.failing], [1, { since: 0, why: `${new URL(url).origin}: answered 500` }])
  })

  it('do not wait for several that are always refused, within a minute', async () => {
    answer = (response, body) => response.writeHead(/RIFF of bad/.test(body.toString()) ? 500 : 200).end()
    start()
    for (const id of ['bad1', 'bad2', 'bad3', 'bad4', 'x', 'y']) await leave(id)
    await log.says(/messages cannot be sent/)
    for (let passed = 0; sending.state.waiting > 4; passed += clock.untilNext!, clock.pass(clock.untilNext!)) {
      await until(() => clock.untilNext !== undefined, 'the next try is set')
      assert.ok(passed + clock.untilNext! <= 60_000)
    }
    await waiting(4)
    assert.ok(['x', 'y'].every((id) => sent().includes(id)))
    assert.ok(got.length < 20)
  })

  it('are no reason to think the address down while others get through between them', async () => {
    answer = (response, body) => response.writeHead(/RIFF of bad/.test(body.toString()) ? 500 : 200).end()
    start()
    for (const [index, id] of ['bad1', 'x', 'bad2', 'y', 'bad3', 'z'].entries()) {
      await leave(id)
      await until(() => got.length === index + 1 && clock.untilNext !== undefined, `${id} was tried`)
    }
    await waiting(3)
    assert.deepEqual(log.lines.filter((line) => /messages cannot be sent/.test(line)), [])
  })

  it('are all sent as soon as the address is there again, however long it was not', async () => {
    answer = (response) => response.writeHead(503).end()
    start()
    for (const id of ['a', 'b', 'c', 'd']) await leave(id)
    for (let tries = 3; tries <= 12; tries++) {
      await until(() => got.length === tries && clock.untilNext !== undefined, 'the next try is set')
      if (tries === 12) answer = (response) => response.end()
      clock.pass(clock.untilNext!)
    }
    await waiting(0)
    assert.equal(got.length, 16)
    assert.equal(sending.state.failing, undefined)
    assert.match(log.lines.at(-1)!, /messages are sent to http\S+ again/)
  })

  it('are not sent when they were erased while others were, and nothing is noted of them', async () => {
    // While the first is on its way both are erased.
    answer = (response) => void inbox.remove(() => true).then(() => response.end())
    await leave('a')
    await leave('b')
    start()
    await until(() => got.length > 0 && sending.state.waiting === 0, 'nothing waits')
    assert.deepEqual(sent(), ['a'])
    assert.deepEqual([log.lines, sending.state.failing], [[], undefined])
    assert.ok(!existsSync(join(folder, 'inbox', 'sent.jsonl')))
  })

  it('are not tried again when they were erased meanwhile', async () => {
    answer = (response) => response.writeHead(500).end()
    start()
    await leave('a')
    await log.says(/could not be sent/)
    await inbox.remove(() => true)
    answer = (response) => response.end()
    await until(() => clock.untilNext !== undefined, 'the next try is set')
    clock.pass(5_000)
    await until(() => sending.state.waiting === 0, 'nothing waits')
    assert.equal(got.length, 1)
    assert.deepEqual([sending.state.failing, clock.pending], [undefined, 0])
  })

  it('leave nothing turning when all that is left is about itself', async () => {
    answer = (response) => response.writeHead(503).end()
    start()
    for (const id of ['a', 'b', 'c']) await leave(id)
    await log.says(/messages cannot be sent/)
    await leave('none', '')
    await inbox.remove(({ id }) => !id.includes('none'))
    await until(() => clock.untilNext !== undefined, 'the next try is set')
    clock.pass(clock.untilNext!)
    await until(() => sending.state.waiting === 1 && (clock.untilNext ?? 0) > 0, 'only its own next try is set')
    assert.equal(sending.state.failing, undefined)
  })

  it('go to no private address that the admin has not named, and nothing of a caller goes to the log', async () => {
    start({ allow: [] })
    await leave('a')
    await log.says(/could not be sent: .*127\.0\.0\.1/)
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
