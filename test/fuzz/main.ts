import { parseArgs } from 'node:util'
import { fuzz, growth, inFull, type Fuzzed, type Tally, type Trouble } from './fuzz.ts'
import { longestMs } from './judge.ts'

/*
 * Tens of thousands of spoilt files against the checker: `npm run fuzz`, others with `-- --from 50000 --count 1000`.
 * Exit code 1 when one made it crash, hang, take too long, say too little, or keep memory.
 */
const { values } = parseArgs({
  options: { from: { type: 'string', default: '0' }, count: { type: 'string', default: '50000' } },
})
const [from, count] = [Number(values.from), Number(values.count)]
/** Memory that may stay, beside what V8 keeps for itself. */
const mostGrowth = 8 * 2 ** 20

const began = performance.now()
let shown = 0
const fuzzed = await fuzz(from, from + count, (n) => {
  const done = n - from + 1
  // On a terminal in place, in a log now and then.
  if (performance.now() - shown < (process.stderr.isTTY ? 200 : 15_000)) return
  shown = performance.now()
  const [before, after] = process.stderr.isTTY ? ['\r', ' '] : ['', '\n']
  process.stderr.write(`${before}${done} of ${count} files${after}`)
})
console.log(`\n${table(fuzzed)}\n`)
for (const { after, used } of fuzzed.memory)
  console.log(`memory after ${percent(after)}: heap ${mib(used.heap)}, whole process ${mib(used.rss)}`)
const grown = fuzzed.memory.length > 1 ? growth(fuzzed).heap : 0
for (const [first, ...like] of alike(fuzzed.troubles).slice(0, 20)) {
  console.log(`\n${inFull(first)}`)
  if (like.length > 0) console.log(`--- and ${like.length} like it: ${like.slice(0, 20).map(({ n }) => n).join(', ')}`)
}
if (grown > mostGrowth) console.log(`\nthe heap has grown by ${mib(grown)}`)
const seconds = Math.round((performance.now() - began) / 1000)
console.log(`\n${count} files in ${seconds} s, from case ${from}: ${fuzzed.troubles.length} troubles`)
process.exitCode = fuzzed.troubles.length > 0 || grown > mostGrowth ? 1 : 0

/** Troubles of the same words, but for their numbers. */
function alike(troubles: Trouble[]): [Trouble, ...Trouble[]][] {
  const groups = new Map<string, [Trouble, ...Trouble[]]>()
  for (const one of troubles) {
    const words = one.trouble.split('\n', 1)[0]!.replaceAll(/\d+/g, '0').slice(0, 80)
    const group = groups.get(words)
    if (group) group.push(one)
    else groups.set(words, [one])
  }
  return [...groups.values()]
}

function table({ tallies }: Fuzzed): string {
  const rows = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1))
  const none: Tally = { cases: 0, refused: 0, warned: 0, clean: 0, ms: 0, slowest: { n: 0, ms: 0 } }
  const all = rows.map(([, tally]) => tally).reduce(together, none)
  const head = '| spoilt by | files | refused | warned | clean | mean ms | slowest ms (case) |'
  const rule = '|---|--:|--:|--:|--:|--:|--:|'
  const row = ([how, { cases, refused, warned, clean, ms, slowest }]: [string, Tally]): string => {
    const times = `${(ms / cases).toFixed(1)} | ${slowest.ms.toFixed(0)} (${slowest.n})`
    return `| ${how} | ${cases} | ${refused} | ${warned} | ${clean} | ${times} |`
  }
  return [head, rule, ...rows.map(row), row([`all; at most ${longestMs} ms each`, all])].join('\n')
}

function together(a: Tally, b: Tally): Tally {
  return {
    cases: a.cases + b.cases,
    refused: a.refused + b.refused,
    warned: a.warned + b.warned,
    clean: a.clean + b.clean,
    ms: a.ms + b.ms,
    slowest: a.slowest.ms > b.slowest.ms ? a.slowest : b.slowest,
  }
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`.padStart(5)
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
