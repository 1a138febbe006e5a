import type { Scope } from '../expressions/scope.ts'
import { isOpen } from '../hours.ts'
import type { Flow } from '../language/flow.ts'
import type { GuardData } from '../steps/step.ts'
import { isLateEnd } from './entry.ts'
import { scopeOf, type ParamsOf, type Seen } from './seen.ts'

type Guards = { [T in GuardData['type']]: (seen: Seen, params: ParamsOf<GuardData, T>) => boolean }

/** Less than this before a hang-up is a breath and no message. Milliseconds. */
const shortestMessage = 1000

/** A number that can be called: not `anonymous`, and no code such as *31#. */
const isNumber = (caller: string): boolean => /^\+?\d{3,15}$/.test(caller.replaceAll(/[\s()/-]/g, ''))

/** What each guard means in this flow. */
export function guardsOf(flow: Flow): Guards {
  const true_ = (cel: string, scope: Scope): boolean => {
    try {
      return flow.expressions.evaluate(cel, scope) === true
    } catch {
      // A condition that cannot be computed is not met; the caller goes the author's other way.
      return false
    }
  }
  return {
    'keys-waiting': ({ context }) => context.keys.length > 0,
    'late-end': isLateEnd,
    unheard: ({ event }) => event.failed === true,
    'answer-held': ({ context }) => context.answer !== undefined,
    'answered-well': ({ context }) => context.answer?.well === true,
    'had-spoken': ({ event }) => (event.recorded ?? 0) >= shortestMessage,
    'caller-number': ({ context }) => isNumber(context.facts.caller),
    'nothing-keyed': ({ context }) => context.digits === '',
    'key-is': ({ context }, { key }) => context.keys[0] === key,
    when: (seen, { cel }) => true_(cel, scopeOf(flow, seen)),
    share: ({ context: { facts } }, { trial, below }) => drawn(`${facts.caller || facts.id}/${trial}`) < below,
    open: ({ event }, { hours }) => isOpen(flow.hours[hours]!, event.at, flow.timezone),
    'tries-spent': ({ context: { wrong } }, { tries }) => wrong.silence + wrong.mistake + wrong.short >= tries,
    'entry-complete': ({ context }, { most }) => context.closed || context.digits.length >= most,
    'entry-too-short': ({ context }, { least }) => context.digits.length < least,
    'entry-fits': (seen, { into, least, most, check }) => {
      const { digits, answers } = seen.context
      if (digits.length < least || digits.length > most || !/^\d+$/.test(digits)) return false
      return (
        check === undefined ||
        true_(check, scopeOf(flow, { ...seen, context: { ...seen.context, answers: { ...answers, [into]: digits } } }))
      )
    },
    ended: ({ event }, { how }) => event.how === how,
  }
}

/** A number from 0 to 100 that is the same for the same text and spread evenly over texts (FNV-1a, 32 bits). */
function drawn(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  // The last bytes have hardly been mixed; fold the high half into the low one.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32) * 100
}
