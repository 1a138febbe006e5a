import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { describedIn } from '../cli/voices-file.ts'
import { readHotlines } from '../engine/hotlines.ts'
import { hotlineSchema } from '../engine/language/header.ts'
import { mistakeCodes, type FlowError } from '../engine/language/mistakes.ts'
import { stepKinds } from '../engine/steps/index.ts'
import { readTests } from '../rehearsal/read.ts'
import { rehearse } from '../rehearsal/rehearse.ts'
import { inFull } from '../rehearsal/report.ts'
import { hotlinesForTests } from '../rehearsal/unplugged.ts'
import { filesWith } from './docs/fragments.ts'
import { anchorsOf, blocksOf, files, root, sectionsOf, textOf, withoutBlocks, type Block } from './docs/pages.ts'

/*
 * What the docs show is checked as a flow is. The words behind ```yaml say what a block is:
 *
 *   voices       a whole voices.yaml of an admin; must hold no mistake
 *   hotline      a whole file; must hold no mistake and no warning
 *   head         fields from above the steps; the rest is taken from `docs/fragments.ts`
 *   steps        steps alone, the first one being where the call begins; head and some steps come from there, too
 *   called       a file identify.yaml, which the hotline calls
 *   translations  texts in German, for a hotline of `docs/fragments.ts`
 *   audio        files in `audio/` beside such a hotline
 *   recorded     its audio/recorded.yaml
 *   tests        tests of the vaccination hotline; must hold no mistake, and pass
 *   clinic-tests  the same, of the hotline in test/rehearsal/clinic.yaml, which asks a backend
 *   wrong=CODE   besides: exactly one mistake or warning, and of this code
 */

describe('the docs', function () {
  this.timeout(20_000)

  describe('every example', () => {
    for (const block of files.flatMap(blocksOf)) {
      it(`${block.file}:${block.line} ${block.words.join(' ')}`, () => checkExample(block))
    }

    it('stands between lines of ```, not only indented', () => {
      const words = [...stepKinds.keys(), ...Object.keys(hotlineSchema.shape), 'test', 'hears', 'presses']
      const field = new RegExp(`^ {4,}(?:- )?(?:${words.join('|')}):(?: |$)`, 'm')
      for (const file of files) assert.doesNotMatch(withoutBlocks(file), field, file)
    })
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

  it('hotline.md names every field of a hotline\'s head', () => {
    const head = sectionsOf('docs/authors/hotline.md').get('The head')!.text
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

async function checkExample({ language, words, text }: Block): Promise<void> {
  const [kind = '', ...more] = words
  const known = language === 'yaml' && ['voices', 'hotline', 'head', 'steps', 'called', 'translations', 'audio', 'recorded', 'tests', 'clinic-tests'].includes(kind)
  assert.ok(known, 'say behind ``` what the block is: yaml voices, hotline, head, steps, called, translations, audio, recorded, tests or clinic-tests; see docs.test.ts')
  const [, wrong] = /^wrong=(.+)$/.exec(more[0] ?? '') ?? []
  assert.equal(more.length, wrong === undefined ? 0 : 1, `${more.join(' ')} says nothing here`)
  const mistakes = kind === 'voices' ? await mistakesInVoices(text) : kind.endsWith('tests') ? await mistakesInTests(text, kind === 'tests' ? 'flows/vaccination' : 'test/rehearsal/clinic.yaml') : mistakesIn(filesWith(kind, text))
  const codes = mistakes.map(({ code }) => code)
  assert.deepEqual(codes, wrong === undefined ? [] : [wrong], mistakes.map((one) => one.pretty()).join('\n\n'))
}

/** What `callwright test` finds in tests of this text; they must pass. */
async function mistakesInTests(text: string, path: string): Promise<FlowError[]> {
  const { compiled } = hotlinesForTests(join(root, path))[0]!
  const { conversations, mistakes } = readTests(text, 'tests.yaml', compiled!.flow)
  for (const conversation of conversations) {
    const failure = await rehearse(compiled!, conversation)
    assert.ok(!failure, failure && inFull({ conversation, failure }))
  }
  return mistakes
}

/** What `callwright check` finds in a file of voices. */
async function mistakesInVoices(text: string): Promise<FlowError[]> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-docs-'))
  try {
    writeFileSync(join(folder, 'voices.yaml'), text)
    return (await describedIn({ voices: join(folder, 'voices.yaml') })).mistakes
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What `callwright check` finds in a hotline of these files. */
function mistakesIn(files: Record<string, string>): FlowError[] {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-docs-'))
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'example', file)), { recursive: true })
      writeFileSync(join(folder, 'example', file), text)
    }
    return readHotlines(folder).flatMap(({ mistakes }) => mistakes)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
