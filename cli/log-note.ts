import type { CallNote } from '../engine/call/notes.ts'
import type { Log } from '../engine/ports.ts'

/** A call in the log: that it came, where it went, that it ended. Never a number, a key or an answer. */
export function logNote(log: Log, note: CallNote): void {
  const { call } = note
  switch (note.type) {
    case 'arrived':
      return log.info({ call, hotline: note.hotline, line: note.facts.line }, `call for ${note.hotline}`)
    case 'queued':
      return log.info({ call, queue: note.queue }, `waits in the queue ${note.queue}`)
    case 'agent':
      return log.info({ call }, 'an agent answers')
    case 'transferred':
      return log.info({ call }, 'is transferred')
    case 'trouble':
      return log.warn({ call }, note.words)
    case 'resumed':
      return log.info({ call, step: note.step, unledFor: note.unledFor }, `goes on at ${note.step}`)
    case 'request-answered':
      return log.info(
        { call, backend: note.backend, how: note.how, ms: note.ms },
        `${note.backend} ${note.how === 'ok' ? 'has answered' : 'did not help'}`,
      )
    case 'recording':
      return log.info({ call }, 'a recording begins')
    case 'left':
      return log.info({ call, kind: note.left.kind }, `leaves a ${note.left.kind}`)
    case 'ended':
      return log.info(
        { call, outcome: note.outcome, by: note.by, deadAir: note.deadAir, ...(note.waits ? { waits: note.waits } : {}) },
        `ended by the ${note.by}: ${note.outcome}`,
      )
  }
}
