import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Programs that play a WAV file, on Linux, macOS and elsewhere, and how they do it without more words. */
const players: [program: string, ...args: string[]][] = [
  ['aplay', '-q'],
  ['afplay'],
  ['play', '-q'],
  ['ffplay', '-nodisp', '-autoexit', '-loglevel', 'quiet'],
]

/** Plays a sound at this machine; false when there is no program that can, or nothing to be heard by. */
export async function playFile(file: string): Promise<boolean> {
  for (const [program, ...args] of players) {
    const path = inPath(program)
    if (path !== undefined && (await ends(path, [...args, file])) === 0) return true
  }
  return false
}

function inPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  return folders.map((folder) => join(folder, program)).find(mayRun)
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const ends = (path: string, args: string[]): Promise<number | null> =>
  new Promise((resolve) => {
    const child = spawn(path, args, { stdio: 'ignore' })
    child.on('error', () => resolve(null))
    child.on('close', resolve)
  })
