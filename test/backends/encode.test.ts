import assert from 'node:assert/strict'
import { addressOf, baseOf, bodyOf } from '../../engine/backends/encode.ts'
import { parseTemplate } from '../../engine/expressions/template.ts'

const pieces = (text: string) => parseTemplate(text).pieces
const shown = (value: unknown): string => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value) ?? 'nothing')

describe('the address of a request', () => {
  const base = 'https://clinic.example/v1'
  /** Template, value of x, address behind `https://clinic.example/v1`, or why it is refused. */
  const cases: [string, unknown, string | RegExp][] = [
    ['', '', ''],
    ['slots', '', '/slots'],
    ['/slots', '', '/slots'],
    ['slots/', '', '/slots/'],
    ['?a=1', '', '?a=1'],
    ['slots?at={{ x }}', '2600', '/slots?at=2600'],
    ['slots?at={{ x }}', '', '/slots?at='],
    ['slots?at={{ x }}', null, '/slots?at='],
    ['slots?at={{ x }}', 7, '/slots?at=7'],
    ['slots?at={{ x }}', 12345678901234567890n, '/slots?at=12345678901234567890'],
    ['slots?at={{ x }}', true, '/slots?at=true'],
    ['slots?at={{ x }}', new Date(0), '/slots?at=1970-01-01T00%3A00%3A00.000Z'],
    ['slots?at={{ x }}&b=2', 'a&b=3#c?d/e f+g%', '/slots?at=a%26b%3D3%23c%3Fd%2Fe%20f%2Bg%25&b=2'],
    ['slots?{{ x }}', 'a=1&b=2', '/slots?a%3D1%26b%3D2'],
    ['slots?at={{ x }}', '../..', '/slots?at=..%2F..'],
    ['slots?at={{ x }}', 'a\r\nHost: evil', '/slots?at=a%0D%0AHost%3A%20evil'],
    ['slots?at={{ x }}', '\u0000', '/slots?at=%00'],
    ['slots?at={{ x }}', 'ü\u{1f600}', '/slots?at=%C3%BC%F0%9F%98%80'],
    ['slots?at={{ x }}', 'a\ud800b', '/slots?at=a%EF%BF%BDb'],
    ['of/{{ x }}/x', 'a/b', '/of/a%2Fb/x'],
    ['of/{{ x }}', 'a?b#c', '/of/a%3Fb%23c'],
    ['of/{{ x }}', '//evil.example', '/of/%2F%2Fevil.example'],
    ['{{ x }}', '@evil.example', '/%40evil.example'],
    ['{{ x }}', 'http://evil.example/', '/http%3A%2F%2Fevil.example%2F'],
    ['of/{{ x }}', '...', '/of/...'],
    ['of/{{ x }}', 'a..b', '/of/a..b'],
    ['of/{{ x }}.json', 'a', '/of/a.json'],
    ['two words/{{ x }}', 'a', '/two%20words/a'],
    ['of/{{ x }}', '..', /way up/],
    ['of/{{ x }}', '.', /way up/],
    ['of/{{ x }}', '%2e%2E', /way up/],
    ['of/{{ x }}', '.%2e', /way up/],
    ['of/{{ x }}', '../../admin', /way up/],
    ['of/{{ x }}', 'a\\..\\b', /way up/],
    ['of/{{ x }}', 'a/./b', /way up/],
    ['of/.{{ x }}', '.', /way up/],
    ['of/{{ x }}{{ x }}', '.', /way up/],
    ['of/{{ x }}', '', /is empty/],
    ['of/{{ x }}/all', null, /is empty/],
    ['of/{{ x }}?a=1', '', /is empty/],
    ['of/n{{ x }}', '', '/of/n'],
    ['of/{{ x }}', [1], /a list/],
    ['of/{{ x }}', { a: 1 }, /a mapping/],
    ['of/{{ x }}', Number.NaN, /not a text or a number/],
    ['of/{{ x | digits }}', '1', /ways of saying/],
    ['of/../x', '', /segment \.\./],
    ['of/%2e%2e/x', '', /segment \.\./],
    ['of\\x', '', /backslash/],
    ['of#x', '', /#/],
    ['of\tx', '', /control/],
    ['of?at={{ x }}', 'y'.repeat(8_000), /longer than 8000/],
  ]
  for (const [template, x, expected] of cases) {
    it(`${template} with ${shown(x).slice(0, 40)}`, () => {
      const made = addressOf(base, pieces(template), () => x)
      if (expected instanceof RegExp) {
        assert.match((made as { refused: string }).refused ?? made, expected)
        return
      }
      assert.equal(made, base + expected)
      const url = new URL(made)
      assert.equal(url.origin, 'https://clinic.example')
      assert.ok(url.href === made && url.pathname.startsWith('/v1'), `${url.href} is read otherwise`)
    })
  }

  it('keeps what the base asks already', () => {
    assert.equal(addressOf('https://a.example/api?code=1', pieces('of/{{ x }}?b=2'), () => 'y'), 'https://a.example/api/of/y?code=1&b=2')
    assert.equal(addressOf('https://a.example/', pieces('of'), () => ''), 'https://a.example/of')
  })

  it('never names a value, and refuses what cannot be computed', () => {
    const made = addressOf(base, pieces('of/{{ int(pin) }}'), () => {
      throw new Error('cannot convert 4711')
    })
    assert.deepEqual(made, { refused: '{{ int(pin) }} could not be computed' })
    assert.doesNotMatch(JSON.stringify(addressOf(base, pieces('of/{{ pin }}'), () => '../4711')), /4711/)
  })

  it('no text of a caller changes host, path or other queries', () => {
    const hostile = [...'/\\?#&=%:@;,+ .\r\n\t\0"<>[]{}|^`', '%2f', '%5c', '..', 'é', '\u2028', '\ud800', '．', '／', '？']
    for (const a of hostile) {
      for (const b of hostile) {
        const made = addressOf(base, pieces('of/{{ x }}/end?q={{ x }}&z=1'), () => a + b)
        if (typeof made !== 'string') continue
        const url = new URL(made)
        assert.equal(url.host, 'clinic.example')
        assert.deepEqual(url.pathname.split('/').length, 5, made)
        assert.deepEqual([...url.searchParams.keys()], ['q', 'z'], made)
        assert.equal(url.searchParams.get('q'), (a + b).replaceAll(/\p{Surrogate}/gu, '\ufffd'), made)
      }
    }
  })
})

describe('the address of a backend', () => {
  const env: Record<string, unknown> = { 'env.URL': 'https://clinic.example:8443/v1', 'env.BARE': 'https://clinic.example', 'env.HOST': 'clinic.example', 'env.BAD': 'https://u:p@x', 'env.PART': 'a/b' }
  const cases: [string, string | RegExp][] = [
    ['https://clinic.example/v1', 'https://clinic.example/v1'],
    ['{{ env.URL }}', 'https://clinic.example:8443/v1'],
    ['{{ env.URL }}/x', 'https://clinic.example:8443/v1/x'],
    ['https://clinic.example/{{ env.PART }}/x', 'https://clinic.example/a%2Fb/x'],
    ['https://clinic.example?code={{ env.PART }}', 'https://clinic.example?code=a%2Fb'],
    ['https://{{ env.HOST }}/x', /part of a host/],
    ['https://a.{{ env.HOST }}', /part of a host/],
    ['{{ env.HOST }}/x', /not http/],
    ['{{ env.BARE }}.evil.example', /write \//],
    ['{{ env.URL }}/{{ caller.number }}', /only env can/],
    ['{{ caller.number }}', /only env can/],
    ['{{ env.URL + caller.number }}', /only env can/],
    ['{{ env.BAD }}', /without user/],
    ['{{ env.NONE }}', /env\.NONE }} is not set/],
    ['{{ env.URL | spell }}', /ways of saying/],
    ['ftp://clinic.example', /not http/], ['file:///etc/passwd', /not http/], ['//clinic.example', /not http/], ['https:clinic.example', /not http/],
    ['https://clinic.example/#x', /not http/], ['https://clinic.example/a/../b', /not http/], ['https:\\\\clinic.example', /not http/], ['https://[::1', /not http/],
  ]
  for (const [template, expected] of cases) {
    it(template, () => {
      const made = baseOf(pieces(template), (cel) => env[cel])
      if (typeof expected === 'string') assert.equal(made, expected)
      else assert.match((made as { refused: string }).refused ?? made, expected)
      assert.doesNotMatch(JSON.stringify(made), /u:p@/)
    })
  }
})

