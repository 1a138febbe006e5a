import type { PromptPart } from '../call/effects.ts'
import type { Clock, Sound } from '../ports.ts'
import type { Chain, Choice } from './chain.ts'
import { piecesNeeded, stitched, stretchesOf, type Stretch } from './pieces.ts'
import { soundId, type SoundStore } from './store.ts'
import { Turns } from './turns.ts'

export type StitchingPorts = {
  chain: Chain
  store: SoundStore
  clock: Clock
  /** The sound of a part without values, when it is there; and made. */
  found(part: PromptPart): Sound | undefined
  make(part: PromptPart, until: number | undefined): Promise<Sound>
  keep(id: string, samples: Int16Array): Promise<Sound>
}

/** Parts with values, put together from sounds; see `stretchesOf`. */
export class Stitching {
  private readonly ports: StitchingPorts
  private readonly turns = new Turns<Sound>(Infinity)

  constructor(ports: StitchingPorts) {
    this.ports = ports
  }

  /** How a part is put together now, if it is. Only once the voices have been asked about its language. */
  stretches(part: PromptPart): Stretch[] | undefined {
    const { chain, store, clock } = this.ports
    const choices = part.pieces && chain.choices(part)
    if (!choices || choices instanceof Promise) return undefined
    const there = (one: PromptPart): boolean => {
      // In one voice, the best: two in a sentence are worse than waiting.
      const [best] = chain.choices(one) as Choice[]
      return best !== undefined && store.find(best.id, clock.now()) !== undefined
    }
    return stretchesOf(part, { quick: isQuick(choices), there })
  }

  /** What has been put together of these before. */
  found(stretches: readonly Stretch[]): Sound | undefined {
    const { store, clock, found } = this.ports
    const sounds = stretches.map(({ part, pause }) => ({ sound: found(part), pause }))
    return sounds.every(({ sound }) => sound) ? store.find(idOf(sounds), clock.now()) : undefined
  }

  /** `until`: when the caller who waits has waited long enough, by the steady clock. */
  async make(stretches: readonly Stretch[], until: number | undefined): Promise<Sound> {
    const { make, keep, store } = this.ports
    const sounds = await Promise.all(stretches.map(async ({ part, pause }) => ({ sound: await make(part, until), pause })))
    const id = idOf(sounds)
    return this.turns.take(id, true, async () => {
      const read = sounds.map(async ({ sound, pause }) => ({ samples: await store.samples(sound), pause }))
      return keep(id, stitched(await Promise.all(read)))
    })
  }

  /** All that these parts are put together from, each once; see `piecesNeeded`. */
  async needed(parts: readonly PromptPart[]): Promise<PromptPart[]> {
    const all = new Map<string, PromptPart>()
    for (const part of parts) {
      for (const one of piecesNeeded(part, isQuick(await this.ports.chain.choices(part)))) all.set(JSON.stringify(one), one)
      // There are calls.
      await new Promise(setImmediate)
    }
    return [...all.values()]
  }
}

const idOf = (sounds: readonly { sound: Sound | undefined; pause: number }[]): string =>
  soundId('stitched', ...sounds.map(({ sound, pause }) => `${sound?.id} ${pause}`))

/** Whether the best voice speaks a sentence in an instant. */
const isQuick = ([best]: readonly Choice[]): boolean => best?.speaker.voice.limits.quick ?? true
