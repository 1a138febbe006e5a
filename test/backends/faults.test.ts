import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Backends, type BackendSettings } from '../../engine/backends/backends.ts'
import type { BackendOrder } from '../../engine/backends/wire.ts'
import type { Why } from '../../engine/backends/answered.ts'
import { certificateFor } from './certificate.ts'
import { FarEnds, until } from './far-end.ts'

/** For what takes until then; what fails at once has time enough. */
const short = 400
const long = 5_000
/** What an engine may take to notice, on a busy machine. */
const late = 250

type Fault = {
  why: Why
  words: RegExp
  /** Starts the far end; its address. */
  by: (far: FarEnds) => Promise<string> | string
  settings?: Partial<BackendSettings>
  order?: Partial<BackendOrder>
  status?: number
  /** It fails at once, not at the timeout. */
  atOnce?: boolean
}

/** Sends these bytes as soon as something is asked. */
const says = (text: string | Buffer, then: (socket: Socket) => void = () => undefined) => (far: FarEnds): Promise<string> =>
  far.tcp((socket) => socket.once('data', () => {
    socket.write(text)
    then(socket)
  }))
const ok = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const self = certificateFor(['127.0.0.1'])
const other = certificateFor(['other.example'])
const old = certificateFor(['127.0.0.1'], { until: Date.now() - 1_000 })
const bomb = gzipSync(Buffer.alloc(20_000_000))
const never = new Promise<never>(() => undefined)

