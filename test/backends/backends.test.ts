import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { VirtualClock } from '../../engine/clock.ts'
import type { Answered } from '../../engine/backends/answered.ts'
import { Backends, type BackendSettings } from '../../engine/backends/backends.ts'
import type { BackendOrder } from '../../engine/backends/wire.ts'
import { certificateFor } from './certificate.ts'
import { FarEnds, until } from './far-end.ts'

const whys = (answers: Answered[]): string[] => [...new Set(answers.map((answer) => (answer.how === 'ok' ? 'ok' : answer.why)))].sort()
const json = (data: unknown) => (_: IncomingMessage, response: ServerResponse): void => void response.end(JSON.stringify(data))

describe('asking backends', () => {
  let far: FarEnds
  let beyond: FarEnds
  let backends: Backends
  const make = (settings: Partial<BackendSettings> = {}): Backends => (backends = new Backends({ allow: ['127.0.0.1'], ...settings }))
  const ask = (url: string, over: Partial<BackendOrder> = {}) => backends.request({ method: 'GET', url, timeout: 2_000, ...over })

  beforeEach(() => {
    far = new FarEnds()
    beyond = new FarEnds()
    make()
  })

  afterEach(async () => {
    try {
      await backends.close()
      await until(() => far.open + beyond.open === 0, 'every connection closed')
    } finally {
      await far.end()
      await beyond.end()
    }
  })

  it('sends method, path, headers, body and key, and brings data back', async () => {
    let seen: object = {}
    const url = await far.http((request, response) => {
      let body = ''
      request.on('data', (part) => (body += part)).on('end', () => {
        const { 'content-type': type, accept, 'idempotency-key': key, 'user-agent': agent, host } = request.headers
        seen = { method: request.method, url: request.url, type, accept, key, agent: agent?.split('/')[0], host, body }
        response.writeHead(201).end('{"number":"4711"}')
      })
    })
    const answer = await ask(`${url}/v1/bookings?a=%2F`, { method: 'POST', json: { slot: 7 }, idempotencyKey: 'call-1:3' })
    assert.deepEqual(answer, { how: 'ok', status: 201, data: { number: '4711' } })
    assert.deepEqual(seen, {
      method: 'POST', url: '/v1/bookings?a=%2F', type: 'application/json', accept: 'application/json', key: '"call-1:3"', agent: 'callwright',
      host: new URL(url).host, body: '{"slot":7}',
    })
  })

  it('sends every method, with and without a body', async () => {
    const url = await far.http((request, response) => {
      let size = 0
      request.on('data', (part: Buffer) => (size += part.length)).on('end', () => response.end(JSON.stringify([request.method, request.headers['content-length'] ?? '', size])))
    })
    const got: unknown[] = []
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const answers = [await ask(url, { method }), ...(method === 'GET' ? [] : [await ask(url, { method, json: [1] })])]
      got.push(...answers.map((answer) => answer.how === 'ok' && answer.data))
    }
    assert.deepEqual(got, [
      ['GET', '', 0], ['POST', '0', 0], ['POST', '3', 3], ['PUT', '0', 0], ['PUT', '3', 3], ['PATCH', '0', 0], ['PATCH', '3', 3], ['DELETE', '', 0], ['DELETE', '3', 3],
    ])
    assert.equal(far.made, 1)
  })

  it('uses a connection again, also after a small refusal', async () => {
    const url = await far.http((request, response) => (request.url === '/gone' ? response.writeHead(404).end('no') : response.end('1')))
    for (const path of ['/', '/gone', '/', '/gone', '/']) await ask(url + path)
    assert.equal(far.made, 1)
  })

  it('closes a connection that nobody uses, and none under a slow answer', async () => {
    make({ limits: { idle: 40 } })
    const url = await far.http((_, response) => void setTimeout(() => response.end('1'), 120))
    assert.equal((await ask(url)).how, 'ok')
    await until(() => far.open === 0, 'the idle connection closed')
  })

  it('asks again when a kept connection was gone, unless that could do it twice', async () => {
    let asked = 0
    const url = await far.tcp((socket) => socket.on('data', () => {
      // Each connection answers once, keeps up the look of life, and is cut when it is used again.
      if (asked++ % 2 === 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1')
      else socket.destroy()
    }))
    assert.equal((await ask(url)).how, 'ok')
    assert.equal((await ask(url)).how, 'ok')
    assert.deepEqual([asked, far.made], [3, 2])
    assert.deepEqual(whys([await ask(url, { method: 'POST' })]), ['connection'])
    assert.equal(asked, 4)
    assert.equal((await ask(url, { method: 'POST', idempotencyKey: 'a:1' })).how, 'ok')
    assert.equal((await ask(url, { method: 'POST', idempotencyKey: 'a:2' })).how, 'ok')
    assert.equal(asked, 7)
  })

  it('500 requests to one slow backend open 50 connections, and leave nothing', async () => {
    const url = await far.http((_, response) => void setTimeout(() => response.end('1'), 10))
    const answers = await Promise.all(Array.from({ length: 500 }, () => ask(url, { timeout: 20_000 })))
    assert.deepEqual(whys(answers), ['ok'])
    assert.deepEqual([far.most, far.made], [50, 50])
    await backends.close()
    await until(() => far.open === 0, 'every connection closed')
  })

  it('500 requests to a backend that hangs end in time, those in the row too, and others are not slower', async () => {
    const stuck = await far.tcp((socket) => socket.resume())
    const other = await beyond.http(json(1))
    const times: number[] = []
    const began = performance.now()
    const all = Array.from({ length: 500 }, async () => {
      const answer = await ask(stuck, { timeout: 400 })
      times.push(performance.now() - began)
      return answer
    })
    assert.equal((await ask(other)).how, 'ok')
    assert.deepEqual(times, [])
    const answers = await Promise.all(all)
    assert.deepEqual(whys(answers), ['timed-out'])
    assert.ok(Math.max(...times) < 650, `the last took ${Math.round(Math.max(...times))} ms`)
    assert.ok(answers.some((answer) => answer.how === 'failed' && /too many requests/.test(answer.words)))
    assert.ok(far.most <= 50, `${far.most} connections`)
  })

  it('a place given back by a failure is taken by the next', async () => {
    make({ limits: { atOnce: 2 } })
    let asked = 0
    const url = await far.http((_, response) => (++asked <= 6 ? response.destroy() : response.end('1')))
    const answers = await Promise.all(Array.from({ length: 9 }, () => ask(url)))
    assert.deepEqual(answers.map(({ how }) => how), [...Array(6).fill('failed'), ...Array(3).fill('ok')])
  })

  it('leaves the row when nobody wants the answer any more', async () => {
    make({ limits: { atOnce: 1 } })
    const asked: string[] = []
    const url = await far.http((request, response) => {
      asked.push(request.url!)
      if (request.url !== '/hangs') response.end('1')
    })
    const [first, second] = [new AbortController(), new AbortController()]
    const answers = [ask(`${url}/hangs`, { signal: first.signal }), ask(`${url}/waits`, { signal: second.signal }), ask(`${url}/next`)]
    await until(() => asked.length === 1, 'the first was asked')
    second.abort()
    assert.deepEqual(whys([await answers[1]!]), ['given-up'])
    first.abort()
    assert.deepEqual(whys([await answers[0]!]), ['given-up'])
    assert.deepEqual(await answers[2], { how: 'ok', status: 200, data: 1 })
    assert.deepEqual(asked, ['/hangs', '/next'])
    assert.deepEqual(whys([await ask(url, { signal: first.signal })]), ['given-up'])
  })

  it('the time is the clock\'s, and no timer is left', async () => {
    const clock = new VirtualClock(0)
    make({ clock })
    const url = await far.http((request, response) => (request.url === '/hangs' ? undefined : response.end('1')))
    assert.equal((await ask(url)).how, 'ok')
    await until(() => clock.pending === 0, 'the timer was taken back')
    const answer = ask(`${url}/hangs`, { timeout: 3_000 })
    await until(() => far.open === 1, 'it was asked')
    clock.pass(2_999)
    assert.equal(clock.pending, 1)
    clock.pass(1)
    assert.deepEqual(whys([await answer]), ['timed-out'])
    await until(() => clock.pending === 0, 'the timer was taken back')
  })

  it('close() ends what is under way, in the row and in a look-up, and nothing is asked after it', async () => {
    make({ limits: { atOnce: 1 }, lookUp: () => new Promise(() => undefined) })
    const url = await far.http(() => undefined)
    const answers = [ask(url), ask(url), ask('http://slow.example')]
    await until(() => far.open === 1, 'the first was asked')
    await backends.close()
    assert.deepEqual(whys(await Promise.all(answers)), ['given-up'])
    assert.deepEqual(whys([await ask(url)]), ['given-up'])
    await backends.close()
    await until(() => far.open === 0, 'every connection closed')
  })

  it('refuses what an admin has written wrongly, all at once', () => {
    assert.throws(() => make({ allow: ['10.0.0.0/33', 'x', '127.0.0.1'] }), /"10\.0\.0\.0\/33" has no such length: \/33; "x" is a host without a port/)
    make()
  })
})

