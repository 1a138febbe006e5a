import { setTimeout as passes } from 'node:timers/promises'
import type { Phone } from '../phone/phone.ts'
import { Bed } from './bed.ts'
import { count, type Figure } from './figures.ts'

const longestCall = 3000
/** Ways through the flow. */
const ways = ['1', '14711', '2', '0', '30', '9']

/** Callers hang up at random moments, some before the answer. */
export async function hangUps({ calls, aSecond }: { calls: number; aSecond: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    const engine = await bed.startEngine()
    const phone = await bed.phone()
    const before = engine.held.mb
    const heard = new Set<string>()
    await Promise.all(Array.from({ length: calls }, async (_, i) => {
      await passes((i * 1000) / aSecond)
      const from = `+6125552${String(i).padStart(4, '0')}`
      if (await calledAndLeft(phone, from, ways[i % ways.length]!)) heard.add(from)
    }))
    const left = await bed.left()
    const rows = bed.asks<{ caller: string; n: number }>('SELECT caller, count(*) AS n FROM calls GROUP BY caller')
    const once = new Set(rows.filter(({ n }) => n === 1).map(({ caller }) => caller))
    const more = engine.held.mb - before
    return [
      count(`of ${heard.size} who heard something, without one row`, [...heard].filter((one) => !once.has(one)).length),
      count('callers with more than one row', rows.length - once.size),
      count('KB of memory more than before, for each call', Math.max(0, Math.round((more * 1024) / calls)), 100),
      ...left,
    ]
  } finally {
    await bed.close()
  }
}

/** Callers come and go, a minute after a minute: what the engine holds grows no more once it is warm. */
export async function anHour({ minutes, aSecond }: { minutes: number; aSecond: number }): Promise<Figure[]> {
  const bed = await Bed.open()
  try {
    const engine = await bed.startEngine()
    const phone = await bed.phone()
    const held: number[] = []
    for (let minute = 0; minute < minutes; minute++) {
      await Promise.all(Array.from({ length: 60 * aSecond }, async (_, i) => {
        await passes((i * 1000) / aSecond)
        const number = minute * 60 * aSecond + i
        await calledAndLeft(phone, `+61255${String(number).padStart(6, '0')}`, ways[i % ways.length]!)
      }))
      held.push(engine.held.mb)
    }
    // The least of some minutes is what is left after the garbage is gone.
    const fifth = Math.max(1, Math.floor(minutes / 5))
    const [early, late] = [Math.min(...held.slice(fifth, 2 * fifth)), Math.min(...held.slice(-fifth))]
    return [
      count(`MB held after ${2 * fifth} minutes`, Math.round(early), 400),
      count(`MB more after ${minutes} minutes and ${minutes * 60 * aSecond} calls`, Math.max(0, Math.round(late - early)), 20),
      ...await bed.left(),
    ]
  } finally {
    await bed.close()
  }
}

/** One call; whether anything was heard in it. */
async function calledAndLeft(phone: Phone, from: string, keys: string): Promise<boolean> {
  // One in ten does not wait for the answer.
  const patience = Math.random() < 0.1 ? 50 : longestCall
  const leaves = AbortSignal.timeout(Math.ceil(patience * Math.random()))
  const left = new Promise<void>((resolve) => leaves.addEventListener('abort', () => resolve()))
  try {
    const call = await phone.dial('900', { from, signal: leaves })
    const pressing = passes(1500 * Math.random()).then(() => call.press(keys, { ms: 60 })).catch(() => {})
    await left
    const heard = call.frames.length > 0
    await call.hangUp()
    await pressing
    return heard
  } catch {
    return false
  }
}
