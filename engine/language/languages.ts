import { didYouMean } from '../did-you-mean.ts'
import { languages as spoken, packFor } from '../saying/index.ts'
import type { Source } from './parse.ts'

/** The languages of the hotline; none when they could not be read, so that nothing is said of texts. */
export function readLanguages(source: Source, tags: string[]): string[] {
  // The texts are checked as they are meant: one wrong word is one mistake, not one for each text.
  const meant = tags.map((tag) => packByName(tag) ?? tag)
  for (const [i, tag] of tags.entries()) {
    const path = ['languages', i]
    if (meant.indexOf(meant[i]!) < i)
      source.report(path, 'bad-value', `"${meant[i]}" stands here twice`, { suggestion: 'remove one of them' })
    else if (meant[i] !== tag)
      source.report(path, 'unknown-language', 'languages are named by their tags', { suggestion: `write ${meant[i]}` })
    else if (!packFor(tag) || tag !== tag.toLowerCase())
      source.report(path, 'unknown-language', `"${tag}" cannot be spoken yet`, { suggestion: languageMeant(tag, spoken) })
  }
  return [...new Set(meant)]
}

/** Whether a name is, or looks like, that of a language. */
export const isLanguage = (name: string): boolean =>
  /^[a-z]{2}([-_]\w+)?$/i.test(name) || packFor(name) !== undefined || packByName(name) !== undefined

/** Which language was meant: `deutsch` is de. Between tags of two letters, es and en, nothing can be guessed. */
export function languageMeant(name: string, tags: Iterable<string>, orElse?: string): string | undefined {
  const tag = packByName(name)
  const known = [...tags]
  if (tag !== undefined && known.includes(tag)) return `write ${tag}`
  return didYouMean(name.length > 2 ? name : '', known, orElse)
}

/** `EN` and `English` as `en`; undefined for what is right, or nobody knows. */
export function packByName(written: string): string | undefined {
  const word = written.toLowerCase()
  const tag = spoken.find((one) => one === word || packFor(one)?.name.toLowerCase() === word || english[one] === word)
  return tag !== undefined && tag !== written ? tag : undefined
}

const english: Record<string, string> = Object.fromEntries(
  spoken.map((tag) => [tag, new Intl.DisplayNames('en', { type: 'language' }).of(tag)?.toLowerCase() ?? tag]),
)
