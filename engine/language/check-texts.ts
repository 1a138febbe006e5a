import { packFor } from '../saying/index.ts'
import type { Text } from '../steps/step.ts'
import type { Header } from './header.ts'
import { languageMeant } from './languages.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { MistakeCode } from './mistakes.ts'
import type { Path, Source } from './parse.ts'
import type { ReadSteps } from './steps.ts'
import { queueTextPath, textPath } from './text-path.ts'
import { hasWords, type Translations } from './translations.ts'

/** Every text in every language, and no language, queue or opening hours that the hotline does not have. */
export function checkTexts(source: Source, header: Header, steps: ReadSteps, translations: Translations): void {
  const { languages } = header
  for (const [name, queue] of Object.entries(header.queues))
    if (queue.said !== undefined)
      checkText({ source, path: ['queues', name, 'said'], name: queueTextPath(name), translations }, languages, queue.said)
  for (const step of steps.list) {
    const { parts, at, source } = step
    for (const { path, text, in: only } of parts.texts ?? [])
      checkText({ source, path: at(path), name: textPath(step, path), translations }, languages, text, only)
    const check = (
      named: { path: readonly (string | number)[]; name: string }[] | undefined,
      names: string[],
      code: MistakeCode,
      none: string,
      field: string,
      meant = didYouMean,
    ) => {
      for (const { path, name } of named ?? [])
        if (!names.includes(name))
          source.report(at(path), code, `${none} "${name}"`, { suggestion: meant(name, names, `add ${name} under ${field}:`) })
    }
    if (languages.length > 0)
      check(parts.languages, languages, 'unknown-language', 'the hotline does not speak', 'languages', languageMeant)
    check(parts.backends, Object.keys(header.backends), 'unknown-backend', 'there is no backend', 'backends')
    check(parts.queues, Object.keys(header.queues), 'unknown-queue', 'there is no queue', 'queues')
    check(parts.hours, Object.keys(header.hours), 'unknown-hours', 'there are no opening hours', 'opening-hours')
  }
}

/** Where a text stands, and its name for translators. */
type Standing = { source: Source; path: Path; name: string; translations: Translations }

/** `only`: the text is said in this language, whatever the caller speaks. */
function checkText(standing: Standing, languages: string[], text: Text, only?: string): void {
  const { source, path, name, translations } = standing
  if (languages.length === 0) return
  const [first = ''] = languages
  // One that cannot be spoken is a mistake by itself, not one for each text.
  const inFile = (missing: string[]): string | undefined => translations.where(name, missing)
  const wanted = only === undefined ? languages.filter((tag) => packFor(tag)) : [only]
  if (typeof text === 'string') {
    const missing = wanted.slice(1).filter((tag) => !source.has([...path, tag]))
    if (missing.length === 0 || !hasWords(text)) return
    const example = text.length < 40 && !text.includes('\n') ? inBraces(text) : '...'
    return source.report(path, 'missing-text', `this text is not given in ${missing.join(', ')}`, {
      suggestion:
        inFile(missing) ?? `write { ${first}: ${example}, ${missing.map((tag) => `${tag}: ...`).join(', ')} }`,
    })
  }
  const unknown = Object.keys(text).filter((tag) => !languages.includes(tag))
  for (const tag of unknown)
    source.report([...path, tag], 'unknown-language', `the hotline does not speak "${tag}"`, {
      key: true,
      suggestion: languageMeant(tag, languages),
    })
  const missing = wanted.filter(
    (tag) => languages.includes(tag) && text[tag] === undefined && !source.has([...path, tag]),
  )
  // What is written under a wrong name is not missing.
  if (missing.length > unknown.length)
    source.report(path, 'missing-text', `this text is not given in ${missing.join(', ')}`, {
      suggestion: inFile(missing) ?? `add ${missing.map((tag) => `${tag}: ...`).join(', ')}`,
    })
}

/** A text as it is written in braces, where a comma would end it. */
const inBraces = (text: string): string => (/[,:{}[\]#"]/.test(text) ? (text.includes('"') ? '...' : `"${text}"`) : text)
