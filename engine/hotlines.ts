import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { besideOf } from './folder.ts'
import type { FlowText } from './journal/store.ts'
import { nearest } from './did-you-mean.ts'
import { checkFlow } from './language/check.ts'
import type { Compiled } from './language/compile.ts'
import { sameNumber } from './language/flow.ts'
import { FlowError } from './language/mistakes.ts'
import { parseYaml } from './language/parse.ts'
import type { NamedText } from './language/translations.ts'

/** One hotline's folder, read: its flow when it may go live, and what is wrong with it. */
export type Hotline = {
  /** The name of the folder. */
  name: string
  file: string
  compiled?: Compiled
  /** What its flow was made from, when it may go live. */
  text?: FlowText
  mistakes: FlowError[]
  /** Its languages and its texts by name, as far as they could be read. */
  languages: string[]
  texts: NamedText[]
  /** Its recordings by their content (see `Recording.hash`), with the path of each file. */
  recordings: { hash: string; file: string }[]
}

/** The file that makes a folder a hotline. */
export const hotlineFile = 'hotline.yaml'

/** The settings that flows may read as `env.NAME`: the same for all, or made for the text of each and what lies beside it. */
export type Settings = Record<string, string> | ((flow: string) => Record<string, string>)

/**
 * Reads and checks every hotline at a path: a folder of hotlines, one hotline's folder, or a flow's file. A bad one
 * does not keep the others from answering. Throws when there is nothing there.
 */
export function readHotlines(path: string, settings: Settings = {}): Hotline[] {
  const files = filesAt(path)
  if (files.length === 0) throw new Error(`there is no hotline in ${path}: make a folder with a ${hotlineFile} in it`)
  const hotlines = files.map((file) => readHotline(file, settings))
  for (const mistake of numbersTaken(hotlines)) {
    const hotline = hotlines.find(({ file }) => file === mistake.place.file)!
    hotline.mistakes.push(mistake)
    delete hotline.compiled
  }
  return hotlines
}

function filesAt(path: string): string[] {
  if (!existsSync(path)) throw new Error(`there is no ${path}${meant(path)}`)
  if (statSync(path).isFile()) return [path]
  if (existsSync(join(path, hotlineFile))) return [join(path, hotlineFile)]
  return hotlinesIn(path).map((folder) => join(folder, hotlineFile))
}

/** The folders of hotlines in a folder. */
const hotlinesIn = (path: string): string[] =>
  readdirSync(path).sort().map((name) => join(path, name)).filter((folder) => existsSync(join(folder, hotlineFile)))

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/** The hotline that is meant by `council`, or by `flows/concil`, where there is `flows/council`. */
function meant(path: string): string {
  const around = [dirname(path), join(dirname(path), 'flows')].filter(isFolder).flatMap(hotlinesIn)
  const byName = new Map(around.map((folder) => [basename(folder), folder]))
  const name = byName.has(basename(path)) ? basename(path) : nearest(basename(path), byName.keys())
  return name === undefined ? '' : `; did you mean "${byName.get(name)}"?`
}

function readHotline(path: string, settings: Settings): Hotline {
  const name = basename(path) === hotlineFile ? basename(dirname(path)) || 'hotline' : basename(path).replace(/\.ya?ml$/, '')
  const inside = relative('.', path)
  const file = inside.startsWith('..') ? path : inside
  const unread = (mistake: FlowError): Hotline => ({ name, file, mistakes: [mistake], languages: [], texts: [], recordings: [] })
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return unread(badName(file, name))
  const text = textOf(path)
  if (typeof text !== 'string') return unread(unreadable(file, text))
  const beside = besideOf(path, file)
  const whole = (): string => [text, ...beside.names.map((one) => beside.text(one) ?? '')].join('\n')
  const env = typeof settings === 'function' ? settings(whole()) : settings
  const { flow: _, compiled, ...read } = checkFlow(text, { name, file, env, beside })
  const found = beside.recordings ?? []
  const recordings = found.map((one) => ({ hash: one.hash, file: resolve(one.file) }))
  if (!compiled) return { name, file, ...read, recordings }
  const texts = Object.fromEntries([['', text], ...beside.names.map((one) => [one, beside.text(one) ?? ''])]) as Record<string, string>
  const kept = { hash: compiled.flow.hash, name, file, texts, recordings: found, env }
  return { name, file, ...read, recordings, compiled, text: kept }
}

/** The text of a file, or why there is none. */
function textOf(path: string): string | Error {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return error as Error
  }
}

const unreadable = (file: string, { message }: Error): FlowError =>
  new FlowError({
    code: 'unreadable', place: { file, line: 1, column: 1 },
    detail: `the file cannot be read (${message.replace(/, \w+ '.*$/, '')})`, suggestion: 'see whose it is, and that it is a file',
  })

/** The name stands in Asterisk's dialplan. */
const badName = (file: string, name: string): FlowError =>
  new FlowError({
    code: 'bad-value', place: { file, line: 1, column: 1 },
    detail: `a hotline cannot be called "${name}"`, suggestion: 'name its folder with letters a-z, digits, - and _',
  })

/** A number that two hotlines claim stays with the first of them. */
function numbersTaken(hotlines: Hotline[]): FlowError[] {
  const taken: { number: string; by: Hotline }[] = []
  return hotlines.flatMap((hotline) =>
    (hotline.compiled?.flow.numbers ?? []).flatMap((number) => {
      const first = taken.find((one) => sameNumber(one.number, number))
      if (!first) taken.push({ number, by: hotline })
      return first ? [numberTaken(hotline, number, first.by)] : []
    }))
}

function numberTaken({ file, compiled }: Hotline, number: string, by: Hotline): FlowError {
  const source = parseYaml(readFileSync(file, 'utf8'), file)
  const at = compiled?.flow.numbers.lastIndexOf(number) ?? 0
  const twice = by.file === file
  source.report(['numbers', at], 'number-taken', twice ? `${number} stands here twice` : `${number} is answered by ${by.file}`, {
    suggestion: twice ? 'remove one of them' : 'give it to one of the two',
  })
  return source.mistakes.at(-1)!
}
