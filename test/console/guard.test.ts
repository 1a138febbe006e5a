import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConsoleDeps } from '../../console/deps.ts'
import { SOUND, World } from './world.ts'

describe('what a stranger can send to the console', () => {
  let world: World
  const start = async (more?: Partial<ConsoleDeps>) => (world = await new World().start(more))

  afterEach(async () => {
    assert.deepEqual(await world.end(), { timers: 0, watchers: 0 })
  })

  it('gets the page with strict headers, whatever it asks for', async () => {
    await start()
    for (const path of ['/', '/page.js', '/api/status', '/nowhere']) {
      const { headers } = await world.ask('GET', path)
      const policy = String(headers['content-security-policy'])
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /unsafe|http|\*/)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.equal(headers['x-powered-by'], undefined)
    }
  })

  it('gets a page that needs nothing from elsewhere and holds no script or style of its own', async () => {
    await start()
    const { text, headers } = await world.ask('GET', '/')
    assert.match(String(headers['content-type']), /^text\/html/)
    assert.doesNotMatch(text, /https?:|\sstyle=|\son\w+=|<style|<script(?! type="module" src=)/)
    for (const [, file] of text.matchAll(/(?:src|href)="([^"]+)"/g))
      assert.equal((await world.ask('GET', `/${file}`)).status, 200, file)
  })

  it('is refused under a name that is not ours', async () => {
    await start({ hosts: ['ivr.example.org'] })
    const from = async (host: string) => (await world.ask('GET', '/api/status', undefined, { Host: host })).status
    for (const host of ['localhost', `127.0.0.1:${world.port}`, '[::1]:8088', 'IVR.example.org'])
      assert.equal(await from(host), 200, host)
    for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.7', '127.0.0.1.evil.example:80'])
      assert.equal(await from(host), 403, host)
  })

  it('is refused when it comes from another page', async () => {
    await start()
    const from = async (headers: Record<string, string>) =>
      (await world.ask('POST', '/api/calls', { called: '100' }, headers)).status
    assert.equal(await from({ Origin: 'http://evil.example' }), 403)
    assert.equal(await from({ Origin: 'null' }), 403)
    assert.equal(await from({ Origin: `http://localhost:${world.port + 1}` }), 403)
    assert.equal(await from({ 'Sec-Fetch-Site': 'cross-site' }), 403)
    assert.equal(await from({ Origin: `http://127.0.0.1:${world.port}`, 'Sec-Fetch-Site': 'same-origin' }), 201)
    const elsewhere = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }
    assert.equal((await world.ask('GET', '/api/status', undefined, elsewhere)).status, 403)
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
    assert.equal((await world.ask('GET', '/', undefined, link)).status, 200)
  })

  it('is refused with more than a small body of JSON', async () => {
    await start()
    const json = { 'Content-Type': 'application/json' }
    const answers = [
      await world.ask('POST', '/api/calls', { called: '1'.repeat(5_000) }),
      await world.ask('POST', '/api/calls', '{"called"', json),
      await world.ask('POST', '/api/calls', 'called=100', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ]
    assert.deepEqual(answers.map(({ body }) => body.code), ['too-large', 'bad-request', 'no-such-number'])
  })

  it('is refused after a hundred requests in a second', async () => {
    await start()
    for (let count = 0; count < 100; count++) await world.ask('GET', '/nowhere')
    const refused = await world.ask('GET', '/')
    assert.deepEqual([refused.status, refused.body.code], [429, 'too-often'])
    world.clock.pass(1_000)
    assert.equal((await world.ask('GET', '/')).status, 200)
  })

  it('learns nothing from errors', async () => {
    const deps = { soundFile: () => '/srv/voice/gone.wav' }
    const hotlines = () => {
      throw new Error('cannot read /srv/flows')
    }
    await start({ ...deps, hotlines })
    const files = ['/../package.json', '/..%2fapp.ts', '/.hidden', '/api/x']
    const paths = ['/api/status', `/prompts/${SOUND}.wav`, '/api/calls/%ff/events', ...files]
    const answers = await Promise.all(paths.map((path) => world.ask('GET', path)))
    assert.deepEqual(answers.map(({ status }) => status), [500, 404, 400, 404, 404, 404, 404])
    for (const { text } of answers) assert.doesNotMatch(text, /srv|node_modules|\.ts|\n/)
    assert.equal(world.logged.length, 1)
  })

  it('gets a sound by its id alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), '.callwright-'))
    const asked: string[] = []
    try {
      writeFileSync(join(folder, 'a.wav'), 'RIFF')
      await start({ soundFile: (id) => (asked.push(id), id === SOUND ? join(folder, 'a.wav') : undefined) })
      const good = await world.ask('GET', `/prompts/${SOUND}.wav`)
      assert.deepEqual([good.status, good.text], [200, 'RIFF'])
      assert.match(String(good.headers['content-type']), /^audio\//)
      const other = 'f'.repeat(32)
      for (const name of [`${other}.wav`, `${SOUND}.mp3`, `${SOUND.toUpperCase()}.wav`, 'a.wav', '..%2fa.wav'])
        assert.equal((await world.ask('GET', `/prompts/${name}`)).status, 404, name)
      assert.deepEqual(asked, [SOUND, other])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('needs the token for everything but the page, when there is one', async () => {
    await start({ token: 'correct horse' })
    assert.equal((await world.ask('GET', '/')).status, 200)
    for (const path of ['/api/status', '/api/events', '/api/calls/x/events', `/prompts/${SOUND}.wav`])
      assert.equal((await world.ask('GET', path)).status, 401, path)
    assert.equal((await world.ask('POST', '/api/calls', { called: '100' })).status, 401)
    for (const token of ['wrong', '', undefined, { length: 13 }])
      assert.equal((await world.ask('POST', '/api/session', { token })).body.code, 'token-needed')
    const bearer = { Authorization: 'Bearer correct horse' }
    assert.equal((await world.ask('GET', '/api/status', undefined, bearer)).status, 200)

    const session = await world.ask('POST', '/api/session', { token: 'correct horse' })
    const given = String(session.headers['set-cookie'])
    assert.match(given, /HttpOnly; SameSite=Strict/)
    assert.doesNotMatch(given, /horse/)
    const Cookie = `other=1; ${given.split(';')[0]}`
    assert.equal((await world.ask('GET', '/api/status', undefined, { Cookie })).status, 200)
    assert.equal((await world.ask('GET', '/api/status', undefined, { Cookie: 'callwright=' })).status, 401)
  })
})
