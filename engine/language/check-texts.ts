import { packFor } from '../saying/index.ts'
import type { Text } from '../steps/step.ts'
import type { Header } from './header.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { MistakeCode } from './mistakes.ts'
import type { Path, Source } from './parse.ts'
import type { ReadSteps } from './steps.ts'

/** Every text in every language, and no language, queue or opening hours that the hotline does not have. */
export function checkTexts(source: Source, header: Header, steps: ReadSteps): void {
  const { languages } = header
  for (const [name, queue] of Object.entries(header.queues))
    if (queue.said !== undefined) checkText(source, languages, ['queues', name, 'said'], queue.said)
  for (const { parts, at } of steps.list) {
    for (const { path, text, in: only } of parts.texts ?? []) checkText(source, languages, at(path), text, only)
    const check = (
      named: { path: readonly (string | number)[]; name: string }[] | undefined,
      names: string[],
      code: MistakeCode,
      none: string,
      field: string,
    ) => {
      for (const { path, name } of named ?? [])
        if (!names.includes(name))
          source.report(at(path), code, `${none} "${name}"`, {
            suggestion: didYouMean(name, names, `add ${name} under ${field}:`),
          })
    }
    if (languages.length > 0)
      check(parts.languages, languages, 'unknown-language', 'the hotline does not speak', 'languages')
    check(parts.backends, Object.keys(header.backends), 'unknown-backend', 'there is no backend', 'backends')
    check(parts.queues, Object.keys(header.queues), 'unknown-queue', 'there is no queue', 'queues')
    check(parts.hours, Object.keys(header.hours), 'unknown-hours', 'there are no opening hours', 'opening-hours')
  }
}

/** `only`: the text is said in this language, whatever the caller speaks. */
function checkText(source: Source, languages: string[], path: Path, text: Text, only?: string): void {
  if (languages.length === 0) return
  const [first = ''] = languages
  // One that cannot be spoken is a mistake by itself, not one for each text.
  const wanted = only === undefined ? languages.filter((tag) => packFor(tag)) : [only]
  if (typeof text === 'string') {
    const missing = wanted.slice(1)
    if (missing.length === 0 || !hasWords(text)) return
    const example = text.length < 40 && !text.includes('\n') ? text : '...'
    return source.report(path, 'missing-text', `this text is not given in ${missing.join(', ')}`, {
      suggestion: `write { ${first}: ${example}, ${missing.map((tag) => `${tag}: ...`).join(', ')} }`,
    })
  }
  for (const tag of Object.keys(text))
    if (!languages.includes(tag))
      source.report([...path, tag], 'unknown-language', `the hotline does not speak "${tag}"`, {
        key: true,
        suggestion: didYouMean(tag, languages),
      })
  const missing = wanted.filter(
    (tag) => languages.includes(tag) && text[tag] === undefined && !source.has([...path, tag]),
  )
  if (missing.length > 0)
    source.report(path, 'missing-text', `this text is not given in ${missing.join(', ')}`, {
      suggestion: `add ${missing.map((tag) => `${tag}: ...`).join(', ')}`,
    })
}

/** Whether anything in a text needs translation: "{{ slot.at | date }}" does not. */
const hasWords = (text: string): boolean => /\p{L}/u.test(text.replaceAll(/\{\{.*?\}\}/g, ''))
