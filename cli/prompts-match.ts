import { basename } from 'node:path'
import { soundEnding } from '../engine/audio-folder.ts'
import { didYouMean } from '../engine/did-you-mean.ts'
import type { Recordable } from '../engine/language/recordings.ts'
import { nameFrom, type Numbered } from './prompts-sheet.ts'

/**
 * The text that a file is a recording of; `read`: what stood before the speaker, as far as that is known. `before`: it
 * may have been read from an earlier sheet, with these words.
 */
export type Match = { text: Recordable; read: string; before?: string }

/**
 * The text that a file is of, by its name or by its number on the sheet, or why there is none: `01.wav`,
 * `01 welcome.wav`, `welcome.wav`, `main_keys_1.wav`, `main/keys/1.wav`. `texts`: those of its language.
 */
export function matchOf(file: string, texts: Recordable[], sheet: Numbered[]): Match | string {
  const bare = file.replace(soundEnding, '')
  const named = (name: string): Recordable | undefined => texts.find((one) => one.name === nameFrom(name.toLowerCase()))
  const own = named(bare)
  if (own) return { text: own, read: own.text }
  const [, digits, rest = ''] = /^(\d+)[\s_.-]*(.*)$/.exec(basename(bare)) ?? []
  if (digits === undefined) {
    const names = texts.map(({ name }) => name)
    const [begun] = nameFrom(bare).split(/[\s(]/)
    const whole = didYouMean(nameFrom(bare), names, '')
    const meant = whole || didYouMean(begun!, names, 'name it as on the sheet (--record-sheet)')
    return `no text is called "${nameFrom(bare)}"; ${meant}`
  }
  const number = Number(digits)
  const onSheet = sheet.find((one) => one.number === number)
  const text = named(rest) ?? texts.find(({ name }) => name === onSheet?.name)
  if (onSheet && text && text.name !== onSheet.name)
    return `its name says "${text.name}", but number ${number} on the sheet is "${onSheet.name}"; rename it`
  if (text) {
    const before = onSheet?.before
    return { text, read: onSheet?.text ?? text.text, ...(before === undefined ? {} : { before }) }
  }
  return onSheet
    ? `the flow does not say "${onSheet.name}" any more; write a new sheet (--record-sheet)`
    : `number ${number} is not on the sheet; name it as on the sheet (--record-sheet)`
}
