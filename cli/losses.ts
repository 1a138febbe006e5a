import type { Survival } from '../engine/survival.ts'

/** What callers of a hotline lose while Callwright does not run, a line for each step. */
export function lossesInWords(hotline: string, { losses }: Survival): string[] {
  if (losses.length === 0) return [`${hotline}: callers lose nothing while Callwright does not run`]
  const lines = losses.map(({ step, what, goes }) => `  ${step}: ${what}${goes === undefined ? '' : `; callers go to ${goes}`}`)
  return [`${hotline}, while Callwright does not run:`, ...lines]
}