const faults: Record<string, Fault> = {
  'accepts and says nothing': { why: 'timed-out', words: /it did not answer/, by: (far) => far.tcp((socket) => socket.resume()) },
  'reads nothing of a large body': {
    why: 'timed-out', words: /it did not answer/, order: { method: 'POST', json: 'x'.repeat(1_000_000) },
    by: (far) => far.tcp((socket) => {
      socket.pause()
      far.every(short + 50, () => socket.resume()) // it sees only then that nobody is there any more
    }),
  },
  'one byte of the head at a time': {
    why: 'timed-out', words: /it did not answer/, by: (far) => far.tcp((socket) => {
      let i = 0
      far.every(20, () => socket.writable && socket.write(ok[i++ % ok.length]!))
    }),
  },
  'one byte of the body at a time': {
    why: 'timed-out', words: /answer did not end/, by: (far) => says(`${ok}\r\n`, (socket) => far.every(20, () => socket.writable && socket.write(' ')))(far),
  },
  'a head and nothing more': { why: 'timed-out', words: /answer did not end/, by: says(`${ok}Content-Length: 5\r\n\r\n`) },
  'goes on with 103 for ever': {
    why: 'timed-out', words: /it did not answer/,
    by: (far) => says('', (socket) => far.every(5, () => socket.writable && socket.write('HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n')))(far),
  },
  'a look-up that hangs': { why: 'timed-out', words: /name was still being looked up/, by: () => 'http://slow.example', settings: { lookUp: () => never } },
  'TLS that never begins': { why: 'timed-out', words: /TLS handshake did not end/, by: (far) => far.tcp((socket) => socket.resume(), 'https') },
  '10 MB, announced': { why: 'too-large', words: /larger than 256 KB/, by: says(`${ok}Content-Length: 10000000\r\n\r\n`), status: 200, atOnce: true },
  '10 MB, in pieces': {
    why: 'too-large', words: /larger than 256 KB/, status: 200, atOnce: true, by: (far) => far.http((_, response) => {
      for (let i = 0; i < 160; i++) response.write(Buffer.alloc(65_536, ' '))
      response.end('1')
    }),
  },
  'a gzip bomb': {
    why: 'too-large', words: /larger than 256 KB/, status: 200, atOnce: true,
    by: (far) => far.http((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
  },
  'redirects for ever': {
    why: 'redirected', words: /not followed/, status: 302, atOnce: true,
    by: (far) => far.http((request, response) => response.writeHead(302, { location: `http://${request.headers.host}/again` }).end()),
  },
  '503': { why: 'status', words: /answered 503$/, status: 503, atOnce: true, by: (far) => far.http((_, response) => response.writeHead(503).end('secret')) },
  '500 with a body that never ends': {
    why: 'status', words: /answered 500$/, status: 500, atOnce: true, by: (far) => far.http((_, response) => response.writeHead(500).write('x')),
  },
  '500 with a short body that never comes': {
    why: 'status', words: /answered 500$/, status: 500, atOnce: true, by: says('HTTP/1.1 500 No\r\nContent-Length: 50\r\n\r\n'),
  },
  'not JSON': { why: 'not-json', words: /not JSON/, status: 200, atOnce: true, by: (far) => far.http((_, response) => response.end('<html>secret')) },
  'another protocol (101)': { why: 'connection', words: /connection ended/, atOnce: true, by: says('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n') },
  'cut after accepting': { why: 'connection', words: /connection was cut/, atOnce: true, by: (far) => far.tcp((socket) => socket.destroy()) },
  'reset after asking': { why: 'connection', words: /connection was cut/, atOnce: true, by: says('', (socket) => socket.resetAndDestroy()) },
  'cut within the body': { why: 'connection', words: /connection ended/, atOnce: true, by: says(`${ok}Content-Length: 50\r\n\r\n{"secret"`, (socket) => socket.end()) },
  'reset within the body': { why: 'connection', words: /connection was cut/, atOnce: true, by: (far) => says(`${ok}\r\n{"secret"`, (socket) => far.every(20, () => socket.resetAndDestroy()))(far) },
  'no HTTP': { why: 'connection', words: /not HTTP/, atOnce: true, by: says('220 mail.secret ESMTP\r\n') },
  'broken chunks': { why: 'connection', words: /not HTTP/, atOnce: true, by: says(`${ok}Transfer-Encoding: chunked\r\n\r\nsecret\r\n`) },
  'a head that never ends': {
    why: 'connection', words: /head of its answer/, atOnce: true, by: says(`${ok}${'X-A: secretsecretsecretsecretsecretsecret\r\n'.repeat(2_000)}`),
  },
  'nothing listens': { why: 'connection', words: /nothing listens/, atOnce: true, by: async () => {
    const gone = new FarEnds()
    const url = await gone.tcp(() => undefined)
    await gone.end()
    return url
  } },
  'no such name': { why: 'no-such-name', words: /no such name \(ENOTFOUND\)/, atOnce: true, by: () => 'http://nobody.invalid', settings: {
    lookUp: () => Promise.reject(Object.assign(new Error('getaddrinfo secret'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })),
  } },
  'a name without an address': { why: 'no-such-name', words: /ENOTFOUND/, atOnce: true, by: () => 'http://empty.example', settings: { lookUp: async () => [] } },
  'names cannot be looked up': { why: 'no-such-name', words: /could not be looked up \(EAI_AGAIN\)/, atOnce: true, by: () => 'http://a.example', settings: {
    lookUp: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN', syscall: 'getaddrinfo' })),
  } },
  'a name that leads inside': { why: 'refused-address', words: /10\.0\.0\.1 is a private address/, atOnce: true, by: () => 'http://a.example', settings: {
    lookUp: async () => [{ address: '10.0.0.1', family: 4 }],
  } },
  'a name that leads inside and outside': { why: 'refused-address', words: /fe80::1/, atOnce: true, by: () => 'https://a.example', settings: {
    lookUp: async () => [{ address: '127.0.0.1', family: 4 }, { address: 'fe80::1', family: 6 }],
  } },
  'an address inside': { why: 'refused-address', words: /127\.0\.0\.2 is a loopback/, atOnce: true, by: () => 'http://127.0.0.2:9' },
  'no TLS at all': { why: 'tls', words: /no secure connection/, atOnce: true, by: (far) => far.tcp((socket) => void socket.resume().write('HTTP/1.1 400 Bad\r\n\r\n'), 'https') },
  'TLS cut in the handshake': { why: 'tls', words: /ended the TLS handshake/, atOnce: true, by: (far) => far.tcp((socket) => socket.once('data', () => socket.end()), 'https') },
  'a certificate that nobody knows': { why: 'tls', words: /signed by itself/, atOnce: true, by: (far) => far.https(self, (_, response) => response.end('1')) },
  'a certificate for another name': {
    why: 'tls', words: /another name/, atOnce: true, by: (far) => far.https(other, (_, response) => response.end('1')), settings: { authorities: [other.cert] },
  },
  'an expired certificate': { why: 'tls', words: /expired/, atOnce: true, by: (far) => far.https(old, (_, response) => response.end('1')), settings: { authorities: [old.cert] } },
}

describe('a backend that fails', () => {
  for (const [name, fault] of Object.entries(faults)) {
    it(name, async () => {
      const far = new FarEnds()
      const told: string[] = []
      const note = (facts: object, words: string): void => void told.push(JSON.stringify(facts), words)
      const backends = new Backends({ allow: ['127.0.0.1'], log: { info: note, warn: note, error: note }, ...fault.settings })
      try {
        const url = await fault.by(far)
        const timeout = fault.atOnce ? long : short
        const began = performance.now()
        const answer = await backends.request({
          method: 'GET', url: `${url}/path-secret?pin=secret`, headers: { 'x-key': 'secret' }, idempotencyKey: 'secret', timeout, ...fault.order,
        })
        const ms = performance.now() - began
        assert.equal(answer.how, 'failed')
        assert.deepEqual([answer.why, answer.status], [fault.why, fault.status])
        assert.match(answer.words, fault.words)
        assert.ok(answer.words.startsWith(new URL(url).origin), answer.words)
        assert.doesNotMatch(JSON.stringify(answer) + told.join(''), /secret/)
        assert.equal(told.length, 2)
        assert.ok(ms < (fault.atOnce ? long / 2 : short + late), `took ${Math.round(ms)} ms`)
        if (!fault.atOnce) assert.ok(ms >= short - 2, `took only ${Math.round(ms)} ms`)
        await backends.close()
        await until(() => far.open === 0, 'every connection closed')
      } finally {
        await backends.close()
        await far.end()
      }
    })
  }
})
