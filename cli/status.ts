import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { realClock } from '../engine/clock.ts'
import { troublesOf, type EngineState } from '../engine/health/state.ts'
import type { Trouble } from '../engine/health/trouble.ts'
import { hasStandby, runningIn } from './lock.ts'
import { placeFile } from './place.ts'
import { readSettings, type Settings } from './settings.ts'
import { stateInWords, troubleInWords } from './status-words.ts'

export type StatusOptions = { json?: boolean }

/** Exit codes. */
const [isWell, isWrong, isNotThere] = [0, 1, 3]
/** An engine that says nothing for so long is frozen, as far as callers are concerned. Milliseconds. */
const longest = 2000

/** What is known of the engine of a data folder. */
export type Found =
  | { is: 'not-there' }
  /** It runs and cannot be asked; `trouble` says why. */
  | { is: 'silent'; pid: number; standby: boolean; trouble: Trouble }
  | { is: 'answers'; standby: boolean; state: EngineState }

/** `callwright status`: how the engine of this data folder does. Exit code 0 well, 1 not, 3 there is none. */
export async function status({ json }: StatusOptions): Promise<void> {
  const settings = readSettings()
  const found = await look(settings)
  const troubles = found.is === 'answers' ? troublesOf(found.state) : found.is === 'silent' ? [found.trouble] : []
  process.exitCode = found.is === 'not-there' ? isNotThere : troubles.length > 0 ? isWrong : isWell
  if (json) return console.log(JSON.stringify({ ...found, troubles }, null, 2))
  if (found.is === 'not-there')
    return console.log(
      `No Callwright runs with ${settings.data}. Start it: callwright run, or sudo systemctl start callwright.`,
    )
  if (found.is === 'answers') console.log(stateInWords(found.state))
  if (found.standby) console.log('stand-by     another engine waits here, and takes over when this one is gone')
  console.log(troubleInWords(troubles))
}

/** Asks the engine of a data folder how it does. */
export async function look(
  { data, metricsToken, console: { token } }: Pick<Settings, 'data' | 'metricsToken' | 'console'>,
  patience = longest,
): Promise<Found> {
  const pid = runningIn(data)
  if (pid === undefined) return { is: 'not-there' }
  const standby = hasStandby(data, realClock)
  const place = placeIn(data)
  if (place?.pid !== pid) {
    const trouble = { what: `process ${pid} is just starting`, todo: 'ask again in a moment; if it stays, see its log' }
    return { is: 'silent', pid, standby, trouble }
  }
  const answer = await ask(place.url, metricsToken ?? token, patience)
  if (typeof answer === 'object') return { is: 'answers', standby, state: answer }
  return { is: 'silent', pid, standby, trouble: troubleWith(pid, place.url, answer, patience) }
}

const placeSchema = z.object({ pid: z.number(), url: z.string() })

/** Where the engine can be asked, as it has written it down. */
function placeIn(data: string): z.infer<typeof placeSchema> | undefined {
  const file = placeFile(data)
  try {
    return existsSync(file) ? placeSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
  } catch {
    // Being written just now.
    return undefined
  }
}

/** The HTTP status with which an answer is refused; or nothing came in time, or nothing can come. */
type NoAnswer = number | 'frozen' | 'unreachable'

async function ask(url: string, token: string | undefined, patience: number): Promise<EngineState | NoAnswer> {
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {}
  try {
    const response = await fetch(new URL('status', url), { headers, signal: AbortSignal.timeout(patience) })
    return response.ok ? ((await response.json()) as EngineState) : response.status
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'frozen' : 'unreachable'
  }
}

function troubleWith(pid: number, url: string, answer: NoAnswer, patience: number): Trouble {
  if (typeof answer === 'number')
    return {
      what: `the engine at ${url} does not tell how it does (it answers ${answer})`,
      todo: 'run this with the settings of the engine, above all CONSOLE_TOKEN or METRICS_TOKEN',
    }
  if (answer === 'unreachable')
    return { what: `the engine cannot be asked at ${url}`, todo: 'it is starting or ending; ask again in a moment' }
  const restart = `end it, so that it is started again: kill -9 ${pid}`
  if (isStopped(pid))
    return { what: `process ${pid} has been stopped (SIGSTOP)`, todo: `kill -CONT ${pid} lets it go on; or ${restart}` }
  return {
    what: `process ${pid} is frozen: it has not answered for ${patience / 1000} s`,
    todo: `see what keeps this machine busy: top; or ${restart}`,
  }
}

function isStopped(pid: number): boolean {
  try {
    // The third field; the second, in brackets, is the name and may hold anything.
    return /\) [Tt] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
