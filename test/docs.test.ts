import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { readHotlines } from '../engine/hotlines.ts'
import { hotlineSchema } from '../engine/language/header.ts'
import { mistakeCodes, type FlowError } from '../engine/language/mistakes.ts'
import { stepKinds } from '../engine/steps/index.ts'
import { readTests } from '../rehearsal/read.ts'
import { rehearse } from '../rehearsal/rehearse.ts'
import { inFull } from '../rehearsal/report.ts'

/*
 * What the docs show is checked as a flow is. The words behind ```yaml say what a block is:
 *
 *   hotline      a whole file; must hold no mistake and no warning
 *   head         fields from above the steps; the rest is taken from `minimal`
 *   steps        steps alone, the first one being where the call begins; head and some steps come from `minimal`
 *   tests        tests of the vaccination hotline; must hold no mistake, and pass
 *   wrong=CODE   besides: exactly one mistake or warning, and of this code
 */

const root = resolve(import.meta.dirname, '..')
const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`)
const files = ['README.md', 'CHANGELOG.md', ...inDocs.filter((file) => file.endsWith('.md'))].sort()
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

type Block = { file: string; line: number; language: string; words: string[]; text: string }

describe('the docs', function () {
  this.timeout(20_000)

  describe('every example', () => {
    for (const block of files.flatMap(blocksOf).filter(({ language }) => language === 'yaml')) {
      it(`${block.file}:${block.line} ${block.words.join(' ')}`, () => checkExample(block))
    }
  })

  it('mistakes.md has a section for every code, with a wrong and a right form, and no other', () => {
    const file = 'docs/authors/mistakes.md'
    const sections = sectionsOf(file)
    assert.deepEqual([...sections.keys()], Object.keys(mistakeCodes))
    for (const [code, { from, to }] of sections) {
      // No text shows a file that cannot be read.
      if (code === 'unreadable') continue
      const blocks = blocksOf(file).filter(({ line }) => line > from && line < to)
      assert.ok(blocks.some(({ words }) => words.includes(`wrong=${code}`)), `${code} shows no wrong form`)
      const right = blocks.some(({ words }) => words.every((word) => !word.startsWith('wrong=')))
      assert.ok(right, `${code} shows no right form`)
    }
  })

  it('steps.md has a section for every kind, which names all its fields', () => {
    const sections = sectionsOf('docs/authors/steps.md')
    const kinds = [...sections.keys()].filter((title) => title !== 'How keys are collected')
    assert.deepEqual(kinds.toSorted(), [...stepKinds.keys()].toSorted())
    for (const [name, kind] of stepKinds) {
      for (const field of Object.keys((kind.schema as unknown as { shape: object }).shape))
        assert.ok(sections.get(name)!.text.includes(`\`${field}\``), `the section ${name} does not name ${field}`)
    }
  })

  it('index.md names every field of a hotline\'s head', () => {
    const head = sectionsOf('docs/authors/index.md').get('The head')!.text
    for (const field of Object.keys(hotlineSchema.shape))
      assert.ok(head.includes(`\`${field}\``), `${field} is not named`)
  })

  it('the commands and options named are those that there are', () => {
    const help = new Map<string, string>()
    const helpOf = (command: string): string => {
      if (!help.has(command)) help.set(command, callwright([...(command === '' ? [] : [command]), '--help']))
      return help.get(command)!
    }
    const commands = [...helpOf('').matchAll(/^ {2}([a-z]+)\b.*/gm)].map(([, name]) => name!)
    for (const file of files) {
      // Code alone: in backticks, or indented.
      const quoted = [...textOf(file).matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!)
      const indented = textOf(file).split('\n').filter((line) => line.startsWith('    '))
      for (const text of [...quoted, ...indented]) {
        const named = text.trim().matchAll(/(?:npx callwright|callwright\.mjs|^callwright) ([a-z]+)([^|]*)/g)
        for (const [, command = '', rest = ''] of named) {
          assert.ok(commands.includes(command), `${file}: "callwright ${command}" is no command`)
          for (const [option] of rest.matchAll(/--[a-z]+/g))
            assert.ok(helpOf(command).includes(option), `${file}: callwright ${command} has no ${option}`)
        }
      }
    }
  })

  it('the settings are those of the program, all of them', () => {
    const program = `${textOf('cli/settings.ts')}${textOf('cli/log.ts')}`.replaceAll(/\/\*[\s\S]*?\*\//g, '')
    const read = [...program.matchAll(/\benv\.([A-Z_]+)/g)].map(([, name]) => name!)
    const told = [...textOf('docs/admins/settings.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name!)
    assert.deepEqual(told.toSorted(), [...new Set(read)].toSorted())
    const example = [...textOf('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name!)
    assert.deepEqual(example.filter((name) => !name.startsWith('PHONE_')).toSorted(), told.toSorted())
    for (const name of callwright(['run', '--help']).match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? [])
      assert.ok(told.includes(name), `settings.md does not name ${name}`)
  })

  it('every link leads somewhere', () => {
    for (const file of files) {
      for (const [, to = ''] of withoutBlocks(file).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(to)) continue
        const [path = '', anchor] = to.split('#')
        const target = path === '' ? file : relative(root, resolve(root, dirname(file), path))
        assert.ok(existsSync(join(root, target)), `${file}: there is no ${to}`)
        if (anchor === undefined) continue
        assert.ok(anchorsOf(target).includes(anchor), `${file}: ${target} has no heading #${anchor}`)
      }
    }
  })
})

describe('docker-compose.yml', () => {
  type Service = { ports?: string[]; depends_on?: object; build?: { dockerfile: string }; environment?: object }
  const { services } = parse(textOf('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> }
  const asterisk = (file: string): string => textOf(`telephony/docker/asterisk/${file}`)

  it('publishes the ports that Asterisk uses, and never the manager interface', () => {
    const [, first, last] = /rtpstart = (\d+)\nrtpend = (\d+)/.exec(asterisk('rtp.conf'))!
    const ports = services.asterisk!.ports!
    assert.ok(ports.some((port) => port.endsWith(`:${first}-${last}:${first}-${last}/udp`)))
    assert.ok(ports.includes('127.0.0.1:8080:8080'))
    assert.ok(ports.every((port) => !port.includes('5038')))
    assert.match(asterisk('manager.conf'), /^bindaddr = 127\.0\.0\.1$/m)
  })

  it('waits for services that exist, and builds from files that exist', () => {
    for (const { depends_on = {}, build } of Object.values(services)) {
      for (const name of Object.keys(depends_on)) assert.ok(services[name], name)
      if (!build) continue
      for (const [, from = ''] of textOf(build.dockerfile).matchAll(/^COPY (?:--\S+ )?(telephony\S+) /gm))
        assert.ok(existsSync(join(root, from.replace(/\*.*/, ''))), `${build.dockerfile}: there is no ${from}`)
    }
  })

  it('sets what is a setting', () => {
    const known = [...textOf('docs/admins/settings.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
    for (const name of Object.keys(services.callwright!.environment!))
      assert.ok(name === 'TZ' || known.includes(name), name)
  })
})

function callwright(args: string[]): string {
  return execFileSync(process.execPath, [join(root, 'cli/callwright.mjs'), ...args], { cwd: root, encoding: 'utf8' })
}

const withoutBlocks = (file: string): string => textOf(file).replaceAll(/^```[\s\S]*?^```/gm, '')

function blocksOf(file: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const [i, row] of textOf(file).split('\n').entries()) {
    const fence = /^```(.*)$/.exec(row)
    if (fence && open) {
      blocks.push(open)
      open = undefined
    } else if (fence) {
      const [language = '', ...words] = fence[1]!.trim().split(/\s+/)
      open = { file, line: i + 1, language, words, text: '' }
    } else if (open) open.text += `${row}\n`
  }
  assert.equal(open, undefined, `${file}: a block is never closed`)
  return blocks
}

/** The sections under `##`, by title: their lines and their text. */
function sectionsOf(file: string): Map<string, { from: number; to: number; text: string }> {
  const rows = textOf(file).split('\n')
  const starts = rows.flatMap((row, i) => (row.startsWith('## ') ? [i] : []))
  return new Map(starts.map((start, n) => {
    const to = starts[n + 1] ?? rows.length
    return [rows[start]!.slice(3), { from: start + 1, to: to + 1, text: rows.slice(start, to).join('\n') }]
  }))
}

/** The anchors that headings have on GitHub. */
function anchorsOf(file: string): string[] {
  const titles = [...withoutBlocks(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => title!.toLowerCase())
  return titles.map((title) => title.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}

/** What fragments get around them. A field or step of the fragment's own takes the place of one given here. */
const minimal = {
  head: {
    hotline: 'hotline: Example',
    numbers: 'numbers: ["130"]',
    timezone: 'timezone: Australia/Canberra',
    'opening-hours': 'opening-hours: { office: { Mo-Fr: 09:00-17:00 } }',
    queues: 'queues: { bookings: { said: the bookings team } }',
    backends: 'backends: { clinic: { url: https://clinic.example } }',
    start: 'start: example',
  } as Record<string, string>,
  /** Where the call begins: it leads to the fragment and to every step below. */
  example: (first: string) => [
    'example:',
    '  menu:',
    '    keys:',
    `      1: { for: the example, go: ${first}, set: { postcode: "2600" } }`,
    '      2: { for: the menu, go: main }',
    '      3: { for: the end, go: goodbye }',
    '      4: { for: the hours, go: opened-at }',
    '    otherwise: agent',
  ],
  steps: {
    main: 'main: { menu: { keys: { 0: { for: a person, go: agent } }, otherwise: agent } }',
    agent: 'agent: { queue: bookings }',
    goodbye: 'goodbye: { say: Goodbye., next: hang-up }',
    'opened-at': 'opened-at: { hours: office, open: main, closed: goodbye }',
  } as Record<string, string>,
}

function wholeHotline(kind: string, text: string): string {
  if (kind === 'hotline') return text
  const names = [...text.matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, name]) => name!)
  const others = (parts: Record<string, string>): string[] =>
    Object.entries(parts).filter(([name]) => !names.includes(name)).map(([, part]) => part)
  const rows = text.trimEnd().split('\n')
  const head = kind === 'head' ? [...rows, ...others(minimal.head)] : Object.values(minimal.head)
  const steps = kind === 'head'
    ? [...minimal.example('main'), ...Object.values(minimal.steps)]
    : [...minimal.example(names[0] ?? 'main'), ...others(minimal.steps), ...rows]
  return [...head, 'steps:', ...steps.map((row) => (row === '' ? row : `  ${row}`)), ''].join('\n')
}

async function checkExample({ words, text }: Block): Promise<void> {
  const [kind = '', ...more] = words
  assert.ok(['hotline', 'head', 'steps', 'tests'].includes(kind), 'say behind ```yaml what the block is, see docs.test.ts')
  const [, wrong] = /^wrong=(.+)$/.exec(more[0] ?? '') ?? []
  const mistakes = kind === 'tests' ? await mistakesInTests(text) : mistakesIn(wholeHotline(kind, text))
  const codes = mistakes.map(({ code }) => code)
  assert.deepEqual(codes, wrong === undefined ? [] : [wrong], mistakes.map((one) => one.pretty()).join('\n\n'))
}

/** What `callwright test` finds in tests of this text; they must pass. */
async function mistakesInTests(text: string): Promise<FlowError[]> {
  const { compiled } = readHotlines(join(root, 'flows/vaccination'))[0]!
  const { conversations, mistakes } = readTests(text, 'tests.yaml', compiled!.flow)
  for (const conversation of conversations) {
    const failure = await rehearse(compiled!, conversation)
    assert.ok(!failure, failure && inFull({ conversation, failure }))
  }
  return mistakes
}

/** What `callwright check` finds in a hotline of this text. */
function mistakesIn(text: string): FlowError[] {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-docs-'))
  try {
    mkdirSync(join(folder, 'example'))
    writeFileSync(join(folder, 'example', 'hotline.yaml'), text)
    return readHotlines(folder).flatMap(({ mistakes }) => mistakes)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
