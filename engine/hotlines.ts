import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { checkFlow } from './language/check.ts'
import type { Compiled } from './language/compile.ts'
import { sameNumber } from './language/flow.ts'
import { FlowError } from './language/mistakes.ts'
import { parseYaml } from './language/parse.ts'

/** One hotline's folder, read: its flow when it may go live, and what is wrong with it. */
export type Hotline = {
  /** The name of the folder. */
  name: string
  file: string
  compiled?: Compiled
  mistakes: FlowError[]
}

/** The file that makes a folder a hotline. */
export const hotlineFile = 'hotline.yaml'

/**
 * Reads and checks every hotline at a path: a folder of hotlines, one hotline's folder, or a flow's file. A bad one
 * does not keep the others from answering. Throws when there is nothing there.
 */
export function readHotlines(path: string, env: Record<string, string> = {}): Hotline[] {
  const files = filesAt(path)
  if (files.length === 0) throw new Error(`there is no hotline in ${path}: make a folder with a ${hotlineFile} in it`)
  const hotlines = files.map((file) => readHotline(file, env))
  for (const mistake of numbersTaken(hotlines)) {
    const hotline = hotlines.find(({ file }) => file === mistake.place.file)!
    hotline.mistakes.push(mistake)
    delete hotline.compiled
  }
  return hotlines
}

function filesAt(path: string): string[] {
  if (!existsSync(path)) throw new Error(`there is no ${path}`)
  if (statSync(path).isFile()) return [path]
  if (existsSync(join(path, hotlineFile))) return [join(path, hotlineFile)]
  return readdirSync(path).sort().map((name) => join(path, name, hotlineFile)).filter((file) => existsSync(file))
}

function readHotline(path: string, env: Record<string, string>): Hotline {
  const name = basename(path) === hotlineFile ? basename(dirname(path)) || 'hotline' : basename(path).replace(/\.ya?ml$/, '')
  const inside = relative('.', path)
  const file = inside.startsWith('..') ? path : inside
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return { name, file, mistakes: [badName(file, name)] }
  const text = textOf(path)
  if (typeof text !== 'string') return { name, file, mistakes: [unreadable(file, text)] }
  const { compiled, mistakes } = checkFlow(text, { name, file, env })
  return { name, file, mistakes, ...(compiled ? { compiled } : {}) }
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
  source.report(['numbers', at], 'number-taken', `${number} is answered by ${by.file}`, {
    suggestion: by.file === file ? 'it stands there twice' : 'give it to one of the two',
  })
  return source.mistakes.at(-1)!
}
