import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Trouble } from '../engine/health/trouble.ts'
import type { Flow } from '../engine/language/flow.ts'
import type { Survival } from '../engine/survival.ts'
import type { Settings } from './settings.ts'

/** Of each hotline in the dialplan written last: the flow's hash, and the day until which special days are known. */
const written = z.record(z.string(), z.object({ hash: z.string(), until: z.string().optional() }))

/** So long before the last day that is known we begin to say so. Milliseconds. */
const ahead = 30 * 24 * 3_600_000

const fileOf = ({ data }: Pick<Settings, 'data'>): string => join(data, 'dialplan.json')

/** Remembers from what the dialplan was written. Answers the file. */
export function rememberWritten(
  settings: Pick<Settings, 'data'>,
  hotlines: readonly { name: string; hash: string; plan: Survival }[],
): string {
  const about = hotlines.map(({ name, hash, plan }) => {
    const [until] = Object.values(plan.hours).map((table) => table.until).toSorted()
    return [name, { hash, ...(until === undefined ? {} : { until }) }]
  })
  writeFileSync(fileOf(settings), `${JSON.stringify(Object.fromEntries(about), undefined, 2)}\n`)
  return fileOf(settings)
}

/** What is out of date in the dialplan written last; nothing when none was written here. */
export function outdatedIn(
  settings: Pick<Settings, 'data'>,
  flows: readonly Pick<Flow, 'name' | 'hash'>[],
  now: number,
): Trouble[] {
  if (!existsSync(fileOf(settings))) return []
  const known = written.parse(JSON.parse(readFileSync(fileOf(settings), 'utf8')))
  const todo = 'run callwright dialplan again, and reload it in Asterisk'
  return flows.flatMap(({ name, hash }) => {
    const one = known[name]
    if (!one) return [{ what: `${name} is not in the dialplan`, todo }]
    const words = `the dialplan of ${name}, which callers go through while Callwright does not run,`
    if (one.hash !== hash) return [{ what: `${words} was written from another version of the flow`, todo }]
    const ends = one.until !== undefined && Date.parse(one.until) < now + ahead
    return ends ? [{ what: `${words} knows holidays until ${one.until} only`, todo }] : []
  })
}
