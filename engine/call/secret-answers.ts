import type { Flow } from '../language/flow.ts'
import type { Effect } from './effects.ts'
import type { CallEvent } from './events.ts'
import type { LostSecret } from './lost-secrets.ts'

/** What a call knows of its secret answers: which steps have asked for them, and which keys may be part of one. */
export class SecretAnswers {
  /** The step that has asked for each, by the answer. */
  readonly asked = new Map<string, string>()
  private readonly flow: Flow

  /** `lost`: those that were given to another process. */
  constructor(flow: Flow, lost: readonly LostSecret[] = []) {
    this.flow = flow
    for (const { name, step } of lost) this.asked.set(name, step)
  }

  learn(effect: Effect): void {
    if (effect.type !== 'leave') return
    const { sets = [] } = this.flow.steps.get(effect.step)?.parts ?? {}
    for (const { name, secret, by = effect.way } of sets) if (secret && by === effect.way) this.asked.set(name, effect.step)
  }

  /** Where a flow has secrets only keys that answer something are shown: any other may be one of a secret keyed ahead. */
  mayHold(event: CallEvent | undefined, before: string, digits: string, effects: readonly Effect[]): boolean {
    const { flow } = this
    if (flow.secrets.size === 0 || event?.type !== 'key-pressed' || before !== digits) return false
    return !effects.some((effect) => {
      if (effect.type !== 'leave') return false
      return effect.way === `key ${event.key}` || flow.steps.get(effect.step)?.parts.sets?.some((set) => set.digits)
    })
  }
}
