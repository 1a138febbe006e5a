import type { Prompt, PromptPart } from '../engine/call/effects.ts'
import type { Hotline } from '../engine/hotlines.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { sameNumber } from '../engine/language/flow.ts'
import type { Clock, Line, Log } from '../engine/ports.ts'
import { count } from './check.ts'

/** How long until prompts that could not be made are tried again, in milliseconds. */
const retryMs = 30_000
/** How long a call waits for prompts that are being made just now, in milliseconds: less than its first lease. */
const patienceMs = 2000

/** Makes prompts audible ahead of calls; see `Voices`. */
export type Preparing = {
  prepare(prompts: Prompt[], onProgress?: (done: number, of: number) => void): Promise<{ missing: { prompt: Prompt; why: string }[] }>
  /** The same for the words of values; a call can do without. */
  prepareValues?(parts: PromptPart[]): Promise<unknown>
}

export type LivePorts = {
  voices: Preparing
  clock: Clock
  log: Log
  /** A version answers from now on: what calls on it need after a restart is to be kept. */
  onLive?(hotline: Hotline): void
}

/**
 * The hotlines that answer. On a telephone each answers as soon as its fixed prompts have been made; those that cannot
 * be are said once, tried again until they are there, and then that is said. Meanwhile it answers with the others,
 * unless there are none. Read anew, the new version of a hotline answers new calls when it is free of mistakes and no
 * more of its prompts are missing than of the old one's; until then, and if not, the old one does.
 */
export class LiveHotlines {
  /** As last read, with their mistakes. */
  all: Hotline[]
  private readonly answering = new Map<string, Hotline>()
  private readonly ready = new Set<Hotline>()
  /** What callers of those that answer do not hear: the names of the prompts that cannot be made. */
  private readonly silent = new Map<Hotline, string[]>()
  /** Those whose prompts are being made. */
  private readonly making = new Map<Hotline, Promise<void>>()
  private readonly ports: LivePorts
  /** Prompts are being made, or have been; callers may come before that. */
  private readonly begun: Promise<void>
  private begin = (): void => {}
  private readonly told = new Set<Hotline>()
  /** Newer versions whose prompts could not be made, by their hashes: the ones before answer, and these are tried again. */
  private readonly waiting = new Map<string, Hotline>()
  private cancelRetry: (() => void) | undefined
  private closed = false

  constructor(all: Hotline[], ports: LivePorts) {
    this.all = all
    this.ports = ports
    this.begun = new Promise((resolve) => (this.begin = resolve))
    for (const hotline of all) if (hotline.compiled) this.goLive(hotline)
  }

  /** The flow that answers a number on a line. While its prompts are being made it may answer in a moment. */
  flowFor(called: string, line: Pick<Line, 'wantsSound'>): Compiled | undefined | Promise<Compiled | undefined> {
    if (this.closed) return undefined
    const answering = [...this.answering.values()]
    const hotline = answering.find(({ compiled }) => compiled?.flow.numbers.some((number) => sameNumber(number, called)))
    if (!hotline || line.wantsSound !== 'needs' || this.ready.has(hotline)) return hotline?.compiled
    const tooLong = new Promise<void>((resolve) => void this.ports.clock.after(patienceMs, resolve))
    return Promise.race([this.begun.then(() => this.making.get(hotline)), tooLong]).then(() => (this.ready.has(hotline) && !this.closed ? hotline.compiled : undefined))
  }

  /** The version of each hotline that answers now. */
  get live(): Hotline[] {
    return [...this.answering.values()]
  }

  /** Whether a hotline answers on a telephone. */
  isReady(hotline: Hotline): boolean {
    return this.ready.has(hotline)
  }

  /** The names of the prompts that its callers do not hear, for they cannot be made. */
  unheard(hotline: Hotline): readonly string[] {
    return this.silent.get(hotline) ?? []
  }

  /** How many prompts the hotlines that are ready have. */
  get promptsReady(): number {
    return [...this.ready].reduce((sum, one) => sum + one.compiled!.fixedPrompts.length - this.unheard(one).length, 0)
  }

  /** Makes the prompts of all hotlines that lack any. Never rejects. */
  async prepare(onProgress: (done: number, of: number) => void = () => {}): Promise<void> {
    const waiting = this.live.filter((hotline) => this.lacks(hotline))
    const total = waiting.reduce((sum, { compiled }) => sum + compiled!.fixedPrompts.length, 0)
    let done = 0
    for (const hotline of waiting) {
      const made = this.prepareOne(hotline, () => onProgress(++done, total)).finally(() => this.making.delete(hotline))
      this.making.set(hotline, made)
    }
    this.begin()
    await Promise.all(waiting.map((hotline) => this.making.get(hotline)))
    this.tryAgain()
  }

  /**
   * Takes what has been read anew. Resolves when every good version answers; what came of each is logged. What is read
   * while this goes on need not wait, for a prompt of one hotline must not hold up the news of another: whatever is
   * ready first, only the versions read last come to answer.
   */
  async reload(all: Hotline[]): Promise<void> {
    const before = this.all
    this.all = all
    for (const hash of this.waiting.keys()) if (!all.some(({ compiled }) => compiled?.flow.hash === hash)) this.waiting.delete(hash)
    await Promise.all(all.map((hotline) => this.renew(hotline, before.find(({ name }) => name === hotline.name))))
    for (const { name } of this.live)
      if (!this.all.some((one) => one.name === name)) {
        this.answering.delete(name)
        this.ports.log.warn({ hotline: name }, `${name} is gone from the folder and answers no new calls`)
      }
    this.tryAgain()
  }

