import { setTimeout as passes } from 'node:timers/promises'

/** When it was so, as `performance.now()`; NaN when it was not within so many milliseconds. */
export async function until(isSo: () => boolean, within: number): Promise<number> {
  const end = performance.now() + within
  for (; performance.now() < end; await passes(20)) if (isSo()) return performance.now()
  return NaN
}
