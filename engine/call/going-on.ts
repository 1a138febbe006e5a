import type { Flow } from '../language/flow.ts'
import { spokenMs } from '../saying/length.ts'
import { callerHasGone, placeOf, type Snapshot } from './advance.ts'
import type { CallContext } from './context.ts'
import { toAskAgain, type LostSecret } from './lost-secrets.ts'
import type { Pending } from './pending.ts'

/**
 * How a call goes on that another process had. `as-ordered`: what was ordered and has not come back is ordered again.
 * `ask-again`: a secret was lost, and the step that had asked for it is needed. `over`: nothing is left to be done but
 * what ends the call, of which nobody knows whether it was. `stuck`: nothing is under way that would ever go on.
 */
export type GoingOn = { how: 'as-ordered' } | { how: 'ask-again'; step: string } | { how: 'over'; by: 'caller' | 'flow' } | { how: 'stuck' }

export function goingOn(flow: Flow, snapshot: Snapshot, pending: Pending, lost: readonly LostSecret[]): GoingOn {
  if (snapshot.status === 'done') return { how: 'over', by: callerHasGone(snapshot) ? 'caller' : 'flow' }
  // Who waits for people, or has recorded something, is not asked out of it.
  const isElsewhere = pending.away !== undefined || (snapshot.context as CallContext).recording !== undefined
  const again = isElsewhere ? undefined : toAskAgain(flow, placeOf(snapshot.value), lost)
  if (again) return { how: 'ask-again', step: again.step }
  return isUnderWay(pending) ? { how: 'as-ordered' } : { how: 'stuck' }
}

const isUnderWay = ({ playing, away, request, deliver, deadlines }: Pending): boolean =>
  [playing, away, request, deliver].some(Boolean) || Object.keys(deadlines).length > 0

/**
 * Since when a call that was last seen at the time `seen` may have been silent: since what was played then had come to
 * its end without us, which is reckoned from its words; undefined when it was the caller's turn and still is, or when
 * people have the caller.
 */
export function quietSince(snapshot: Snapshot, { away, deadlines, playing }: Pending, seen: number, now: number): number | undefined {
  if (away) return undefined
  const played = playing?.type === 'play' ? spokenMs(playing.prompt) : 0
  if (!snapshot.hasTag('listens')) return Math.min(seen + played, now)
  const turnEnds = Math.min(...Object.values(deadlines))
  return turnEnds < now ? turnEnds : undefined
}
