import type { CallRecord } from '../engine/ports.ts'
import type { Earlier } from './conversation.ts'

/** The caller's earlier calls as the engine keeps them, the oldest first. */
export const earlierCalls = (
  { at, caller, before }: { at: number; caller: string; before: Earlier[] },
  hotline: string,
  language: string,
): CallRecord[] =>
  before
    .toSorted((a, b) => b.ago - a.ago)
    .map((one, i) => ({
      id: `before-${i + 1}`,
      caller,
      called: '',
      hotline,
      at: at - one.ago,
      endedAt: at - one.ago,
      outcome: one.outcome,
      step: one.step ?? '',
      language: one.language ?? language,
    }))
