import type { Told } from '../engine/call/effects.ts'
import type { CallNote } from '../engine/call/notes.ts'

/** A call under way on any line, as an admin sees it. */
export type LiveCall = {
  id: string
  line: string
  caller: string
  called: string
  hotline: string
  /** When it arrived. Milliseconds since 1970. */
  since: number
  step: string
  where: 'flow' | 'queue' | 'agent' | 'transfer'
  queue?: string
  /** What the agent sees. */
  tell?: Told
  agent?: string
  /** Where the call was transferred to. */
  to?: string
  /** The last thing that went wrong. */
  trouble?: string
  /** Set once, in the last thing that is told of the call. */
  ended?: { by: string; outcome: string }
}

/** The calls under way, put together from what is noted of each. */
export class LiveCalls {
  private readonly calls = new Map<string, LiveCall>()

  /** Takes a note in; the call as it now stands, or undefined when nothing shown has changed. */
  noted(note: CallNote): LiveCall | undefined {
    if (note.type === 'arrived') {
      const { id, line, caller, called } = note.facts
      return this.put({ id, line, caller, called, hotline: note.hotline, since: note.at, step: '', where: 'flow' })
    }
    const call = this.calls.get(note.call)
    if (!call) return undefined
    switch (note.type) {
      case 'step': {
        const { queue: _queue, tell: _tell, agent: _agent, to: _to, ...rest } = call
        return this.put({ ...rest, step: note.step, where: 'flow' })
      }
      case 'queued':
        return this.put({ ...call, where: 'queue', queue: note.queue, tell: note.tell })
      case 'agent':
        return this.put({ ...call, where: 'agent', agent: note.agent })
      case 'transferred':
        return this.put({ ...call, where: 'transfer', to: note.to })
      case 'trouble':
        return this.put({ ...call, trouble: note.words })
      case 'ended':
        this.calls.delete(note.call)
        return { ...call, ended: { by: note.by, outcome: note.outcome } }
      default:
        return undefined
    }
  }

  /** Longest first. */
  all(): LiveCall[] {
    return [...this.calls.values()]
  }

  private put(call: LiveCall): LiveCall {
    this.calls.set(call.id, call)
    return call
  }
}
