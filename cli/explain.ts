import { existsSync } from 'node:fs'
import { didYouMean } from '../engine/did-you-mean.ts'
import { readHotlines } from '../engine/hotlines.ts'
import { shownName } from '../engine/language/step-names.ts'
import { explain as inWords } from '../engine/picture/words.ts'
import { cannot } from './graph.ts'
import { readSettings } from './settings.ts'

/**
 * `callwright explain [flow] [step]`: what a caller hears at a step and where each thing leads. One word is a step when
 * nothing lies at that path; a flow without a step is explained from its first step to its last.
 */
export function explain(first: string, second: string | undefined, flows: string): void {
  const path = second === undefined && !existsSync(first) ? flows : first
  const step = second ?? (path === first ? undefined : first)
  const hotlines = readHotlines(path, readSettings().flowEnv)
  for (const hotline of hotlines) if (!hotline.compiled) cannot(hotline)
  const good = hotlines.flatMap(({ name, compiled }) => (compiled ? [{ name, compiled }] : []))
  const told = good.flatMap(({ name, compiled }) => {
    const steps = step === undefined ? new Set([...compiled.flow.steps.keys()].map(shownName)) : [step]
    const texts = [...steps].flatMap((one) => inWords(compiled, one))
    return texts.length > 0 && hotlines.length > 1 ? [`${name}: ${compiled.flow.title}`, ...texts] : texts
  })
  if (told.length > 0) console.log(told.join('\n\n'))
  if (told.length === 0 && good.length > 0) {
    const names = good.flatMap(({ compiled }) => [...compiled.flow.steps.keys()].map(shownName))
    throw new Error(`no step of ${path} is called "${step}"; ${didYouMean(step ?? '', new Set(names))}`)
  }
  process.exitCode = good.length === hotlines.length ? 0 : 1
}
