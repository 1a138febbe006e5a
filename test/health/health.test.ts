import assert from 'node:assert/strict'
import type { CallNote, NoteWords } from '../../engine/call/notes.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { CallCounts } from '../../engine/health/call-counts.ts'
import { Health } from '../../engine/health/health.ts'
import { textOf } from '../../engine/health/series.ts'
import type { Sound } from '../../engine/ports.ts'
import { well } from './states.ts'

/** Tells of calls; `a` and `b` are calls. */
class Calls {
  readonly clock = new VirtualClock(0)
  readonly counts = new CallCounts(this.clock)

  note(call: string, ...notes: NoteWords[]): this {
    for (const note of notes) this.counts.noted({ call, at: this.clock.now(), ...note } as CallNote)
    return this
  }

  /** A caller whose number and keys must be nowhere. */
  arrives(call: string, hotline = 'clinic', line = 'asterisk'): this {
    return this.note(call, {
      type: 'arrived',
      hotline,
      facts: { id: call, line, called: '100', caller: '+61255501234' },
    })
  }

  ends(call: string, by: 'caller' | 'flow' | 'line', outcome: string, deadAir = 0): this {
    return this.note(call, { type: 'ended', by, outcome, deadAir })
  }

  /** The lines of one family, without its name. */
  lines(name: string): string[] {
    const text = textOf(this.counts.families()).split('\n')
    return text
      .filter((line) => line.startsWith(`callwright_${name}`))
      .map((line) => line.slice('callwright_'.length + name.length))
  }
}

const step: NoteWords = { type: 'step', step: 'welcome', kind: 'menu' }

describe('calls are counted', () => {
  it('by hotline and line as they come, and by who ended them and what came of them', () => {
    const calls = new Calls().arrives('a').note('a', step).arrives('b', 'power', 'browser').note('b', step)
    calls.ends('a', 'caller', 'gave-up').ends('b', 'flow', 'booked-at-noon')
    calls.arrives('c').note('c', step).ends('c', 'line', 'failed')
    assert.deepEqual(calls.lines('calls_arrived_total'), [
      '{hotline="clinic",line="asterisk"} 2',
      '{hotline="power",line="browser"} 1',
    ])
    assert.deepEqual(calls.lines('calls_ended_total'), [
      '{hotline="clinic",line="asterisk",by="caller",outcome="gave-up"} 1',
      '{hotline="power",line="browser",by="flow",outcome="own"} 1',
      '{hotline="clinic",line="asterisk",by="line",outcome="failed"} 1',
    ])
    assert.deepEqual(calls.counts.totals, { arrived: 3, resumed: 0, ended: 3, fellBack: 1 })
  })

  it('as resumed, and not as arrived, when another process had them', () => {
    const calls = new Calls().arrives('a').note('a', { type: 'resumed', step: 'welcome', unledFor: 900 })
    assert.deepEqual(calls.counts.totals, { arrived: 0, resumed: 1, ended: 0, fellBack: 0 })
    assert.deepEqual(calls.lines('calls_resumed_total'), ['{hotline="clinic",line="asterisk"} 1'])
    assert.deepEqual(calls.lines('calls_arrived_total'), [])
  })

  it('where they are, also where nobody is now', () => {
    const calls = new Calls().arrives('a').arrives('b').arrives('c').arrives('d')
    calls.note('a', step).note('b', { type: 'queued', queue: 'nurses', tell: {} })
    calls.note('c', { type: 'queued', queue: 'nurses', tell: {} }, { type: 'agent', agent: 'Mia' })
    calls.note('d', { type: 'recording', recording: 'd-1' }, step)
    assert.deepEqual(calls.counts.now, { flow: 2, queue: 1, agent: 1, transfer: 0, recording: 0 })
    for (const call of ['a', 'b', 'c', 'd']) calls.ends(call, 'caller', 'gave-up')
    assert.deepEqual(
      calls.lines('calls_running'),
      ['flow', 'queue', 'agent', 'transfer', 'recording'].map((place) => `{hotline="clinic",place="${place}"} 0`),
    )
  })

  it('with their hand-overs, keys, troubles, recordings and what they leave', () => {
    const calls = new Calls()
      .arrives('a')
      .note('a', { type: 'key', key: '1' }, { type: 'key', key: '•' }, { type: 'trouble', words: 'no' })
    calls.note(
      'a',
      { type: 'queued', queue: 'nurses', tell: { postcode: '2600' } },
      { type: 'agent', agent: 'Mia' },
      { type: 'transferred', to: '+61262050000' },
    )
    calls.note(
      'a',
      { type: 'recording', recording: 'a-1' },
      { type: 'left', left: { kind: 'callback', queue: 'nurses', number: '+61255509999', tell: {} } },
    )
    assert.deepEqual(
      ['keys', 'troubles', 'queue_handoffs', 'agent_answers', 'transfers', 'recordings', 'left'].map((name) =>
        calls.lines(`${name}_total`),
      ),
      [
        ['{hotline="clinic"} 2'],
        ['{hotline="clinic"} 1'],
        ['{hotline="clinic",queue="nurses"} 1'],
        ['{hotline="clinic"} 1'],
        ['{hotline="clinic"} 1'],
        ['{hotline="clinic"} 1'],
        ['{hotline="clinic",kind="callback"} 1'],
      ],
    )
  })

  it('with how long each backend took', () => {
    const calls = new Calls().arrives('a')
    calls.note(
      'a',
      { type: 'request-answered', backend: 'patients', how: 'ok', ms: 40 },
      { type: 'request-answered', backend: 'patients', how: 'failed', ms: 3_000 },
    )
    assert.deepEqual(calls.lines('requests_total'), [
      '{backend="patients",how="ok"} 1',
      '{backend="patients",how="failed"} 1',
    ])
    const times = calls.lines('request_seconds')
    assert.ok(
      times.includes('_bucket{backend="patients",le="0.05"} 1') &&
        times.includes('_bucket{backend="patients",le="5"} 2'),
      times.join(),
    )
    assert.ok(times.includes('_sum{backend="patients"} 3.04'))
  })

  it('with the longest silence of each, and the worst of the last hour', () => {
    const calls = new Calls()
      .arrives('a')
      .ends('a', 'caller', 'gave-up', 3_400)
      .arrives('b')
      .ends('b', 'flow', 'finished', 120)
    const silences = calls.lines('dead_air_seconds')
    assert.ok(
      silences.includes('_bucket{line="asterisk",le="3"} 1') && silences.includes('_count{line="asterisk"} 2'),
      silences.join(),
    )
    assert.deepEqual(calls.lines('dead_air_worst_seconds'), [' 3.4'])
    calls.clock.pass(3_600_000)
    assert.deepEqual(calls.lines('dead_air_worst_seconds'), [' 0'])
  })

  it('without a number, a key, a name or an answer in any of it', () => {
    const calls = new Calls()
      .arrives('1763.1')
      .note(
        '1763.1',
        { type: 'key', key: '7' },
        { type: 'agent', agent: 'Mia' },
        { type: 'transferred', to: '+61262050000' },
      )
    calls.note(
      '1763.1',
      { type: 'queued', queue: 'nurses', tell: { postcode: '2600' } },
      { type: 'left', left: { kind: 'message', to: '+61255501234', text: 'Your code is 4711.' } },
    )
    const text = textOf(calls.ends('1763.1', 'caller', 'gave-up').counts.families())
    assert.doesNotMatch(text, /1763|55501234|62050000|2600|4711|Mia/)
  })

  it('and nothing of a call that is over is kept', () => {
    const calls = new Calls()
    for (let i = 0; i < 1_000; i++) calls.arrives(`c${i}`).ends(`c${i}`, 'caller', 'gave-up')
    assert.deepEqual(calls.counts.now, { flow: 0, queue: 0, agent: 0, transfer: 0, recording: 0 })
    calls.note('c7', step)
    assert.equal(calls.counts.now.flow, 0, 'a late note makes no call')
  })
})

