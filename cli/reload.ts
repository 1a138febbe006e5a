import { readHotlines } from '../engine/hotlines.ts'
import { count } from './check.ts'
import { runningIn } from './lock.ts'
import { signal } from './right-user.ts'
import { readSettings } from './settings.ts'

/**
 * `callwright reload`: has the running engine read its flows anew, as it does by itself when a file is saved. Says
 * before what it will refuse. Exit code 1 when a flow is refused, 3 when no engine runs.
 */
export function reload(): void {
  const settings = readSettings()
  const refused = readHotlines(settings.flows, settings.flowEnv).filter(({ compiled }) => !compiled)
  for (const { mistakes } of refused) for (const mistake of mistakes) if (!mistake.warning) console.error(`${mistake.pretty()}\n`)
  const pid = runningIn(settings.data)
  if (pid === undefined) {
    console.error(`no engine works with ${settings.data}: start one with "npx callwright run"`)
    process.exitCode = 3
    return
  }
  signal(pid, 'SIGHUP')
  const names = refused.map(({ name }) => name).join(', ')
  console.log(
    refused.length === 0
      ? `The engine (process ${pid}) reads its flows anew: new calls hear them as soon as their prompts are made.`
      : `The engine (process ${pid}) reads its flows anew, but for ${count(refused.length, 'hotline')} with mistakes: ${names} ${refused.length === 1 ? 'goes' : 'go'} on as before.`,
  )
  if (refused.length > 0) process.exitCode = 1
}
