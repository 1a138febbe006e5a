import { setTimeout as passes } from 'node:timers/promises'
import { LEASE } from '../../telephony/ami/places.ts'
import { Bed } from './bed.ts'
import { Crowd } from './crowd.ts'
import { count, ms, type Figure } from './figures.ts'

/** Until Asterisk leads a call on whose lease nobody renews. Milliseconds. */
const lease = LEASE * 1000

/** The engine is killed and never comes back: callers go on in the dialplan, and new ones are answered by it. */
export async function gone({ menus, queued, late }: Record<'menus' | 'queued' | 'late', number>): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    await bed.startEngine()
    const quarter = Math.floor(menus / 4)
    const [number, second, brief] = [quarter, quarter, quarter]
    const crowd = await Crowd.gather(bed, { main: menus - 3 * quarter, number, second, brief, queue: queued })
    const from = performance.now()
    await bed.engine.kill()
    const phone = await bed.phone()
    // Half of them come before anybody has noticed, and half of them after.
    const answered = Array.from({ length: late }, async (_, i) => {
      await passes(i % 2 === 0 ? 500 + 100 * i : lease + 500 + 100 * i)
      const dialled = performance.now()
      const call = await phone.dial('900', { from: `+6125559${String(i).padStart(4, '0')}` })
      const { began } = await call.hears('main', { within: 10_000 }).catch(() => ({ began: NaN }))
      return { call, after: began - dialled }
    })
    await passes(lease + 2000)
    const figures = crowd.figures(from, { p95: lease + 200, max: lease + 500 })
    const lately = await Promise.all(answered)
    const longest = (of: number): number => Math.max(...lately.filter((_, i) => i % 2 === of).map(({ after }) => after))
    figures.push(ms('new callers in that moment: longest until the first prompt', longest(0), 1000))
    figures.push(ms('new callers after it: longest until the first prompt', longest(1), 1000))
    figures.push(...await crowd.goOn())
    await crowd.hangUp()
    await Promise.all(lately.map(({ call }) => call.hangUp()))
    return [...figures, ...await bed.left({ engine: false })]
  } finally {
    await bed.close()
  }
}

/** It is told to end: it takes no new calls, and those under way go on in the dialplan after the time set. */
export async function drained({ menus, queued }: { menus: number; queued: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    const engine = await bed.startEngine({ env: { DRAIN: '2s' } })
    const half = Math.floor(menus / 2)
    const crowd = await Crowd.gather(bed, { main: menus - half, second: half, queue: queued })
    const from = performance.now()
    engine.signal('SIGTERM')
    await engine.whenEnded()
    const took = performance.now() - from
    await passes(1500)
    const figures = [
      ms('until it had ended (DRAIN=2s)', took, 4000),
      count('exit code other than 3', engine.exitCode === 3 ? 0 : 1),
      ...crowd.figures(from, { p95: 4000, max: 4000 }),
      ...await crowd.goOn(),
    ]
    await crowd.hangUp()
    return [...figures, ...await bed.left({ engine: false })]
  } finally {
    await bed.close()
  }
}
