import { Bed } from './bed.ts'
import { Crowd } from './crowd.ts'
import { count, ms, type Figure } from './figures.ts'
import { until } from './until.ts'

/** Asterisk is killed and started again: its calls are gone, and the engine finds out. */
export async function asteriskDies({ callers }: { callers: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    await bed.startEngine()
    const half = Math.floor(callers / 2)
    await Crowd.gather(bed, { main: callers - half, queue: half })
    const from = performance.now()
    await bed.asterisk.kill()
    await bed.asterisk.start()
    const back = await bed.engine.says(/connected to Asterisk/, { since: from })
    const closed = await until(() => bed.openRows === 0, 10_000)
    const phone = await bed.phone()
    const dialled = performance.now()
    const call = await phone.dial('900', { from: '+61255510001' })
    const { began } = await call.hears('main').catch(() => ({ began: NaN }))
    await call.press('2')
    const wentOn = await call.hears('second').then(() => true, () => false)
    await call.hangUp()
    return [
      ms('after the reconnect, until all calls were closed', closed - back, 2000),
      ms('the next call: until the first prompt', began - dialled, 1000),
      count('its key did not count', wentOn ? 0 : 1),
      ...await bed.left(),
    ]
  } finally {
    await bed.close()
  }
}
