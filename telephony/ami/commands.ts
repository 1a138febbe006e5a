import type { Told } from '../../engine/call/effects.ts'
import type { AmiFields } from './message.ts'

/** The AGI verbs we send. AGI can run programs (`EXEC System`): what is not on this list does not leave. */
type Verb = 'STREAM FILE'

/** Keys that stop a prompt by themselves. */
const ALL_KEYS = '0123456789*#'

/** One AGI command line: every argument quoted (`parse_args` in res/res_agi.c). */
function agi(verb: Verb, ...values: string[]): string {
  return [verb, ...values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`)].join(' ')
}

/**
 * Plays a sound file. `path`: as Asterisk sees it, without its ending. `from`: samples to skip. With `bargeIn` the
 * first key stops it.
 */
export function streamFile(path: string, bargeIn: boolean, from = 0): string {
  return agi('STREAM FILE', path, bargeIn ? ALL_KEYS : '', ...(from > 0 ? [String(from)] : []))
}

/** A path for `streamFile` as it may be logged: with the address at which Asterisk fetches, without the token in it. */
export const withoutToken = (path: string): string => path.replace(/(^https?:.*\/prompts\/)[^/]+\/(?=[^/]*$)/, '$1')

/** Queues an AGI command on a channel; `commandId` comes back in its `AsyncAGIExec`. */
export function command(channel: string, text: string, commandId: string): AmiFields {
  return { Action: 'AGI', Channel: channel, Command: text, CommandID: commandId }
}

/**
 * The call is ours for so many seconds more; then Asterisk takes it to extension `T`. It also wakes a channel that
 * waits for commands: without, an `AGI` action can lie for 100 ms.
 */
export function lease(channel: string, seconds: number): AmiFields {
  return { Action: 'AbsoluteTimeout', Channel: channel, Timeout: String(seconds) }
}

/** Stops the prompt that is playing. */
export function stopPlayback(channel: string): AmiFields {
  return { Action: 'ControlPlayback', Channel: channel, Control: 'stop' }
}

/** Ends the call as an ordinary hang-up (cause 16, ITU-T Q.850). */
export function hangUp(channel: string): AmiFields {
  return { Action: 'Hangup', Channel: channel, Cause: '16' }
}

export function setVariable(channel: string, variable: string, value: string): AmiFields {
  return { Action: 'Setvar', Channel: channel, Variable: variable, Value: value }
}

/** Sets a variable of all channels. */
export function setGlobal(variable: string, value: string): AmiFields {
  return { Action: 'Setvar', Variable: variable, Value: value }
}

/** Sends the call to a place in the dialplan, out of whatever it is doing. */
export function redirect(channel: string, context: string, exten: string): AmiFields {
  return { Action: 'Redirect', Channel: channel, Context: context, Exten: exten, Priority: '1' }
}

/** Longest text shown as a caller's name; longer ones are cut by phones anyway. */
const SUMMARY_LIMIT = 60
/** Bytes that fit into one AMI line beside the names. */
const TOLD_LIMIT = 900

/**
 * What the agent's phone shows in place of the caller's name: `2600, new booking`. The values come from strangers:
 * letters, digits and harmless punctuation stay, everything that SIP or a dialplan might read as syntax goes.
 */
export function summary(told: Told): string {
  const values = Object.values(told).map((value) => value.replace(/[^\p{L}\p{N} .:+#*/'_-]/gu, ' ').replace(/ +/g, ' ').trim())
  return [...values.filter(Boolean).join(', ')].slice(0, SUMMARY_LIMIT).join('').trim()
}

/** What is told as JSON in ASCII, for screens and dialplans; entries that no longer fit are left out from the end. */
export function toldJson(told: Told): string {
  const entries = Object.entries(told)
  for (;;) {
    const json = JSON.stringify(Object.fromEntries(entries)).replace(
      // oxlint-disable-next-line no-control-regex -- all but printable ASCII is escaped
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    if (json.length <= TOLD_LIMIT) return json
    entries.pop()
  }
}
