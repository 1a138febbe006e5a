import type { Left, Prompt, Told } from '../engine/call/effects.ts'
import type { RecordEnd } from '../engine/call/events.ts'
import type { CallNote } from '../engine/call/notes.ts'
import type { Perceived } from '../telephony/simulator.ts'

/** What the phone in the browser is told: what its holder perceives, and where in the flow the call is. */
export type Heard = { at: number } & (
  | { type: 'step'; step: string; kind: string }
  /** `sound` is the id under which the WAV file can be had; without it there is only text. */
  | { type: 'prompt'; prompt: Prompt; ms: number; sound?: string }
  | { type: 'prompt-stopped' }
  /** As the flow saw it: keys of secret answers are `•`. */
  | { type: 'key'; key: string }
  | { type: 'queued'; queue: string; tell: Told; maxWait: number }
  | { type: 'agent-answered'; agent: string }
  | { type: 'transferred'; to: string }
  | { type: 'recording'; longest: number; silence: number; end: string }
  | { type: 'recorded'; how: RecordEnd; ms: number }
  | { type: 'replay'; ms: number }
  | { type: 'left'; left: Left }
  | { type: 'outcome'; name: string }
  | { type: 'trouble'; words: string }
  | { type: 'ended'; by: 'caller' | 'line' }
)

/** From the line: everything, but of a sound its id alone, never its place on this machine. */
export function fromLine(what: Perceived, at: number): Heard {
  if (what.type !== 'prompt') return { at, ...what }
  const { prompt, ms, sound } = what
  return { at, type: 'prompt', prompt, ms, ...(sound ? { sound: sound.id } : {}) }
}

/** From the engine: what the line cannot know. The rest the line has told already. */
export function fromEngine(note: CallNote): Heard | undefined {
  const { at } = note
  switch (note.type) {
    case 'step':
      return { at, type: 'step', step: note.step, kind: note.kind }
    case 'key':
      return { at, type: 'key', key: note.key }
    case 'left':
      return { at, type: 'left', left: note.left }
    case 'outcome':
      return { at, type: 'outcome', name: note.name }
    case 'trouble':
      return { at, type: 'trouble', words: note.words }
    default:
      return undefined
  }
}
