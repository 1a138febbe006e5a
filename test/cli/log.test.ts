import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { createLog } from '../../cli/log.ts'
import { logNote } from '../../cli/log-note.ts'
import type { CallNote, NoteWords } from '../../engine/call/notes.ts'

/** What the log writes to a stream: a terminal, or not. */
const written = (
  env: NodeJS.ProcessEnv,
  isTTY: boolean,
  write: (log: ReturnType<typeof createLog>) => void,
): string => {
  const stream = Object.assign(new PassThrough(), { isTTY })
  write(createLog(stream as unknown as NodeJS.WriteStream, env))
  return (stream.read() as Buffer | null)?.toString() ?? ''
}
const one = (log: ReturnType<typeof createLog>): void => log.warn({ call: '1763.1', err: new Error('no') }, 'it failed')

describe('the log', () => {
  it('has words for people at a terminal, with the time, how grave it is and the call', () => {
    assert.match(written({}, true, one), /^\d\d:\d\d:\d\d WARN \[1763\.1\] it failed \(no\)\n$/)
  })

  it('has JSON lines everywhere else', () => {
    const { level, time, call, msg } = JSON.parse(written({}, false, one)) as Record<string, string>
    assert.deepEqual([level, call, msg], ['warn', '1763.1', 'it failed'])
    assert.ok(!Number.isNaN(Date.parse(time!)))
  })

  it('tells an error with those that caused it, and withstands what is none', () => {
    const cause = new Error('the disk is full')
    const told = JSON.parse(written({}, false, (log) => log.error({ err: new Error('not kept', { cause }) }, 'oh'))) as { err: { stack: string } }
    assert.match(told.err.stack, /^Error: not kept\n.*log\.test\.ts[^]*caused by: Error: the disk is full\n.*log\.test\.ts/)
    for (const err of [null, undefined, 'no error']) assert.match(written({}, false, (log) => log.error({ err }, 'oh')), /"msg":"oh"/)
  })

  it('is as LOG_FORMAT and LOG_LEVEL say', () => {
    assert.match(written({ LOG_FORMAT: 'words' }, false, one), /it failed \(no\)/)
    assert.match(written({ LOG_FORMAT: 'json' }, true, one), /^\{/)
    assert.equal(written({ LOG_LEVEL: 'error' }, true, one), '')
  })

  it('ends nothing when nobody reads it any more', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: false })
    const log = createLog(stream as unknown as NodeJS.WriteStream, {})
    stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    log.info({}, 'on and on')
    createLog(stream as unknown as NodeJS.WriteStream, {})
    assert.equal(stream.listenerCount('error'), 1)
  })

  it('tells the story of a call under its id, and never a number, a key or an answer', () => {
    const notes: NoteWords[] = [
      {
        type: 'arrived',
        hotline: 'clinic',
        facts: { id: '1763.1', line: 'asterisk', called: '100', caller: '+61255501234' },
      },
      { type: 'key', key: '7' },
      { type: 'request-answered', backend: 'patients', how: 'failed', ms: 3000 },
      { type: 'trouble', words: 'the backend patients did not help: it took over 3 s' },
      { type: 'note', text: 'is 4711 years old' },
      { type: 'queued', queue: 'nurses', tell: { postcode: '2600' } },
      { type: 'agent', agent: 'Mia' },
      { type: 'transferred', to: '+61262050000' },
      { type: 'left', left: { kind: 'callback', queue: 'nurses', number: '+61255509999', tell: { postcode: '2600' } } },
      { type: 'ended', by: 'caller', outcome: 'answered', deadAir: 120 },
    ]
    const told = written({}, true, (log) => {
      for (const note of notes) logNote(log, { call: '1763.1', at: 0, ...note } as CallNote)
    })
    assert.deepEqual(
      told
        .trim()
        .split('\n')
        .map((line) => line.replace(/^\S+ /, '')),
      [
        '[1763.1] call for clinic',
        '[1763.1] patients did not help',
        'WARN [1763.1] the backend patients did not help: it took over 3 s',
        '[1763.1] waits in the queue nurses',
        '[1763.1] an agent answers',
        '[1763.1] is transferred',
        '[1763.1] leaves a callback',
        '[1763.1] ended by the caller: answered',
      ],
    )
    const lines = written({}, false, (log) => {
      for (const note of notes) logNote(log, { call: '1763.1', at: 0, ...note } as CallNote)
    })
    assert.doesNotMatch(lines, /5550|6205|4711|2600|Mia|"key"/)
  })
})
