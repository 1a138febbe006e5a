import type { EngineState, HotlineHealth, VoiceHealth } from '../engine/health/state.ts'
import { seconds, type Trouble } from '../engine/health/trouble.ts'
import type { SendingState } from '../engine/inbox-sending.ts'
import { count } from './check.ts'

/** How an engine does, a line for each part of it. */
export function stateInWords(state: EngineState): string {
  const { version, pid, startedAt, at, stopping, drainsUntil, asterisk, calls, prompts, worstSilence, sending, process: own } = state
  const { flow, queue, agent, transfer, recording } = calls.running
  const running = flow + queue + agent + transfer + recording
  return table([
    [
      'engine',
      `Callwright ${version}, process ${pid}, for ${span(at - startedAt)}` +
        (stopping ? `; it is ending and takes no more calls${drainInWords(running, drainsUntil, at)}` : ''),
    ],
    [
      'asterisk',
      asterisk.words + (asterisk.connects > 1 ? ` Connected ${asterisk.connects} times since the start.` : ''),
    ],
    [
      'hotlines',
      state.hotlines.map((hotline) => hotlineInWords(hotline, asterisk.state !== 'off')).join(', ') || 'none',
    ],
    [
      'calls',
      `${running} under way: ${flow} in self-service, ${queue} waiting, ` +
        `${agent + transfer} talking, ${recording} recording`,
    ],
    [
      '',
      `since the start ${calls.arrived} came in, ${calls.resumed} were taken over, ` +
        `${calls.fellBack} were left to Asterisk`,
    ],
    [
      'lease',
      asterisk.oldestLease === undefined
        ? 'no call needs one'
        : `the oldest was renewed ${seconds(asterisk.oldestLease)} ago, of ${seconds(asterisk.lease)}`,
    ],
    ['silence', `${seconds(worstSilence)} at most for any caller in the last hour`],
    [
      'prompts',
      `${prompts.waited} had to be waited for, ${seconds(prompts.worstWait)} at most in the last hour, ` +
        `${prompts.failed} could not be made`,
    ],
    ['voices', state.voices.map(voiceInWords).join(', ')],
    ['journal', journalInWords(state)],
    ...(sending ? [['messages', sendingInWords(sending, at)] as [string, string]] : []),
    [
      'event loop',
      `${seconds(own.delayP99)} late at most in 99 of 100 cases, ${seconds(own.delayWorst)} at worst in five minutes`,
    ],
    [
      'process',
      `${Math.round(own.memory / 2 ** 20)} MB` +
        (own.descriptors === undefined
          ? ''
          : `, ${own.descriptors} files and connections of ${own.mostDescriptors ?? 'any number'}`),
    ],
  ])
}

const sendingInWords = ({ to, waiting, failing }: SendingState, at: number): string =>
  failing ? `not sent to ${to} for ${seconds(at - failing.since)}, ${waiting} wait` : `sent to ${to}, ${waiting} on the way`

/** What is wrong, and what to do about each. */
export function troubleInWords(troubles: readonly Trouble[]): string {
  if (troubles.length === 0) return '\nAll is well.'
  return [
    '',
    `${count(troubles.length, 'thing')} to see to:`,
    ...troubles.flatMap(({ what, todo }) => [`- ${what}`, `  ${todo}`]),
  ].join('\n')
}

const drainInWords = (running: number, until: number | undefined, at: number): string =>
  until === undefined ? '' : `; ${seconds(Math.max(0, until - at))} left for ${count(running, 'call')} under way`

function journalInWords({ journal: { entries, commits, slowest, failing, owed }, file, at }: EngineState): string {
  if (!file.open) return `NOT OPEN for ${seconds(at - (file.trouble?.since ?? at))}, ${count(owed, 'call')} not written`
  const lag =
    failing === undefined ? 'nothing waits' : `FAILING for ${seconds(at - failing)}, ${count(owed, 'call')} not written`
  return `${count(entries, 'event')} in ${count(commits, 'commit')}, the slowest ${seconds(slowest)}; ${lag}`
}

function voiceInWords({ name, replaced, fails }: VoiceHealth): string {
  const stoodIn = replaced > 0 ? ` (another one spoke ${replaced === 1 ? 'once' : `${replaced} times`} in its place)` : ''
  return `${name} ${fails === undefined ? 'is well' : 'FAILS'}${stoodIn}`
}

function hotlineInWords({ name, live, ready, unheard, mistakes }: HotlineHealth, byTelephone: boolean): string {
  if (!live) return `${name} DOES NOT ANSWER`
  if (byTelephone && !ready) return `${name} makes its prompts`
  const silent = byTelephone && unheard.length > 0 ? `, ${unheard.length} of its prompts NOT HEARD` : ''
  return mistakes > 0 ? `${name} answers (an older version)${silent}` : `${name} answers${silent}`
}

function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 2) return seconds(Math.round(ms / 1000) * 1000)
  const hours = Math.floor(minutes / 60)
  if (hours < 1) return `${minutes} min`
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}

const table = (rows: [string, string][]): string =>
  rows.map(([name, words]) => `${name.padEnd(12)} ${words}`).join('\n')
