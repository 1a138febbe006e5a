import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { setUp, type Bed } from './bed.ts'
import { runBlock, type Block, type Control } from './block.ts'
import { report } from './report.ts'

/*
 * From a key to the next prompt, as the caller hears it: a dialplan written by hand against Callwright, on the same
 * Asterisk, with the same sound files, turn by turn. `npm run bench`; with `-- --write` the result goes to RESULTS.md.
 */
const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '10,100,200' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '12' },
    write: { type: 'boolean', default: false },
  },
})
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)]
const sizes = values.calls.split(',').map(Number)
const all: Control[] = ['dialplan', 'callwright', 'plain']

async function measure(bed: Bed): Promise<Block[]> {
  // An engine in service is warm; so both begin with calls that do not count.
  for (const control of all) await runBlock(bed, control, 100, 10)
  const blocks: Block[] = []
  for (let round = 0; round < rounds; round++) {
    for (const calls of sizes) {
      // Who goes first changes, so that what else happens on the machine meets all.
      for (const control of round % 2 === 0 ? all : all.toReversed()) {
        blocks.push(await runBlock(bed, control, calls, seconds))
        progress(`round ${round + 1} of ${rounds}: ${calls} calls, ${control}`)
      }
    }
  }
  progress('done\n')
  return blocks
}

function progress(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${words.padEnd(50)}`)
}

const bed = await setUp()
try {
  const blocks = await measure(bed)
  const text = report(blocks, { asterisk: bed.version, seconds, troublesInLog: troubles(await bed.asterisk.logs()) })
  console.log(text)
  if (values.write) writeFileSync(new URL('RESULTS.md', import.meta.url), text)
} finally {
  await bed.close()
}

function troubles(log: string): string[] {
  const lines = log.split('\n').filter((line) => /\b(WARNING|ERROR)\b/.test(line))
  // From the start, modules say what they were not given; calls come later.
  return lines.filter((line) => /channel|res_agi|manager|taskprocessor|rtp|app_read|pjsip_session/i.test(line))
}
