import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { differences } from '../engine/picture/difference.ts'
import { cannot } from './graph.ts'
import { readSettings } from './settings.ts'

/**
 * `callwright diff`: what changes for callers between two versions of a flow, or of a folder of flows. Exit codes:
 * 0 nothing, 1 something, 2 it cannot be told.
 */
export function diff(old: string, now: string): void {
  const { flowEnv } = readSettings()
  const [before, after] = [readHotlines(old, flowEnv), readHotlines(now, flowEnv)]
  const bad = [...before, ...after].filter(({ compiled }) => !compiled)
  for (const hotline of bad) cannot(hotline)
  if (bad.length > 0) {
    process.exitCode = 2
    return
  }
  const told = pairs(before, after).flatMap(([a, b]) => {
    if (!a) return [`${b!.name}: a new hotline, "${b!.compiled!.flow.title}".`]
    if (!b) return [`${a.name}: the hotline "${a.compiled!.flow.title}" is gone.`]
    const lines = differences(a.compiled as Compiled, b.compiled as Compiled)
    const alone = before.length === 1 && after.length === 1
    return alone ? lines : lines.map((line) => `${b.name}: ${line}`)
  })
  console.log(told.length > 0 ? told.join('\n') : 'Nothing is different for callers.')
  process.exitCode = told.length > 0 ? 1 : 0
}

/** Hotlines of the same name; two that are alone belong together whatever they are called. */
function pairs(old: Hotline[], now: Hotline[]): [Hotline | undefined, Hotline | undefined][] {
  if (old.length === 1 && now.length === 1) return [[old[0], now[0]]]
  return [
    ...now.map((b): [Hotline | undefined, Hotline] => [old.find(({ name }) => name === b.name), b]),
    ...old.filter((a) => !now.some(({ name }) => name === a.name)).map((a): [Hotline, undefined] => [a, undefined]),
  ]
}
