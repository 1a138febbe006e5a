import { setTimeout as passes } from 'node:timers/promises'
import { Bed } from './bed.ts'
import { Crowd } from './crowd.ts'
import { count, ms, type Figure } from './figures.ts'
import { until } from './until.ts'

/** The connection to Asterisk is cut for so long, and nobody is told: a cable pulled out. */
export async function wireCut({ callers, seconds }: { callers: number; seconds: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    await bed.startEngine()
    const crowd = await scattered(bed, callers)
    const from = performance.now()
    bed.wire.swallow()
    const leaving = await someLeave(crowd)
    await passes(seconds * 1000 - (performance.now() - from))
    bed.wire.mend()
    const mended = performance.now()
    const closed = await until(() => closedOf(bed, leaving) === leaving.length, 15_000)
    await passes(Math.max(0, 3000 - (performance.now() - mended)))
    const noticed = bed.engine.said(/lost the connection/, from) ?? NaN
    const figures = [
      // A shorter cut is over before anybody could be sure of it.
      ...(seconds < 5 ? [] : [ms('until it was noticed', noticed - from, 5000)]),
      ms('after the repair, until hang-ups missed were closed', closed - mended, 12_000),
      ...crowd.figures(from),
      ...await crowd.goOn(),
    ]
    await crowd.hangUp()
    return [...figures, ...await bed.left()]
  } finally {
    await bed.close()
  }
}

/** The engine is frozen for so long, and wakes. */
export async function frozen({ callers, seconds }: { callers: number; seconds: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    const engine = await bed.startEngine()
    const crowd = await scattered(bed, callers)
    const from = performance.now()
    engine.signal('SIGSTOP')
    const leaving = await someLeave(crowd)
    await passes(seconds * 1000 - (performance.now() - from))
    const stale = await staleOrders(bed)
    engine.signal('SIGCONT')
    const woken = performance.now()
    const closed = await until(() => closedOf(bed, leaving) === leaving.length, 15_000)
    await passes(Math.max(0, 3000 - (performance.now() - woken)))
    const figures = [
      ms('after waking, until hang-ups missed were closed', closed - woken, 2000),
      count('orders to calls that were not its own any more', stale()),
      ...crowd.figures(from),
      // Who presses nothing for so long is in the queue by then, as the flow says.
      ...(seconds > 60 ? [] : await crowd.goOn()),
    ]
    await crowd.hangUp()
    return [...figures, ...await bed.left()]
  } finally {
    await bed.close()
  }
}

async function scattered(bed: Bed, callers: number): Promise<Crowd> {
  const fifth = Math.floor(callers / 5)
  const [number, second, brief, queue] = [fifth, fifth, fifth, fifth]
  return await Crowd.gather(bed, { main: callers - 4 * fifth, number, second, brief, queue })
}

/** Every fourth hangs up, half a second into the fault; their numbers. */
async function someLeave(crowd: Crowd): Promise<string[]> {
  await passes(500)
  const leaving = crowd.callers.filter((_, i) => i % 4 === 0)
  await crowd.hangUp(leaving)
  return leaving.map(({ from }) => from)
}

/** What does something to a call. */
const ORDERS = /^Action: (AGI|Redirect|Hangup|AbsoluteTimeout|ControlPlayback)\b/im

/** From now on, counts orders to channels that do not wait for orders now. */
async function staleOrders(bed: Bed): Promise<() => number> {
  const listed = await bed.asterisk.cli('core show channels concise')
  const rows = listed.split('\n').map((line) => line.split('!'))
  const waiting = rows.filter(([, context]) => context === 'callwright-control')
  const ours = new Set(waiting.map(([name]) => name))
  let sent = ''
  bed.wire.onSent = (data) => (sent += data.toString())
  return () => {
    const orders = sent.split('\r\n\r\n').filter((action) => ORDERS.test(action))
    const channels = orders.map((action) => /^Channel: (.*)$/im.exec(action)?.[1]?.trim())
    // On a channel of its own the engine tries how Asterisk gets at sounds.
    return channels.filter((channel) => !ours.has(channel) && !channel?.includes('@callwright-sounds')).length
  }
}

/** How many calls of these numbers the journal knows to be over. */
function closedOf(bed: Bed, numbers: string[]): number {
  const rows = bed.asks<{ caller: string }>('SELECT caller FROM calls WHERE ended_at IS NOT NULL')
  const ended = new Set(rows.map(({ caller }) => caller))
  return numbers.filter((number) => ended.has(number)).length
}
