import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Prompt, PromptPart } from '../../engine/call/effects.ts'
import { VirtualClock } from '../../engine/clock.ts'
import type { Log } from '../../engine/ports.ts'
import { Voices, type VoicesOptions } from '../../engine/voice/voices.ts'

/** A prompt of English texts. */
export const prompt = (...texts: string[]): Prompt => texts.map((text) => part(text))
export const part = (text: string, more: Partial<PromptPart> = {}): PromptPart => ({ text, language: 'en', ...more })

/** Lets go on what can go on by itself. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Voices with a folder of their own, in virtual time. */
export class Bed {
  readonly folder = fs.mkdtempSync(join(tmpdir(), 'callwright-voices-'))
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 23))
  /** Everything that was said to the admin. */
  readonly said: string[] = []
  private readonly open: Voices[] = []

  voices(options: Pick<VoicesOptions, 'voices'> & Partial<VoicesOptions>): Voices {
    const say = (_: object, words: string): void => void this.said.push(words)
    const log: Log = { info: say, warn: say, error: say }
    const made = new Voices({ folder: this.folder, clock: this.clock, log, ...options })
    this.open.push(made)
    return made
  }

  /** Lets time pass, bit by bit. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      await settle()
      this.clock.pass(Math.min(50, left))
      await settle()
    }
  }

  /** Waits for files until something is so. */
  async until(isSo: () => boolean): Promise<void> {
    for (const limit = Date.now() + 5000; !isSo() && Date.now() < limit; ) await settle()
    assert.ok(isSo())
  }

  end(): void {
    for (const each of this.open.splice(0)) each.close()
    fs.rmSync(this.folder, { recursive: true, force: true })
    assert.equal(this.clock.pending, 0, 'no time limit is left running')
  }
}
