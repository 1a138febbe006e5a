import { de } from './de.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import type { LanguagePack } from './pack.ts'

export { ways } from './pack.ts'
export type { LanguagePack, Moment, Saying, Way } from './pack.ts'

/** Every language the engine speaks by itself, by tag. A new one is one file and one name here. */
const packs: LanguagePack[] = [en, de, fr]

/** The tags of all languages there are packs for. */
export const languages: string[] = packs.map((pack) => pack.tag)

/** The pack for an RFC 5646 tag; `de-AT` is served by `de`. Undefined when there is none. */
export function packFor(language: string): LanguagePack | undefined {
  const tag = language.toLowerCase().replaceAll('_', '-')
  const exact = packs.find((pack) => pack.tag.toLowerCase() === tag)
  if (exact) return exact
  const cut = tag.lastIndexOf('-')
  return cut > 0 ? packFor(tag.slice(0, cut)) : undefined
}