describe('names of backends', () => {
  const far = new FarEnds()
  after(() => far.end())

  it('are looked up once for each connection; it goes to the address that was checked', async () => {
    const hosts: (string | undefined)[] = []
    const url = new URL(await far.http((request, response) => {
      hosts.push(request.headers.host)
      response.end('1')
    }))
    let lookUps = 0
    // The second answer would lead elsewhere, as with DNS rebinding.
    const lookUp = async () => [{ address: lookUps++ === 0 ? '127.0.0.1' : '127.0.0.9', family: 4 }]
    const backends = new Backends({ allow: ['127.0.0.1'], lookUp })
    const at = { method: 'GET', url: `http://clinic.example:${url.port}/`, timeout: 1_000 } as const
    assert.equal((await backends.request(at)).how, 'ok')
    assert.equal((await backends.request(at)).how, 'ok')
    assert.equal(lookUps, 1)
    assert.deepEqual(hosts, [`clinic.example:${url.port}`, `clinic.example:${url.port}`])
    await backends.close()
    const later = new Backends({ allow: ['127.0.0.1'], lookUp })
    assert.deepEqual(whys([await later.request(at)]), ['refused-address'])
    await later.close()
  })

  it('are looked up once for all that ask at the same time', async () => {
    const { port } = new URL(await far.http(json(1)))
    let lookUps = 0
    const backends = new Backends({ allow: [`clinic.internal:${port}`], lookUp: async () => {
      lookUps++
      return [{ address: '127.0.0.1', family: 4 }]
    } })
    const answers = await Promise.all(Array.from({ length: 40 }, () => backends.request({ method: 'GET', url: `http://clinic.internal:${port}`, timeout: 1_000 })))
    assert.deepEqual([whys(answers), lookUps], [['ok'], 1])
    await backends.close()
  })

  it('go on to the next address when one does not answer', async () => {
    const { port } = new URL(await far.http(json(1)))
    const backends = new Backends({ allow: ['127.0.0.0/8'], lookUp: async () => ['127.0.0.3', '127.0.0.1'].map((address) => ({ address, family: 4 })) })
    assert.equal((await backends.request({ method: 'GET', url: `http://clinic.example:${port}`, timeout: 1_000 })).how, 'ok')
    await backends.close()
  })
})

