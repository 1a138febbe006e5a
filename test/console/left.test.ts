import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConsoleDeps } from '../../console/deps.ts'
import { recordingFile } from '../../cli/page.ts'
import type { InboxEntry } from '../../engine/inbox.ts'
import { World } from './world.ts'

const about = { hotline: 'clinic', language: 'en', step: 'leave', call: '1763.1' }
const message = (more: Partial<InboxEntry> = {}): InboxEntry =>
  ({ ...about, kind: 'voicemail', id: '1763.1:7', at: 1000, caller: '+61401555123', box: 'nurses', recording: '1763.1-7', ms: 4000, tell: { postcode: '2600' }, ...more }) as InboxEntry
const odd = '<img src=x onerror=alert(1)>'

describe('what callers have left, on the page', () => {
  let world: World
  let folder: string
  const start = async (more: Partial<ConsoleDeps> = {}) =>
    (world = await new World().start({ recordingFile: (name) => recordingFile(folder, name), ...more }))

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), '.callwright-recordings-'))
    writeFileSync(join(folder, '1763.1-7.wav'), 'RIFF0123456789')
  })
  afterEach(async () => {
    assert.deepEqual(await world.end(), { timers: 0, watchers: 0 })
    rmSync(folder, { recursive: true })
  })

  it('is listed, the newest first, with what is known of each, and without answers of surveys', async () => {
    await start()
    world.left = [
      message(),
      { ...about, kind: 'survey', id: 's', at: 1500, caller: '', score: 4, least: 1, most: 5 },
      { ...about, kind: 'callback', id: 'c', at: 2000, caller: '', queue: 'nurses', number: '+612', tell: {}, done: { at: 3000, by: 'ann' } },
      { ...about, kind: 'message', id: 'm', at: 3000, caller: '+613', to: '+613', text: odd },
      message({ id: 'gone', at: 4000, recording: '1763.9-7' } as Partial<InboxEntry>),
    ]
    const { body, headers } = await world.ask('GET', '/api/left')
    assert.equal(headers['cache-control'], 'no-store')
    assert.deepEqual([body.waiting, body.total], [3, 4])
    assert.deepEqual(
      body.newest.map(({ id, hotline: _hotline, ...row }: { id: string; hotline: string }) => (assert.match(id, /^[0-9a-f]{32}$/), row)),
      [
        { kind: 'voicemail', at: 4000, caller: '+61401555123', done: false, box: 'nurses', ms: 4000, tell: { postcode: '2600' }, sound: false },
        { kind: 'message', at: 3000, caller: '+613', done: false, to: '+613', text: odd, tell: {} },
        { kind: 'callback', at: 2000, caller: '', done: true, queue: 'nurses', number: '+612', tell: {} },
        { kind: 'voicemail', at: 1000, caller: '+61401555123', done: false, box: 'nurses', ms: 4000, tell: { postcode: '2600' }, sound: true },
      ],
    )
  })

  it('is told of at most a hundred at once, and no more files are looked for', async () => {
    let looked = 0
    await start({ recordingFile: (name) => (looked++, recordingFile(folder, name)) })
    world.left = Array.from({ length: 130 }, (_, i) => message({ id: `${i}`, at: i }))
    const { body } = await world.ask('GET', '/api/left')
    assert.deepEqual([body.total, body.newest.length, body.newest[0].at], [130, 100, 129])
    assert.equal(looked, 100)
  })

  it('can be played, from any place in it, and is kept by no browser', async () => {
    await start()
    world.left = [message()]
    const { id } = (await world.ask('GET', '/api/left')).body.newest[0]
    const whole = await world.ask('GET', `/api/left/${id}/sound.wav`)
    assert.deepEqual([whole.status, whole.text, whole.headers['accept-ranges']], [200, 'RIFF0123456789', 'bytes'])
    assert.match(String(whole.headers['content-type']), /^audio\/(x-)?wav/)
    assert.equal(whole.headers['cache-control'], 'no-store')
    const part = await world.ask('GET', `/api/left/${id}/sound.wav`, undefined, { Range: 'bytes=4-7' })
    assert.deepEqual([part.status, part.text, part.headers['content-range']], [206, '0123', 'bytes 4-7/14'])
    assert.equal((await world.ask('GET', `/api/left/${id}/sound.wav`, undefined, { Range: 'bytes=99-' })).status, 416)
  })

  it('is asked for by no number, no name of a file and no way out of the folder', async () => {
    await start()
    world.left = [message({ id: 'survival.cp61401555123:x', recording: '../../etc/passwd' } as Partial<InboxEntry>), message()]
    const { newest } = (await world.ask('GET', '/api/left')).body
    assert.ok(newest.every(({ id }: { id: string }) => !id.includes('61401555123')))
    assert.deepEqual(newest.map(({ sound }: { sound: boolean }) => sound), [true, false])
    for (const id of [newest[1].id, '1763.1:7', '1763.1-7', '..%2f..%2fetc%2fpasswd', '%00', '__proto__'])
      assert.ok([400, 404].includes((await world.ask('GET', `/api/left/${id}/sound.wav`)).status), id)
    assert.deepEqual(world.logged, [])
  })

  it('is no link: who may write into the folder could have it lead anywhere', async () => {
    await start()
    symlinkSync('/etc/passwd', join(folder, '1763.2-7.wav'))
    world.left = [message({ recording: '1763.2-7' } as Partial<InboxEntry>)]
    const [row] = (await world.ask('GET', '/api/left')).body.newest
    assert.equal(row.sound, false)
    assert.equal((await world.ask('GET', `/api/left/${row.id}/sound.wav`)).status, 404)
  })

  it('is for those alone who may see the page', async () => {
    await start({ token: 'open sesame' })
    world.left = [message()]
    for (const path of ['/api/left', '/api/left/0123456789abcdef0123456789abcdef/sound.wav'])
      assert.equal((await world.ask('GET', path)).status, 401, path)
    const bearer = { Authorization: 'Bearer open sesame' }
    const { id } = (await world.ask('GET', '/api/left', undefined, bearer)).body.newest[0]
    assert.equal((await world.ask('GET', `/api/left/${id}/sound.wav`, undefined, bearer)).status, 200)
    const elsewhere = { ...bearer, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }
    assert.equal((await world.ask('GET', `/api/left/${id}/sound.wav`, undefined, elsewhere)).status, 403)
  })

  it('is told of as soon as it is left, without a word of what', async () => {
    await start()
    const stream = await world.listen('/api/events')
    await stream.next()
    world.note({ call: 'a-1', type: 'left', left: { kind: 'callback', queue: 'nurses', number: '+612', tell: {} } })
    assert.deepEqual((await stream.next())?.data, { type: 'left' })
    stream.leave()
  })

  it('can be told of by the page when the files cannot be read', async () => {
    await start({ left: () => { throw new Error('/srv/secret/inbox may not be read') } })
    const { status, text } = await world.ask('GET', '/api/left')
    assert.equal(status, 500)
    assert.ok(!text.includes('/srv'))
    assert.equal(world.logged.length, 1)
  })
})
