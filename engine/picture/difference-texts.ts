import type { FieldPath, Text } from '../steps/step.ts'
import { textIn } from './turn.ts'

/** `"new" instead of "old"`, language by language where they differ; once when it is the same in all. */
export function textChanges(
  old: Text | undefined,
  now: Text | undefined,
  languages: string[],
  usual = 'nothing',
): string[] {
  const changes = languages.flatMap((language) => {
    const shown = (text: Text | undefined): string => (text === undefined ? usual : `"${textIn(text, language)}"`)
    return shown(old) === shown(now) ? [] : [{ language, change: `${shown(now)} instead of ${shown(old)}` }]
  })
  const [first] = changes
  if (first && changes.every(({ change }) => change === first.change) && changes.length === languages.length)
    return [first.change]
  return changes.map(({ language, change }) => `${change} (${language})`)
}

const ordinals = ['', ', the first time', ', the second time', ', the third time']

/** When a text of a step is said, from where it stands. */
export function whenSaid(path: FieldPath): string {
  const [field, place] = path
  const nth = typeof place === 'number' ? (ordinals[place + 1] ?? `, time ${place + 1}`) : ''
  switch (field) {
    case 'say':
      return 'says'
    case 'no-input':
      return `says after silence${nth}`
    case 'no-match':
      return `says after what does not fit${nth}`
    case 'too-few':
      return `says after too few digits${nth}`
    default:
      return `says (${path.join(' ')})`
  }
}
