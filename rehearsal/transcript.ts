import type { CallNote } from '../engine/call/notes.ts'
import { baseName } from '../engine/language/step-names.ts'
import { clockTime } from './conversation.ts'
import { leftInWords, toldInTests } from './left.ts'

export type Who = 'hotline' | 'caller' | 'agent' | 'line' | 'backend' | ''

/** A conversation as it went, to be read by the author of the test: who said what, when, and in which step. */
export class Transcript {
  private readonly said: { at: number; who: Who; words: string }[] = []
  /** Steps come to since something was said. */
  private steps: string[] = []
  private began: number | undefined

  /** Something the caller or the agent did, `at` in milliseconds. */
  add(at: number, who: Who, words: string): void {
    this.began ??= at
    if (this.steps.length > 0) this.said.push({ at, who: '', words: `[${this.steps.join(', ')}]` })
    this.steps = []
    this.said.push({ at, who, words })
  }

  /** Something that happened in the call. What callers and agents did is told by themselves, with `add`. */
  noted(note: CallNote): void {
    const { at } = note
    this.began ??= at
    switch (note.type) {
      case 'step': {
        const name = baseName(note.step)
        if (this.steps.at(-1) !== name) this.steps.push(name)
        return
      }
      case 'prompt':
        return this.add(at, 'hotline', note.prompt.map(({ text }) => text).join(' '))
      case 'queued':
        return this.add(at, 'line', `waits in the queue ${note.queue}; the agent sees ${seen(note.tell)}`)
      case 'transferred':
        return this.add(at, 'line', `rings at ${note.to}`)
      case 'recording':
        return this.add(at, 'line', 'a tone; what the caller says is recorded')
      case 'replay':
        return this.add(at, 'hotline', 'plays what was recorded')
      case 'left':
        return this.add(at, 'line', `the caller has left ${leftInWords(note.left)}`)
      case 'outcome':
        return this.add(at, 'line', `outcome: ${note.name}`)
      case 'trouble':
        return this.add(at, 'line', `trouble: ${note.words}`)
      case 'ended':
        return this.add(at, 'line', `the call is over: ${note.outcome}`)
      default:
    }
  }

  /** The prompt said last was cut short. */
  cut(): void {
    const last = this.said.findLast(({ who }) => who === 'hotline')
    if (last) last.words += ' (cut short)'
  }

  /** What has been said, a line each. The step that the call is in stands last when nothing has been said in it. */
  lines(): string[] {
    const { said, steps, began = 0 } = this
    const rows = said.map(
      ({ at, who, words }) =>
        `${clockTime(at - began).padStart(6)}  ${who === '' ? words : `${who.padEnd(7)}  ${words}`}`,
    )
    return steps.length > 0 ? [...rows, `${' '.repeat(6)}  [${steps.join(', ')}]`] : rows
  }
}

/** What an agent is told, in words. */
export const seen = (tell: Record<string, string>): string =>
  Object.entries(toldInTests(tell))
    .map(([name, value]) => `${name} "${value}"`)
    .join(', ') || 'only who calls'
