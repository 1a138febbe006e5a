import { spawn } from 'node:child_process'
import type { Prompt } from '../engine/call/effects.ts'
import type { Sound } from '../engine/ports.ts'
import { programPath } from '../engine/voice/kinds/run-program.ts'
import type { Voices } from '../engine/voice/voices.ts'

/** Programs that play a WAV file, on Linux, macOS and elsewhere, and how they do it without more words. */
const players: [program: string, ...args: string[]][] = [
  ['aplay', '-q'],
  ['afplay'],
  ['play', '-q'],
  ['ffplay', '-nodisp', '-autoexit', '-loglevel', 'quiet'],
]

/** A prompt made audible as before calls: who listens here has more patience than a caller. Rejects when it cannot be. */
export async function soundOf(voices: Voices, prompt: Prompt): Promise<Sound> {
  const { missing } = await voices.prepare([prompt])
  if (missing[0]) throw new Error(missing[0].why)
  return voices.sound(prompt)
}

/** Plays a sound at this machine; else why it was not heard: no program is there, or none finds a sound card. */
export async function playFile(file: string): Promise<string | undefined> {
  const whys: string[] = []
  for (const [program, ...args] of players) {
    const path = programPath(program)
    const why = path === undefined ? undefined : await played(path, [...args, file])
    if (path !== undefined && why === undefined) return undefined
    if (why !== undefined) whys.push(`${program} cannot play it: ${why}`)
  }
  const known = players.map(([program]) => program).join(', ')
  return whys.join('; ') || `Nothing here can play it (${known}); install one of these`
}

/** Runs a program; what it says when it fails, at most a line. */
const played = (path: string, args: string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    let said = ''
    const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, 2000)))
    child.on('error', ({ message }) => resolve(message))
    child.on('close', (code) => {
      const lines = said.replaceAll(/[^\P{Cc}\n]/gu, '').split('\n').map((line) => line.trim()).filter(Boolean)
      resolve(code === 0 ? undefined : (lines.at(-1) ?? `it ended with ${code}`))
    })
  })
