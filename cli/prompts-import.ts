import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { isMap, parseDocument, type Document } from 'yaml'
import { aside, contentHash, mostBytes, soundEnding } from '../engine/audio-folder.ts'
import { areTwins, recordables, recordedFile, sameWords, type Recordable } from '../engine/language/recordings.ts'
import { flawInWords, flawsOf, takeOf } from '../engine/sound/recording.ts'
import type { Take } from '../engine/sound/take.ts'
import { count } from './check.ts'
import { matchOf } from './prompts-match.ts'
import { audioOf, sheetOf } from './prompts-sheet.ts'
import type { Good } from './prompts.ts'
import { writeWhole } from './write-whole.ts'

/** A file that was found, and the language it is taken to be in. */
type Found = { path: string; shown: string; language: string }

/** What became of a file: it is in place now, it had been before, or neither. */
type Outcome = 'taken' | 'there' | 'refused'

type Options = { language?: string; replace?: boolean }

/**
 * `callwright prompts --import FOLDER`: takes finished recordings in, each at its place in `audio/`, and notes for
 * which text. The exit code is 1 when a file was not taken.
 */
export async function takeIn(hotline: Good, folder: string, options: Options): Promise<void> {
  const importing = new Importing(hotline, options.replace ?? false)
  const files = soundsIn(folder, hotline, options.language)
  if (files.length === 0)
    throw new Error(`there is nothing in ${folder}: put sound files into it, WAV, MP3, FLAC or Ogg`)
  const outcomes: Outcome[] = []
  for (const file of files) outcomes.push(await importing.take(file))
  importing.serveTwins()
  importing.note()
  const number = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length
  console.log(`\n${number('taken')} taken in, ${number('there')} there before, ${number('refused')} not taken.`)
  for (const language of new Set(files.map((file) => file.language))) console.log(importing.missingIn(language))
  process.exitCode = number('refused') > 0 ? 1 : 0
}

/** Of a file in a folder named as a language, that is the language; of others the one given, or the only one. */
function soundsIn(folder: string, { name, compiled }: Good, given: string | undefined): Found[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`there is no folder ${folder}`)
  const { languages } = compiled.flow
  if (given !== undefined && !languages.includes(given))
    throw new Error(`${name} does not speak "${given}": name one of ${languages.join(', ')}`)
  const only = languages.length === 1 ? languages[0] : undefined
  const own = languages.find((language) => language === basename(resolve(folder)))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !aside.test(basename(file)) && statSync(join(folder, file)).isFile()).sort()
  return files.map((file): Found => {
    const [first = ''] = file.split('/')
    const language = languages.includes(first) ? first : (given ?? own ?? only)
    if (language === undefined)
      throw new Error(`in which language is ${file}? Add --language ${languages.join(' or --language ')}`)
    return { path: join(folder, file), shown: languages.includes(first) ? relative(first, file) : file, language }
  })
}

/** `from`: the file, as it is shown; `read`: what stood before the speaker; `isNew`: it was not in place before. */
type Taken = { from: string; read: string; isNew: boolean; path: string }

/** One import: which texts there are, and what has been taken so far. */
class Importing {
  private readonly hotline: Good
  private readonly replace: boolean
  private readonly texts: Recordable[]
  private readonly notes: Document
  /** The recordings that are in place. */
  private readonly known: { text: Recordable; hash: string }[]
  private readonly taken = new Map<Recordable, Taken>()

  constructor(hotline: Good, replace: boolean) {
    this.hotline = hotline
    this.replace = replace
    this.texts = recordables(hotline.compiled)
    this.notes = notesOf(hotline)
    const { recordings } = hotline.compiled.flow
    this.known = this.texts.flatMap((text) => {
      const hash = recordings[text.language]?.[text.name]
      return hash === undefined ? [] : [{ text, hash }]
    })
  }

