import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { didYouMean } from '../engine/did-you-mean.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import { hasWords, translationFile } from '../engine/language/translations.ts'
import { count } from './check.ts'
import { readSettings } from './settings.ts'
import { withTexts, type Wanted } from './translation-file.ts'

/**
 * `callwright translations LANGUAGE [flow]`: the file for a translator, beside each hotline that speaks the language.
 * Texts that are not in it yet are added, empty, each below the original; what is there stays as it is.
 */
export function translations(language: string, path: string): void {
  const hotlines = readHotlines(path, readSettings().flowEnv)
  const speaking = hotlines.filter(({ languages }) => languages.includes(language))
  const spoken = new Set(hotlines.flatMap(({ languages }) => languages))
  if (speaking.length === 0)
    throw new Error(`no hotline in ${path} speaks "${language}": ${didYouMean(language, spoken, 'add it to languages: first')}`)
  for (const hotline of speaking) write(hotline, language)
}

function write({ name, file, languages, texts, mistakes }: Hotline, language: string): void {
  const to = join(dirname(file), translationFile(language))
  const there = existsSync(to) ? readFileSync(to, 'utf8') : undefined
  const ofFile = mistakes.filter(({ place }) => place.file === to)
  const broken = ofFile.find(({ code }) => code.startsWith('yaml-') || code === 'bad-value')
  if (broken) throw new Error(`${broken.pretty()}\nPut this right first; nothing was written.`)
  const [first = ''] = languages
  const wanted: Wanted[] = texts.flatMap(({ name: text, text: own }) => {
    const inFlow = typeof own === 'string' ? language === first || !hasWords(own) : own[language] !== undefined
    return inFlow ? [] : [{ name: text, original: typeof own === 'string' ? own : (own[first] ?? '') }]
  })
  const head = `# Texts in ${language}, each below its original. See docs/authors/translations.md.\n`
  const { text, added, empty } = withTexts(there ?? head, wanted)
  if (added > 0) {
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, text)
  }
  const before = count(wanted.length - added, 'text')
  if (wanted.length === 0) console.log(`${name}: every text stands in the flow itself`)
  else console.log(`${name}: ${to}: ${count(added, 'text')} added, ${before} there before, ${empty} still empty`)
  for (const { code, detail, suggestion } of ofFile)
    if (code === 'unknown-text') console.log(`  ${detail}; ${suggestion}`)
}
