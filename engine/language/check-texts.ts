import type { FieldPath, Text } from '../steps/step.ts'
import type { Header } from './header.ts'
import { didYouMean, type FlowError } from './mistakes.ts'
import type { Path, Source } from './parse.ts'
import type { ReadSteps } from './steps.ts'

/** Every text in every language, and no language that the hotline does not speak. */
export function checkTexts(known: { source: Source; steps: ReadSteps; header: Header; mistakes: FlowError[] }): void {
  const { source, steps, header, mistakes } = known
  const languages = header.languages
  const check = (path: Path, text: Text, only?: string) => {
    const wanted = only === undefined ? languages : [only]
    if (typeof text !== 'string') {
      for (const tag of Object.keys(text))
        if (!languages.includes(tag)) mistakes.push(source.mistake([...path, tag], 'unknown-language', `the hotline does not speak "${tag}"`, { key: true, suggestion: didYouMean(tag, languages) }))
    }
    const missing = wanted.filter((tag) => (typeof text === 'string' ? tag !== wanted[0] && hasWords(text) : text[tag] === undefined))
    if (missing.length === 0) return
    const example = wanted.map((tag) => `${tag}: ${typeof text === 'string' && tag === wanted[0] ? text.slice(0, 40) : '...'}`).join(', ')
    mistakes.push(source.mistake(path, 'missing-text', `this text is not given in ${missing.join(', ')}`, {
      suggestion: typeof text === 'string' ? `write { ${example} }` : `add ${missing.map((tag) => `${tag}: ...`).join(', ')}`,
    }))
  }
  for (const [name, queue] of Object.entries(header.queues)) if (queue.said !== undefined) check(['queues', name, 'said'], queue.said)
  for (const step of steps) {
    for (const { path, text, in: only } of step.parts.texts ?? []) check(step.at(path), text, only)
    const named = (list: { path: FieldPath; name: string }[] | undefined, names: string[], code: 'unknown-language' | 'unknown-queue' | 'unknown-hours', what: string, where: string) => {
      for (const { path, name } of list ?? [])
        if (!names.includes(name)) mistakes.push(source.mistake(step.at(path), code, `${what} "${name}"`, { suggestion: didYouMean(name, names) ?? `list it under ${where}` }))
    }
    named(step.parts.languages, languages, 'unknown-language', 'the hotline does not speak', 'languages:')
    named(step.parts.queues, Object.keys(header.queues), 'unknown-queue', 'there is no queue', 'queues:')
    named(step.parts.hours, Object.keys(header.hours), 'unknown-hours', 'there are no opening hours', 'opening-hours:')
  }
}

/** Whether anything in a text needs translation: "{{ slot.at | date }}" does not. */
const hasWords = (text: string): boolean => /\p{L}/u.test(text.replaceAll(/\{\{.*?\}\}/g, ''))
