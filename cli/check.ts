import { settingsOf } from '../engine/language/check-expressions.ts'
import { longestToAPerson } from '../engine/language/to-a-person.ts'
import type { Flow } from '../engine/language/flow.ts'
import { countSteps } from '../engine/language/step-names.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import { survive } from '../engine/language/survive.ts'
import { didYouMean } from '../engine/did-you-mean.ts'
import { lossesInWords } from './losses.ts'
import { readSettings } from './settings.ts'

/** `callwright check`: every mistake of every flow, in the order of the files, and of the admin's voices. */
export async function check(path: string, options: { quiet?: boolean; survival?: boolean }): Promise<void> {
  const settings = readSettings()
  const hotlines = readHotlines(path, settings.flowEnv)
  for (const hotline of hotlines) {
    for (const mistake of hotline.mistakes) console.log(`${mistake.warning ? 'warning: ' : ''}${mistake.pretty()}\n`)
    if (hotline.compiled && !options.quiet) console.log(inShort(hotline))
    if (hotline.compiled && options.survival) console.log(lossesInWords(hotline.name, survive(hotline.compiled.flow, Date.now())).join('\n'))
  }
  const mistakes = hotlines.flatMap((hotline) => hotline.mistakes)
  const wrong = mistakes.filter((mistake) => !mistake.warning).length
  const bad = hotlines.filter((hotline) => !hotline.compiled).length
  if (wrong > 0) console.log(`${count(wrong, 'mistake')} in ${count(bad, 'hotline')}; ${bad === hotlines.length ? 'nothing goes live' : 'the others can go live'}.`)
  const { mistakes: inVoices, names } = settings.voices === undefined ? { mistakes: [] } : await (await import('./voices-file.ts')).describedIn(settings)
  for (const mistake of inVoices) console.log(`${mistake.pretty()}\n`)
  if (inVoices.length > 0) console.log('espeak-ng speaks alone until the voices are described without a mistake.')
  if (names && inVoices.length === 0) for (const line of hotlines.flatMap((one) => unknownVoices(one, names))) console.log(line)
  process.exitCode = wrong + inVoices.length > 0 ? 1 : 0
}

/** Voices that a flow names and the admin has not described: that keeps it from nothing, others speak. */
const unknownVoices = ({ file, compiled }: Hotline, names: string[]): string[] =>
  Object.entries(compiled?.flow.voices ?? {}).flatMap(([language, { by = [] }]) =>
    by.filter((name) => !names.includes(name)).map((name) =>
      `warning: ${file}: voices: ${language}: there is no voice "${name}", and it is passed over; ${didYouMean(name, names)}\n`))

/** A good hotline in one line, with its backends that have no address yet. */
export function inShort({ name, compiled, mistakes }: Hotline): string {
  if (!compiled) return `${name}: ${count(mistakes.filter((m) => !m.warning).length, 'mistake')}`
  const { title, numbers, languages, steps } = compiled.flow
  const longest = longestToAPerson(compiled)
  const person = longest ? `, a person after ${Math.round(longest.ms / 1000)} s of silence` : ''
  const warnings = mistakes.filter((m) => m.warning).length
  const line = `${name}: ${title}, on ${numbers.join(', ')}, in ${languages.join(', ')}, ${count(countSteps(steps.keys()), 'step')}${person}, ${warnings > 0 ? count(warnings, 'warning') : 'no mistakes'}`
  return [line, ...notSetUp(compiled.flow)].join('; ')
}

/** That is for the admin to mend, not for the author: the flow is right, and goes on where it goes when a request fails. */
const notSetUp = ({ backends, env }: Flow): string[] =>
  Object.entries(backends).flatMap(([name, backend]) => {
    const missing = settingsOf(backend).filter((setting) => !env[setting])
    return missing.length === 0 ? [] : [`its backend ${name} is not asked until ${missing.join(' and ')} is set and named in FLOW_ENV`]
  })

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
