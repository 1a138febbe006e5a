import type { EspeakTask } from './espeak-wasm.ts'
import { nearestLanguage } from '../provider.ts'
import type { Samples } from '../../sound/samples.ts'
import { runProgram } from './run-program.ts'
import { readWav } from '../../sound/wav.ts'

/** What the program knows of itself. */
export type ProgramFacts = { version: string; voices: string[] }

/** No text of 1,000 characters is a quarter of this; a program that writes for ever is stopped. */
const mostOutput = 32_000_000
const askMs = 5000

/** Version and languages of the `espeak-ng` program, undefined when it is not there or does not answer. */
export async function askProgram(program: string): Promise<ProgramFacts | undefined> {
  try {
    const signal = AbortSignal.timeout(askMs)
    const task = { signal, mostOutput }
    const ask = async (question: string) => (await runProgram(program, [question], task)).toString('utf8')
    const [about, table] = [await ask('--version'), await ask('--voices')]
    const voices = table.split('\n').slice(1).flatMap(languagesOf)
    const version = /text-to-speech: (\S+)/.exec(about)?.[1]
    return version && voices.length > 0 ? { version, voices } : undefined
  } catch {
    return undefined
  }
}

/** Speaks a text by the program: the text on its standard input, the sound from its standard output, no shell. */
export async function speakByProgram(
  program: string,
  text: string,
  task: EspeakTask & { voices: string[] },
): Promise<Samples> {
  const voice = nearestLanguage(task.language, task.voices)
  if (!voice) throw new Error(`espeak-ng does not speak "${task.language}"`)
  const args = ['-v', `${voice}+${task.variant}`, '-s', String(task.rate), '-b', '1', '--stdin', '--stdout']
  return readWav(await runProgram(program, args, { input: text, signal: task.signal, mostOutput }))
}

/** Of a line of `espeak-ng --voices`: ` 2  en-gb  --/M  English_(Great_Britain)  gmw/en  (en 2)` -> en-gb, en. */
function languagesOf(line: string): string[] {
  const [, first, rest = ''] = /^\s*\d+\s+(\S+)(.*)/.exec(line) ?? []
  return first ? [first, ...[...rest.matchAll(/\((\S+) \d+\)/g)].flatMap(([, other]) => other ?? [])] : []
}
