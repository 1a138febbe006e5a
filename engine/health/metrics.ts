import { counted, gauge, type Family } from './series.ts'
import { readinessOf, type EngineState, type HotlineHealth, type VoiceHealth } from './state.ts'

/** An engine's state as Prometheus reads it; what is counted call by call is in `CallCounts`. */
export function metricsOf(state: EngineState): Family[] {
  return [...engine(state), ...voices(state), ...journal(state), ...ownProcess(state)]
}

function engine(state: EngineState): Family[] {
  const { asterisk, hotlines, version } = state
  const byTelephone = asterisk.state !== 'off'
  const each = (is: (one: HotlineHealth) => number) =>
    hotlines.map((one) => ({ labels: { hotline: one.name }, value: is(one) }))
  return [
    gauge('callwright_info', 'The version that runs.', [{ labels: { version }, value: 1 }]),
    gauge('callwright_ready', '1 when calls are taken.', bit(readinessOf(state).ready)),
    gauge('callwright_stopping', '1 when no more calls are taken and the engine ends.', bit(state.stopping)),
    gauge(
      'callwright_hotline_live',
      '1 when a version of the hotline answers.',
      each(({ live }) => bit(live)),
    ),
    gauge(
      'callwright_hotline_ready',
      '1 when it answers on a telephone, too: it has prompts.',
      each(({ ready }) => bit(ready)),
    ),
    gauge(
      'callwright_hotline_prompts_unheard',
      'Prompts of the hotline that could not be made: its callers do not hear them.',
      each(({ unheard }) => unheard.length),
    ),
    gauge(
      'callwright_hotline_mistakes',
      'Mistakes in the newest version of the hotline.',
      each(({ mistakes }) => mistakes),
    ),
    gauge(
      'callwright_asterisk_up',
      '1 when Asterisk is connected.',
      byTelephone ? bit(asterisk.state === 'up') : undefined,
    ),
    gauge(
      'callwright_asterisk_driving',
      '1 when this engine drives the calls of Asterisk.',
      byTelephone ? bit(asterisk.drives) : undefined,
    ),
    gauge(
      'callwright_asterisk_standing_by',
      '1 when another engine does.',
      byTelephone ? bit(asterisk.standsBy) : undefined,
    ),
    counted(
      'callwright_asterisk_connects_total',
      'How often Asterisk has let us in.',
      byTelephone ? asterisk.connects : undefined,
    ),
    gauge(
      'callwright_lease_seconds',
      'How long a lease lasts that nobody renews: then Asterisk leads the caller on.',
      byTelephone ? asterisk.lease / 1000 : undefined,
    ),
    gauge(
      'callwright_oldest_lease_seconds',
      'How long ago the lease of the call that waits longest was renewed.',
      byTelephone ? (asterisk.oldestLease ?? 0) / 1000 : undefined,
    ),
  ]
}

function voices({ voices: all, prompts }: EngineState): Family[] {
  const each = (is: (one: VoiceHealth) => number) => all.map((one) => ({ labels: { voice: one.name }, value: is(one) }))
  return [
    gauge(
      'callwright_prompt_wait_worst_seconds',
      'The longest that a caller waited for a prompt in the last hour.',
      prompts.worstWait / 1000,
    ),
    gauge(
      'callwright_voice_failing',
      '1 when the voice has failed lately and not spoken since.',
      each(({ fails }) => bit(fails !== undefined)),
    ),
    counted(
      'callwright_voice_sounds_total',
      'Sounds that the voice has made.',
      each(({ spoken }) => spoken),
    ),
    counted(
      'callwright_voice_failures_total',
      'Times that the voice failed, hung, gave what is no speech, or was not there.',
      each(({ failed }) => failed),
    ),
    counted(
      'callwright_voice_fallbacks_total',
      'Sounds that another voice had to make in its place.',
      each(({ replaced }) => replaced),
    ),
  ]
}

function journal({ journal: { entries, commits, took, slowest, failing, owed }, file, dialplan, at }: EngineState): Family[] {
  const since = file.open ? failing : file.trouble?.since
  return [
    gauge('callwright_journal_open', '0 when the file of the journal is not open.', bit(file.open)),
    gauge('callwright_journal_damaged_files', 'Damaged files that were set aside and still lie there.', file.setAside.length),
    counted('callwright_journal_entries_total', 'Entries written.', entries),
    counted('callwright_journal_commits_total', 'Commits; one holds many entries.', commits),
    counted('callwright_journal_commit_seconds_total', 'Time that all commits took.', took / 1000),
    gauge('callwright_journal_slowest_seconds', 'The slowest commit since the start.', slowest / 1000),
    gauge(
      'callwright_journal_lag_seconds',
      'For how long nothing can be written; 0 when all is well.',
      since === undefined ? 0 : (at - since) / 1000,
    ),
    gauge('callwright_journal_owed', 'Calls whose newest entry is not written yet.', owed),
    gauge('callwright_dialplan_outdated', 'Hotlines whose dialplan for survival is out of date.', dialplan.length),
  ]
}

/** The names are those that Prometheus gives them everywhere. */
function ownProcess({ process: own, startedAt }: EngineState): Family[] {
  return [
    counted('process_cpu_seconds_total', 'Processor time used.', own.cpu / 1000),
    gauge('process_start_time_seconds', 'When it was started.', startedAt / 1000),
    gauge('process_resident_memory_bytes', 'Memory in use.', own.memory),
    gauge('nodejs_heap_size_used_bytes', 'Of it, for objects.', own.heap),
    gauge('process_open_fds', 'Open files and connections.', own.descriptors),
    gauge('process_max_fds', 'How many there may be.', own.mostDescriptors),
    gauge(
      'nodejs_eventloop_lag_p99_seconds',
      'How late the event loop is in 99 of 100 cases, over ten seconds.',
      own.delayP99 / 1000,
    ),
    gauge(
      'callwright_eventloop_lag_worst_seconds',
      'How late it was at worst in the last five minutes.',
      own.delayWorst / 1000,
    ),
  ]
}

const bit = (yes: boolean): number => (yes ? 1 : 0)
