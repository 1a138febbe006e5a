import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { networkInterfaces } from 'node:os'
import type { ConsoleDeps } from '../../console/deps.ts'
import type { Readiness } from '../../engine/health/state.ts'
import { well } from '../health/states.ts'
import { World } from './world.ts'

const ready: Readiness = { ready: true, why: [], standsBy: false }
const console_ = 'the token of the page'
const scraper = 'the token for metrics'
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

describe('probes', () => {
  let world: World
  let readiness: Readiness
  const start = async (more: Partial<ConsoleDeps> = {}, address?: string) => {
    readiness = ready
    const probed = { readiness: () => readiness, state: () => well, metrics: () => 'callwright_ready 1\n' }
    world = await new World().start({ probed, ...more }, address)
  }
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await world.ask('GET', path, undefined, headers)).status

  afterEach(async () => {
    assert.deepEqual(await world.end(), { timers: 0, watchers: 0 })
  })

  it('say that the engine is alive and ready, to whoever reaches the port, under any name', async () => {
    await start({ token: console_ })
    const anybody = { Host: '10.0.0.7:8080', 'X-Forwarded-For': '203.0.113.9' }
    const alive = await world.ask('GET', '/healthz', undefined, anybody)
    assert.deepEqual([alive.status, alive.body, alive.headers['cache-control']], [200, { alive: true }, 'no-store'])
    const answer = await world.ask('GET', '/readyz', undefined, anybody)
    assert.deepEqual([answer.status, answer.body], [200, { ready: true }])
  })

  it('say what callers do without while the engine is ready', async () => {
    await start()
    readiness = { ready: true, why: [], lacks: ['callers of clinic do not hear 2 prompts'], standsBy: false }
    const { status: code, body } = await world.ask('GET', '/readyz')
    assert.deepEqual([code, body], [200, { ready: true, lacks: ['callers of clinic do not hear 2 prompts'] }])
  })

  it('say why the engine is not ready, and that it stands by', async () => {
    await start()
    readiness = { ready: false, why: ['it stands by: another engine drives the calls'], standsBy: true }
    const { status: code, body, text } = await world.ask('GET', '/readyz')
    assert.equal(code, 503)
    assert.deepEqual(body, { ready: false, why: ['it stands by: another engine drives the calls'], standsBy: true })
    assert.doesNotMatch(text, /\d\.\d/, 'no address')
    assert.equal(await status('/healthz'), 200, 'it is alive all the same')
  })

  it('are answered when somebody asks for too many pages', async () => {
    await start()
    for (let count = 0; count < 100; count++) await status('/nowhere')
    assert.deepEqual(
      [await status('/'), await status('/metrics'), await status('/healthz'), await status('/readyz')],
      [429, 429, 200, 200],
    )
  })

  it('give metrics and the state to programs on this machine', async () => {
    await start({ token: console_ })
    const metrics = await world.ask('GET', '/metrics')
    assert.deepEqual([metrics.status, metrics.text], [200, 'callwright_ready 1\n'])
    assert.equal(metrics.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
    assert.deepEqual((await world.ask('GET', '/status')).body, JSON.parse(JSON.stringify(well)))
  })

  it('do not give them through a web server in front, or to a foreign page in a browser', async () => {
    await start()
    const others: Record<string, string>[] = [
      { 'X-Forwarded-For': '203.0.113.9' },
      { Forwarded: 'for=203.0.113.9' },
      { Via: '1.1 proxy' },
      { 'X-Real-IP': '203.0.113.9' },
    ]
    for (const path of ['/metrics', '/status']) {
      for (const headers of others) assert.equal(await status(path, headers), 401, JSON.stringify(headers))
      assert.equal(await status(path, { Host: 'evil.example' }), 403)
      assert.equal(await status(path, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }), 403)
    }
  })

  it('give them from elsewhere for either token, under any name, and to no other', async () => {
    await start({ token: console_, metricsToken: scraper })
    const elsewhere = { Host: '10.0.0.7:8080', 'X-Forwarded-For': '203.0.113.9' }
    for (const path of ['/metrics', '/status']) {
      for (const token of [scraper, console_]) assert.equal(await status(path, { ...elsewhere, ...bearer(token) }), 200)
      assert.equal(await status(path, { ...elsewhere, ...bearer('wrong') }), 401)
      assert.equal(await status(path, bearer('wrong')), 401, 'here as well')
    }
    assert.equal(await status('/api/status', bearer(scraper)), 401, 'the token for metrics opens nothing else')
  })

  it('take no token that is not set', async () => {
    await start()
    for (const token of ['undefined', '', 'null'])
      assert.equal(await status('/metrics', { ...bearer(token), 'X-Forwarded-For': '203.0.113.9' }), 401, token)
  })

  it('know this machine by its other addresses, and another by its own', async function () {
    const own = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address
    if (own === undefined) return this.skip()
    await start({ hosts: [own] }, '0.0.0.0')
    const from = async (localAddress: string, host: string): Promise<number | undefined> => {
      const sent = request({ host, port: world.port, path: '/status', localAddress, agent: false }).end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      response.resume()
      return response.statusCode
    }
    assert.equal(await from(own, own), 200)
    // An address that is neither loopback nor the one that was asked could be anybody's.
    assert.equal(await from(own, '127.0.0.1'), 401)
  })
})
