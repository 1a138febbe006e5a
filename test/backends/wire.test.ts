import assert from 'node:assert/strict'
import { allowedOf } from '../../engine/backends/address.ts'
import { wireOf, type BackendOrder } from '../../engine/backends/wire.ts'

const { allowed } = allowedOf(['127.0.0.1'])
const of = (over: Partial<BackendOrder>) => wireOf({ method: 'GET', url: 'https://a.example/x', timeout: 1_000, ...over }, allowed)

describe('what a request is to ask', () => {
  const refused: [string, string][] = [
    ['', 'bad-address'], ['a.example', 'bad-address'], ['/x', 'bad-address'], ['//a.example', 'bad-address'], ['ftp://a.example', 'bad-address'],
    ['file:///etc/passwd', 'bad-address'], ['data:text/plain,1', 'bad-address'], ['javascript:1', 'bad-address'], ['https:a.example', 'bad-address'],
    ['https:///a.example', 'bad-address'], ['https://', 'bad-address'], ['http://u:4711@a.example', 'bad-address'], ['http://u@a.example', 'bad-address'],
    ['http://:4711@a.example', 'bad-address'], ['http://a.example\\@b.example', 'bad-address'], ['http://a.example/a b', 'bad-address'],
    ['http://a.example/\r\nX: 4711', 'bad-address'], ['http://a\t.example', 'bad-address'], [' http://a.example', 'bad-address'], ['http://a.example:99999', 'bad-address'],
    ['http://a%00.example', 'bad-address'], ['http://1.2.3.4.5', 'bad-address'], [`http://a.example/${'x'.repeat(8_000)}`, 'bad-address'],
    ...[
      '10.0.0.1', '127.0.0.2', '0', '0.0.0.0', '2130706434', '0x7f.2', '0x7f000002', '0177.0.0.2', '017700000002', '127.2', '１２７.0.0.2', '127。0。0。2', '127.0.0.2.',
      '169.254.169.254', '0xa9fea9fe', '2852039166', '[::1]', '[::]', '[::ffff:127.0.0.2]', '[::ffff:7f00:2]', '[::127.0.0.1]', '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]', '[fd00::1]', '[fe80::1]', '[0:0:0:0:0:0:0:1]', '[ff02::1]', '%31%32%37.0.0.2', '192.168.257',
    ].map((host): [string, string] => [`http://${host}/`, 'refused-address']),
  ]
  for (const [url, why] of refused) {
    it(`${JSON.stringify(url.slice(0, 60))} is ${why}`, () => {
      const made = of({ url })
      assert.ok('how' in made)
      assert.equal(made.why, why)
      assert.doesNotMatch(made.words, /4711/)
    })
  }

  for (const [url, goes] of [
    ['https://a.example/pins', true], ['http://127.0.0.1:8080/pins', true], ['HTTPS://A.example', true],
    ['http://a.example/pins', false], ['http://8.8.8.8/pins', false], ['http://localhost.example/pins', false], ['http://127.example/pins', false],
  ] as const)
    it(`a secret ${goes ? 'is' : 'is not'} sent to ${url}`, () => {
      const made = of({ method: 'POST', url, json: { pin: '4711' }, confidential: true })
      assert.equal('how' in made && made.why, goes ? false : 'refused-address')
      if ('how' in made) assert.match(made.words, /^http:\/\/\S+: a secret is only sent encrypted; let the address begin with https:\/\/$/)
    })

  const asked: [string, { host: string; port: number; path: string; origin: string }][] = [
    ['https://a.example', { host: 'a.example', port: 443, path: '/', origin: 'https://a.example' }],
    ['HTTP://A.example:8080/b?c=d#e', { host: 'a.example', port: 8080, path: '/b?c=d', origin: 'http://a.example:8080' }],
    ['http://2130706433/', { host: '127.0.0.1', port: 80, path: '/', origin: 'http://127.0.0.1' }],
    ['http://[::ffff:127.0.0.1]:81/', { host: '::ffff:7f00:1', port: 81, path: '/', origin: 'http://[::ffff:7f00:1]:81' }],
    ['http://8.8.8.8/', { host: '8.8.8.8', port: 80, path: '/', origin: 'http://8.8.8.8' }],
    ['https://bücher.example/', { host: 'xn--bcher-kva.example', port: 443, path: '/', origin: 'https://xn--bcher-kva.example' }],
  ]
  for (const [url, expected] of asked) {
    it(`${url} goes to ${expected.host} port ${expected.port}`, () => {
      const made = of({ url })
      assert.ok(!('how' in made), JSON.stringify(made))
      const { host, port, path, origin } = made
      assert.deepEqual({ host, port, path, origin }, expected)
    })
  }

  it('has headers of its own, and of the author', () => {
    const made = of({ method: 'POST', json: { a: 'ü' }, headers: { 'X-Key': 'k', 'Accept': 'application/vnd.x+json', 'Content-Type': 'application/vnd.x+json' }, idempotencyKey: 'c"1\\:2' })
    assert.ok(!('how' in made))
    assert.match(String(made.headers['user-agent']), /^callwright\/\d+\.\d+\.\d+/)
    assert.deepEqual({ ...made.headers, 'user-agent': '' }, {
      'accept': 'application/vnd.x+json', 'accept-encoding': 'identity', 'user-agent': '', 'content-type': 'application/vnd.x+json',
      'x-key': 'k', 'idempotency-key': '"c\\"1\\\\:2"', 'content-length': 10,
    })
    assert.deepEqual(made.body, Buffer.from('{"a":"ü"}'))
  })

  const endless: Record<string, unknown> = {}
  endless.self = endless
  const orders: [string, Partial<BackendOrder>, RegExp][] = [
    ['a line end in a header', { headers: { a: '4711\r\nb: c' } }, /header cannot be sent/],
    ['a header without a name', { headers: { '': '4711' } }, /header cannot be sent/],
    ['a header that is no text', { headers: { a: undefined as unknown as string } }, /header cannot be sent/],
    ...['Host', 'content-length', 'Transfer-Encoding', 'Connection', 'Proxy-Authorization', 'Upgrade', 'Idempotency-Key', 'Accept-Encoding', 'Expect']
      .map((name): [string, Partial<BackendOrder>, RegExp] => [`the header ${name}`, { headers: { [name]: '4711' } }, /cannot be set/]),
    ['a body with GET', { json: {} }, /GET has no body/],
    ['a body that turns in a circle', { method: 'POST', json: endless }, /cannot be written/],
    ['a body that is no JSON', { method: 'POST', json: () => 1 }, /cannot be written/],
    ['a body with a bigint', { method: 'POST', json: 1n }, /cannot be written/],
    ['a body over 1 MB', { method: 'POST', json: 'x'.repeat(1_048_575) }, /larger than 1024 KB/],
    ['a key with a line end', { idempotencyKey: '4711\n' }, /idempotency key/],
    ['an empty key', { idempotencyKey: '' }, /idempotency key/],
    ['a long key', { idempotencyKey: 'x'.repeat(256) }, /idempotency key/],
  ]
  for (const [name, over, words] of orders) {
    it(`refuses ${name}`, () => {
      const made = of(over)
      assert.ok('how' in made)
      assert.equal(made.why, 'bad-order')
      assert.match(made.words, words)
      assert.doesNotMatch(made.words, /4711/)
    })
  }

  it('keeps the timeout within bounds', () => {
    const timeouts = [Number.NaN, -1, 0, 50, 60_001, Number.POSITIVE_INFINITY].map((timeout) => {
      const made = of({ timeout })
      return 'how' in made ? undefined : made.timeout
    })
    assert.deepEqual(timeouts, [1, 1, 1, 50, 60_000, 60_000])
  })

  it('is sent again only when the far end would not do it twice', () => {
    const again = (over: Partial<BackendOrder>): boolean | undefined => {
      const made = of(over)
      return 'how' in made ? undefined : made.again
    }
    assert.deepEqual((['GET', 'PUT', 'DELETE', 'POST', 'PATCH'] as const).map((method) => again({ method })), [true, true, true, false, false])
    assert.equal(again({ method: 'POST', idempotencyKey: 'a:1' }), true)
  })
})