describe('backends over TLS', () => {
  const far = new FarEnds()
  after(() => far.end())

  it('are asked by the name in their certificate, at the address that was checked', async () => {
    const certificate = certificateFor(['clinic.example', '127.0.0.1'])
    const names: unknown[] = []
    const url = new URL(await far.https(certificate, (request, response) => {
      names.push((request.socket as unknown as { servername: unknown }).servername)
      response.end('1')
    }))
    const backends = new Backends({ allow: ['127.0.0.1'], authorities: [certificate.cert], lookUp: async () => [{ address: '127.0.0.1', family: 4 }] })
    const ask = (host: string) => backends.request({ method: 'GET', url: `https://${host}:${url.port}`, timeout: 1_000 })
    assert.deepEqual(await Promise.all([ask('clinic.example'), ask('127.0.0.1')]), Array(2).fill({ how: 'ok', status: 200, data: 1 }))
    assert.deepEqual(new Set(names), new Set(['clinic.example', false]))
    assert.deepEqual(whys([await ask('other.example')]), ['tls'])
    await backends.close()
  })
  it('are checked whatever the environment says, and no proxy of it is asked', async () => {
    const url = await far.https(certificateFor(['127.0.0.1']), json(1))
    const plain = await far.http(json(2))
    const proxies: string[] = []
    const proxy = await far.http((request, response) => {
      proxies.push(request.url!)
      response.end('3')
    })
    const before = { ...process.env }
    Object.assign(process.env, { NODE_TLS_REJECT_UNAUTHORIZED: '0', HTTP_PROXY: proxy, http_proxy: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy, NODE_USE_ENV_PROXY: '1' })
    const backends = new Backends({ allow: ['127.0.0.1'] })
    const { emitWarning } = process
    process.emitWarning = () => undefined // Node warns of the setting, which has no effect here
    try {
      assert.deepEqual(whys([await backends.request({ method: 'GET', url, timeout: 1_000 })]), ['tls'])
      assert.deepEqual(await backends.request({ method: 'GET', url: plain, timeout: 1_000 }), { how: 'ok', status: 200, data: 2 })
      assert.deepEqual(proxies, [])
    } finally {
      process.emitWarning = emitWarning
      await backends.close()
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
      Object.assign(process.env, before)
    }
  })
})