describe('the body of a request', () => {
  const values: Record<string, unknown> = {
    n: 7, big: 2n ** 60n, small: 5n, yes: true, text: 'say "hi"\r\n\\', list: [1, { a: 'b' }], none: null, missing: undefined,
    date: new Date(0), nan: Number.NaN, map: JSON.parse('{"__proto__":{"admin":true},"a":1}'),
  }
  const of = (template: unknown) => bodyOf(template, (cel) => {
    if (!(cel in values)) throw new Error(`no ${cel} 4711`)
    return values[cel]
  })
  const cases: [unknown, unknown][] = [
    ['{{ n }}', 7], [' {{ n }} ', 7], ['{{ yes }}', true], ['{{ small }}', 5], ['{{ big }}', '1152921504606846976'], ['{{ list }}', [1, { a: 'b' }]],
    ['{{ none }}', null], ['{{ missing }}', null], ['{{ nan }}', null], ['{{ date }}', '1970-01-01T00:00:00.000Z'], ['{{ map }}', { a: 1 }],
    ['no {{ n }}', 'no 7'], ['{{ n }}{{ n }}', '77'], ['<{{ text }}>', '<say "hi"\r\n\\>'], ['<{{ none }}>', '<>'],
    [{ a: '{{ n }}', b: ['{{ yes }}', 1, null, true, 'x'], '{{ n }}': 1 }, { a: 7, b: [true, 1, null, true, 'x'], '{{ n }}': 1 }],
    [JSON.parse('{"__proto__":{"x":1},"a":2}'), { a: 2 }], [7, 7], [undefined, null],
  ]
  for (const [template, expected] of cases) {
    it(`${JSON.stringify(template)}`, () => {
      const made = of(template)
      assert.deepEqual(made, { json: expected })
      assert.deepEqual(JSON.parse(JSON.stringify(made)), { json: expected })
    })
  }

  it('says which expression cannot be put in, without its value', () => {
    assert.deepEqual(of(['a {{ list }}']), { refused: '{{ list }} is a list, not a text or a number' })
    assert.deepEqual(of('{{ other }}'), { refused: '{{ other }} could not be computed' })
    assert.deepEqual(of('{{ n | digits }}'), { refused: '{{ n | digits }}: ways of saying are for what is spoken' })
    const endless: unknown[] = []
    endless.push(endless)
    assert.deepEqual(of(endless), { refused: 'the body is deeper than 32 levels' })
  })
})
