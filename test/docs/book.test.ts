import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readHotlines } from '../../engine/hotlines.ts'
import { manualOf } from '../../engine/language/manual.ts'
import { graphOf } from '../../engine/picture/graph.ts'
import { layOut } from '../../engine/picture/layout.ts'
import { svgOf } from '../../engine/picture/svg.ts'
import { stepKinds } from '../../engine/steps/index.ts'
import { book, root, textOf } from './pages.ts'
import { inputTable, stepsPage } from './steps-page.ts'

const pageAt = (name: string): string => `docs/authors/${name}`
/** The chapters in the order of reading, as the table in index.md has them. */
const chapters = [...textOf(pageAt('index.md')).matchAll(/^\| \[([^\]]+)\]\(([a-z-]+\.md)\) \| /gm)].map(
  ([, title, name]) => ({ title: title!, name: name! }),
)

describe("the author's book", () => {
  it('has every page in its contents, by its title', () => {
    assert.deepEqual([pageAt('index.md'), ...chapters.map(({ name }) => pageAt(name))].sort(), book)
    for (const { title, name } of chapters)
      assert.equal(/^# (.+)$/m.exec(textOf(pageAt(name)))?.[1], title, `the title of ${name}`)
  })

  for (const { name } of chapters)
    it(`${name} is as the code has it, and leads to the pages before and after it`, () => {
      const text = textOf(pageAt(name))
      same(pageAt(name), withWays(name, written[name]?.(text) ?? text))
    })

  it('tells of each kind how it is written, and of each field what holds without it', () => {
    for (const kind of stepKinds.values()) {
      const { steps, fields } = manualOf(kind)
      assert.ok(steps.length > 0, `${kind.kind} has no example; write one into examples`)
      for (const field of [...fields, ...fields.flatMap(({ entries }) => entries)]) {
        assert.match(field.says, /\S/, `${kind.kind}: ${field.name} is not described`)
        const told = field.needed || field.leftOut !== undefined || field.written === 'nothing'
        assert.ok(told, `${kind.kind}: end the description of ${field.name} with "Default: ..."`)
      }
    }
  })

  it('leads editors from a flow to the file that the command writes', () => {
    for (const file of ['README.md', pageAt('editor.md')]) {
      const [, to] = /^ {4}npx callwright schema --to (\S+)$/m.exec(textOf(file))!
      const [, schema] = /^ {4}# yaml-language-server: \$schema=(\S+)$/m.exec(textOf(file))!
      assert.equal(join('flows/NAME', schema!), to, file)
    }
  })

  it('shows the vaccination hotline as it is drawn', async () => {
    const { compiled } = readHotlines(join(root, 'flows/vaccination'))[0]!
    same(pageAt('vaccination.svg'), svgOf(await layOut(graphOf(compiled!))))
  })
})

/** Pages, or tables in them, that are written from the code. */
const written: Record<string, (text: string) => string> = {
  'steps.md': () => `${stepsPage(stepKinds.values())}\n`,
  'keys.md': (text) => text.replace(/^(?:\|.*\n)+/m, () => `${inputTable(stepKinds.get('menu')!)}\n`),
}

/** The last line of a page: the ways on from it. */
function withWays(name: string, text: string): string {
  const i = chapters.findIndex((chapter) => chapter.name === name)
  const to = (word: string, { title, name: page } = chapters[i]!): string => `${word}: [${title}](${page})`
  const ways = [
    ...(i > 0 ? [to('Before', chapters[i - 1])] : []),
    '[All chapters](index.md#the-chapters)',
    ...(i < chapters.length - 1 ? [to('Next', chapters[i + 1])] : []),
  ]
  return `${text.replace(/\n---\n\n[^\n]*\n$/, '').trimEnd()}\n\n---\n\n${ways.join(' · ')}\n`
}

/** Compares a file with what it is to be, line by line; `UPDATE=1` writes it. */
function same(file: string, text: string): void {
  if (process.env.UPDATE) return writeFileSync(join(root, file), text)
  const [is, wanted] = [textOf(file).split('\n'), text.split('\n')]
  const line = wanted.findIndex((one, i) => one !== is[i])
  const at = line < 0 ? Math.min(is.length, wanted.length) : line
  const told = `${file}:${at + 1} is not as the code has it; UPDATE=1 npm test -- book writes it`
  assert.equal(is[at], wanted[at], told)
}
