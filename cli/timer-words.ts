import { seconds } from '../engine/health/trouble.ts'

/** What did not happen in a step's state before its time was up; `TIME` is that time. */
const states: Record<string, string> = {
  listening: 'no key for TIME',
  between: 'no other key for TIME: the entry ends',
  waiting: 'no answer of the backend for TIME: the caller is told to wait',
  filled: 'no answer of the backend for another TIME',
  kept: 'what was left is not kept after TIME',
  sending: 'the message is not sent after TIME',
}

/** A timer of XState, `xstate.after.5000.vaccination.postcode/2.listening`, in words: `no key for 5 s`. */
export function timerInWords(timer: string): string {
  const [, ms, state = ''] = /^xstate\.after\.(\d+)\..*?([^.]*)$/.exec(timer) ?? []
  if (ms === undefined) return 'time is up'
  return (states[state] ?? 'nothing for TIME').replace('TIME', seconds(Number(ms)))
}
