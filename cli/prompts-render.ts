import { setTimeout as pass } from 'node:timers/promises'
import type { MissingPrompt, Voices } from '../engine/voice/voices.ts'
import { count } from './check.ts'
import type { Good } from './prompts.ts'

const barWidth = 30
/** A voice that has failed is left alone for a while: how often prompts are tried, and after how many milliseconds. */
const [tries, pauseMs] = [3, 2000]

/** Where progress is shown; `wait` lets milliseconds pass. */
type Ports = { screen?: { isTTY?: boolean; write(text: string): unknown }; wait?: (ms: number) => Promise<unknown> }

/** `callwright prompts --render`: makes every prompt that calls will need. The exit code: 1 when some stay missing. */
export async function renderAll(voices: Voices, hotlines: Good[], ports: Ports = {}): Promise<number> {
  const { screen = process.stdout, wait = pass } = ports
  const prompts = hotlines.flatMap(({ compiled }) => compiled.fixedPrompts)
  const from = performance.now()
  let { made, missing } = await voices.prepare(prompts, progressOn(screen))
  for (let n = 1; n < tries && missing.length > 0; n++) {
    await wait(pauseMs)
    const again = await voices.prepare(missing.map(({ prompt }) => prompt))
    made += again.made
    missing = again.missing
  }
  const values = await voices.prepareValues(hotlines.flatMap(({ compiled }) => compiled.withValues))
  const lacking = [...missing, ...values.missing]
  for (const line of whysOf(lacking)) console.error(line)
  const words = values.made > 0 ? ` and ${count(values.made, 'word')} for values` : ''
  const took = ((performance.now() - from) / 1000).toFixed(1)
  const rest = lacking.length > 0 ? `; ${lacking.length} missing` : ''
  const ready = count(prompts.length - missing.length, 'prompt')
  console.log(`${ready} ready; ${made}${words} made now, in ${took} s${rest}.`)
  return lacking.length > 0 ? 1 : 0
}

/** Each reason once, with one of the prompts that are missing for it. */
function whysOf(missing: MissingPrompt[]): string[] {
  return [...new Set(missing.map(({ why }) => why))].map((why) => {
    const those = missing.filter((one) => one.why === why)
    const first = those[0]!.prompt.map(({ text }) => text).join(' ')
    return `${count(those.length, 'prompt')} missing: ${why}; the first is "${first}"`
  })
}

/** A bar that grows at a terminal; elsewhere, a line at each quarter. */
function progressOn(screen: NonNullable<Ports['screen']>): (done: number, of: number) => void {
  let told = 0
  return (done, of) => {
    if (screen.isTTY) {
      const filled = Math.round((done / of) * barWidth)
      const bar = '#'.repeat(filled).padEnd(barWidth, '-')
      screen.write(`\r[${bar}] ${done} of ${of}${done === of ? '\n' : ''}`)
    } else if (Math.floor((done / of) * 4) > told) {
      told = Math.floor((done / of) * 4)
      screen.write(`${done} of ${count(of, 'prompt')}\n`)
    }
  }
}
