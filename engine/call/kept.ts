import type { Entry, StoredCall } from '../journal/store.ts'
import type { CallContext } from './context.ts'
import type { Effect } from './effects.ts'
import type { CallEvent } from './events.ts'
import type { Pending } from './pending.ts'

/** What of a call is kept: everything but its secrets, and but what is kept elsewhere. */
type Context = Omit<CallContext, 'facts' | 'earlier'>

/**
 * The state of a call as it may be written down. Secret answers are left out and named in `lost`, with the step of
 * `asked` that had asked for each; so are keys that may be part of one, and a request that holds one: it counts as
 * failed after a restart.
 */
export function keptState(
  { value, context }: { value: unknown; context: CallContext },
  pending: Pending,
  { secrets, secretNow, asked }: { secrets: ReadonlySet<string>; secretNow: boolean; asked: ReadonlyMap<string, string> },
): Pick<StoredCall, 'state' | 'pending'> {
  const { facts: _facts, earlier: _earlier, ...rest } = context
  if (secrets.size === 0) return { state: { value, context: rest, lost: [] }, pending }
  const answers = Object.entries(rest.answers)
  const given = answers.flatMap(([name, answer]) => (secrets.has(name) && !isEmpty(answer) ? [name] : []))
  const lost = [...rest.lost, ...given].map((name) => ({ name, step: asked.get(name) ?? '' }))
  const open: Context = {
    ...rest,
    answers: Object.fromEntries(answers.filter(([name]) => !secrets.has(name))),
    keys: [],
    digits: secretNow ? '' : rest.digits,
  }
  const values = given.map((name) => JSON.stringify(rest.answers[name]).replace(/^"|"$/g, ''))
  return { state: { value, context: open, lost }, pending: withoutSecrets(pending, values) }
}

const isEmpty = (answer: unknown): boolean => answer === undefined || answer === null || answer === ''

function withoutSecrets(pending: Pending, values: string[]): Pending {
  const { request } = pending
  if (!request || 'refused' in request.asked) return pending
  const written = JSON.stringify(request.asked)
  if (!request.asked.confidential && !values.some((value) => written.includes(value))) return pending
  return { ...pending, request: { ...request, asked: { refused: 'it held a secret, which is not kept over a restart' } } }
}

/** An event and its effects for people who look into a call afterwards: no answer, no words, no key of a secret. */
export function keptStory(event: CallEvent | undefined, effects: readonly Effect[], secret: boolean): Pick<Entry, 'event' | 'effects'> {
  return { event: event ? eventStory(event, secret) : { type: 'arrived' }, effects: effects.flatMap(effectStory) }
}

function eventStory(event: CallEvent, secret: boolean): object {
  if (event.type === 'key-pressed') return { type: event.type, key: secret ? '•' : event.key }
  if (event.type === 'request-answered') return { type: event.type, id: event.id, how: event.how }
  return event
}

function effectStory(effect: Effect): object[] {
  switch (effect.type) {
    case 'start-timer':
    case 'cancel-timer':
      return []
    case 'play':
      return [{ type: effect.type, id: effect.id }]
    case 'queue':
      return [{ type: effect.type, id: effect.id, queue: effect.queue }]
    case 'request':
      return [{ type: effect.type, id: effect.id, backend: effect.backend }]
    case 'deliver':
      return [{ type: effect.type, id: effect.id, kind: 'refused' in effect.left ? 'refused' : effect.left.kind }]
    case 'note':
    case 'trouble':
      return [{ type: effect.type }]
    default:
      return [effect]
  }
}
