import { setTimeout as pass } from 'node:timers/promises'
import type { MissingPrompt, Voices } from '../engine/voice/voices.ts'
import { count } from './check.ts'
import { countRows, spokenRows, standInsOf, type PromptRow } from './prompts-list.ts'
import type { Good } from './prompts.ts'

const barWidth = 30
/** A voice that has failed is left alone for a while: how often prompts are tried, and after how many milliseconds. */
const [tries, pauseMs] = [3, 2000]

/** Where progress is shown; `wait` lets milliseconds pass. */
type Ports = { screen?: { isTTY?: boolean; write(text: string): unknown }; wait?: (ms: number) => Promise<unknown> }

/** `callwright prompts --render`: makes every prompt that calls will need. The exit code: 1 when some stay missing. */
export async function renderAll(voices: Voices, hotlines: Good[], ports: Ports = {}): Promise<number> {
  const { screen = process.stdout, wait = pass } = ports
  const rows = async (): Promise<PromptRow[]> =>
    (await Promise.all(hotlines.map((one) => spokenRows(one, voices)))).flat()
  const from = performance.now()
  const before = countRows(await rows())
  let { missing } = await voices.prepare(hotlines.flatMap(({ compiled }) => compiled.fixedPrompts), progressOn(screen))
  for (let n = 1; n < tries && missing.length > 0; n++) {
    await wait(pauseMs)
    missing = (await voices.prepare(missing.map(({ prompt }) => prompt))).missing
  }
  const values = await voices.prepareValues(hotlines.flatMap(({ compiled }) => compiled.withValues))
  // A voice that failed over one text had others speak those after it, too.
  await voices.improve()
  const after = await rows()
  const lacking = [...missing, ...values.missing]
  for (const line of [...whysOf(lacking), ...standInsOf(after)]) console.error(line)
  const { there, toBeMade, withValue } = countRows(after)
  const words = values.made > 0 ? ` and ${count(values.made, 'word')} for values` : ''
  const took = ((performance.now() - from) / 1000).toFixed(1)
  const told = [
    `${there - before.there}${words} made now, in ${took} s`,
    ...(withValue > 0 ? [`${withValue} said with a value`] : []),
    ...(lacking.length > 0 ? [`${toBeMade + values.missing.length} missing`] : []),
  ]
  console.log(`${count(there, 'prompt')} ready; ${told.join('; ')}.`)
  return lacking.length > 0 ? 1 : 0
}

/** Each reason once, with one of the prompts that are missing for it. */
function whysOf(missing: MissingPrompt[]): string[] {
  return [...new Set(missing.map(({ why }) => why))].map((why) => {
    const first = missing.find((one) => one.why === why)!.prompt.map(({ text }) => text).join(' ')
    return `not there: ${why}; for instance "${first}"`
  })
}

/** A bar that grows at a terminal; elsewhere, a line at each quarter. */
function progressOn(screen: NonNullable<Ports['screen']>): (done: number, of: number) => void {
  let told = 0
  return (done, of) => {
    const percent = Math.floor((done / of) * 100)
    if (screen.isTTY) {
      const filled = Math.round((done / of) * barWidth)
      const bar = '#'.repeat(filled).padEnd(barWidth, '-')
      screen.write(`\r[${bar}] ${percent} %${done === of ? '\n' : ''}`)
    } else if (Math.floor(percent / 25) > told) {
      told = Math.floor(percent / 25)
      screen.write(`${percent} % done\n`)
    }
  }
}
