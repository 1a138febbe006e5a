import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { checkFlow, type Checked } from '../../engine/language/check.ts'
import { compileFlow } from '../../engine/language/compile.ts'

const good = readFileSync('test/language/good.yaml', 'utf8')
/** Fills a file up to a size. */
const full = (text: string, size = 2_000_000): string => text.repeat(Math.ceil(size / text.length))
const inSteps = (steps: string): string => good.replace('steps:\n', () => `steps:\n${steps}\n`)

/** What a stranger could send, and how it is called. Each is answered at once, with a mistake and without a throw. */
const hostile: Record<string, [text: string, code: string]> = {
  'an empty file': ['', 'missing-field'],
  'a file of comments': ['# nothing\n\n', 'missing-field'],
  'a text': ['hello', 'bad-value'],
  'a number': ['42', 'bad-value'],
  'a list': ['- a\n- b\n', 'bad-value'],
  'a byte order mark and nothing else': ['\uFEFF', 'missing-field'],
  NUL: ['\0', 'yaml-refused'],
  'NUL in a name': [inSteps('  a\0b: hang-up'), 'yaml-refused'],
  'tabs alone': ['\t\t\t', 'missing-field'],
  'CR alone': ['a: b\rc: d', 'yaml-syntax'],
  'two megabytes of nothing': [full('\n'), 'yaml-refused'],
  'two megabytes of text': [full('x'), 'yaml-refused'],
  'half a megabyte of text': [inSteps(`  a: { say: "${full('x', 400_000)}"`), 'yaml-syntax'],
  'aliases of aliases': [
    `a: &a [x, x]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]}, `.repeat(9)}]`).join('\n')}`,
    'yaml-refused',
  ],
  'thousands of aliases': [`a: &a [x]\nb: [${full('*a,', 200_000)}]`, 'yaml-refused'],
  'an alias of itself': ['a: &a [*a]', 'yaml-refused'],
  'merge keys': [inSteps('  <<: { a: hang-up }'), 'yaml-refused'],
  'a merge key by another version of YAML': [`%YAML 1.1\n---\n${inSteps('  <<: { a: hang-up }')}`, 'yaml-refused'],
  'the name __proto__': [inSteps('  __proto__: { say: x }'), 'yaml-refused'],
  '__proto__ in a step': [good.replace('next: open', '__proto__: { next: open }'), 'yaml-refused'],
  'the name constructor': [inSteps('  constructor: hang-up'), 'yaml-refused'],
  'thousands of brackets in a text': [good.replace('next: open', `next: ${full('{} ', 20_000)}`), 'yaml-syntax'],
  'thousands of brackets that close nothing': [inSteps(`  a: x\n${full('  } ]', 400_000)}`), 'yaml-refused'],
  'thousands of quotation marks': [inSteps(`  a: ${full('"" ', 400_000)}`), 'yaml-refused'],
  'a way to constructor': [good.replace('next: open', 'next: constructor'), 'unknown-step'],
  'a step called toString': [inSteps('  toString: { say: x }'), 'bad-value'],
  'thousands of colons in a line': [inSteps(`  a: { say: b, next: ${full('a: ', 20_000)}`), 'yaml-refused'],
  'an answer called __proto__': [good.replace('into: pin', 'into: __proto__'), 'bad-value'],
  'an answer called toString': [good.replace('into: pin', 'into: toString'), 'bad-value'],
  'nested brackets': [full('[', 100_000), 'yaml-refused'],
  'nested braces': [full('{a: ', 100_000), 'yaml-refused'],
  'nested lists': [full('- ', 50_000), 'yaml-refused'],
  'nested questions': [full('? ', 50_000), 'yaml-refused'],
  'nested by indentation': [Array.from({ length: 900 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'yaml-refused'],
  'nested a little too deep': [inSteps(`  a: { say: ${'['.repeat(30)}${']'.repeat(30)} }`), 'yaml-refused'],
  tags: [inSteps('  a: { say: !!js/function "x" }'), 'yaml-refused'],
  binary: [inSteps('  a: { say: !!binary aGVsbG8= }'), 'yaml-refused'],
  'anchors upon anchors': [full('&a ', 200_000), 'yaml-refused'],
  'a mapping as a name': [inSteps('  ? { a: b }\n  : hang-up'), 'yaml-refused'],
  'a list as a name': [inSteps('  ? [a, b]\n  : hang-up'), 'yaml-refused'],
  'an unclosed quotation mark': [inSteps("  a: { say: 'x"), 'yaml-syntax'],
  'thousands of names': [Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n'), 'yaml-refused'],
  'thousands of questions in a text': [
    inSteps(`  a: { say: { en: "${full('{{ x }}', 100_000)}", de: x }, next: open }`),
    'bad-value',
  ],
  'thousands of questions in an answer': [good.replace('matter: bins', `matter: "${full('{{ x }} ', 100_000)}"`), 'bad-value'],
  'a condition of brackets': [good.replace('code != "0000"', full('(', 20_000)), 'bad-expression'],
  'a condition of pluses': [good.replace('code != "0000"', `${full('code + ', 20_000)}code`), 'bad-expression'],
  'a condition of loops in loops': [
    good.replace('code != "0000"', '"[1].all(a, [1].all(b, [1].all(c, a == b)))"'),
    'bad-expression',
  ],
  'a pattern that grows': [
    good.replace('code != "0000"', 'code.matches("((((a{99}){99}){99}){99}){99}")'),
    'bad-expression',
  ],
  'a very long name of a step': [good.replace('next: open', `next: ${full('a', 50_000)}`), 'unknown-step'],
}

describe('what a stranger can send', () => {
  before(() => void checkFlow(good, { name: 'warm', file: 'warm.yaml' }))

  for (const [name, [text, code]] of Object.entries(hostile)) {
    it(name, () => {
      const { flow, mistakes } = check(text)
      assert.equal(flow, undefined)
      assert.ok(
        mistakes.some((mistake) => mistake.code === code),
        mistakes.map((one) => one.message).join('\n') || 'no mistake',
      )
      assert.ok(msFor(() => check(text)) < 100)
      assert.equal(({} as Record<string, unknown>).say, undefined)
    })
  }

  it('a flow of a thousand steps in two languages is checked within a second', () => {
    const steps = Array.from(
      { length: 1000 },
      (_, i) =>
        `  s${i}: { say: { en: "Step ${i}, {{ code | digits }}.", de: "Schritt ${i}." }, next: ${i < 999 ? `s${i + 1}` : 'main'} }`,
    )
    const text = inSteps(steps.join('\n')).replace('next: open', 'next: s0').replace('open: main', 'open: bye')
    const { flow, mistakes } = check(text)
    assert.deepEqual(
      mistakes.map(({ code }) => code),
      ['unset-variable', 'unreachable-step'],
    )
    assert.ok(flow)
    assert.ok(msFor(() => check(text)) < 1000)
    assert.ok(msFor(() => compileFlow(flow)) < 1000)
  })

  it('forty forks in a row are compiled at once', () => {
    const steps = Array.from(
      { length: 40 },
      (_, i) => `  f${i}: { branch: [{ if: caller.known, go: f${i + 1} }, { go: f${i + 1} }] }`,
    )
    const { flow } = check(
      inSteps(`${steps.join('\n')}\n  f40: { say: "1", next: main }`).replace('next: open', 'next: f0'),
    )
    assert.ok(flow)
    assert.ok(msFor(() => compileFlow(flow)) < 100)
  })
})

describe('what is taken as written', () => {
  it('the order of keys that look like numbers', () => {
    const { flow } = check(good.replace(/1: \{ for: \{ en: bins.*\n.*0: \{/, '1: agent\n        2: code\n        0: {'))
    const { keys } = flow!.steps.get('main')!.fields as { keys: { key: string }[] }
    assert.deepEqual(
      keys.map(({ key }) => key),
      ['1', '2', '0'],
    )
  })

  it('numbers that are names', () => {
    const written = ['010', '+61251247700', '0x1F', '1e3', '12345678901234567890', '007']
    const { flow, mistakes } = check(good.replace('"100", "+61 2 5124 7700"', written.join(', ')))
    assert.deepEqual(mistakes, [])
    assert.deepEqual(flow?.numbers, written)
  })

  it('line ends of Windows, and a byte order mark', () => {
    const found = check(`\uFEFF${good.replace('next: open', 'next: opne').replaceAll('\n', '\r\n')}`).mistakes
    assert.deepEqual(
      found.map(({ place, code, line }) => [place.line, place.column, code, line]),
      [[22, 11, 'unknown-step', '    next: opne']],
    )
  })
})

/** How long something takes; the quickest of a few times, as other programs run on the same machine. */
function msFor(run: () => unknown): number {
  let quickest = Infinity
  for (let n = 0; n < 5 && quickest > 50; n++) {
    const began = performance.now()
    run()
    quickest = Math.min(quickest, performance.now() - began)
  }
  return quickest
}

const check = (text: string): Checked => checkFlow(text, { name: 'test', file: 'hotline.yaml' })
