import type { Prompt } from '../engine/call/effects.ts'
import type { Clock } from '../engine/ports.ts'
import type { MissingPrompt, Voices } from '../engine/voice/voices.ts'

/** How long until it is tried again, each time that nothing more could be made; after the last it is given up. */
const pauses = [1, 2, 4, 8, 16].map((s) => s * 1000)

/** How far it is: `left` of `of` prompts are not there. `why`: of the first of them. Then a pause, in milliseconds. */
export type Progress = { left: number; of: number; why: string; pause: number }

/**
 * Makes prompts when no caller waits: a machine that is busy, or a voice that hangs, is given time, as long as it makes
 * something at all. Answers what could not be made.
 */
export async function preparePatiently(
  voices: Pick<Voices, 'prepare'>,
  prompts: Prompt[],
  clock: Pick<Clock, 'after'>,
  tell: (progress: Progress) => void,
): Promise<MissingPrompt[]> {
  let { missing } = await voices.prepare(prompts)
  for (let inVain = 0; missing[0] && inVain < pauses.length; ) {
    const pause = pauses[inVain]!
    tell({ left: missing.length, of: prompts.length, why: missing[0].why, pause })
    await new Promise<void>((resolve) => void clock.after(pause, resolve))
    const before = missing.length
    ;({ missing } = await voices.prepare(missing.map(({ prompt }) => prompt)))
    inVain = missing.length < before ? 0 : inVain + 1
  }
  return missing
}
