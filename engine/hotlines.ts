import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { checkFlow } from './language/check.ts'
import type { Compiled } from './language/compile.ts'
import { plainNumber, sameNumber } from './language/flow.ts'
import { FlowError } from './language/mistakes.ts'

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
  const { compiled, mistakes } = checkFlow(readFileSync(path, 'utf8'), { name, file, env })
  return { name, file, mistakes, ...(compiled ? { compiled } : {}) }
}

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

function numberTaken({ file }: Hotline, number: string, by: Hotline): FlowError {
  const rows = readFileSync(file, 'utf8').split('\n')
  const row = rows.findIndex((text) => plainNumber(text).includes(plainNumber(number)))
  const line = rows[Math.max(0, row)] ?? ''
  const column = Math.max(0, line.indexOf(number)) + 1
  return new FlowError({
    code: 'number-taken', place: { file, line: Math.max(0, row) + 1, column }, line,
    detail: `${number} is answered by ${by.file}`, suggestion: by.file === file ? 'it stands there twice' : 'give it to one of the two',
  })
}
