import assert from 'node:assert/strict'
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib'
import { readAnswer, refusedByHead, type Head } from '../../engine/backends/read-answer.ts'

const head = (over: Partial<Head> = {}): Head => ({ origin: 'https://a.example', method: 'GET', status: 200, headers: {}, largest: 1_000, ...over })
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

describe('the body of an answer', () => {
  const type = (text: string): Partial<Head> => ({ headers: { 'content-type': text } })
  const packed = (encoding: string): Partial<Head> => ({ headers: { 'content-encoding': encoding } })

  const good: [string, Buffer | string, unknown, Partial<Head>?][] = [
    ['a mapping', '{"free":[{"id":7}]}', { free: [{ id: 7 }] }],
    ['a bare value', ' 7 \n', 7],
    ['null', 'null', null],
    ['UTF-8', '"ü😀"', 'ü😀'],
    ['a byte order mark', '\ufeff{"a":1}', { a: 1 }],
    ['UTF-16 with its mark, when it says so', Buffer.from('\ufeff"ü"', 'utf16le'), 'ü', type('application/json; charset=utf-16')],
    ['ISO 8859-1, when it says so', Buffer.from('"ü"', 'latin1'), 'ü', type('application/json;charset="ISO-8859-1"')],
    ['JSON that says it is something else', '[1]', [1], type('text/html; charset=utf-8')],
    ['gzip', gzipSync('[1]'), [1], packed('gzip')],
    ['X-GZIP', gzipSync('[1]'), [1], packed('X-GZIP')],
    ['identity', '[1]', [1], packed('identity')],
    ['nothing with 204', '', null, { status: 204 }],
    ['nothing for POST', '', null, { method: 'POST', status: 201 }],
    ['nothing for POST, packed', '', null, { method: 'POST', headers: { 'content-encoding': 'gzip' } }],
    ['brackets in texts', JSON.stringify({ a: '['.repeat(200), b: '\\"[[[' }), { a: '['.repeat(200), b: '\\"[[[' }],
    ['32 levels', nested(32), JSON.parse(nested(32))],
    ['many brackets side by side', `[${Array(100).fill('[]').join(',')}]`, Array(100).fill([])],
    ['half a character', '"\\ud800"', '\ud800'],
  ]
  for (const [name, body, data, over] of good) {
    it(`reads ${name}`, () => {
      const made = head(over)
      assert.deepEqual(readAnswer(made, Buffer.from(body as string)), { how: 'ok', status: made.status, data })
    })
  }

  const bad: [string, Buffer | string, string, RegExp, Partial<Head>?][] = [
    ['HTML', '<html>4711</html>', 'not-json', /not JSON but text\/html$/, type('text/html; charset=utf-8')],
    ['a media type with more in it', 'x', 'not-json', /not JSON but a\/b$/, type('a/b\u001b[31m 4711')],
    ['broken JSON', '{"a":4711', 'not-json', /is not JSON$/],
    ['a text that is never closed', '"4711\\', 'not-json', /is not JSON$/],
    ['nothing for GET', '', 'not-json', /empty/],
    ['33 levels', nested(33), 'not-json', /deeper than 32/],
    ['33 levels of mappings', '{"a":'.repeat(33) + '1' + '}'.repeat(33), 'not-json', /deeper/],
    ['250,000 levels', '['.repeat(250_000), 'not-json', /deeper/],
    ['a number without end', '[1e999]', 'not-json', /number/],
    ['bytes that are no UTF-8', Buffer.from('"4711ü"', 'latin1'), 'not-json', /character set/],
    ['a character set that there is not', '1', 'not-json', /character set/, type('application/json; charset=utf-7')],
    ['br', brotliCompressSync('[1]'), 'not-json', /compressed/, packed('br')],
    ['deflate', deflateSync('[1]'), 'not-json', /compressed/, packed('deflate')],
    ['gzip twice', gzipSync(gzipSync('[1]')), 'not-json', /compressed/, packed('gzip, gzip')],
    ['no gzip', '[4711]', 'not-json', /compressed/, packed('gzip')],
    ['cut gzip', gzipSync('[4711]').subarray(0, 20), 'not-json', /compressed/, packed('gzip')],
    ['a gzip bomb', gzipSync(Buffer.alloc(50_000_000, ' ')), 'too-large', /larger than/, packed('gzip')],
  ]
  for (const [name, body, why, words, over] of bad) {
    it(`refuses ${name}`, () => {
      const made = readAnswer(head(over), Buffer.from(body as string))
      assert.equal(made.how, 'failed')
      assert.deepEqual([made.why, made.status], [why, 200])
      assert.match(made.words, words)
      assert.match(made.words, /^https:\/\/a\.example: /)
      assert.ok(!/4711/.test(made.words) && !made.words.includes('\u001b'))
    })
  }

  it('takes __proto__ out at every depth and leaves plain mappings', () => {
    const made = readAnswer(head(), Buffer.from('{"__proto__":{"admin":true},"a":[{"__proto__":null,"b":1,"constructor":{"prototype":{"admin":1}}}]}'))
    assert.equal(made.how, 'ok')
    const data = made.data as { a: [{ b: number }] }
    assert.deepEqual([Object.keys(data), Object.keys(data.a[0])], [['a'], ['b', 'constructor']])
    for (const one of [data, data.a[0]]) assert.equal(Object.getPrototypeOf(one), Object.prototype)
    assert.equal((data as unknown as { admin?: unknown }).admin, undefined)
    assert.equal(({} as { admin?: unknown }).admin, undefined)
  })

  it('keeps an engine busy for no longer than a key may wait, whatever 256 KB hold', () => {
    const largest = 262_144
    const members = Buffer.concat(Array(12_000).fill(gzipSync('')))
    const bodies: [string, Buffer, Partial<Head>?][] = [
      ['numbers', Buffer.from(`[${Array(130_000).fill(1).join(',')}]`)],
      ['mappings', Buffer.from(`[${Array(40_000).fill('{"a":1}').join(',')}]`.slice(0, largest))],
      ['lists', Buffer.from(`[${Array(87_000).fill('[]').join(',')}]`)],
      ['__proto__', Buffer.from(`[${Array(15_000).fill('{"__proto__":1}').join(',')}]`)],
      ['quotes', Buffer.from('"\\'.repeat(131_072))],
      ['a bomb', gzipSync(Buffer.alloc(100_000_000)), packed('gzip')],
      ['empty members', members, packed('gzip')],
    ]
    for (const [name, body, over] of bodies) {
      const began = process.cpuUsage()
      readAnswer(head({ largest, ...over }), body)
      const { user, system } = process.cpuUsage(began)
      assert.ok(user + system < 200_000, `${name} took ${Math.round((user + system) / 1000)} ms`)
    }
  })
})

describe('the head of an answer', () => {
  const cases: [Partial<Head>, string | undefined][] = [
    [{}, undefined], [{ status: 204 }, undefined], [{ status: 299 }, undefined], [{ status: 199 }, 'status'], [{ status: 300 }, 'status'],
    [{ status: 304 }, 'status'], [{ status: 404 }, 'status'], [{ status: 503 }, 'status'], [{ status: 999 }, 'status'],
    ...[301, 302, 303, 307, 308].map((status): [Partial<Head>, string] => [{ status, headers: { location: 'http://4711/' } }, 'redirected']),
    [{ headers: { 'content-length': '1000' } }, undefined], [{ headers: { 'content-length': '1001' } }, 'too-large'], [{ headers: { 'content-length': 'x' } }, undefined],
  ]
  for (const [over, why] of cases) {
    it(`${over.status ?? 200} ${JSON.stringify(over.headers ?? {})} is ${why ?? 'read on'}`, () => {
      const made = refusedByHead(head(over))
      assert.equal(made?.why, why)
      if (made) assert.equal(made.status, over.status ?? 200)
      assert.doesNotMatch(made?.words ?? '', /4711/)
    })
  }
})
