import { fork } from 'node:child_process'
import { caseOf } from './cases.ts'
import type { Memory, Report } from './child.ts'
import type { Verdict } from './judge.ts'

/** Longer than this no case may keep the child, whatever else the machine does. */
const hangMs = 20_000

/** A case in which the checker did wrong. */
export type Trouble = { n: number; what: string; how: string; trouble: string; text: string }

/** What came of many cases, by the way in which they were spoilt. */
export type Tally = {
  cases: number
  refused: number
  warned: number
  clean: number
  ms: number
  slowest: { n: number; ms: number }
}
export type Fuzzed = { tallies: Map<string, Tally>; troubles: Trouble[]; memory: { after: number; used: Memory }[] }

/**
 * Has spoilt files checked, case by case, in a process of its own: one that does not come back is killed, and one that
 * takes too much memory dies alone. `ended` is called after each.
 */
export function fuzz(from: number, to: number, ended: (n: number) => void = () => {}): Promise<Fuzzed> {
  const result: Fuzzed = { tallies: new Map(), troubles: [], memory: [] }
  const child = fork(new URL('child.ts', import.meta.url), [String(from), String(to)], {
    execArgv: ['--import', 'tsx', '--expose-gc', '--max-old-space-size=384'],
  })
  let at = from
  let done = false
  const trouble = (words: string): void =>
    void result.troubles.push({ n: at, what: '', how: '', trouble: words, text: caseOf(at).text })
  const hangs = (): void => {
    trouble(`no answer within ${hangMs / 1000} s`)
    child.kill('SIGKILL')
  }
  const watch = (): NodeJS.Timeout => setTimeout(hangs, hangMs)
  let timer = watch()
  child.on('message', (report: Report) => {
    clearTimeout(timer)
    timer = watch()
    if ('begins' in report) at = report.begins
    else if ('memory' in report) result.memory.push({ after: report.after, used: report.memory })
    else {
      const { ended: n, what, how, verdict, text = '' } = report
      count(result.tallies, how, n, verdict)
      if (verdict.trouble !== undefined) result.troubles.push({ n, what, how, trouble: verdict.trouble, text })
      done = n === to - 1
      ended(n)
    }
  })
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (!done && result.troubles.length === 0) trouble(`the process has ended: ${signal ?? code}`)
      resolve(result)
    })
  })
}

function count(tallies: Map<string, Tally>, how: string, n: number, { ms, mistakes, warnings }: Verdict): void {
  const tally = tallies.get(how) ?? { cases: 0, refused: 0, warned: 0, clean: 0, ms: 0, slowest: { n, ms } }
  tallies.set(how, tally)
  tally.cases++
  tally[mistakes > 0 ? 'refused' : warnings > 0 ? 'warned' : 'clean']++
  tally.ms += ms
  if (ms > tally.slowest.ms) tally.slowest = { n, ms }
}

/** Memory that stays: how much more there is at the end than after the first tenth, when all is warm. */
export function growth({ memory }: Fuzzed): { heap: number; rss: number } {
  const [first, last] = [memory[0]!.used, memory.at(-1)!.used]
  return { heap: last.heap - first.heap, rss: last.rss - first.rss }
}

/** A trouble with all that is needed to look into it. */
export function inFull({ n, what, how, trouble, text }: Trouble): string {
  const kind = what ? ` (${what}, ${how})` : ''
  return `case ${n}${kind}: ${trouble}\n--- its text, as JSON\n${JSON.stringify(text.slice(0, 6000))}\n`
}
