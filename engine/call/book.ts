import type { Entry, StoredCall } from '../journal/store.ts'
import type { Compiled } from '../language/compile.ts'
import { ownName } from '../language/step-names.ts'
import type { CallRecord } from '../ports.ts'
import { isSecret, type Snapshot } from './advance.ts'
import { DeadAir } from './dead-air.ts'
import type { Effect } from './effects.ts'
import type { CallEvent, CallFacts } from './events.ts'
import { HeardPrompts } from './heard.ts'
import { keptState, keptStory } from './kept.ts'
import { pendingBy, type Pending } from './pending.ts'
import { SecretAnswers } from './secret-answers.ts'
import { VoiceWaits } from './voice-waits.ts'

/** Where a call is when something is written of it. `ahead`: how much the clock on the wall shows more than the steady one. */
export type Moment = { snapshot: Snapshot; pending: Pending; at: number; ahead: number }

/** What is written of a call, for the journal and for those who look into it: where it was, and what the caller heard. */
export class CallBook {
  record: CallRecord
  /** As the flow, or people, have settled it. */
  outcome: string | undefined
  readonly air: DeadAir
  readonly waits: VoiceWaits
  readonly secrets: SecretAnswers
  readonly prompts = new HeardPrompts()
  /** Calls of the same caller, written once. */
  private earlier: CallRecord[] | undefined
  private readonly facts: CallFacts
  private readonly compiled: Compiled

  /** Of a call that comes in at this time. Milliseconds since 1970. */
  static begun(compiled: Compiled, facts: CallFacts, at: number): CallBook {
    return new CallBook(compiled, facts, { startedAt: at, step: '', language: compiled.flow.languages[0], outcome: '' })
  }

  /** Of a call that another process had; `ahead` as in `Moment`, when it was last seen. */
  static of(stored: StoredCall, compiled: Compiled, facts: CallFacts, ahead: number): CallBook {
    const { silentFrom } = stored
    return new CallBook(compiled, facts, stored, new DeadAir(stored.deadAir, silentFrom === undefined ? undefined : silentFrom - ahead))
  }

  private constructor(
    compiled: Compiled,
    facts: CallFacts,
    { startedAt, step, language, outcome, waits, state }: Pick<StoredCall, 'startedAt' | 'step' | 'language' | 'outcome'> & Partial<StoredCall>,
    air = new DeadAir(),
  ) {
    this.compiled = compiled
    this.facts = facts
    this.air = air
    this.waits = new VoiceWaits(waits)
    this.secrets = new SecretAnswers(compiled.flow, state?.lost)
    this.outcome = outcome === '' ? undefined : outcome
    this.record = { id: facts.id, caller: facts.caller, called: facts.called, hotline: compiled.flow.name, at: startedAt, outcome: '', step, language }
  }

  /** What is known of the caller from before goes into the next entry. */
  knows(earlier: CallRecord[]): void {
    this.earlier = earlier
  }

  /** What the call's record is to know of an effect, before it is written down. */
  learn(effect: Effect): void {
    if (effect.type === 'enter') this.record.step = ownName(effect.step)
    if (effect.type === 'outcome') this.outcome = effect.name
    this.secrets.learn(effect)
  }

  /** The call is over. */
  end(by: 'caller' | 'flow' | 'line', endedAt: number): void {
    const outcome = this.outcome ?? (by === 'caller' ? 'gave-up' : by === 'line' ? 'failed' : 'finished')
    this.record = { ...this.record, outcome, endedAt }
  }

  /** The journal's next entry. */
  entry(event: CallEvent | undefined, effects: readonly Effect[], secret: boolean, { snapshot, pending, at, ahead }: Moment): Entry {
    const { facts, record, air, earlier, secrets } = this
    const { flow } = this.compiled
    this.earlier = undefined
    return {
      call: {
        facts, hotline: flow.name, flow: flow.hash, startedAt: record.at, at,
        ...(record.endedAt === undefined ? {} : { endedAt: record.endedAt }),
        outcome: this.outcome ?? record.outcome, step: record.step, language: record.language,
        deadAir: air.longest, ...(air.from === undefined ? {} : { silentFrom: air.from + ahead }), ...this.waits.all,
        ...keptState(snapshot, pendingBy(pending, ahead), { secrets: flow.secrets, secretNow: isSecret(snapshot), asked: secrets.asked }),
      },
      ...keptStory(event, effects, secret),
      ...(earlier ? { earlier } : {}),
      ...this.prompts.take(),
    }
  }
}
