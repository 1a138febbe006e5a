import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { Expressions, isName, type ValueType } from '../../engine/expressions/cel.ts'
import { Call, Caller, type Scope } from '../../engine/expressions/scope.ts'
import { monday } from '../calls/play.ts'

const table = parse(readFileSync('test/core/expressions.yaml', 'utf8')) as {
  values: { cel: string; gives: unknown; type?: ValueType }[]
  mistakes: { cel: string; at: number; says: string; suggests?: string }[]
}

const answers: [string, ValueType][] = [
  ['postcode', 'text'],
  ['n', 'whole-number'],
  ['share', 'number'],
  ['ok', 'yes-no'],
  ['slot', 'any'],
  ['nothing', 'text'],
  ['never', 'any'],
  ['stock', 'any'],
]
const expressions = new Expressions({ answers: new Map(answers), hours: ['office', 'not-a-name'], switches: ['flood'], env: ['CITY'], zone: 'Australia/Canberra' })
const before = {
  id: 'b',
  caller: '',
  called: '100',
  hotline: 'test',
  at: monday - 7_200_000,
  outcome: 'gave-up',
  step: 'main',
  language: 'de',
}
const scope: Scope = {
  answers: { postcode: '2600', n: 3, share: 0.5, ok: true, slot: { free: ['a', 'b'] }, stock: { n: 3, price: 2.5, days: [1, 2, 3], rows: [{ at: 'x' }] } },
  known: {
    caller: new Caller('+61255501234', [before], monday),
    call: new Call('100', 'en', 'main', 42.9),
    now: new Date(monday),
    hours: { office: true },
    switches: { flood: false },
    env: { CITY: 'Canberra' },
  },
}

describe('expressions', () => {
  for (const { cel, gives, type = 'yes-no' } of table.values) {
    it(`${cel} gives ${JSON.stringify(gives)}`, () => {
      assert.deepEqual(expressions.check(cel), { type })
      assert.deepEqual(expressions.evaluate(cel, scope), gives)
    })
  }

  for (const { cel, at, says, suggests } of table.mistakes) {
    it(`${cel || 'nothing'} is a mistake`, () => {
      const found = expressions.check(cel)
      assert.ok('detail' in found)
      assert.equal(found.at, at)
      assert.ok(found.detail.includes(says), found.detail)
      assert.ok(found.unknownName !== undefined || found.suggestion, found.detail)
      if (suggests !== undefined) assert.ok(found.suggestion?.includes(suggests), found.suggestion)
      assert.throws(() => expressions.evaluate(cel, scope))
    })
  }

  it('patterns take no time, however they are hidden', () => {
    const long = { ...scope, answers: { ...scope.answers, postcode: `${'a'.repeat(60)}b` } }
    const pattern = '"^(a+)+$"'
    const ways = [
      `postcode.matches(${pattern})`,
      `postcode . matches (${pattern})`,
      `r"\\" == "" || postcode.matches(${pattern}) || r"\\" == ""`,
    ]
    for (const cel of [
      ...ways,
      `[postcode].exists(p, p.matches(${pattern}))`,
      `{"p": postcode}.p.matches(${pattern})`,
    ]) {
      const began = performance.now()
      try {
        assert.equal(expressions.evaluate(cel, long), false, cel)
      } catch (error) {
        // What CEL does not take does not run.
        assert.ok('detail' in expressions.check(cel), String(error))
      }
      assert.ok(performance.now() - began < 100, cel)
    }
  })

  it('loops over long lists take no time', () => {
    const list = `[${'1,'.repeat(150)}1]`
    const cel = `${list}.all(a, ${list}.all(b, a == b))`
    const began = performance.now()
    assert.equal(expressions.evaluate(cel, scope), true)
    assert.ok(performance.now() - began < 300)
  })

  it('what cannot be computed throws', () => {
    for (const cel of ['int("abc")', 'n / 0', 'n / 0.0', 'stock.n / 0', 'stock.n % 0', 'share / 0.0', 'slot.nothing', 'slot.free[9]'])
      assert.throws(() => expressions.evaluate(cel, scope), cel)
  })

  it('names what is read, and not what stands in quotes', () => {
    assert.deepEqual([...expressions.names('caller.known && postcode == "slot" || [1].exists(x, x == n)')].sort(), [
      'caller',
      'n',
      'postcode',
      'x',
    ])
    assert.deepEqual([...expressions.names('1 +')], [])
  })

  it('names of answers are CEL identifiers that mean nothing yet', () => {
    for (const name of ['code', 'booking_number', '_x', 'a1']) assert.ok(isName(name), name)
    for (const name of [
      '',
      '1a',
      'my-code',
      'Code',
      'caller',
      'in',
      'true',
      'toString',
      '__proto__',
      'constructor',
      'ä',
    ])
      assert.ok(!isName(name), name)
  })
})
