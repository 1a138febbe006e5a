import type { Prompt, PromptPart } from '../call/effects.ts'
import type { Clock, Log } from '../ports.ts'
import type { Choice } from './chain.ts'
import { Retries, type Outcome } from './retries.ts'

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

/** Prepared prompts that a lesser voice had to speak: they are made anew when a better one can. */
export class Improving {
  private readonly ports: ImprovingPorts
  private readonly retries: Retries
  /** By the id of the sound. */
  private readonly lesser = new Map<string, Prompt>()
  private stopped = false

  constructor(ports: ImprovingPorts) {
    this.ports = ports
    this.retries = new Retries(ports.clock, () => this.improve())
  }

  /** Looks after a prompt that is there, if a better voice could have spoken it. */
  watch(id: string, prompt: Prompt): void {
    if (!this.isBest(prompt)) this.lesser.set(id, prompt)
  }

  /** A voice speaks again, or there is more to do. */
  soon(): void {
    if (this.lesser.size > 0) this.retries.soon()
  }

  stop(): void {
    this.stopped = true
    this.retries.stop()
  }

  private isBest(prompt: Prompt): boolean {
    return prompt.every((part) => this.ports.better(part).length === 0)
  }

  /** One prompt after another: calls come in between. */
  private async improve(): Promise<Outcome> {
    const { log, ready } = this.ports
    const before = this.lesser.size
    for (const [id, prompt] of this.lesser) {
      if (this.stopped) return 'all'
      await Promise.allSettled(prompt.map((part) => this.speak(part)))
      if (!this.isBest(prompt)) continue
      await ready(prompt).catch(() => {})
      this.lesser.delete(id)
    }
    const improved = before - this.lesser.size
    if (improved > 0)
      log.info({ prompts: improved }, 'prompts that another voice had to speak are there in the right voice now')
    return this.lesser.size === 0 ? 'all' : improved > 0 ? 'some' : 'nothing'
  }

  private async speak(part: PromptPart): Promise<void> {
    const better = this.ports.better(part)
    if (better.length > 0) await this.ports.speak(part, better)
  }
}
