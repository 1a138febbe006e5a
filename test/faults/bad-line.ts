import { setTimeout as passes } from 'node:timers/promises'
import { Bed } from './bed.ts'
import { count, type Figure } from './figures.ts'

/** What callers send is lost or doubled here and there, and they press their keys for 40 ms. */
export async function badLine({ callers }: { callers: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    await bed.startEngine()
    const phone = await bed.phone({ impairment: { loss: 0.02, duplicate: 0.05 } })
    await Promise.all(Array.from({ length: callers }, async (_, i) => {
      await passes(20 * i)
      const call = await phone.dial('900', { from: `+6125553${String(i).padStart(4, '0')}` })
      await call.hears('main', { within: 15_000 })
      await call.press('1', { ms: 40 })
      await call.hears('number', { within: 15_000 })
      await call.press('4711', { ms: 40 })
      await call.hears('saved', { within: 10_000 }).catch(() => {})
      await call.hangUp()
    }))
    const entered = [...bed.ledger.entries.values()].map(({ number }) => number)
    return [
      count(`of ${callers} times four keys, other keys read`, entered.filter((number) => number !== '4711').length),
      count('not complete', callers - entered.length),
      ...await bed.left(),
    ]
  } finally {
    await bed.close()
  }
}
