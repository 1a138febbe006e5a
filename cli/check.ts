import { longestToAPerson } from '../engine/language/to-a-person.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import { readSettings } from './settings.ts'

/** `callwright check`: every mistake of every flow, in the order of the files. */
export function check(path: string, options: { quiet?: boolean }): void {
  const hotlines = readHotlines(path, readSettings().flowEnv)
  for (const hotline of hotlines) {
    for (const mistake of hotline.mistakes) console.log(`${mistake.warning ? 'warning: ' : ''}${mistake.pretty()}\n`)
    if (hotline.compiled && !options.quiet) console.log(inShort(hotline))
  }
  const mistakes = hotlines.flatMap((hotline) => hotline.mistakes)
  const wrong = mistakes.filter((mistake) => !mistake.warning).length
  const bad = hotlines.filter((hotline) => !hotline.compiled).length
  if (wrong > 0) console.log(`${count(wrong, 'mistake')} in ${count(bad, 'hotline')}; ${bad === hotlines.length ? 'nothing goes live' : 'the others can go live'}.`)
  process.exitCode = wrong > 0 ? 1 : 0
}

/** A good hotline in one line. */
export function inShort({ name, compiled, mistakes }: Hotline): string {
  if (!compiled) return `${name}: ${count(mistakes.filter((m) => !m.warning).length, 'mistake')}`
  const { title, numbers, languages, steps } = compiled.flow
  const longest = longestToAPerson(compiled)
  const person = longest ? `, a person after ${Math.round(longest.ms / 1000)} s of silence` : ''
  const warnings = mistakes.filter((m) => m.warning).length
  return `${name}: ${title}, on ${numbers.join(', ')}, in ${languages.join(', ')}, ${count(steps.size, 'step')}${person}, ${warnings > 0 ? count(warnings, 'warning') : 'no mistakes'}`
}

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
