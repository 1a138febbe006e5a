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

/** The name of the text by which callers hear of a queue. */
export const queueTextPath = (queue: string): string => `queues/${queue}`
