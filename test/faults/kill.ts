import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import { MUSIC_ON_HOLD_TONE } from '../asterisk/config.ts'
import { Bed } from './bed.ts'
import { Crowd, type Caller } from './crowd.ts'
import { count, ms, type Figure } from './figures.ts'

/** The engine is killed and started again, with callers in menus and in a queue. */
export async function killed({ menus, queued }: { menus: number; queued: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    await bed.startEngine()
    const quarter = Math.floor(menus / 4)
    const [number, second, brief] = [quarter, quarter, quarter]
    const crowd = await Crowd.gather(bed, { main: menus - 3 * quarter, number, second, brief, queue: queued })
    const from = performance.now()
    await bed.engine.kill()
    await crowd.settled(from, bed.launch())
    const figures = crowd.figures(from, { p95: 1000, max: 2000 })
    figures.push(...await crowd.goOn())
    await crowd.hangUp()
    return [...figures, ...await bed.left()]
  } finally {
    await bed.close()
  }
}

/** It is killed again and again, 0.2 to 2 s apart: while it takes calls up again, and while a backend is asked. */
export async function killedAgainAndAgain({ callers, kills }: { callers: number; kills: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    await bed.startEngine()
    const quarter = Math.floor(callers / 4)
    const rest = callers - 3 * quarter
    const crowd = await Crowd.gather(bed, { main: quarter, second: quarter, number: quarter, queue: rest })
    const askers = crowd.callers.filter(({ place }) => place.keys === '1')
    const asking = [...askers]
    const from = performance.now()
    for (let i = 0; i < kills; i++) {
      await bed.engine.kill()
      bed.launch()
      await passes(200 + 1800 * Math.random())
      // Some of them key their number in between.
      const some = asking.splice(0, Math.ceil((2 * quarter) / kills))
      await Promise.all(some.map(({ call }) => call.press('4711', { ms: 60 }).catch(() => {})))
    }
    await Promise.race([bed.engine.says(/is connected/).catch(() => {}), passes(10_000)])
    await passes(2000)
    const silence = crowd.silence(from, performance.now())
    const inQueue = await Promise.all(askers.map(asksUntilMusic))
    const figures = [
      count(`dropped of ${callers}`, crowd.dropped(from)),
      count(`of ${askers.length} who asked a backend, not in the queue then`, inQueue.filter((one) => !one).length),
      ms('longest silence', silence, 3000),
    ]
    await crowd.hangUp()
    return [...figures, ...await bed.left()]
  } finally {
    await bed.close()
  }
}

/** It is killed while callers talk with agents; they finish with the engine that was started again. */
export async function killedWhileTalking({ talking, queued }: { talking: number; queued: number }): Promise<Figure[]> {
  const bed = await Bed.open({ agents: talking })
  try {
    await bed.startEngine()
    const agents = await Promise.all(Array.from({ length: talking }, (_, i) => bed.agent(i + 1)))
    const crowd = await Crowd.gather(bed, { queue: talking + queued })
    const talks = await Promise.all(agents.map(async (agent) => {
      const call = await agent.rings({ within: 20_000 })
      await call.answer()
      await call.speak({ tone: 940 })
      return call
    }))
    await passes(1500)
    const from = performance.now()
    await bed.engine.kill()
    bed.launch()
    await bed.engine.says(/is connected/)
    await passes(1000)
    const figures = crowd.figures(from)
    // Nobody rings any more, so that those who wait go on waiting.
    await Promise.all(agents.map((_, i) => bed.asterisk.cli(`queue pause member PJSIP/agent${i + 1} queue desk`)))
    await Promise.all(talks.map((call) => call.hangUp()))
    const surveyed = await Promise.all(crowd.callers.map(async ({ call }) => {
      try {
        await call.hears('survey', { within: 5000 })
        await call.press('5')
        await call.hears('goodbye')
        return true
      } catch {
        return false
      }
    }))
    figures.push(count(`of ${talking} who talked, not asked the survey`, talking - surveyed.filter(Boolean).length))
    const waiting = await Promise.all(crowd.callers.filter((_, i) => !surveyed[i]).map(hasMusic))
    figures.push(count(`of ${queued} who waited, not in the queue any more`, queued - waiting.filter(Boolean).length))
    await crowd.hangUp()
    figures.push(...await bed.left())
    return [...figures, count('calls of which journal and queue_log differ', differences(bed))]
  } finally {
    await bed.close()
  }
}

/** Keys pressed while nobody listened are lost; then the caller presses them again, as people do. */
async function asksUntilMusic(caller: Caller): Promise<boolean> {
  for (let tries = 0; tries < 3; tries++) {
    if (await hasMusic(caller)) return true
    await caller.call.press('4711', { ms: 60 }).catch(() => {})
  }
  return false
}

const hasMusic = async ({ call }: Caller): Promise<boolean> =>
  call.hears({ tone: MUSIC_ON_HOLD_TONE }).then(() => true, () => false)

/** Who talked with an agent, in Asterisk's own log of its queues and in the journal: how many stand in one alone. */
function differences(bed: Bed): number {
  const log = readFileSync(join(bed.asterisk.configFolder, '../log/queue_log'), 'utf8')
  const connects = log.split('\n').map((line) => line.split('|')).filter((fields) => fields[4] === 'CONNECT')
  const talked = new Set(connects.map(([, id = '']) => id))
  const rows = bed.asks<{ id: string }>(`SELECT id FROM calls WHERE row LIKE '%"outcome":"answered"%'`)
  const answered = new Set(rows.map(({ id }) => id))
  return [...talked].filter((id) => !answered.has(id)).length + [...answered].filter((id) => !talked.has(id)).length
}
