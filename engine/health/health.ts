import type { Prompt } from '../call/effects.ts'
import type { CallNote } from '../call/notes.ts'
import type { SendingState } from '../inbox-sending.ts'
import type { JournalState } from '../journal/journal.ts'
import type { FileState } from '../journal/lasting-store.ts'
import type { Clock, Sound, Voice } from '../ports.ts'
import { CallCounts } from './call-counts.ts'
import { metricsOf } from './metrics.ts'
import { ProcessWatch } from './process-watch.ts'
import { WorstLately } from './worst-lately.ts'
import { Counter, Histogram, textOf } from './series.ts'
import { readinessOf, type AsteriskHealth, type EngineState, type HotlineHealth, type Readiness, type VoiceHealth } from './state.ts'
import type { Trouble } from './trouble.ts'

/** What is looked at, each time that somebody asks. */
export type Watched = {
  version: string
  asterisk(): AsteriskHealth
  hotlines(): HotlineHealth[]
  voices(): VoiceHealth[]
  journal(): JournalState
  file(): FileState
  /** What is out of date in the dialplan. */
  dialplan(): Trouble[]
  /** Undefined: messages of callers are not sent anywhere. */
  sending?(): SendingState | undefined
  stopping(): boolean
  /** Until when calls under way may go on. */
  drainsUntil?(): number | undefined
}

/** How an engine does: for `callwright status`, for probes and for Prometheus. */
export class Health {
  private readonly watched: Watched
  private readonly clock: Clock
  private readonly startedAt: number
  private readonly calls: CallCounts
  private readonly process: ProcessWatch
  private readonly prompts = { waited: 0, failed: 0 }
  private readonly worstWait: WorstLately
  private readonly waits = new Histogram(
    'callwright_prompt_wait_seconds',
    'How long callers waited for prompts that were not there yet.',
    [0.05, 0.1, 0.25, 0.5, 1, 2, 5],
  )
  private readonly failures = new Counter('callwright_prompts_failed_total', 'Prompts that could not be made audible.')

  constructor(watched: Watched, clock: Clock) {
    this.watched = watched
    this.clock = clock
    this.startedAt = clock.now()
    this.calls = new CallCounts(clock)
    this.process = new ProcessWatch(clock)
    this.worstWait = new WorstLately(clock, 3_600_000)
  }

  /** For every note of every call. */
  noted(note: CallNote): void {
    this.calls.noted(note)
  }

  /** The same voice, with what callers had to wait for counted. */
  counting(voice: Voice): Voice {
    return {
      sound: (prompt: Prompt): Sound | Promise<Sound> => {
        const sound = voice.sound(prompt)
        return sound instanceof Promise ? this.waitedFor(sound) : sound
      },
      ...(voice.ahead ? { ahead: (prompts: Prompt[]) => voice.ahead!(prompts) } : {}),
    }
  }

  readiness(): Readiness {
    const { watched } = this
    return readinessOf({ stopping: watched.stopping(), asterisk: watched.asterisk(), hotlines: watched.hotlines() })
  }

  state(): EngineState {
    const { watched, calls } = this
    return {
      version: watched.version,
      pid: process.pid,
      startedAt: this.startedAt,
      at: this.clock.now(),
      stopping: watched.stopping(),
      drainsUntil: watched.drainsUntil?.(),
      asterisk: watched.asterisk(),
      hotlines: watched.hotlines(),
      calls: { ...calls.totals, running: calls.now },
      prompts: { ...this.prompts, worstWait: this.worstWait.value },
      voices: watched.voices(),
      worstSilence: calls.worstSilence,
      journal: watched.journal(),
      file: watched.file(),
      dialplan: watched.dialplan(),
      sending: watched.sending?.(),
      process: this.process.read(),
    }
  }

  /** The text format of Prometheus. */
  metrics(): string {
    return textOf([...metricsOf(this.state()), ...this.calls.families(), this.waits.family(), this.failures.family()])
  }

  close(): void {
    this.process.close()
  }

  private async waitedFor(sound: Promise<Sound>): Promise<Sound> {
    const began = this.clock.steady()
    this.prompts.waited++
    try {
      return await sound
    } catch (error) {
      this.prompts.failed++
      this.failures.add()
      throw error
    } finally {
      const ms = this.clock.steady() - began
      this.waits.observe({}, ms / 1000)
      this.worstWait.add(ms)
    }
  }
}