  /** Answers no new calls; those under way are not touched. */
  close(): void {
    this.closed = true
    this.cancelRetry?.()
  }

  /** In a while, if anything is missing. */
  private tryAgain(): void {
    this.cancelRetry?.()
    if (this.closed || (this.waiting.size === 0 && !this.live.some((hotline) => this.lacks(hotline)))) return
    this.cancelRetry = this.ports.clock.after(retryMs, () => {
      void Promise.all([...this.waiting.values()].map((hotline) => this.replace(hotline))).then(() => this.prepare())
    })
  }

  private async renew(hotline: Hotline, before: Hotline | undefined): Promise<void> {
    const { name, compiled, mistakes } = hotline
    const { log } = this.ports
    const old = this.answering.get(name)
    if (!compiled) {
      // Said when it is new, and not each time that another file is saved.
      if (before && before.mistakes.map(String).join() === mistakes.map(String).join()) return
      const goesOn = old ? 'the version before goes on answering' : 'it does not answer'
      log.error({ hotline: name, mistakes: mistakes.length }, `${name} has mistakes and is refused; ${goesOn}`)
      for (const mistake of mistakes) if (!mistake.warning) log.error({ hotline: name }, mistake.message)
      return
    }
    if (old?.compiled?.flow.hash !== compiled.flow.hash) await this.replace(hotline)
  }

  /** Has a new version answer as soon as its prompts are there. */
  private async replace(hotline: Hotline): Promise<void> {
    const { log, voices } = this.ports
    const { name } = hotline
    const compiled = hotline.compiled!
    const { hash } = compiled.flow
    const { missing } = await voices.prepare(compiled.fixedPrompts)
    await voices.prepareValues?.(compiled.withValues)
    // Saved once more meanwhile: that version is the one to come.
    const old = this.answering.get(name)
    if (this.closed || !this.all.includes(hotline) || old === hotline) return
    if (missing[0] && old && this.ready.has(old) && missing.length > this.unheard(old).length) {
      if (!this.waiting.has(hash))
        log.error({ hotline: name }, `the new version of ${name} has ${count(missing.length, 'prompt')} that cannot be made (${missing[0].why}); the version before goes on answering; trying again`)
      return void this.waiting.set(hash, hotline)
    }
    this.waiting.delete(hash)
    this.goLive(hotline)
    log.info({ hotline: name, flow: hash }, `the new version of ${name} answers new calls${old ? '; calls under way end on the one before' : ''}`)
    this.lack(hotline, missing)
  }

  private goLive(hotline: Hotline): void {
    const old = this.answering.get(hotline.name)
    this.answering.set(hotline.name, hotline)
    if (old) {
      this.ready.delete(old)
      this.silent.delete(old)
    }
    this.ports.onLive?.(hotline)
  }

  private async prepareOne(hotline: Hotline, onProgress: () => void): Promise<void> {
    const { voices } = this.ports
    const { missing } = await voices.prepare(hotline.compiled!.fixedPrompts, onProgress)
    await voices.prepareValues?.(hotline.compiled!.withValues)
    if (!this.closed && this.live.includes(hotline)) this.lack(hotline, missing)
  }

  private lacks(hotline: Hotline): boolean {
    return !this.ready.has(hotline) || this.silent.has(hotline)
  }

  /** These of its prompts cannot be made: it answers with the others, if there are any. Said when it is news. */
  private lack(hotline: Hotline, missing: Missing): void {
    const { log } = this.ports
    const { name, compiled } = hotline
    const [first] = missing
    const of = compiled!.fixedPrompts.length
    const before = this.ready.has(hotline)
    const told = this.told.has(hotline)
    if (!first) {
      this.ready.add(hotline)
      this.silent.delete(hotline)
      this.told.delete(hotline)
      if (told) log.info({ hotline: name }, `${name} answers on the telephone${before ? ' with all its prompts' : ''} now`)
      return
    }
    this.told.add(hotline)
    const why = `${missing.length} of its ${count(of, 'prompt')} cannot be made (${first.why}); trying again`
    if (missing.length === of) {
      if (!told) log.error({ hotline: name }, `${name} does not answer on the telephone yet: ${why}`)
      return
    }
    const prompts = missing.map(({ prompt }) => nameOf(prompt))
    this.ready.add(hotline)
    this.silent.set(hotline, prompts)
    if (!before)
      log.error({ hotline: name, prompts }, `${name} answers, but callers do not hear ${inShort(prompts)}: ${why}`)
  }
}

type Missing = Awaited<ReturnType<Preparing['prepare']>>['missing']

/** How many names are written out; the facts of the log's line hold them all. */
const mostNames = 5

const inShort = (names: readonly string[]): string =>
  [...names.slice(0, mostNames), ...(names.length > mostNames ? [`${names.length - mostNames} more`] : [])].join(', ')

/** The names of its texts, as `callwright prompts` lists them. */
const nameOf = (prompt: Prompt): string => [...new Set(prompt.map(({ name, text }) => name ?? text))].join(' + ')
