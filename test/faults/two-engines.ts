import { setTimeout as passes } from 'node:timers/promises'
import { Proxy } from '../telephony/proxy.ts'
import { Bed } from './bed.ts'
import { Crowd } from './crowd.ts'
import { count, type Figure } from './figures.ts'

/** A second engine stands by with the same data folder. The first is killed, told to end, or frozen and woken much later. */
export async function takenOver(how: 'killed' | 'told to end' | 'frozen', { callers }: { callers: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  const wire = await Proxy.to(bed.asterisk.ami.port)
  try {
    const first = await bed.startEngine()
    const second = bed.launch({ env: { AMI_PORT: String(wire.port) } })
    await second.says(/stands by/)
    const quarter = Math.floor(callers / 4)
    const rest = callers - 3 * quarter
    const crowd = await Crowd.gather(bed, { main: rest, number: quarter, second: quarter, queue: quarter })
    const from = performance.now()
    if (how === 'killed') await first.kill()
    else first.signal(how === 'frozen' ? 'SIGSTOP' : 'SIGTERM')
    await second.says(/is connected/)
    await passes(4000)
    const figures = crowd.figures(from, how === 'told to end' ? { p95: 1500, max: 2000 } : { p95: 10_000, max: 10_000 })
    if (how === 'told to end') figures.push(count('the first did not end with code 0', first.exitCode === 0 ? 0 : 1))
    if (how === 'frozen') figures.push(...await woken(bed, first))
    figures.push(...await crowd.goOn())
    await crowd.hangUp()
    return [...figures, ...await bed.left()]
  } finally {
    await bed.close()
    wire.close()
  }
}

/** The first engine wakes up and finds the calls in other hands. */
async function woken(bed: Bed, first: Bed['engine']): Promise<Figure[]> {
  let sent = ''
  bed.wire.onSent = (data) => (sent += data.toString())
  first.signal('SIGCONT')
  await Promise.race([first.whenEnded(), passes(5000)])
  const orders = sent.match(/^Action: (AGI|Redirect|Hangup|AbsoluteTimeout|ControlPlayback|Originate)\r$/gim) ?? []
  return [
    count('orders of the first engine after it woke', orders.length),
    count('it did not end by itself with code 4', first.exitCode === 4 ? 0 : 1),
  ]
}
