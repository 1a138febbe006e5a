import { caseOf } from './cases.ts'
import { judge, type Verdict } from './judge.ts'

/** What a child tells: a case begins; it has ended; the memory after the garbage is collected. In bytes. */
export type Report =
  | { begins: number }
  | { ended: number; what: string; how: string; verdict: Verdict; text?: string }
  | { memory: Memory; after: number }

export type Memory = { rss: number; heap: number }

const [from = 0, to = 0] = process.argv.slice(2).map(Number)
const tell = (report: Report): Promise<void> => new Promise((resolve) => process.send!(report, () => resolve()))
const tenth = Math.max(1, Math.floor((to - from) / 10))

// Nobody is left to tell.
process.once('disconnect', () => process.exit())

for (let n = from; n < to; n++) {
  void tell({ begins: n })
  const { what, how, text } = caseOf(n)
  const verdict = judge({ what, text })
  await tell({ ended: n, what, how, verdict, ...(verdict.trouble === undefined ? {} : { text }) })
  const done = n - from + 1
  if (done % tenth === 0) await tell({ memory: memory(), after: done / (to - from) })
}
process.disconnect()

function memory(): Memory {
  globalThis.gc!()
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}
