import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as callwrightTest, type TestOptions } from '../../cli/test.ts'

const hotline = (number: number): string =>
  `hotline: Desk\nnumbers: ["${number}"]\nqueues: { desk: {} }\nstart: hello\nsteps:\n  hello: { say: Hello & <welcome>., next: desk }\n  desk: { queue: desk }\n`
const good =
  '- { test: a person, call: [hears: Hello, queued: desk] }\n- { test: "the \\"end\\" & <all>", call: [queued: desk, nobody-there, hung-up] }\n'

/** `callwright test`, without the process around it. */
describe('callwright test', () => {
  let folder: string
  const write = (name: string, files: Record<string, string>): void => {
    mkdirSync(join(folder, name), { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text)
  }
  const run = async (options: Partial<TestOptions> = {}, path = folder) => {
    const lines: string[] = []
    const { log } = console
    const before = process.exitCode
    console.log = (line: string) => void lines.push(line)
    try {
      await callwrightTest(path, { coverage: true, ...options })
      return {
        code: process.exitCode,
        text: lines
          .join('\n')
          .replaceAll(/in \d+ ms/g, 'in 5 ms')
          .replaceAll(folder, 'flows'),
      }
    } finally {
      console.log = log
      process.exitCode = before
    }
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-test-'))
    write('one', { 'hotline.yaml': hotline(300), 'tests.yaml': good })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('answers 0 when all pass, with what was not walked', async () => {
    assert.deepEqual(await run(), {
      code: 0,
      text: 'one: 2 passed, 2 of 5 ways walked (40 %), in 5 ms\n  never walked: desk: answered, timed-out, failed',
    })
    assert.deepEqual(await run({ coverage: false }), { code: 0, text: 'one: 2 passed, in 5 ms' })
  })

  it('answers 1 when one fails, and shows it in full', async () => {
    write('one', { 'tests.evening.yaml': '- test: b\n  call:\n    - hears: Good evening\n' })
    const { code, text } = await run({ coverage: false })
    assert.equal(code, 1)
    assert.equal(
      text,
      `✗ b
  flows/one/tests.evening.yaml:3:7 "Good evening" was not said; the caller waits in the queue desk

      0:00  [hello]
      0:00  hotline  Hello & <welcome>.
      0:00  [desk]
      0:00  line     waits in the queue desk; the agent sees only who calls
  > here the test says: hears: Good evening

one: 2 passed, 1 failed, in 5 ms`,
    )
  })

  it('answers 1 for mistakes in tests, which do not keep the others from running', async () => {
    write('one', { 'tests.yaml': `${good}- { test: c, call: [hear: Hello] }\n` })
    const { code, text } = await run({ coverage: false })
    assert.equal(code, 1)
    assert.match(
      text,
      /tests\.yaml:3:21 unknown-field: a conversation knows no "hear"; did you mean "hears"\?\n {2}3 \| .*\n +\| +\^/,
    )
    assert.match(text, /one: 2 passed, 1 mistake in its tests, in 5 ms/)
  })

  it('answers 1 for a hotline with mistakes, whose tests do not run', async () => {
    write('two', { 'hotline.yaml': hotline(301).replace('next: desk', 'next: dekk'), 'tests.yaml': good })
    const { code, text } = await run()
    assert.equal(code, 1)
    assert.match(text, /unknown-step/)
    assert.match(text, /two: 1 mistake in the hotline itself; its tests did not run\n2 tests passed, 0 failed$/)
  })

  it('says that there are no tests', async () => {
    rmSync(join(folder, 'one/tests.yaml'))
    assert.deepEqual(await run(), {
      code: 0,
      text: 'one: no tests yet; write tests.yaml beside it, or have "callwright test --walk" write some',
    })
  })

  it('runs tests with a word in their name, and cannot when there are none', async () => {
    write('two', { 'hotline.yaml': hotline(301), 'tests.yaml': '- { test: other, call: [hangs-up] }\n' })
    assert.deepEqual(await run({ grep: 'A PERSON' }), {
      code: 0,
      text: 'one: 1 passed, in 5 ms\n1 test passed, 0 failed',
    })
    await assert.rejects(run({ grep: 'nothing' }), /no test has "nothing" in its name/)
    await assert.rejects(run({}, join(folder, 'nowhere')), /there is no /)
  })

  it('writes conversations that go every way, and runs them too', async () => {
    rmSync(join(folder, 'one/tests.yaml'))
    const { code, text } = await run({ walk: true })
    assert.deepEqual(
      { code, text },
      {
        code: 0,
        text: 'flows/one/tests.walk.yaml: 4 conversations written\none: 4 passed, 5 of 5 ways walked (100 %), in 5 ms',
      },
    )
    assert.equal((await run({ walk: true })).text, text)
  })

  it('never writes over a file of somebody else', async () => {
    write('one', { 'tests.walk.yaml': good })
    await assert.rejects(
      run({ walk: true }),
      /tests\.walk\.yaml was not written by "callwright test --walk" and stays as it is/,
    )
    assert.equal(readFileSync(join(folder, 'one/tests.walk.yaml'), 'utf8'), good)
    assert.ok(!existsSync(join(folder, 'two')))
  })

  it('writes what build servers read, well-formed whatever stands in the tests', async () => {
    write('one', {
      'tests.yaml': `${good}- { test: "d \\u2028\\x7F]]> <&>\\"'\\t", call: [hears: "<b> & \\"c\\" 'd' \uFFFE"] }\n- { test: e, call: [hear: x] }\n`,
    })
    write('two', { 'hotline.yaml': hotline(301).replace('next: desk', 'next: dekk') })
    const file = join(folder, 'tests.xml')
    assert.equal((await run({ junit: file })).code, 1)
    const xml = readFileSync(file, 'utf8')
    assert.deepEqual(elementsOf(xml), { testsuites: 1, testsuite: 2, testcase: 5, failure: 0, error: 3 })
    assert.match(
      xml,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="callwright" tests="5" failures="0" errors="3">/,
    )
    assert.match(
      xml,
      /name="the &quot;end&quot; &amp; &lt;all&gt;" file="[^"]*tests\.yaml" line="2" time="\d+\.\d{3}"\/>/,
    )
  })

  it('tells build servers why a test failed', async () => {
    write('one', { 'tests.yaml': '- { test: "]]> <&>\\"\'", call: [hears: "<b> & \\"c\\" \uFFFE]]>"] }\n' })
    const file = join(folder, 'tests.xml')
    assert.equal((await run({ junit: file })).code, 1)
    const xml = readFileSync(file, 'utf8')
    assert.deepEqual(elementsOf(xml), { testsuites: 1, testsuite: 1, testcase: 1, failure: 1, error: 0 })
    assert.match(
      xml,
      /<failure message="&quot;&lt;b&gt; &amp; &quot;c&quot; \uFFFD\]\]&gt;&quot; was not said; the caller waits in the queue desk">✗ /,
    )
  })
})

/** Counts the elements of an XML text; throws when it is not well-formed. */
function elementsOf(xml: string): Record<string, number> {
  const counts: Record<string, number> = { testsuites: 0, testsuite: 0, testcase: 0, failure: 0, error: 0 }
  const open: string[] = []
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(xml, /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/)
  const rest = xml
    .replace(/^<\?xml[^?]*\?>\n/, '')
    .replaceAll(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, end: string, name: string, __, alone: string) => {
      if (end) assert.equal(open.pop(), name)
      else counts[name] = (counts[name] ?? 0) + 1
      if (!end && !alone) open.push(name)
      return ''
    })
  assert.deepEqual(open, [])
  assert.doesNotMatch(rest, /[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/)
  return counts
}