  /** Checks one file and puts it in its place, and says what came of it. */
  async take({ path, shown, language }: Found): Promise<Outcome> {
    const refused = (why: string): Outcome => {
      console.log(`${shown}: not taken: ${why}`)
      return 'refused'
    }
    if (!soundEnding.test(path))
      return refused('it is no sound file that can be played; save it as WAV, MP3, FLAC or Ogg')
    const match = matchOf(shown, this.textsIn(language), sheetOf(this.hotline, language))
    if (typeof match === 'string') return refused(match)
    const { text, read } = match
    if (statSync(path).size > mostBytes) return refused('it has more than 50 MB; cut out what callers are to hear')
    const content = readFileSync(path)
    const take = await takeOf(content).catch(({ message }: Error) => message)
    if (typeof take === 'string') return refused(take)
    const twice = this.taken.get(text)
    if (twice) return refused(`${twice.from} is "${text.name}" already; keep one of the two`)
    const hash = contentHash(content)
    const foreign = this.foreignOf(text, hash)
    if (foreign) {
      const { language: other, name } = foreign
      return refused(`this is the same sound as ${other}/${name}; see that the language is right, or remove that one`)
    }
    const there = this.thereOf(text)
    const isSame = there?.hash === hash
    if (there && !isSame && !this.replace)
      return refused(`${there.file} is there already; --replace takes the new one in its place`)
    this.taken.set(text, { from: shown, read, isNew: !isSame, path })
    this.known.push({ text, hash })
    if (!isSame) this.put(text, content, extname(path).toLowerCase())
    told(shown, isSame ? 'is there already' : there ? 'replaced' : 'taken in', text, take)
    if (match.before !== undefined)
      console.log(`  an earlier sheet had other words for it: "${match.before}"; hear which of the two it says`)
    return isSame ? 'there' : 'taken'
  }

  /** A text of the same words as one that was taken, and without a recording, has the same one. */
  serveTwins(): void {
    for (const twin of this.texts.filter((one) => !this.taken.has(one) && !this.thereOf(one))) {
      const [, taken] = [...this.taken].find(([text]) => areTwins(text, twin)) ?? []
      if (!taken) continue
      this.put(twin, readFileSync(taken.path), extname(taken.path).toLowerCase())
      this.taken.set(twin, { ...taken, isNew: true })
      console.log(`${taken.from}: serves ${twin.language}/${twin.name}, too: the words are the same`)
    }
  }

  /** Writes down for which texts the new recordings were made. */
  note(): void {
    for (const [{ language, name }, { isNew, read }] of this.taken)
      if (isNew || !this.notes.hasIn([language, name])) this.notes.setIn([language, name], read)
    if (this.taken.size > 0) writeWhole(notesFile(this.hotline), this.notes.toString({ lineWidth: 0 }))
  }

  /** What is still to be recorded, in words. */
  missingIn(language: string): string {
    const missing = this.textsIn(language).filter((one) => !this.taken.has(one) && !this.thereOf(one))
    if (missing.length === 0) return `Every text in ${language} has a recording.`
    const some = missing.slice(0, 5).map(({ name }) => name).join(', ')
    const rest = missing.length > 5 ? `, ...; --record-sheet ${language} writes all of them down` : ''
    return `${count(missing.length, 'text')} in ${language} without a recording, which a voice speaks: ${some}${rest}`
  }

  private textsIn(language: string): Recordable[] {
    return this.texts.filter((one) => one.language === language)
  }

  /** The text in another language, with other words, of which this sound is the recording. */
  private foreignOf({ language, text }: Recordable, hash: string): Recordable | undefined {
    const isForeign = (one: Recordable): boolean => one.language !== language && !sameWords(one.text, text)
    return this.known.find((one) => one.hash === hash && isForeign(one.text))?.text
  }

  /** The recording that a text had before. */
  private thereOf({ language, name }: Recordable): { hash: string; file: string } | undefined {
    const hash = this.hotline.compiled.flow.recordings[language]?.[name]
    return this.hotline.recordings.find((one) => one.hash === hash)
  }

  private put(text: Recordable, content: Buffer, ending: string): void {
    const to = join(audioOf(this.hotline), text.language, `${text.name}${ending}`)
    mkdirSync(dirname(to), { recursive: true })
    writeWhole(to, content)
    const before = this.thereOf(text)?.file
    // On some disks welcome.WAV and welcome.wav are the same file.
    if (before !== undefined && statSync(before).ino !== statSync(to).ino) rmSync(before)
  }
}

const notesFile = ({ file }: Good): string => join(dirname(file), recordedFile)

/** For which text each recording was made, as far as that is noted. */
function notesOf(hotline: Good): Document {
  const file = notesFile(hotline)
  const first = '# The text for which each recording was made; written by "callwright prompts --import".\n'
  const doc = parseDocument(existsSync(file) ? readFileSync(file, 'utf8') : first)
  if (doc.errors.length > 0 || (doc.contents !== null && !isMap(doc.contents)))
    throw new Error(`${file} cannot be read; put it right first (callwright check); nothing was taken in`)
  return doc
}

function told(shown: string, how: string, { language, name, text }: Recordable, take: Take): void {
  console.log(`${shown}: ${how}: ${language}/${name}, ${(take.ms / 1000).toFixed(1)} s: ${text}`)
  for (const flaw of flawsOf(take, text, language)) console.log(`  ${flawInWords(flaw)}`)
}
