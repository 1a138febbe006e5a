import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { soundFile as soundFileIn } from '../../cli/page.ts'
import { createPromptsApp } from '../../console/prompts.ts'
import { probe } from '../../engine/voice/probe.ts'
import { countSamples, wavOf } from '../../engine/sound/wav.ts'
import { SOUND, TestClock, World } from './world.ts'

const TOKEN = 'for-asterisk-alone'
const sound = wavOf(new Int16Array(800).fill(1000))

describe('prompts for an Asterisk on another machine', () => {
  let folder: string
  let world: World

  before(() => {
    // Data folders often begin with a dot.
    folder = mkdtempSync(join(tmpdir(), '.callwright-served-'))
    writeFileSync(join(folder, `${SOUND}.wav`), sound)
    writeFileSync(join(folder, 'secret.wav'), sound)
  })
  after(() => rmSync(folder, { recursive: true }))
  afterEach(() => world.end())

  const soundFile = (id: string): string | undefined => (id === SOUND ? join(folder, `${SOUND}.wav`) : undefined)
  const start = async (more: object = {}): Promise<World> => (world = await new World().start({ promptsToken: TOKEN, soundFile, ...more }))
  const elsewhere = { Host: '10.0.0.5:8081', 'User-Agent': 'asterisk-libcurl-agent/1.0' }
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') => world.ask(method, path, undefined, { ...elsewhere, ...headers })
  const good = `/prompts/${TOKEN}/${SOUND}.wav`

  it('are given under any name of ours, to be kept for a year', async () => {
    await start({ token: 'a-token-for-people' })
    const { status, headers, text } = await ask(good)
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'audio/wav')
    assert.equal(headers['content-length'], String(sound.length))
    assert.equal(text, sound.toString())
    assert.match(headers['cache-control']!, /max-age=31536000.*immutable/)
    assert.equal(headers.etag, `"${SOUND}"`)
  })

  it('are not sent twice, and in part when asked', async () => {
    await start()
    assert.equal((await ask(good, { 'If-None-Match': `"${SOUND}"` })).status, 304)
    assert.equal((await ask(good, { 'If-None-Match': `"${SOUND}"` }, 'HEAD')).status, 304)
    const part = await ask(good, { Range: 'bytes=0-3' })
    assert.deepEqual([part.status, part.text], [206, 'RIFF'])
    assert.equal((await ask(good, { Range: 'bytes=999999-' })).status, 416)
  })

  it('come with a silence to try with, which is asked for anew each time', async () => {
    await start({ soundFile: () => undefined })
    const { status, headers } = await ask(`/prompts/${TOKEN}/${probe.id}.wav`)
    assert.deepEqual([status, headers['cache-control'], headers.etag], [200, 'no-cache', undefined])
    assert.equal(Number(headers['content-length']), probe.bytes.length)
    assert.equal(countSamples(probe.bytes, probe.bytes.length), 160)
  })

  it('are nothing but sounds', async () => {
    await start({ token: 'a-token-for-people' })
    const paths = ['', 'secret.wav', `${SOUND}`, `${SOUND.toUpperCase()}.wav`, `${SOUND}.wav/`, `..%2f${SOUND}.wav`, `${'a'.repeat(32)}.wav`, '%ff']
    for (const path of paths) assert.ok([400, 401, 403, 404].includes((await ask(`/prompts/${TOKEN}/${path}`)).status), path)
    // The token for Asterisk opens nothing else.
    for (const path of ['/api/status', '/metrics', '/status', `/prompts/${SOUND}.wav`]) {
      const { status } = await world.ask('GET', path, undefined, { Host: '10.0.0.5', Authorization: `Bearer ${TOKEN}` })
      assert.ok(status >= 400, path)
    }
  })

  it('are whole sounds: no link, no damaged file and no folder is served, to Asterisk or to the page', async () => {
    await start({ soundFile: (id: string) => soundFileIn(folder, id) })
    const [link, away, cut, short, directory] = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(32))
    symlinkSync(join(folder, 'secret.wav'), join(folder, `${link}.wav`))
    symlinkSync('/etc/passwd', join(folder, `${away}.wav`))
    writeFileSync(join(folder, `${cut}.wav`), sound.subarray(0, 100))
    writeFileSync(join(folder, `${short}.wav`), 'RIFF1234')
    mkdirSync(join(folder, `${directory}.wav`))
    for (const id of [link, away, cut, short, directory])
      for (const path of [`/prompts/${TOKEN}/${id}.wav`, `/prompts/${id}.wav`]) assert.equal((await world.ask('GET', path)).status, 404, path)
    for (const path of [good, `/prompts/${SOUND}.wav`]) assert.equal((await world.ask('GET', path)).status, 200, path)
  })

  it('are refused with a wrong token, which is said once a minute and nowhere repeated', async () => {
    const log: string[] = []
    const note = (facts: object, words: string): void => void log.push(`${JSON.stringify(facts)} ${words}`)
    await start({ log: { info: note, warn: note, error: note } })
    const wrong = [`/prompts/wrong-token/${SOUND}.wav`, `/prompts/${TOKEN}x/${SOUND}.wav`, `/prompts/${TOKEN.slice(1)}/${SOUND}.wav`, `/prompts/x/${probe.id}.wav`]
    for (const path of wrong) assert.equal((await ask(path)).status, 403, path)
    assert.deepEqual(log, ['{"from":"127.0.0.1"} a prompt was asked for with a wrong token, and refused'])
    world.clock.pass(60_000)
    await ask(wrong[0]!)
    assert.equal(log.length, 2)
  })

  it('may be fetched by hundreds of calls at once; who has no token is held up', async () => {
    await start()
    for (let count = 0; count < 150; count++) assert.equal((await ask(good)).status, 200)
    for (let count = 0; count < 100; count++) await ask(`/prompts/guess-${count}/${SOUND}.wav`)
    assert.equal((await ask(`/prompts/guess/${SOUND}.wav`)).status, 429)
    assert.equal((await ask(good)).status, 200)
  })

  it('are not there without a token', async () => {
    world = await new World().start({ soundFile })
    assert.equal((await world.ask('GET', good)).status, 404)
  })

  it('tell the log which one cannot be read, without the token', async () => {
    const broken = join(folder, 'a-folder')
    await start({ soundFile: () => `${broken}\0` })
    assert.ok((await ask(good)).status >= 400)
    assert.ok(!JSON.stringify(world.logged).includes(TOKEN))
  })

  it('have a server of their own, with nothing else on it', async () => {
    world = await new World().start()
    const { status, close } = await alone()
    assert.deepEqual(await Promise.all(['/', '/api/status', '/healthz', '/metrics', `/prompts/${SOUND}.wav`, '/prompts/x/y', good].map(status)), [404, 404, 404, 404, 404, 404, 200])
    close()
  })

  it('hold up who guesses at that server, too, and Asterisk not', async () => {
    world = await new World().start()
    const { status, close } = await alone()
    const guesses = await Promise.all(Array.from({ length: 101 }, (_, i) => status(`/prompts/guess-${i}/${SOUND}.wav`)))
    assert.deepEqual([guesses.filter((one) => one === 404).length, guesses.filter((one) => one === 429).length], [100, 1])
    assert.deepEqual([await status('/'), await status(good)], [429, 200])
    close()
  })

  /** The server for the sounds alone. */
  async function alone(): Promise<{ status(path: string): Promise<number | undefined>; close(): void }> {
    const server = createPromptsApp({ token: TOKEN, soundFile, clock: new TestClock(), log: { info() {}, warn() {}, error() {} } }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return {
      status: (path) => new Promise((resolve, reject) => get({ port, path, headers: elsewhere }, (response) => resolve(response.resume().statusCode)).on('error', reject)),
      close() {
        server.closeAllConnections()
        server.close()
      },
    }
  }
})
