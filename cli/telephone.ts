import { connect } from 'node:net'
import type { AsteriskState } from '../console/deps.ts'
import type { Sessions } from '../engine/call/sessions.ts'
import { realClock } from '../engine/clock.ts'
import type { Log } from '../engine/ports.ts'
import { AsteriskLine, type AsteriskOptions } from '../telephony/asterisk.ts'
import type { SoundsOptions } from '../telephony/sounds.ts'
import { keptSecret, type Settings } from './settings.ts'

/** The way to Asterisk, or why there is none. */
export type Connection = { line: AsteriskLine; where: string } | { line?: undefined; why: string; refused?: boolean }

/** The line to Asterisk, if one is named or lets us in. */
export async function asteriskLine(settings: Settings, log: Log, sounds: SoundsOptions, driving: AsteriskOptions['driving']): Promise<Connection> {
  const { ami, recordings, recordingsOnAsterisk, transfers } = settings
  const secret = keptSecret(settings)
  const host = ami.host ?? '127.0.0.1'
  const where = `${host}:${ami.port}`
  if (!secret) {
    const there = ami.host !== undefined || (await answers(host, ami.port))
    return there
      ? { refused: true, why: `There is an Asterisk at ${where}, but no secret for it: set AMI_SECRET, or run "npx callwright dialplan" and include what it writes.` }
      : { why: 'No Asterisk is set up, so no telephone rings here; "npx callwright dialplan" connects one.' }
  }
  const line = new AsteriskLine({
    host, port: ami.port, user: ami.user, secret, transfers, sounds, log, clock: realClock,
    ...(driving ? { driving } : {}),
    recordings: { ours: recordings, theirs: recordingsOnAsterisk ?? recordings },
  })
  return { line, where }
}

/** Takes calls on Asterisk, and says whether it lets us in. */
export async function onTheTelephone({ line, where }: Extract<Connection, { line: AsteriskLine }>, sessions: Sessions, log: Log, trouble: string | undefined): Promise<void> {
  if (trouble !== undefined) log.warn({}, trouble)
  await sessions.answer(line)
  for (const until = realClock.steady() + 2000; line.state === 'connecting' && realClock.steady() < until; ) await new Promise((resolve) => setTimeout(resolve, 20))
  log.info({}, line.state === 'up' ? `On the telephone: Asterisk at ${where} is connected.` : `On the telephone: not yet. Asterisk at ${where} ${line.state === 'refused' ? 'refuses our login' : 'does not answer'}; trying again.`)
}

/**
 * Resolves when calls are driven and those of before have been taken up, or Asterisk does not let us in; after so many
 * milliseconds at most, twice as many when there are such calls.
 */
export async function settled(line: AsteriskLine, within: number): Promise<void> {
  const began = realClock.steady()
  const waits = (): boolean => {
    if (line.state === 'refused') return false
    return realClock.steady() < began + (line.takesUp ? 2 * within : line.drives ? 0 : within)
  }
  while (waits()) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Whether something listens there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 })
    const say = (yes: boolean): void => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => say(true)).once('error', () => say(false)).once('timeout', () => say(false))
  })
}

/** How the connection stands; with `todo` also what to do about the prompts. */
export function asteriskState(connection: Connection, { todo: withTodo = false } = {}): AsteriskState {
  const { line } = connection
  if (!line) return { state: connection.refused ? 'refused' : 'off', words: connection.why }
  switch (line.state) {
    case 'up': {
      if (line.standsBy) return { state: 'up', words: `Another engine drives the calls of Asterisk at ${connection.where}; this one stands by.` }
      const { words = '', todo } = line.sounds?.state ?? {}
      return { state: 'up', words: `Connected to Asterisk at ${connection.where}. ${words}${withTodo && todo ? ` To do: ${todo}.` : ''}`.trim() }
    }
    case 'refused': return { state: 'refused', words: 'Asterisk refuses our login: check AMI_SECRET and manager.conf. Trying again.' }
    default: return { state: 'connecting', words: `Asterisk at ${connection.where} does not answer. Trying again.` }
  }
}
