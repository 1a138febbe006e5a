import type { Prompt, PromptPart } from '../call/effects.ts'
import type { Clock, Log } from '../ports.ts'
import type { Choice } from './chain.ts'
import { doubled, Retries, type Outcome } from './retries.ts'

export type ImprovingPorts = {
  clock: Clock
  log: Log
  /** The voices that stand before the one that has spoken a part. */
  better(part: PromptPart): Choice[]
  /** Has one of these speak a part anew, if it can. */
  speak(part: PromptPart, by: Choice[]): Promise<unknown>
  /** Has a prompt ready whose parts are there. */
  ready(prompt: Prompt): Promise<unknown>
}

/** After so many texts in a row it is the voice that fails, not the text. */
const mostInVain = 5
/** A voice that has failed over one text is left alone for a while: it is waited for, so often and so long. */
const [looks, lookMs] = [20, 1000]

/** A prompt that a lesser voice had to speak; how often a better one has tried in vain, and when it may again. */
type Lesser = { prompt: Prompt; inVain: number; from: number }

/**
 * Prepared prompts that a lesser voice had to speak: they are made anew when a better one can. A text that fails by
 * itself keeps none of the others waiting: it is tried last, after pauses that grow.
 */
export class Improving {
  private readonly ports: ImprovingPorts
  private readonly retries: Retries
  /** By the id of the sound; what has failed stands last. */
  private readonly lesser = new Map<string, Lesser>()
  private cancel = (): void => {}
  private stopped = false

  constructor(ports: ImprovingPorts) {
    this.ports = ports
    this.retries = new Retries(ports.clock, () => this.improve())
  }

  /** Looks after a prompt that is there, if a better voice could have spoken it. */
  watch(id: string, prompt: Prompt): void {
    if (!this.isBest(prompt) && !this.lesser.has(id)) this.lesser.set(id, { prompt, inVain: 0, from: 0 })
  }

  /** A voice speaks again, or there is more to do. */
  soon(): void {
    if (this.lesser.size > 0) this.retries.soon()
  }

  /** Does now what is to be done, and is there when each prompt whose time has come was tried. */
  async now(): Promise<void> {
    if (this.lesser.size > 0) await this.retries.now()
  }

  stop(): void {
    this.stopped = true
    this.cancel()
    this.retries.stop()
  }

  private isBest(prompt: Prompt): boolean {
    return prompt.every((part) => this.ports.better(part).length === 0)
  }

  /** One prompt after another: calls come in between. */
  private async improve(): Promise<Outcome> {
    const { clock, log, ready } = this.ports
    let [improved, inVain] = [0, 0]
    for (const [id, one] of this.lesser) {
      if (one.from > clock.steady()) continue
      if (inVain >= mostInVain || !(await this.canSpeak(one.prompt))) break
      const spoken = await this.speak(one.prompt)
      if (this.stopped) return 'all'
      inVain = spoken ? 0 : inVain + 1
      if (this.isBest(one.prompt)) {
        await ready(one.prompt).catch(() => {})
        this.lesser.delete(id)
        improved++
      } else if (!spoken) this.putLast(id, one)
    }
    if (improved > 0)
      log.info({ prompts: improved }, 'prompts that another voice had to speak are there in the right voice now')
    return this.lesser.size === 0 ? 'all' : improved > 0 ? 'some' : 'nothing'
  }

  private putLast(id: string, { prompt, inVain }: Lesser): void {
    this.lesser.delete(id)
    this.lesser.set(id, { prompt, inVain: inVain + 1, from: this.ports.clock.steady() + doubled(inVain) })
  }

  /** Whether a better voice may be asked; one that has just failed over another text is waited for. */
  private async canSpeak(prompt: Prompt): Promise<boolean> {
    const mayBeAsked = (): boolean => {
      const speakers = prompt.flatMap((part) => this.ports.better(part)).map(({ speaker }) => speaker)
      return speakers.length === 0 || speakers.some(({ state }) => state === 'ready')
    }
    for (let n = 0; n < looks && !mayBeAsked(); n++) {
      await new Promise<void>((resolve) => (this.cancel = this.ports.clock.after(lookMs, resolve)))
    }
    return mayBeAsked()
  }

  /** Whether each of its parts could be spoken anew. */
  private async speak(prompt: Prompt): Promise<boolean> {
    const tried = prompt.map(async (part) => {
      const better = this.ports.better(part)
      if (better.length > 0) await this.ports.speak(part, better)
    })
    return (await Promise.allSettled(tried)).every(({ status }) => status === 'fulfilled')
  }
}