describe('the health of an engine', () => {
  const watch = (clock: VirtualClock, stopping = false): Health =>
    new Health(
      {
        version: '0.1.0',
        asterisk: () => well.asterisk,
        hotlines: () => well.hotlines,
        voices: () => well.voices,
        journal: () => well.journal,
      file: () => well.file,
      dialplan: () => well.dialplan,
        stopping: () => stopping,
      },
      clock,
    )

  it('counts prompts that callers waited for, and those that failed', async () => {
    const clock = new VirtualClock(0)
    const health = watch(clock)
    const there: Sound = { id: '0', file: '/0.wav', ms: 1 }
    const made: ((failed?: Error) => void)[] = []
    const voice = health.counting({
      sound: ([part]) =>
        part!.text === 'there'
          ? there
          : new Promise((resolve, reject) => made.push((failed) => (failed ? reject(failed) : resolve(there)))),
    })
    const say = (text: string) => voice.sound([{ text, language: 'en' }])
    assert.equal(say('there'), there, 'at once, as before')
    const [good, bad] = [say('good'), say('bad')]
    clock.pass(300)
    made[0]!()
    made[1]!(new Error('no voice'))
    assert.equal(await good, there)
    await assert.rejects(async () => bad, /no voice/)
    assert.deepEqual(health.state().prompts, { waited: 2, worstWait: 300, failed: 1 })
    assert.match(health.metrics(), /^callwright_prompt_wait_seconds_sum 0\.6$/m)
    assert.match(health.metrics(), /^callwright_prompts_failed_total 1$/m)
    health.close()
  })

  it('holds the process, and everything in the metrics stands there once', () => {
    const clock = new VirtualClock(0)
    const health = watch(clock)
    const { memory, delayP99, descriptors } = health.state().process
    assert.ok(memory > 1e7 && delayP99 >= 0 && (descriptors === undefined || descriptors > 3))
    const names = [...health.metrics().matchAll(/^# TYPE (\S+) (\S+)$/gm)]
    assert.equal(new Set(names.map(([, name]) => name)).size, names.length)
    for (const [, name, type] of names) assert.equal(name!.endsWith('_total'), type === 'counter', name)
    for (const metric of [
      'callwright_ready 1',
      'callwright_asterisk_driving 1',
      'callwright_oldest_lease_seconds 0.9',
      'callwright_journal_lag_seconds 0',
      'callwright_hotline_ready{hotline="clinic"} 1',
    ])
      assert.ok(health.metrics().includes(`\n${metric}\n`), metric)
    health.close()
    assert.equal(clock.pending, 0, 'no timer is left')
  })

  it('notices that the event loop was held up, and forgets it after five minutes', async () => {
    const clock = new VirtualClock(0)
    const health = watch(clock)
    await new Promise((resolve) => setTimeout(resolve, 40))
    for (const until = performance.now() + 120; performance.now() < until;);
    await new Promise((resolve) => setTimeout(resolve, 40))
    clock.pass(10_000)
    assert.ok(health.state().process.delayWorst > 90, String(health.state().process.delayWorst))
    clock.pass(330_000)
    assert.ok(health.state().process.delayWorst < 90, String(health.state().process.delayWorst))
    health.close()
  })

  it('is not ready while it stops', () => {
    const health = watch(new VirtualClock(0), true)
    assert.deepEqual(health.readiness(), { ready: false, why: ['it is stopping'], standsBy: false })
    health.close()
  })
})
