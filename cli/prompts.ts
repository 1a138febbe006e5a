import { didYouMean } from '../engine/did-you-mean.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import type { Compiled } from '../engine/language/compile.ts'
import type { Voices } from '../engine/voice/voices.ts'
import { cannot } from './graph.ts'
import { createLog } from './log.ts'
import { namedPrompts, type Named } from './prompts-example.ts'
import { promptsHeard } from './prompts-heard.ts'
import { takeIn } from './prompts-import.ts'
import { listInWords, rowsOf } from './prompts-list.ts'
import { playFile, soundOf } from './prompts-play.ts'
import { renderAll } from './prompts-render.ts'
import { writeSheet } from './prompts-sheet.ts'
import { readSettings, type Settings } from './settings.ts'
import { openVoices } from './voices-file.ts'

export type PromptsOptions = {
  heard?: boolean
  render?: boolean
  play?: string
  recordSheet?: string
  all?: boolean
  import?: string
  language?: string
  replace?: boolean
}

/** A hotline without mistakes. */
export type Good = Hotline & { compiled: Compiled }

/** `callwright prompts`: what callers hear, who says it, and what is still missing; and what makes it complete. */
export async function prompts(path: string, options: PromptsOptions): Promise<void> {
  const { heard, render, play, recordSheet, import: from } = options
  if ([heard, render, play, recordSheet, from].filter((one) => one !== undefined).length > 1)
    throw new Error('name one of --heard, --render, --play, --record-sheet and --import')
  if (heard) return promptsHeard(path)
  const settings = readSettings()
  const hotlines = readHotlines(path, settings.flowEnv)
  for (const hotline of hotlines) if (!hotline.compiled) cannot(hotline)
  const good = hotlines.filter((hotline): hotline is Good => hotline.compiled !== undefined)
  process.exitCode = good.length === hotlines.length ? 0 : 1
  if (good.length === 0) return
  if (recordSheet !== undefined) return writeSheet(theOne(good, path), recordSheet, options)
  if (from !== undefined) return takeIn(theOne(good, path), from, options)
  await withVoices(settings, good, async (voices) => {
    if (play !== undefined) await speak(voices, theOne(good, path), play)
    else if (render) process.exitCode ||= await renderAll(voices, good)
    else for (const hotline of good) console.log(listInWords(hotline, await rowsOf(hotline, voices)))
  })
}

async function withVoices(settings: Settings, hotlines: Good[], run: (voices: Voices) => Promise<void>): Promise<void> {
  // What goes wrong stands among words for people.
  const env = { LOG_FORMAT: 'words', LOG_LEVEL: 'warn', ...process.env }
  const voices = await openVoices(settings, createLog(process.stderr, env))
  for (const { recordings } of hotlines) voices.know(recordings)
  try {
    await run(voices)
  } finally {
    voices.close()
  }
}

function theOne(hotlines: Good[], path: string): Good {
  const [first, ...more] = hotlines
  if (first && more.length === 0) return first
  const names = hotlines.map(({ file }) => file.replace(/\/hotline\.yaml$/, ''))
  throw new Error(`${path} holds ${hotlines.length} hotlines: name one, ${names.join(' or ')}`)
}

/** Speaks one prompt at this machine; `de/welcome` in that language, `welcome` in the first that has it. */
async function speak(voices: Voices, { compiled }: Good, name: string): Promise<void> {
  const all = namedPrompts(compiled)
  const one = all.find((each) => each.name === name) ?? all.find((each) => `${each.language}/${each.name}` === name)
  if (!one) throw new Error(`no prompt is called "${name}"; ${meant(name, all)}`)
  const { file, ms } = await soundOf(voices, [one])
  console.log(`${one.language}/${one.name}, ${(ms / 1000).toFixed(1)} s: ${one.text}`)
  const why = await playFile(file)
  if (why !== undefined) console.log(`${why}; the sound is ${file}`)
}

function meant(name: string, all: Named[]): string | undefined {
  const names = all.flatMap((one) => [one.name, `${one.language}/${one.name}`])
  return didYouMean(name, new Set(names), '"callwright prompts" lists them all')
}
