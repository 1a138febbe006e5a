import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bed } from './bed.ts'
import { Crowd } from './crowd.ts'
import { count, type Figure } from './figures.ts'

/** The flow is replaced while callers are under way; then the engine is killed as well. */
export async function replaced({ callers }: { callers: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    const engine = await bed.startEngine()
    const third = Math.floor(callers / 3)
    const crowd = await Crowd.gather(bed, { main: callers - 2 * third, number: third, second: third })
    const from = performance.now()
    const file = join(bed.flows, 'line/hotline.yaml')
    // The second menu is gone, and key 2 leads to what was the short one.
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('2: { go: second }', '2: { go: brief }').replace(/\n {2}second:\n[^]*?\n\n/, '\n'))
    engine.signal('SIGHUP')
    await engine.says(/answers new calls/, { since: from })
    const call = await (await bed.phone()).dial('900', { from: '+61255520001' })
    await call.hears('main')
    await call.press('2')
    const isNew = await call.hears('brief').then(() => true, () => false)
    await call.hangUp()
    const figures = [count('a new caller met the old version', isNew ? 0 : 1), ...crowd.figures(from)]
    const killed = performance.now()
    await bed.engine.kill()
    await crowd.settled(killed, bed.launch())
    figures.push(...crowd.figures(killed, { p95: 1000, max: 2000 }), ...await crowd.goOn())
    await crowd.hangUp()
    return [...figures, ...await bed.left()]
  } finally {
    await bed.close()
  }
}
