import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { languages, packFor, ways, type Moment, type Way } from '../../engine/saying/index.ts'

const file = join(import.meta.dirname, '../../docs/authors/saying.md')
/** A Monday in November. */
const when: Moment = { now: Date.parse('2026-11-23T10:00:00+11:00'), zone: 'Australia/Canberra' }

/** The values of the table, as a backend sends them. */
const shown: [Way, unknown][] = [
  ['digits', '4711'],
  ['digits', '+61255501234'],
  ['number', 2600],
  ['number', -3.5],
  ['money', '12.50 AUD'],
  ['money', { amount: 1200, currency: 'EUR' }],
  ['money', '0.05 EUR'],
  ['money', 12.5],
  ['date', '2026-11-24T09:30'],
  ['date', '2027-11-24'],
  ['time', '2026-11-24T09:30'],
  ['time', '21:00'],
  ['duration', 90],
  ['duration', '2h 5m'],
  ['duration', 'PT1H30M'],
  ['duration', '3d'],
  ['spell', 'KW7-3'],
  ['spell', 'jö@x.de'],
  ['words', 'Müller & Co, 5% off'],
]
/** Each language that there is has a column. */
const head = ['way', 'value', ...languages.map((tag) => new Intl.DisplayNames('en', { type: 'language' }).of(tag))]

describe('docs/authors/saying.md', () => {
  const text = readFileSync(file, 'utf8')

  it('says what the languages say; UPDATE=1 writes the table anew', () => {
    const rows = shown.map(([way, value]) => {
      const cells = languages.map((tag) => packFor(tag)![way](value, when) ?? assert.fail(`${way} in ${tag}`))
      return [`\`${way}\``, `\`${asSent(value)}\``, ...cells]
    })
    const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
    const wanted = text.replace(/^(?:\|.*\n)+/m, () => table)
    if (process.env.UPDATE) writeFileSync(file, wanted)
    else assert.equal(text, wanted)
  })

  it('shows every way, and says what it is for', () => {
    assert.deepEqual([...new Set(shown.map(([way]) => way))], [...ways])
    for (const way of ways) assert.ok(text.includes(`- **\`${way}\`**: `), way)
  })
})

const asSent = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value, null, 1).replaceAll(/\s+/g, ' ') : JSON.stringify(value)
