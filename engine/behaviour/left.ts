import type { CallContext } from '../call/context.ts'
import type { Left, Told } from '../call/effects.ts'
import type { Flow } from '../language/flow.ts'
import { spoken } from '../language/speech.ts'
import type { Leaving } from '../steps/step.ts'
import type { Say } from './say.ts'

/** The answers that people are to see, and what the flow has noted; secrets are not among them. */
export function told(flow: Flow, context: CallContext, names: string[]): Told {
  const told: Told = {}
  for (const name of names) {
    const value = context.answers[name]
    if (value !== undefined && value !== '' && !flow.secrets.has(name))
      told[name] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  if (context.notes.length > 0) told.note = context.notes.join('; ')
  return told
}

/** What the caller leaves for people, with the values of this moment; refused when it cannot be made up. */
export function leave(say: Say, context: CallContext, what: Leaving): Left | { refused: string } {
  switch (what.kind) {
    case 'voicemail': {
      const { name, ms } = context.recording ?? { name: '', ms: 0 }
      return { kind: what.kind, box: what.box, recording: name, ms, tell: told(say.flow, context, what.tell) }
    }
    case 'callback': {
      const number = String(context.answers[what.number] ?? '')
      return { kind: what.kind, queue: what.queue, number, tell: told(say.flow, context, what.tell) }
    }
    case 'survey':
      return { kind: what.kind, score: Number(context.answers[what.score]), least: what.least, most: what.most }
    case 'message': {
      const to = say.text(what.to).replaceAll(/[\s()/-]/g, '')
      if (!/^\+?\d{3,15}$/.test(to)) return { refused: 'there is no number to send the message to' }
      const [text] = spoken([what.text], context.language, (piece, language) => say.words(piece, language))
      return text ? { kind: what.kind, to, text: text.text } : { refused: 'the message is empty' }
    }
  }
}
