import { does, when, type ActionData, type Compiling, type StateData } from './step.ts'

/** The longest that a caller waits for what they have left to be kept. Milliseconds. */
const longestWait = 2000

/**
 * Hands over what the caller has left and waits until it is in safe hands: nobody is thanked for a message that was
 * lost. On to the step's state `thanked`, or by its way `failed`: then it may have been kept all the same, only late.
 */
export function delivering(deliver: ActionData, c: Compiling): StateData {
  return {
    entry: [deliver, does({ type: 'drop-recording' })],
    after: { [longestWait]: c.go('failed') },
    on: {
      delivered: [{ guard: when({ type: 'ended', params: { how: 'ok' } }), ...c.here('thanked') }, c.go('failed')],
    },
  }
}
