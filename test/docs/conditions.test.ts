import assert from 'node:assert/strict'
import { Expressions, type ValueType } from '../../engine/expressions/cel.ts'
import { Call, Caller, type Scope } from '../../engine/expressions/scope.ts'
import { monday } from '../calls/play.ts'
import { sectionsOf } from './pages.ts'

/** The rows of the tables of conditions.md whose first column is headed so; code without its backticks. */
function rowsUnder(...heads: string[]): string[][] {
  const rows: string[][] = []
  for (const { text } of sectionsOf('docs/authors/conditions.md').values())
    for (const [table] of text.matchAll(/(?:^\|.*\n)+/gm)) {
      const [head = [], , ...cells] = table.trim().split('\n').map(cellsOf)
      if (heads.includes(head[0]!)) rows.push(...cells)
    }
  assert.ok(rows.length > 0, `no table of ${heads.join(' or ')}`)
  return rows
}

const cellsOf = (row: string): string[] =>
  row.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim().replaceAll('\\|', '|').replace(/^`(.*)`$/, '$1'))

const typeOf = (value: unknown): ValueType =>
  ({ string: 'text', number: 'whole-number', boolean: 'yes-no' } as Record<string, ValueType>)[typeof value] ?? 'any'
/** Of the answers that are not there yet. */
const types: Record<string, ValueType> = { reference: 'text', tries: 'whole-number', account: 'any' }

describe('conditions.md', () => {
  const table = rowsUnder('answer')
  const given = Object.fromEntries(
    table.filter(([, value]) => value !== 'nothing yet').map(([name, value]) => [name!, JSON.parse(value!) as unknown]),
  )
  const answers = new Map(table.map(([name = '']) => [name, name in given ? typeOf(given[name]) : types[name]!]))
  const expressions = new Expressions({ answers, hours: ['office'], switches: ['outage'], env: [], zone: 'Australia/Canberra' })
  const before = {
    id: 'b', caller: '', called: '100', hotline: 'waste', at: monday - 7_200_000, outcome: 'gave-up', step: 'main',
    language: 'en',
  }
  const scope: Scope = {
    answers: given,
    known: {
      caller: new Caller('+61255501234', [before], monday),
      call: new Call('100', 'en', 'choose', 20),
      now: new Date(monday),
      hours: { office: true },
      switches: { outage: false },
      env: {},
    },
  }

  for (const [cel = '', gives = ''] of rowsUnder('condition', 'value'))
    it(`${cel} gives ${gives}`, () => {
      const found = expressions.check(cel)
      assert.ok('type' in found, JSON.stringify(found))
      if (gives === 'not true') assert.throws(() => expressions.evaluate(cel, scope))
      else assert.deepEqual(expressions.evaluate(cel, scope), JSON.parse(gives))
    })

  for (const [wrong = '', right = ''] of rowsUnder('instead of'))
    it(`${right} instead of ${wrong}`, () => {
      assert.ok('type' in expressions.check(right), right)
      const found = expressions.check(wrong)
      // What can be computed all the same is only longer than it need be.
      if ('type' in found) assert.equal(expressions.evaluate(wrong, scope), expressions.evaluate(right, scope))
      else assert.ok(found.suggestion, wrong)
    })
})
