import type { Hotline } from '../engine/hotlines.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { sameNumber } from '../engine/language/flow.ts'
import type { Clock, Line, Log } from '../engine/ports.ts'
import type { Voices } from '../engine/voice/voices.ts'

/** How long until prompts that could not be made are tried again, in milliseconds. */
const retryMs = 30_000

/** The hotlines that answer. On a telephone one answers only when all its fixed prompts are there. */
export class LiveHotlines {
  readonly all: Hotline[]
  private readonly ready = new Set<Hotline>()
  private readonly voices: Voices
  private readonly clock: Clock
  private readonly log: Log
  private cancelRetry: (() => void) | undefined

  constructor(all: Hotline[], ports: { voices: Voices; clock: Clock; log: Log }) {
    this.all = all
    this.voices = ports.voices
    this.clock = ports.clock
    this.log = ports.log
  }

  /** The flow that answers a number on a line. */
  flowFor(called: string, line: Line): Compiled | undefined {
    const hotline = this.all.find(({ compiled }) => compiled?.flow.numbers.some((number) => sameNumber(number, called)))
    return hotline && (line.wantsSound !== 'needs' || this.ready.has(hotline)) ? hotline.compiled : undefined
  }

  isReady(hotline: Hotline): boolean {
    return this.ready.has(hotline)
  }

  /** Makes the prompts of all hotlines; what fails is said once, and tried again until it succeeds. */
  async prepare(onProgress: (done: number, of: number) => void): Promise<void> {
    const waiting = this.all.filter((hotline) => hotline.compiled && !this.ready.has(hotline))
    const total = waiting.reduce((sum, { compiled }) => sum + compiled!.fixedPrompts.length, 0)
    let done = 0
    for (const hotline of waiting) {
      const { missing } = await this.voices.prepare(hotline.compiled!.fixedPrompts, () => onProgress(++done, total))
      if (missing.length === 0) this.ready.add(hotline)
      else this.log.error({ hotline: hotline.name }, `${hotline.name} does not answer on the telephone yet: ${missing.length} prompts are missing (${missing[0]!.why}); trying again`)
    }
    if (this.all.some((hotline) => hotline.compiled && !this.ready.has(hotline)))
      this.cancelRetry = this.clock.after(retryMs, () => void this.prepare(() => {}))
  }

  close(): void {
    this.cancelRetry?.()
  }
}
