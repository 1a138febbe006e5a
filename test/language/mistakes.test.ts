import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { readHotlines } from '../../engine/hotlines.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { mistakeCodes, type FlowError } from '../../engine/language/mistakes.ts'

/** `beside`: files beside the hotline's; `recordings`: the files in `audio/`. */
type Case = { case: string; change?: string; to?: string; beside?: Record<string, string>; recordings?: string[]; says: string[]; suggests: string }

const good = readFileSync('test/language/good.yaml', 'utf8')
const cases = parse(readFileSync('test/language/mistakes.yaml', 'utf8')) as Case[]

const mistakesIn = (text: string, files: Record<string, string> = {}, audio: string[] = []): FlowError[] => {
  const recordings = audio.map((file) => {
    const [, language = '', name = ''] = /^(.*?)\/(.*)\.\w+$/.exec(file) ?? []
    return { language, name, file: `audio/${file}`, hash: file }
  })
  const beside = { names: Object.keys(files), text: (name: string) => files[name], called: (name: string) => name, recordings }
  return checkFlow(text, { name: 'test', file: 'hotline.yaml', beside }).mistakes
}
const inShort = ({ place, code }: FlowError): string =>
  `${place.file.endsWith('hotline.yaml') ? '' : `${place.file}:`}${place.line}:${place.column} ${code}`

describe('mistakes of flow authors', () => {
  for (const { case: name, change = '', to = '', beside, recordings, says, suggests } of cases) {
    it(name, () => {
      assert.ok(good.includes(change), `good.yaml has no ${JSON.stringify(change)}`)
      const found = mistakesIn(good.replace(change, () => to), beside, recordings)
      assert.deepEqual(found.map(inShort), says)
      if (says.length > 0) assert.ok(found[0]?.suggestion?.includes(suggests), found[0]?.message)
      found.forEach(wellSaid)
    })
  }

  it('a number that two hotlines claim', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotlines-'))
    try {
      for (const name of ['a', 'b']) {
        mkdirSync(join(folder, name))
        writeFileSync(join(folder, name, 'hotline.yaml'), good)
      }
      const [a, b] = readHotlines(folder)
      assert.deepEqual(a?.mistakes, [])
      assert.deepEqual(b?.mistakes.map(inShort), ['3:11 number-taken', '3:18 number-taken'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('a file that cannot be read, and a folder that Asterisk could not name, keep no other from answering', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotlines-'))
    try {
      for (const name of ['a', 'büro', 'c']) mkdirSync(join(folder, name))
      mkdirSync(join(folder, 'a', 'hotline.yaml'))
      writeFileSync(join(folder, 'büro', 'hotline.yaml'), good)
      writeFileSync(join(folder, 'c', 'hotline.yaml'), good)
      const [a, b, c] = readHotlines(folder).sort((one, other) => (one.name < other.name ? -1 : 1))
      assert.deepEqual(a?.mistakes.map(inShort), ['1:1 unreadable'])
      assert.deepEqual(b?.mistakes.map(inShort), ['1:1 bad-value'])
      assert.ok(c?.compiled)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('a hotline by half its path, or with a slip of the finger', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotlines-'))
    try {
      mkdirSync(join(folder, 'flows', 'council'), { recursive: true })
      writeFileSync(join(folder, 'flows', 'council', 'hotline.yaml'), good)
      const meant = `; did you mean "${join(folder, 'flows', 'council')}"?`
      for (const [path, told] of [['council', meant], ['flows/concil', meant], ['flows/library', ''], ['flows/council/hotline.yaml/x', '']])
        assert.throws(() => readHotlines(join(folder, path!)), { message: `there is no ${join(folder, path!)}${told}` })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('every code has a case', () => {
    const told = new Set(cases.flatMap(({ says }) => says.map((one) => one.split(' ')[1])))
    assert.deepEqual(
      Object.keys(mistakeCodes).filter((code) => !told.has(code)),
      ['unreadable', 'unusable-recording', 'number-taken'],
    )
  })
})

/** A message that its reader can act on: in words, with a suggestion, the line and a caret under the place. */
function wellSaid(mistake: FlowError): void {
  assert.ok(mistake.suggestion, `no suggestion: ${mistake.message}`)
  assert.doesNotMatch(mistake.message, /undefined|\[object|Invalid input|expected .* received|overload|token|\n/)
  // Of a file that is no text there is no line to show.
  if (mistake.line === '') return assert.equal(mistake.pretty(), mistake.message)
  const [, line = '', caret = ''] = mistake.pretty().split('\n')
  assert.ok(line.includes(mistake.line.replaceAll('\t', ' ').slice(0, 60)), mistake.pretty())
  assert.match(caret, /^ +\| +\^$/)
}

describe('all mistakes at once', () => {
  it('more than twelve different ones in one flow, each once, with its line and column', () => {
    const found = mistakesIn(readFileSync('test/language/dozen.yaml', 'utf8'))
    assert.deepEqual(found.map(inShort), [
      '5:11 bad-value',
      '7:20 bad-value',
      '10:18 bad-duration',
      '16:9 unknown-step',
      '18:12 unknown-hours',
      '25:7 unknown-field',
      '28:7 missing-field',
      '33:10 missing-text',
      '33:26 unknown-variable',
      '33:32 unknown-way-of-saying',
      '36:20 bad-expression',
      '38:5 unknown-kind',
      '41:12 unknown-queue',
      '42:12 secret-told',
      '43:3 no-way-on',
    ])
    assert.ok(new Set(found.map(({ code }) => code)).size >= 12)
    found.forEach(wellSaid)
  })

  it('also within one step', () => {
    const flow = good.replace(
      'say: { en: Welcome., de: Willkommen. }\n    next: open',
      'say: { en: "{{ nme }}" }\n    barge-in: often\n    nxt: opne\n    next: opne',
    )
    assert.deepEqual(mistakesIn(flow).map(inShort), [
      '21:10 missing-text',
      '21:20 unknown-variable',
      '22:15 bad-value',
      '23:5 unknown-field',
      '24:11 unknown-step',
    ])
  })

  it('points into texts that are quoted or go over several lines', () => {
    const at = (say: string): string[] =>
      mistakesIn(good.replace('say: { en: Welcome., de: Willkommen. }', say)).map(inShort)
    assert.deepEqual(at(`say:\n      en: 'It''s {{ code }} and {{ nme }}'\n      de: Ja`), ['22:36 unknown-variable'])
    assert.deepEqual(at(`say:\n      en: "\\"A\\" {{ nme }}"\n      de: Ja`), ['22:21 unknown-variable'])
    assert.deepEqual(
      at('say:\n      en: >\n        One\n        and {{ code }}\n        and {{ nme }}\n      de: Ja'),
      ['25:16 unknown-variable'],
    )
    assert.deepEqual(
      at('say:\n      en: |-\n        One {{ code | digits }}\n        {{ code | nme }}\n      de: Ja'),
      ['24:19 unknown-way-of-saying'],
    )
  })

  it('in the order of the file', () => {
    const found = mistakesIn('steps: { a: { say: }, b: 5 }\nstart: c\nnumbers: []\n')
    assert.deepEqual(
      found.map(({ place }) => place.line),
      [1, 1, 1, 2, 3],
    )
  })
})

describe('false alarms', () => {
  for (const { file, mistakes, compiled } of ['flows', 'test/language/good.yaml', 'test/language/example.yaml'].flatMap((path) => readHotlines(path)))
    it(`none in ${file}`, () => {
      assert.deepEqual(
        mistakes.map((one) => one.pretty()),
        [],
      )
      assert.ok(compiled)
    })
})
