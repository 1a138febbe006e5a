import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Hotline } from '../engine/hotlines.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { junit, type Suite } from '../rehearsal/junit.ts'
import { rehearseHotline, type Rehearsal } from '../rehearsal/rehearse.ts'
import { inFull, inShort, notNeeded } from '../rehearsal/report.ts'
import { hotlinesForTests } from '../rehearsal/unplugged.ts'
import { inWords, walk, walkMark } from '../rehearsal/walk/walk.ts'
import { count } from './check.ts'
import { readSettings } from './settings.ts'

export type TestOptions = { junit?: string; grep?: string; coverage: boolean; walk?: boolean }

/** `callwright test`: the conversations beside each hotline, in virtual time. */
export async function test(path: string, options: TestOptions): Promise<void> {
  const hotlines = hotlinesForTests(path, readSettings().flowEnv)
  if (options.walk) for (const { file, compiled } of hotlines) if (compiled) writeWalk(file, compiled)
  const suites: Suite[] = []
  for (const hotline of hotlines) {
    const suite = await rehearsed(hotline, options)
    suites.push(suite)
    tell(suite, options)
  }
  if (options.junit !== undefined) writeFileSync(options.junit, junit(suites))
  const ran = suites.flatMap((suite) => ('broken' in suite ? [] : [suite]))
  const results = ran.flatMap((one) => one.results)
  const failed = results.filter(({ failure }) => failure).length
  if (options.grep !== undefined && results.length === 0) throw new Error(`no test has "${options.grep}" in its name`)
  if (hotlines.length > 1) console.log(`${count(results.length - failed, 'test')} passed, ${failed} failed`)
  process.exitCode = failed > 0 || ran.length < suites.length || ran.some(({ mistakes }) => mistakes.length > 0) ? 1 : 0
}

async function rehearsed({ name, file, compiled, mistakes }: Hotline, { grep, coverage }: TestOptions): Promise<Suite> {
  if (!compiled) return { name, broken: mistakes.filter(({ warning }) => !warning) }
  const rehearsal = await rehearseHotline(name, file, compiled, grep)
  if (!coverage) delete rehearsal.coverage
  return rehearsal
}

function tell(suite: Suite, { grep }: TestOptions): void {
  if ('broken' in suite) {
    for (const mistake of suite.broken) console.log(`${mistake.pretty()}\n`)
    return console.log(
      `${suite.name}: ${count(suite.broken.length, 'mistake')} in the hotline itself; its tests did not run`,
    )
  }
  // Of many hotlines only those with such tests are of interest.
  if (grep !== undefined && suite.results.length === 0 && suite.mistakes.length === 0) return
  tellRehearsal(suite)
}

function tellRehearsal(rehearsal: Rehearsal): void {
  for (const mistake of rehearsal.mistakes) console.log(`${mistake.pretty()}\n`)
  for (const result of rehearsal.results)
    if (result.failure) console.log(`${inFull({ ...result, failure: result.failure })}\n`)
  for (const line of rehearsal.results.flatMap(notNeeded)) console.log(`${line}\n`)
  for (const line of inShort(rehearsal)) console.log(line)
}

/** Writes conversations that go every way, beside the hotline; a file that somebody else has written stays as it is. */
function writeWalk(hotlineFile: string, compiled: Compiled): void {
  const file = join(dirname(hotlineFile), 'tests.walk.yaml')
  if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(walkMark))
    throw new Error(
      `${file} was not written by "callwright test --walk" and stays as it is: give it another name, as tests.own.yaml`,
    )
  const { text, tests, unreached } = walk(compiled)
  writeFileSync(file, text)
  console.log(`${file}: ${count(tests, 'conversation')} written`)
  for (const { mark, why } of unreached) console.log(`  not reached: ${inWords(mark)}: ${why}`)
}
