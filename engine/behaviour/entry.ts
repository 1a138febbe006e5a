import type { CallContext } from '../call/context.ts'
import type { Seen } from './seen.ts'

/** An end key that follows an entry complete without it is taken out, or awaited until its time is over. */
export function entryOver(
  { context: { keys, closed }, event }: Seen,
  { end, betweenKeys }: { end: string; betweenKeys: number },
): Pick<CallContext, 'keys' | 'lateEnd'> {
  if (!closed && keys[0] === end) return { keys: keys.slice(1), lateEnd: undefined }
  return { keys, lateEnd: closed || keys.length > 0 ? undefined : { key: end, until: event.at + betweenKeys } }
}

/** The key is the end key of an entry that was complete without it. */
export const isLateEnd = ({
  context: { keys, lateEnd },
  event,
}: {
  context: Pick<CallContext, 'keys' | 'lateEnd'>
  event: Seen['event']
}): boolean => lateEnd !== undefined && event.key === lateEnd.key && event.at <= lateEnd.until && keys.length === 0
