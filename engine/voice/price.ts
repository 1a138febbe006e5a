import type { Prompt, PromptPart } from '../call/effects.ts'
import type { Chain } from './chain.ts'

/** How many characters each voice that is paid by the character is about to speak; `isThere`: it need not be spoken. */
export async function charactersPaid(
  prompts: readonly Prompt[],
  chain: Chain,
  isThere: (part: PromptPart) => boolean,
): Promise<Map<string, number>> {
  const characters = new Map<string, number>()
  for (const part of new Map(prompts.flat().map((one) => [JSON.stringify(one), one])).values()) {
    const [best] = await chain.choices(part)
    const isPaid = best?.speaker.voice.limits.price === 'paid' && part.recording === undefined
    if (isPaid && !isThere(part))
      characters.set(best.speaker.name, (characters.get(best.speaker.name) ?? 0) + part.text.length)
  }
  return characters
}
