import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { besideOf } from '../engine/folder.ts'
import { recordedTexts, sameWords, type Recordable } from '../engine/language/recordings.ts'
import { flawInWords, flawsOf, takeOf } from '../engine/sound/recording.ts'
import type { Good } from './prompts.ts'

/** Recordings that are looked at at the same time. */
const atOnce = 4

/** How a recording is, as callers hear it. */
export type Recorded = {
  /** Its length in milliseconds; undefined when it cannot be played, so that a voice speaks instead. */
  ms: number | undefined
  /** What is wrong with it, in a word or some: `clipped`, `its text has changed`. */
  states: string[]
  /** What is to be done about that, in sentences. */
  todo: string[]
}

/** How the recordings of these texts are; of a text without one there is nothing. */
export async function recordedOf(hotline: Good, texts: readonly Recordable[]): Promise<Map<Recordable, Recorded>> {
  const { textOf } = recordedTexts(besideOf(hotline.file, hotline.file))
  const found = new Map<Recordable, Recorded>()
  const rest = texts.values()
  const lane = async (): Promise<void> => {
    for (const text of rest) {
      const file = fileOf(hotline, text)
      if (file !== undefined) found.set(text, await lookedAt(file, text, textOf(text)))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return found
}

function fileOf({ compiled, recordings }: Good, { language, name }: Recordable): string | undefined {
  const wanted = compiled.flow.recordings[language]?.[name]
  return wanted === undefined ? undefined : recordings.find(({ hash }) => hash === wanted)?.file
}

/** `recordedFor`: the text for which it was made, as far as that is noted. */
async function lookedAt(file: string, { text, language }: Recordable, recordedFor?: string): Promise<Recorded> {
  const inside = relative('.', file)
  const shown = inside.startsWith('..') ? file : inside
  const take = await readFile(file).then((content) => takeOf(content)).catch(({ message }: Error) => message)
  if (typeof take === 'string') {
    const [what, then = 'record it anew'] = take.split('; ')
    return { ms: undefined, states: ['its recording cannot be played'], todo: [`${shown}: ${what}; ${then}`] }
  }
  const flaws = flawsOf(take, text, language)
  const isOld = recordedFor !== undefined && !sameWords(recordedFor, text)
  const todo = [...(isOld ? [`it was recorded for: ${recordedFor}`] : []), ...flaws.map(flawInWords)]
  return {
    ms: take.ms,
    states: [...(isOld ? ['its text has changed'] : []), ...flaws.map(({ is }) => is)],
    todo: todo.map((words) => `${shown}: ${words}`),
  }
}
