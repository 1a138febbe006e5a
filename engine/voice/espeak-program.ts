import { spawn } from 'node:child_process'
import { nearestLanguage, type Samples } from './provider.ts'
import { readWav } from './wav.ts'

/** What the program knows of itself. */
export type ProgramFacts = { version: string; voices: string[] }

/** No text of 1,000 characters is a quarter of this; a program that writes for ever is stopped. */
const mostBytes = 32 * 1024 * 1024
const askMs = 5000

/** Version and languages of the `espeak-ng` program, undefined when it is not there or does not answer. */
export async function askProgram(program: string): Promise<ProgramFacts | undefined> {
  try {
    const signal = AbortSignal.timeout(askMs)
    const about = (await run(program, ['--version'], '', signal)).toString('utf8')
    const table = (await run(program, ['--voices'], '', signal)).toString('utf8')
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
  task: { voices: string[]; pace: number; language: string; signal: AbortSignal },
): Promise<Samples> {
  const voice = nearestLanguage(task.language, task.voices)
  if (!voice) throw new Error(`espeak-ng does not speak "${task.language}"`)
  const args = ['-v', voice, '-s', String(task.pace), '-b', '1', '--stdin', '--stdout']
  const wav = await run(program, args, text, task.signal)
  const speech = readWav(wav)
  if (!speech) throw new Error('espeak-ng gave no sound')
  return speech
}

/** Of a line of `espeak-ng --voices`: ` 2  en-gb  --/M  English_(Great_Britain)  gmw/en  (en 2)` -> en-gb, en. */
function languagesOf(line: string): string[] {
  const [, first, rest = ''] = /^\s*\d+\s+(\S+)(.*)/.exec(line) ?? []
  return first ? [first, ...[...rest.matchAll(/\((\S+) \d+\)/g)].flatMap(([, other]) => other ?? [])] : []
}

function run(program: string, args: string[], input: string, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { signal, killSignal: 'SIGKILL', stdio: ['pipe', 'pipe', 'ignore'] })
    const output: Buffer[] = []
    let bytes = 0
    child.stdout.on('data', (piece: Buffer) => {
      output.push(piece)
      bytes += piece.length
      if (bytes > mostBytes) child.kill('SIGKILL')
    })
    child.on('error', reject)
    // It may end before it has read all: that shows in its exit code.
    child.stdin.on('error', () => {})
    child.on('close', (code, killed) => {
      if (code === 0) resolve(Buffer.concat(output))
      else reject(new Error(`espeak-ng ended with ${killed ?? `code ${code}`}`))
    })
    child.stdin.end(input)
  })
}
