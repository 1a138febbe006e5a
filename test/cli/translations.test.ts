import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { translations } from '../../cli/translations.ts'
import { readHotlines } from '../../engine/hotlines.ts'

const hotline = `hotline: Desk
numbers: ["300"]
languages: [en, de]
queues: { desk: { said: { en: the desk, de: der Empfang } } }
start: hello
steps:
  hello: { say: "Hello.", next: main }
  main:
    menu:
      keys: { 1: { for: a person, go: desk } }
      no-input: |
        I heard nothing.
        Say it with keys.
    otherwise: desk
  desk: { queue: desk }
`

/** `callwright translations`, without the process around it. */
describe('callwright translations', () => {
  let folder: string
  const file = (): string => join(folder, 'desk/translations/de.yaml')
  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, 'desk/translations'), { recursive: true })
    writeFileSync(join(folder, 'desk', name), text)
  }
  const run = (language = 'de'): string => {
    const lines: string[] = []
    const { log } = console
    console.log = (line: string) => void lines.push(line)
    try {
      translations(language, folder)
      return lines.join('\n').replaceAll(folder, 'flows')
    } finally {
      console.log = log
    }
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-translations-'))
    mkdirSync(join(folder, 'desk'))
    writeFileSync(join(folder, 'desk/hotline.yaml'), hotline)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('writes every text that is not given yet, empty, below its original', () => {
    assert.equal(run(), 'desk: flows/desk/translations/de.yaml: 3 texts added, 0 texts there before, 3 still empty')
    assert.equal(
      readFileSync(file(), 'utf8'),
      `# Texts in de, each below its original. See docs/authors/translations.md.

# Hello.
hello:

# a person
main/keys/1:

# I heard nothing.
# Say it with keys.
main/no-input/1:
`,
    )
  })

  it('writes what can be filled in and then goes live', () => {
    run()
    const codes = (): string[] => readHotlines(folder).flatMap(({ mistakes }) => mistakes.map(({ code }) => code))
    assert.deepEqual(codes(), ['missing-text', 'missing-text', 'missing-text'])
    const text = readFileSync(file(), 'utf8')
    writeFileSync(file(), text.replaceAll(/^\S+:$/gm, (name) => `${name} Ein Text.`))
    assert.deepEqual(codes(), [])
  })

  it('adds what is missing where it belongs, keeps all else, and names what is no longer used', () => {
    const own = `# Ours
hello: "Hallo." # short
# a long one
main/no-input/1: >
  Nichts
  gehört.
helo: Hi.
gone: Weg.
`
    write('translations/de.yaml', own)
    assert.equal(
      run(),
      `desk: flows/desk/translations/de.yaml: 1 text added, 2 texts there before, 1 still empty
  no text of the flow is called "helo"; did you mean "hello"?
  no text of the flow is called "gone"; remove it`,
    )
    const after = readFileSync(file(), 'utf8')
    assert.equal(after, own.replace('# short\n', '# short\n\n# a person\nmain/keys/1:\n'))
    assert.match(run(), /^desk: \S+: 0 texts added, 3 texts there before, 1 still empty\n/)
    assert.equal(readFileSync(file(), 'utf8'), after)
  })

  it('goes on behind a last line that has no end', () => {
    write('translations/de.yaml', 'hello: Hallo.')
    run()
    assert.match(readFileSync(file(), 'utf8'), /^hello: Hallo\.\n\n# a person\nmain\/keys\/1:\n\n# I heard/)
  })

  it('writes nothing where nothing is missing, or where what is there cannot be read', () => {
    assert.equal(run('en'), 'desk: every text stands in the flow itself')
    assert.ok(!existsSync(join(folder, 'desk/translations')))
    write('translations/de.yaml', 'hello: "Hallo.\n')
    assert.throws(() => run(), /yaml-syntax.*\n[^]*nothing was written/)
    write('translations/de.yaml', '{ hello: Hallo. }\n')
    assert.throws(() => run(), /without \{ \}/)
    assert.equal(readFileSync(file(), 'utf8'), '{ hello: Hallo. }\n')
  })

  it('cannot for a language that no hotline speaks', () => {
    assert.throws(() => run('fr'), /speaks "fr": add it to languages: first/)
  })
})
