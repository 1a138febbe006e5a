import { cpus, loadavg, totalmem } from 'node:os'
import { faults, notTried } from './faults.ts'
import { table, type Tried } from './figures.ts'

/*
 * Produces faults on a real Asterisk, with real callers, and prints what came of each. `npm run faults`; words behind
 * `--` choose faults whose name holds one of them.
 */
const words = process.argv.slice(2)
const all: Tried[] = []
for (const [fault, tried] of faults) {
  if (words.length > 0 && !words.some((word) => fault.includes(word))) continue
  const load = loadavg()[0]!.toFixed(1)
  const one = await tried().then((figures) => ({ fault, figures }), (error: Error) => ({ fault, why: error.message }))
  all.push(one)
  console.error(`${table([one]).split('\n').slice(2).join('\n')}\n(load before: ${load})`)
}
if (words.length === 0) all.push(...notTried.map(([fault, why]) => ({ fault, why })))
console.log(`\n${table(all)}\n
${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores (${cpus()[0]?.model.trim()}), \
${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.versions.node}; load at the end ${loadavg()[0]!.toFixed(1)}.`)
