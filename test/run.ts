import { readdirSync } from 'node:fs'
import Mocha, { type Test } from 'mocha'
import { provision } from './asterisk/provision.ts'

/**
 * `npm test`: brings up what the tests need, runs them, and says plainly which did not run and why. Words after
 * `npm test --` choose files whose path holds one of them. Answers the exit code.
 *
 * `NEED_ASTERISK=1` makes it a failure that no Asterisk can be had; without it the tests on the real thing are left
 * out where there is none.
 */
export async function runAll(words: string[]): Promise<number> {
  const installation = await provision((line) => console.log(line))
  const missing = 'none' in installation ? installation.none : undefined
  if (missing !== undefined && process.env.NEED_ASTERISK === '1') {
    console.error(`No Asterisk for the tests: ${missing}`)
    console.log('0 passed, 1 failed')
    return 1
  }
  const files = testFiles().filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  const mocha = new Mocha({ timeout: 30_000, reporter: 'spec', color: process.stdout.isTTY })
  for (const file of files) mocha.addFile(file)
  try {
    await mocha.loadFilesAsync()
  } catch (error) {
    console.error(error)
    console.log('0 passed, 1 failed')
    return 1
  }
  const leftOut: Test[] = []
  let passed = 0
  const failed = await new Promise<number>((resolve) => {
    mocha.run((failures) => resolve(failures))
      .on('pass', () => passed++)
      .on('pending', (test) => leftOut.push(test))
  })
  for (const test of leftOut) console.log(`did not run: ${test.fullTitle()}`)
  if (leftOut.length > 0) console.log(`${leftOut.length} tests did not run: ${missing === undefined ? 'see above' : `there is no Asterisk here (${missing})`}`)
  const open = await leftOpen()
  if (open.length > 0) console.log(`the tests have left open: ${open.join(', ')}`)
  console.log(`${passed} passed, ${failed + (open.length > 0 ? 1 : 0)} failed`)
  // What is left open would keep the process alive for ever.
  if (open.length > 0) process.exit(1)
  return failed > 0 || passed === 0 ? 1 : 0
}

/** Sockets, timers and processes that nobody has closed, a moment after the last test. */
async function leftOpen(): Promise<string[]> {
  const open = (): string[] => process.getActiveResourcesInfo().filter((name) => !['TTYWrap', 'PipeWrap', 'Immediate', 'FSReqCallback', 'FSReqPromise'].includes(name))
  for (let i = 0; i < 20 && open().length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 100))
  return open()
}

/** All test files; those on the real thing last, so that a plain mistake shows at once. */
function testFiles(): string[] {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts')).map((file) => `test/${file}`)
  return files.sort((a, b) => Number(a.includes('.real.')) - Number(b.includes('.real.')) || a.localeCompare(b))
}
