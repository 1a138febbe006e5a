import type { Clock } from '../ports.ts'

/** Something was not done in time. */
export class TooLate extends Error {
  override name = 'TooLate'
}

/**
 * What comes of some work, or `TooLate` after `ms` milliseconds, or the reason of `ended` when that is aborted. The
 * signal tells the work that nobody waits any more.
 */
export function withinTime<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  ended?: AbortSignal,
): Promise<T> {
  const limit = new AbortController()
  return new Promise<T>((resolve, reject) => {
    const giveUp = (why: unknown): void => {
      reject(why)
      limit.abort()
    }
    const end = (): void => giveUp(ended?.reason)
    const cancel = clock.after(ms, () => giveUp(new TooLate(`it took over ${ms} ms`)))
    ended?.addEventListener('abort', end, { once: true })
    limit.signal.addEventListener('abort', cancel, { once: true })
    work(limit.signal)
      .then(resolve, reject)
      .finally(() => {
        cancel()
        ended?.removeEventListener('abort', end)
      })
  })
}
