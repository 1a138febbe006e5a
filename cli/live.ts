import type { Hotline } from '../engine/hotlines.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { sameNumber } from '../engine/language/flow.ts'
import type { Prompt } from '../engine/call/effects.ts'
import type { Clock, Line, Log } from '../engine/ports.ts'

/** How long until prompts that could not be made are tried again, in milliseconds. */
const retryMs = 30_000

/** Makes prompts audible ahead of calls; see `Voices`. */
export type Preparing = {
  prepare(prompts: Prompt[], onProgress?: (done: number, of: number) => void): Promise<{ missing: { why: string }[] }>
}

/**
 * The hotlines that answer. On a telephone each answers as soon as all its fixed prompts are there; what is missing is
 * said once, tried again until it is there, and then that is said.
 */
export class LiveHotlines {
  readonly all: Hotline[]
  private readonly ready = new Set<Hotline>()
  private readonly voices: Preparing
  private readonly clock: Clock
  private readonly log: Log
  private readonly told = new Set<Hotline>()
  private cancelRetry: (() => void) | undefined
  private closed = false

  constructor(all: Hotline[], ports: { voices: Preparing; clock: Clock; log: Log }) {
    this.all = all
    this.voices = ports.voices
    this.clock = ports.clock
    this.log = ports.log
  }

  /** The flow that answers a number on a line. */
  flowFor(called: string, line: Pick<Line, 'wantsSound'>): Compiled | undefined {
    const hotline = this.all.find(({ compiled }) => compiled?.flow.numbers.some((number) => sameNumber(number, called)))
    return hotline && (line.wantsSound !== 'needs' || this.ready.has(hotline)) ? hotline.compiled : undefined
  }

  /** How many prompts the hotlines that are ready have. */
  get promptsReady(): number {
    return [...this.ready].reduce((sum, { compiled }) => sum + compiled!.fixedPrompts.length, 0)
  }

  /** Makes the prompts of all hotlines that are not ready. Never rejects. */
  async prepare(onProgress: (done: number, of: number) => void = () => {}): Promise<void> {
    const waiting = this.all.filter((hotline) => hotline.compiled && !this.ready.has(hotline))
    const total = waiting.reduce((sum, { compiled }) => sum + compiled!.fixedPrompts.length, 0)
    let done = 0
    await Promise.all(waiting.map((hotline) => this.prepareOne(hotline, () => onProgress(++done, total))))
    if (!this.closed && this.ready.size < this.all.filter(({ compiled }) => compiled).length)
      this.cancelRetry = this.clock.after(retryMs, () => void this.prepare())
  }

  close(): void {
    this.closed = true
    this.cancelRetry?.()
  }

  private async prepareOne(hotline: Hotline, onProgress: () => void): Promise<void> {
    const { missing } = await this.voices.prepare(hotline.compiled!.fixedPrompts, onProgress)
    if (this.closed) return
    const [first] = missing
    if (!first) {
      this.ready.add(hotline)
      if (this.told.has(hotline)) this.log.info({ hotline: hotline.name }, `${hotline.name} answers on the telephone now`)
    } else if (!this.told.has(hotline)) {
      this.told.add(hotline)
      this.log.error(
        { hotline: hotline.name },
        `${hotline.name} does not answer on the telephone yet: ${missing.length} ${missing.length === 1 ? 'prompt is' : 'prompts are'} missing (${first.why}); trying again`,
      )
    }
  }
}
