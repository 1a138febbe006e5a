import type { CallFacts } from '../../engine/call/events.ts'
import { realClock } from '../../engine/clock.ts'
import type { BackendPort, Inbox } from '../../engine/ports.ts'
import type { Conversation } from '../../rehearsal/conversation.ts'
import { StubbedBackends } from '../../rehearsal/stubs.ts'

/** Longer than any prompt or silence of a conversation that is held. Milliseconds. */
export const patience = 60_000

/** Silence in all that a conversation may have: the prompts between take longer still. Milliseconds. */
const longestSilence = 10_000

/** Why a conversation cannot be held with phones on a real Asterisk; undefined when it can. */
export function notHeld({ call, caller, inbox, switches, backends }: Conversation): string | undefined {
  if (caller === '') return 'a caller without a number is not told from others'
  const ending = call.find(({ type }) => ['nobody-there', 'busy', 'no-answer', 'failed'].includes(type))
  if (ending) return `${ending.type}: these queues have agents, and what is called answers`
  const silence = call.reduce((sum, turn) => sum + (turn.type === 'waits' ? turn.ms : 0), 0)
  if (silence > longestSilence) return `${silence / 1000} s of silence in real time`
  if (backends.some(({ answers }) => answers.some(({ after }) => after > 2000))) return 'a backend takes its time'
  if (switches) return 'a switch is for all calls of an engine'
  return inbox && 'nothing can be kept: the inbox is for all calls'
}

/** Whether it matters from which number a caller rings: it is said, asked for or left. */
export function namesCaller({ caller = '', call, backends }: Conversation): boolean {
  const digits = (what: unknown): string => JSON.stringify(what).replaceAll(/[^0-9]/g, '')
  const end = digits(caller).slice(-6)
  return end !== '' && digits([call, backends]).includes(end)
}

/** What each caller's conversation says of backends; a request is known by the call that it is made for. */
export class CallersBackends implements BackendPort {
  private readonly byCaller = new Map<string, StubbedBackends>()
  private readonly factsOf: (call: string) => CallFacts | undefined

  constructor(factsOf: (call: string) => CallFacts | undefined) {
    this.factsOf = factsOf
  }

  add(caller: string, { backends }: Conversation): StubbedBackends {
    const stubs = new StubbedBackends(backends, { clock: realClock })
    this.byCaller.set(caller, stubs)
    return stubs
  }

  async request(asked: Parameters<BackendPort['request']>[0]): ReturnType<BackendPort['request']> {
    const call = asked.idempotencyKey.split(':')[0]!
    const stubs = this.byCaller.get(this.factsOf(call)?.caller ?? '')
    return stubs ? stubs.request(asked) : { how: 'failed', words: 'no conversation asks for this' }
  }
}

/** Everything that callers leave is well kept. */
export const keeping: Inbox = { keep: async () => {} }
