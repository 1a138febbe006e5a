import { setTimeout as passes } from 'node:timers/promises'
import type { Store } from './store.ts'

/**
 * Erases all that there is of it, a little at a time; how many calls. Between, for twice as long, everything else comes
 * to its turn: the callers of this process, and the engine whose journal another process erases from. `signal` ends it.
 */
export async function eraseAll(store: Pick<Store, 'erase'>, what: Parameters<Store['erase']>[0], signal?: AbortSignal): Promise<number> {
  let gone = 0
  while (!signal?.aborted) {
    const began = performance.now()
    const some = store.erase(what)
    if (some === 0) break
    gone += some
    await passes(2 * (performance.now() - began))
  }
  return gone
}
