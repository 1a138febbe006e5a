import { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Prompt } from '../engine/call/effects.ts'
import type { Clock } from '../engine/ports.ts'
import type { MissingPrompt, Voices } from '../engine/voice/voices.ts'
import { preparePatiently, type Progress } from './patient-voices.ts'
import type { Settings } from './settings.ts'

/** A sound no dialplan was written with for so long is not in Asterisk any more. Milliseconds. */
const outdated = 400 * 24 * 3_600_000

/** The folder of the sounds that the dialplan names, in that of the prompts. */
export const survivalFolder = ({ prompts }: Settings): string => join(resolve(prompts), 'survival')

/**
 * The sounds that the dialplan plays by itself, made where they are not there yet. They lie in a folder of their own,
 * under the same names: the engine forgets prompts that no flow of today says, and Asterisk may still have the dialplan
 * of yesterday.
 */
export class SurvivalSounds {
  private readonly paths = new Map<string, string>()
  private readonly voices: Voices
  private readonly settings: Settings

  constructor(voices: Voices, settings: Settings) {
    this.voices = voices
    this.settings = settings
  }

  /** Takes its time. Answers what could not be made. */
  async make(prompts: Prompt[], clock: Pick<Clock, 'after'>, tell: (progress: Progress) => void): Promise<MissingPrompt[]> {
    mkdirSync(survivalFolder(this.settings), { recursive: true })
    const missing = await preparePatiently(this.voices, prompts, clock, tell)
    const there = prompts.filter((prompt) => !missing.some((one) => one.prompt === prompt))
    for (const prompt of there) {
      const { file } = await this.voices.sound(prompt)
      this.paths.set(JSON.stringify(prompt), this.keep(file))
    }
    return missing
  }

  /** A prompt as Asterisk finds it, without ending. */
  path(prompt: Prompt): string | undefined {
    return this.paths.get(JSON.stringify(prompt))
  }

  /** Removes what no dialplan has named for more than a year. */
  tidy(now: number): void {
    const folder = survivalFolder(this.settings)
    for (const name of readdirSync(folder)) {
      const file = join(folder, name)
      if (/^[0-9a-f]{32}\.wav$/.test(name) && statSync(file).mtimeMs < now - outdated) rmSync(file, { force: true })
    }
  }

  private keep(file: string): string {
    const name = basename(file)
    const kept = join(survivalFolder(this.settings), name)
    const there = statSync(kept, { throwIfNoEntry: false })
    if (!there || there.size !== statSync(file).size) {
      rmSync(kept, { force: true })
      linked(file, kept)
    }
    const now = new Date()
    utimesSync(kept, now, now)
    const { promptsOnAsterisk, prompts } = this.settings
    return join(promptsOnAsterisk ?? resolve(prompts), 'survival', name.replace(/\.wav$/, ''))
  }
}

/** The same file under two names; a copy where the disk knows no such thing. */
function linked(file: string, as: string): void {
  try {
    linkSync(file, as)
  } catch {
    copyFileSync(file, as)
  }
}
