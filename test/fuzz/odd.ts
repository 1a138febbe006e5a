import type { Random } from './random.ts'

// What nobody writes on purpose, by the place where it could stand.

export const names = [
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '<<', '', ' ', '0', '-1', 'null',
  'true',
  'hang-up', 'say', 'next', 'a/1', 'language', 'caller', 'now', 'in', 'größe', '日本語', '👍', '\u202Eabc', 'e\u0301',
  '\uD800',
  'a b', 'a.b', 'a:b', '*', '#', '{{ code }}', '$ended', '\u0000', '\u2028', 'a'.repeat(70), 'b'.repeat(20_000),
] as const

export const values: readonly unknown[] = [
  null, true, false, 0, -0, -1, 1.5, 7, 1e21, 1e308, Infinity, -Infinity, NaN, 2 ** 53, 99999999999999999999n, '',
  ' ', '\n', '\t',
  [], {}, [[]], [{}], [null], { a: null }, ['a', 1, true, null], { en: 'Hello' }, { en: 'Hello', de: 'Hallo' },
  { de: 1 }, { 1: 'bye' },
  { get: 'clinic/slots', into: 'code' }, [{ if: 'true', go: 'bye' }, { go: 'bye' }], ['bye', 'main', 'agent'],
]

const times = [
  '5s', '5', '5 s', '0s', '-5s', '999999999999h', '1e9s', '1.5.5s', '5S', '0.0001ms', 'five seconds', '٥s', '24h',
  '24.1h', '7d',
  '07:00-19:00', '19:00-07:00', '24:00-24:00', '00:00-00:00', '00:00-24:00', '25:00-26:00', '7-19',
  '08:00-12:00, 11:00-13:00',
  '07:00-08:00, '.repeat(2000), '2026-02-30', '0000-00-00', '2026-13-01', '24.12.2026', '-271821-04-20',
  '+275760-09-13',
  'Mo-Fr', 'Mo-Su-Mo', 'AU-ACT', 'DE-BY', 'XX', 'Europe/Berlin', 'Mars/Olympus', 'UTC+25', 'en', 'de', 'EN', 'xx',
  'zh-Hant-TW',
]

const long = (n: number): readonly string[] => [
  `code == "1"${' && code == "1"'.repeat(n)}`, '('.repeat(n), `${'('.repeat(n)}1${')'.repeat(n)}`,
  `${'!'.repeat(n)}true`, '-'.repeat(n),
  `${'['.repeat(n)}${']'.repeat(n)}`, `${'size('.repeat(n)}code${')'.repeat(n)}`, `code${'.trim()'.repeat(n)}`,
  `code${'.a'.repeat(n)}`,
  `${'true ? 1 : '.repeat(n)}2`, `"${'\\"'.repeat(n)}"`, `"${'a'.repeat(n * 10)}"`, `code == "1${'0'.repeat(n)}`,
  `${'9'.repeat(n)} > 1`,
  `${'{"a": '.repeat(n)}1${'}'.repeat(n)}`, `code${' + code'.repeat(n)}`, `code in [${'"1", '.repeat(n)}"2"]`,
  'a b '.repeat(n), '"'.repeat(n),
]

const conditions = [
  'code', '1', 'true', '1 / 0 > 0', 'code = "1"', 'code and code', 'code == 1', 'int(code) / 0', 'now', 'now > now',
  'caller', 'hours.office',
  'caller.calls("72h") > 0', 'caller.calls(72h)', 'caller.calls("999999999999h") > 1', 'code.matches("(a+)+$")',
  'code.matches("[")',
  'code.matches("((a{99}){99}){99}")', 'code.matches("(?<=a)b")', '[1, 2].all(x, [3].exists(y, x == y))',
  '[1].map(a, [1].map(b, [1].map(c, a)))',
  'env.HOME', '__proto__', 'constructor.constructor("return 1")()', 'this', 'has(code.x)', 'dyn(code) == 1',
  'type(code)', '“code”', 'code ==', '== code',
  '9223372036854775808 > 1', '-9223372036854775808 < 1', '1e999 > 0.0', 'timestamp("x") > now',
  'duration("1s") > duration("x")', '', ' ', '\\', '"\\u{110000}"',
]

const texts = [
  '{{', '}}', '{{}}', '{{ }}', '{{ code', '{{ code }', '{ code }', '{{ code | }}', '{{ | digits }}',
  '{{ code | digits | money }}', '{{ code | spel }}',
  '{{ "}}" }}', '{{ {"a": 1} }}', '{{ code || code }}', '{{ now }}', '{{ now | date }}', '{{ caller }}', '{{ pin }}',
  '{{{ code }}}', '{{ nobody | digits }}',
  'Press 1 for sales.', 'Drücken Sie die 1 für den Vertrieb.', 'a # b', ': ', '- ', '&a', '*a', '!a', '%a', '@a',
  '`a`', '|', '>', '?', '---', '...', '\uFEFF',
  '\u0007', '\r', '\u0085', '\u2028', '\u200B', '🇦🇺'.repeat(50), 'e\u0301'.repeat(500), '\uDC00',
]

const numbers = [
  '010', '0x1F', '0o17', '1_000', '+61 2 5124 7700', '+', '()', '12345678901234567890', '.inf', '.nan', '~', '1e3',
  '-0', '4-10', '10-4', '0', '64', '65', '4 - 6', '100%',
  'clinic/slots', 'clinic/slots?a={{ code }}', 'clinic/../x', 'https://user:pw@host/', 'http://[::1', 'javascript:1',
  '{{ env.HOME }}', 'file:///etc/passwd',
]

/** A text that could stand anywhere: times, conditions, things to say, names, numbers; one in eight is very long. */
export function text(random: Random): string {
  switch (random.upTo(8)) {
    case 0:
      return random.of(times)
    case 1:
      return random.of(conditions)
    case 2:
      return random.of(texts)
    case 3:
      return random.of(numbers)
    case 4:
      return random.of(names)
    case 5:
      return `{{ ${random.of(conditions)} }}`
    case 6:
      return random.of(texts) + random.of(texts)
    default:
      return veryLong(random)
  }
}

function veryLong(random: Random): string {
  const times = random.of([30, 300, 3000])
  const one = random.of(long(times))
  switch (random.upTo(4)) {
    case 0:
      return one
    case 1:
      return `{{ ${one} }}`
    case 2:
      return random.of(texts).repeat(times)
    default:
      return random.of(['Hello. ', '{{ code }} ', '{{ code | digits }}. ', 'ä', 'a', ' a', '\n', '1']).repeat(times)
  }
}
