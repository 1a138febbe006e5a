import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { graphOf } from '../engine/picture/graph.ts'
import { layOut } from '../engine/picture/layout.ts'
import { mermaidOf } from '../engine/picture/mermaid.ts'
import { svgOf } from '../engine/picture/svg.ts'
import { readSettings } from './settings.ts'

export type GraphOptions = { to?: string; language?: string; mermaid?: boolean; xstate?: boolean }

/** `callwright graph`: a flow as a picture, as Mermaid text, or as the machine that it compiles to. */
export async function graph(path: string, options: GraphOptions): Promise<void> {
  const hotlines = readHotlines(path, readSettings().flowEnv)
  const good = hotlines.flatMap((hotline) => (hotline.compiled ? [{ ...hotline, compiled: hotline.compiled }] : []))
  const folder = options.to !== undefined && existsSync(options.to) && statSync(options.to).isDirectory()
  const asText = options.mermaid === true || options.xstate === true || options.to === '-'
  if (options.mermaid && options.xstate) throw new Error('name one of --mermaid and --xstate')
  if (hotlines.length > 1 && (asText || (options.to !== undefined && !folder))) {
    throw new Error(
      `${path} holds ${hotlines.length} hotlines: name one of ${hotlines.map(({ name }) => name).join(', ')}`,
    )
  }
  for (const hotline of hotlines) if (!hotline.compiled) cannot(hotline)
  for (const { name, compiled } of good) {
    if (options.language !== undefined && !compiled.flow.languages.includes(options.language)) {
      throw new Error(`${name} does not speak "${options.language}": name one of ${compiled.flow.languages.join(', ')}`)
    }
    const text = options.xstate
      ? `${JSON.stringify(compiled.machine.config, null, 2)}\n`
      : options.mermaid
        ? mermaidOf(graphOf(compiled, options.language))
        : await picture(compiled, options.language)
    const file = asText
      ? (options.to ?? '-')
      : folder
        ? join(options.to!, `${name}.svg`)
        : (options.to ?? `${name}.svg`)
    if (file === '-') process.stdout.write(text)
    else {
      writeFileSync(file, text)
      console.log(`${name}: ${file.startsWith('/') ? file : relative('.', file)}`)
    }
  }
  process.exitCode = good.length === hotlines.length ? 0 : 1
}

async function picture(compiled: Compiled, language: string | undefined): Promise<string> {
  const layout = await layOut(graphOf(compiled, language))
  if (!layout.fine)
    console.error(
      'The layout took too long: the steps stand in plain columns. --mermaid gives a text for other drawing tools.',
    )
  return svgOf(layout)
}

/** Says what is wrong with a flow of which nothing can be shown. */
export function cannot({ name, mistakes }: Hotline): void {
  const wrong = mistakes.filter(({ warning }) => !warning)
  for (const mistake of wrong) console.error(`${mistake.pretty()}\n`)
  console.error(
    `${name} holds ${wrong.length} mistake${wrong.length === 1 ? '' : 's'}: it can be shown when ${wrong.length === 1 ? 'that is' : 'they are'} put right.`,
  )
}
