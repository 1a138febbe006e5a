import { createHash } from 'node:crypto'
import type { FieldPath, StepKind } from '../steps/step.ts'
import { ownName } from './step-names.ts'

/**
 * The name of a text, the same for translators and for recordings: the step, then the field. What a step says before
 * all else, its `say` or the value right behind its kind, is named by the step alone: `welcome`, `book/3` for the third
 * of a list, `identify/ask` in a file that is called. Others are `main/no-input/1` or `slots/filler`; what a key is for
 * is `main/keys/1`. The keys * and # are `star` and `hash`, so that the name can be that of a file.
 */
export function textPath({ name, kind }: { name: string; kind: Pick<StepKind, 'kind'> }, field: FieldPath): string {
  const [first, second] = field
  const isMain = field.length === 1 && (first === 'say' || first === kind.kind)
  const parts = isMain ? [] : first === 'keys' ? [first, second!] : field
  return [ownName(name), ...parts.map((part) => (typeof part === 'number' ? part + 1 : (keys[part] ?? part)))].join('/')
}

const keys: Record<string, string> = { '*': 'star', '#': 'hash' }

/** The name of words that the engine itself says: `phrases/i-did-not-hear-a-key`. */
export function phraseName(words: string): string {
  const plain = words.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\{\{.*?\}\}/g, '').replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')
  if (plain !== '' && plain.length <= longestName) return `phrases/${plain}`
  // Words of which too little is left are told apart by a number made of them.
  const whole = createHash('sha256').update(words).digest('hex').slice(0, 6)
  return `phrases/${[plain.slice(0, longestName - 7).replace(/-$/, ''), whole].filter(Boolean).join('-')}`
}

/** In characters; some file systems take no longer names. */
const longestName = 60

/** The name of the text by which callers hear of a queue. */
export const queueTextPath = (queue: string): string => `queues/${queue}`
