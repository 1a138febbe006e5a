import { didYouMean } from '../did-you-mean.ts'
import { namesInOrder, writtenOrder } from '../order.ts'
import { packFor } from '../saying/index.ts'
import { words } from '../steps/fields.ts'
import type { FieldPath, Text } from '../steps/step.ts'
import { sourceOf, type Beside } from './beside.ts'
import type { Header } from './header.ts'
import type { Path, Source } from './parse.ts'
import { queueTextPath } from './text-path.ts'

/** A text of a flow by its name, as it stands in the flow itself. */
export type NamedText = { name: string; text: Text }

/** The texts of one language, by their names, and which of them the flow has. */
type Translated = { language: string; source: Source; texts: Record<string, unknown>; used: Set<string> }

/** Where the texts of a language stand, beside the hotline. */
export const translationFile = (language: string): string => `translations/${language}.yaml`

/** The texts that stand in `translations/de.yaml` and its like, put beside those of the flow. */
export class Translations {
  /** Every text of the flow, in the order of the files. */
  readonly texts: NamedText[] = []
  readonly sources: Source[] = []
  private readonly languages: string[]
  private readonly files: Translated[] = []

  constructor(beside: Beside, languages: string[]) {
    this.languages = languages
    // Languages that could not be read are one mistake, not one for each file.
    for (const name of languages.length === 0 ? [] : beside.names) {
      const language = /^translations\/([^/]+)\.yaml$/.exec(name)?.[1]
      if (language !== undefined) this.read(language, sourceOf(beside, name))
    }
  }

  /** A text with its translations; what is wrong with one of them is told where it stands. */
  of(name: string, text: Text, source: Source, path: Path): Text {
    this.texts.push({ name, text })
    const [first = ''] = this.languages
    const added: Record<string, string> = {}
    for (const file of this.files) {
      const { language } = file
      if (!Object.hasOwn(file.texts, name)) continue
      file.used.add(name)
      if (typeof text === 'string' ? language === first : text[language] !== undefined) {
        file.source.report([name], 'text-twice', `"${name}" is given in ${language} in the flow, too`, {
          key: true,
          suggestion: 'keep one of the two',
        })
        continue
      }
      source.graft([...path, language], file.source, [name])
      const written = readText(file, name)
      if (written !== undefined) added[language] = written
    }
    if (Object.keys(added).length === 0) return text
    if (typeof text !== 'string') return { ...text, ...added }
    for (const language of hasWords(text) ? [first] : this.languages)
      if (added[language] === undefined) {
        added[language] = text
        source.graft([...path, language], source, path)
      }
    return added
  }

  /** Where missing texts are to be written, when a flow has its translations beside it. */
  where(name: string, languages: string[]): string | undefined {
    return this.files.length > 0 ? `write ${name}: ... in ${languages.map(translationFile).join(', ')}` : undefined
  }

  /** Names that no text has. Those of steps that could not be read may be right. */
  reportUnused(unread: ReadonlySet<string>): void {
    const known = this.texts.map(({ name }) => name)
    for (const { source, texts, used } of this.files)
      for (const name of namesInOrder(texts)) {
        if (used.has(name) || [...unread].some((step) => name === step || name.startsWith(`${step}/`))) continue
        source.report([name], 'unknown-text', `no text of the flow is called "${name}"`, {
          key: true,
          warning: true,
          suggestion: didYouMean(name, known, 'remove it'),
        })
      }
  }

  private read(language: string, source: Source): void {
    this.sources.push(source)
    const { data } = source
    if (data === undefined) return
    const said = this.languages.includes(language)
    if (!said)
      source.report([], 'unknown-language', `the hotline does not speak "${language}"`, {
        warning: true,
        suggestion: didYouMean(language, this.languages, 'add it to languages:'),
      })
    else if (typeof data !== 'object' || data === null || Array.isArray(data))
      source.report([], 'bad-value', 'translations must be texts by their names', { suggestion: 'write welcome: ...' })
    // One that cannot be spoken is a mistake of the hotline's.
    else if (packFor(language))
      this.files.push({ language, source, texts: data as Record<string, unknown>, used: new Set() })
  }
}

/** The header with the translations of its texts. */
export function translated(header: Header, source: Source, translations: Translations): Header {
  const queues = Object.entries(header.queues).map(([name, queue]) => {
    const { said } = queue
    if (said === undefined) return [name, queue]
    return [name, { ...queue, said: translations.of(queueTextPath(name), said, source, ['queues', name, 'said']) }]
  })
  return { ...header, queues: Object.fromEntries(queues) as Header['queues'] }
}

/** Fields with another text in the place of one of theirs. A text where a list may stand is the first of the list. */
export function withText(data: unknown, [part, ...rest]: FieldPath, text: Text): unknown {
  if (Array.isArray(data)) return data.map((one: unknown, i) => (i === part ? withText(one, rest, text) : one))
  if (typeof part !== 'string' || typeof data !== 'object' || data === null) return text
  const fields = { ...data, [part]: withText((data as Record<string, unknown>)[part], rest, text) }
  return writtenOrder(fields, namesInOrder(data))
}

function readText({ language, source, texts }: Translated, name: string): string | undefined {
  const value = texts[name]
  if (value === null || value === '') {
    source.report([name], 'missing-text', `"${name}" is not given in ${language} yet`, {
      key: true,
      suggestion: 'write it behind the colon',
    })
    return undefined
  }
  const read = words.safeParse(value)
  if (read.success) return read.data
  const [detail = '', suggestion] = (read.error.issues[0]?.message ?? '').split('; ')
  source.report([name], 'bad-value', detail.startsWith('must ') ? `"${name}" ${detail}` : detail, { suggestion })
  return undefined
}

/** Whether anything in a text needs translation: "{{ slot.at | date }}" does not. */
export const hasWords = (text: string): boolean => /\p{L}/u.test(text.replaceAll(/\{\{.*?\}\}/g, ''))
