import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { readHotlines } from '../../engine/hotlines.ts'
import { checkFlow } from '../../engine/language/check.ts'
import type { FlowError } from '../../engine/language/mistakes.ts'

/** One mistake put into a whole hotline: what is changed, and what is said of it. */
type Plant = {
  plant: string
  change: Record<string, string>
  /** Files beside the hotline, by name. */
  beside?: Record<string, string>
  'line-ends'?: 'windows'
  /** The beginning of the line that is pointed at, without its indentation. */
  line: string
  code: string
  suggests: string
}

const hotline = readFileSync('test/language/planted/hotline.yaml', 'utf8')
const plants = parse(readFileSync('test/language/planted/plants.yaml', 'utf8')) as Plant[]

/** Words of programmers, which no author should have to know. */
const words = [
  'scalar', 'token', 'parser', 'node', 'schema', 'regex', 'overload', 'identifier', 'syntax error', 'expected', 'string',
  'boolean', 'integer', 'float', 'array', 'object', 'undefined', 'null', 'NaN', 'CEL', 'YAML', 'JSON',
]
const jargon = new RegExp(`\\b(?:${words.join('|')})\\b`)

describe('a planted mistake is found', () => {
  for (const { plant, change, beside = {}, 'line-ends': ends, line, code, suggests } of plants) {
    it(plant, () => {
      const planted = Object.entries(change).reduce((text, [from, to]) => {
        assert.ok(text.includes(from), `hotline.yaml has no ${JSON.stringify(from)}`)
        return text.replace(from, () => to)
      }, hotline)
      const found = mistakesIn(ends === 'windows' ? planted.replaceAll('\n', '\r\n') : planted, beside)
      assert.equal(found.length, 1, found.map((mistake) => mistake.pretty()).join('\n') || 'no mistake')
      const [mistake] = found as [FlowError]
      assert.equal(mistake.code, code, mistake.pretty())
      assert.ok(mistake.line.trim().startsWith(line), mistake.pretty())
      assert.ok(mistake.suggestion?.includes(suggests), mistake.pretty())
      assert.doesNotMatch(`${mistake.detail}; ${mistake.suggestion}`, jargon)
    })
  }

  it('in many ways', () => {
    assert.ok(plants.length > 150)
    assert.deepEqual(plants.map(({ plant }) => plant).filter((one, i, all) => all.indexOf(one) < i), [])
    assert.ok(new Set(plants.map(({ code }) => code)).size > 25)
  })
})

describe('no mistake is found where none is', () => {
  const calls = readdirSync('test/calls/flows').map((name) => `test/calls/flows/${name}`)
  for (const file of ['test/language/planted/hotline.yaml', 'test/picture/clinic.yaml', ...calls]) {
    it(file, () => {
      const { mistakes } = checkFlow(readFileSync(file, 'utf8'), { name: 'test', file })
      assert.deepEqual(mistakes.map((mistake) => mistake.pretty()), [])
    })
  }
})

/** What `callwright check` finds in a folder with this hotline and these files beside it. */
function mistakesIn(text: string, beside: Record<string, string>): FlowError[] {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'))
  try {
    for (const [name, content] of Object.entries({ 'hotline.yaml': text, ...beside })) {
      mkdirSync(dirname(join(folder, 'council', name)), { recursive: true })
      writeFileSync(join(folder, 'council', name), content)
    }
    return readHotlines(folder).flatMap(({ mistakes }) => mistakes)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
