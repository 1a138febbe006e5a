import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { Sessions } from '../engine/call/sessions.ts'
import { VirtualClock } from '../engine/clock.ts'
import { RecentCalls } from '../engine/history.ts'
import { checkFlow } from '../engine/language/check.ts'
import { compileFlow, type Compiled } from '../engine/language/compile.ts'
import { Simulator, type SimulatedCall } from '../telephony/simulator.ts'
import { quiet } from '../test/quiet.ts'
import { compiled } from './flow.ts'
import { loadNow, median, table } from './numbers.ts'

/*
 * The engine without a telephone: how many events one core carries, what a call weighs, how long a flow takes to be
 * checked and compiled. `node --expose-gc --import tsx bench/engine.ts`.
 */
const vaccination = readFileSync(new URL('../flows/vaccination/hotline.yaml', import.meta.url), 'utf8')
/** Time that this process had a processor, in milliseconds: what else runs on the machine does not count. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
/** A Monday at ten in Canberra, when the vaccination hotline is open. */
const open = Date.parse('2026-11-23T10:00:00+11:00')
/** Keys of one call, from the first menu to the queue: a booking, with one postcode keyed wrong. */
const KEYS = '112600226001'

type Engine = { clock: VirtualClock; sessions: Sessions; simulator: Simulator; events: () => number }

async function engineFor(flow: Compiled): Promise<Engine> {
  const clock = new VirtualClock(open)
  let events = 0
  const sessions = new Sessions({
    flowFor: () => flow, clock, history: new RecentCalls(), log: quiet,
    voice: { sound: () => Promise.reject(new Error('not wanted here')) },
  })
  const simulator = new Simulator({ name: 'bench', clock })
  // Counts what reaches the engine, at the door.
  const { open: reallyOpen } = simulator
  simulator.open = async (listener) => reallyOpen.call(simulator, {
    callArrived: (facts) => { events++; listener.callArrived(facts) },
    happened: (call, event) => { events++; listener.happened(call, event) },
  })
  await sessions.answer(simulator)
  return { clock, sessions, simulator, events: () => events }
}

const dial = ({ simulator }: Engine, i: number): SimulatedCall =>
  simulator.dial({ called: '100', caller: `+6125550${String(i).padStart(5, '0')}` }, () => {})

/** So many callers at a time, each with a talk to an agent, to the very end. */
function someCalls(engine: Engine, count: number): void {
  const calls = Array.from({ length: count }, (_, i) => dial(engine, i))
  for (const key of KEYS) for (const call of calls) call.press(key)
  engine.clock.pass(10_000) // what is said before the queue
  for (const call of calls) call.agentAnswers('Agent 1')
  for (const call of calls) call.leaveQueue('answered')
  engine.clock.pass(60_000) // what is asked and said at the end
  if (engine.sessions.count > 0) throw new Error('the calls have not ended')
}

/** Calls and events a second, the middle of several stretches. */
async function throughput(flow: Compiled): Promise<string[][]> {
  const stretch = async (): Promise<{ calls: number; events: number }> => {
    const engine = await engineFor(flow)
    const from = cpuMs()
    let calls = 0
    for (; cpuMs() - from < 2000; calls += 20) someCalls(engine, 20)
    const seconds = (cpuMs() - from) / 1000
    return { calls: calls / seconds, events: engine.events() / seconds }
  }
  const cold = await stretch()
  const warm: Awaited<ReturnType<typeof stretch>>[] = []
  for (let i = 0; i < 5; i++) warm.push(await stretch())
  const rate = median(warm.map(({ events }) => events))
  return [
    ['whole calls a second, one core', median(warm.map(({ calls }) => calls)).toFixed(0)],
    ['events a second, one core', rate.toFixed(0)],
    ['microseconds for an event', (1_000_000 / rate).toFixed(0)],
    ['the same in the first two seconds of a process', (1_000_000 / cold.events).toFixed(0)],
  ]
}

async function weight(flow: Compiled, count: number): Promise<string[]> {
  const engine = await engineFor(flow)
  const collect = (globalThis as { gc?: () => void }).gc ?? ((): void => {})
  const heap = (): number => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = heap()
  const calls = Array.from({ length: count }, (_, i) => dial(engine, i))
  for (const call of calls) for (const key of KEYS.slice(0, 3)) call.press(key)
  const each = (heap() - before) / count
  if (engine.sessions.count !== count) throw new Error('calls have ended')
  await engine.sessions.close()
  return [`memory of a call, ${count} at once, in the postcode step`, `${(each / 1024).toFixed(1)} kB`]
}

/** A flow of so many steps: menus in a chain, each with a way back and one to a person. */
function longFlow(steps: number): string {
  const menus = Array.from({ length: steps - 1 }, (_, i) => `  menu-${i}:
    menu:
      say: This is menu ${i}.
      keys:
        1: { for: number ${i}, go: ${i + 2 < steps ? `menu-${i + 1}` : 'agent'} }
        9: { go: menu-${Math.max(0, i - 1)} }
      otherwise: agent
`)
  return `hotline: Long
numbers: ["900"]
queues: { all: { said: us } }
start: menu-0
steps:
${menus.join('')}  agent: { queue: all }
`
}

function reading(name: string, text: string, times: number): string[][] {
  const [checks, compiles]: [number[], number[]] = [[], []]
  for (let i = 0; i < times; i++) {
    const from = cpuMs()
    const { flow, mistakes } = checkFlow(text, { name: 'bench', file: 'bench.yaml' })
    checks.push(cpuMs() - from)
    if (!flow) throw new Error(mistakes[0]?.message)
    const checked = cpuMs()
    compileFlow(flow)
    compiles.push(cpuMs() - checked)
  }
  const row = (what: string, took: number[]): string[] =>
    [`${name}: ${what} (first time)`, `${median(took).toFixed(1)} ms (${took[0]!.toFixed(1)} ms)`]
  return [row('check', checks), row('compile', compiles)]
}

const flowRows = [...reading('vaccination flow', vaccination, 15), ...reading('flow of 1,000 steps', longFlow(1000), 7)]
const flow = compiled(vaccination)
const rows = [...(await throughput(flow)), await weight(flow, 1000), await weight(flow, 10_000), ...flowRows]
console.log(table(['the engine alone', ''], rows))
const rough = 'gc' in globalThis ? '' : '; memory is rough without --expose-gc'
console.log(`\nNode ${process.versions.node}, ${cpus()[0]?.model.trim()}, load of the machine ${loadNow()}${rough}`)
