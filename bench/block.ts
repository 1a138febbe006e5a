import { setTimeout as delay } from 'node:timers/promises'
import type { Bed } from './bed.ts'
import { Caller, nothingSeen, type Seen } from './caller.ts'
import type { EngineCounts } from './engine-child.ts'
import { NUMBERS } from './flow.ts'
import { cpuSeconds, loadNow, machineSeconds } from './numbers.ts'

/** `others`: whatever else runs on the machine. */
export type Used = { asterisk: number; engine: number; phones: number; others: number }

/** `plain`: Callwright without its journal. */
export type Control = keyof typeof NUMBERS | 'plain'

/** One stretch of calls under one control. */
export type Block = Seen & {
  control: Control
  calls: number
  /** Processor cores used while keys were pressed. */
  cores: Used
  /** Part of the time that this process, the phones, was busy: over 0.7 its own delay shows in the figures. */
  phonesBusy: number
  engine: EngineCounts | undefined
  load: number
}

/** New calls per second. */
const RAMP = 50

/** Lets so many callers press keys for so long, all at once. Without Callwright, the engine is not connected. */
export async function runBlock(bed: Bed, control: Control, calls: number, seconds: number): Promise<Block> {
  const { asterisk, engine } = bed
  const ours = control !== 'dialplan'
  if (ours) await engine.connect({ journal: control === 'callwright' })
  const seen = nothingSeen()
  const callers = await dialAll(bed, control, calls, seen)
  await Promise.all(callers.map((caller) => caller.settles()))
  const [from, busyFrom] = [usage(bed), performance.eventLoopUtilization()]
  const started = performance.now()
  await Promise.all(callers.map((caller) => caller.pressesUntil(started + seconds * 1000)))
  const took = (performance.now() - started) / 1000
  const to = usage(bed)
  const phonesBusy = performance.eventLoopUtilization(busyFrom).utilization
  const load = loadNow()
  const counts = ours ? await engine.counts() : undefined
  await Promise.all(callers.map((caller) => caller.hangUp().catch(() => {})))
  await silence(asterisk)
  if (ours) await engine.disconnect()
  const cores = (part: keyof Used): number => (to[part] - from[part]) / took
  return {
    ...seen, control, calls, phonesBusy, load, engine: counts,
    cores: { asterisk: cores('asterisk'), engine: cores('engine'), phones: cores('phones'), others: cores('others') },
  }
}

async function dialAll({ phone, packets }: Bed, control: Control, calls: number, seen: Seen): Promise<Caller[]> {
  const dialled = await Promise.all(Array.from({ length: calls }, async (_, i) => {
    await delay((i * 1000) / RAMP)
    try {
      const call = await phone.dial(NUMBERS[control === 'plain' ? 'callwright' : control], { from: `+6125550${String(i).padStart(4, '0')}`, within: 15_000 })
      return [new Caller(call, packets, seen)]
    } catch (error) {
      seen.refused.push((error as Error).message)
      return []
    }
  }))
  return dialled.flat()
}

function usage(bed: Bed): Used {
  const [asterisk, engine, phones] = [cpuSeconds(bed.asterisk.pid), cpuSeconds(bed.engine.pid), cpuSeconds(process.pid)]
  return { asterisk, engine, phones, others: machineSeconds() - asterisk - engine - phones }
}

/** Until Asterisk has no call any more. */
async function silence(asterisk: Bed['asterisk']): Promise<void> {
  for (const until = performance.now() + 10_000; performance.now() < until; await delay(100)) {
    if (/^0 active channels/m.test(await asterisk.cli('core show channels count'))) return
  }
  throw new Error('calls are left in Asterisk')
}
