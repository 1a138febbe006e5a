import type { PromptEnd } from '../../engine/call/events.ts'
import { streamFile, withoutToken } from './commands.ts'
import { cutByMistake, heardMs, newPrompt, type Prompt, type PromptOrder, remaining } from './prompt.ts'
import type { AgiResult } from './translate.ts'

/** What the prompts of a call need around them. */
export type PlaybackReach = {
  /** Whether Asterisk takes commands for the call now. */
  mayCommand(): boolean
  /** `refused`: Asterisk did not take it. */
  command(text: string, id: string, refused: () => void): void
  stopPlayback(): void
  nextCommandId(): string
  finished(id: number, failed: boolean): void
  /** The caller has heard so much of a prompt, in milliseconds. Told once, perhaps after the next has been sent. */
  heard(id: number, ms: number, how: PromptEnd): void
  /** The file could not be played or the caller is gone: Asterisk takes the call from us and what comes next tells. */
  controlLost(): void
  /** Nothing is sent any more and nothing waits. */
  idle(): void
  /** Asterisk and we no longer agree on what is playing. */
  confused(why: string): void
  warn(words: string): void
  /** Of the clock that goes forward alone. */
  now(): number
  after(ms: number, run: () => void): () => void
}

export type PlaybackTimes = {
  /** How long a prompt that should end by itself may take until it is told to. Default 60 ms. */
  stopCheck: number
  /** How long anything may be overdue before the call is brought back. Default 5 s. */
  overdue: number
}

/**
 * The prompts of one call: at most one is to be heard, but the ones before may not have ended yet in Asterisk.
 *
 * A key ends a prompt with barge-in in Asterisk itself, so the next one is sent without waiting for that end: this
 * makes the way from key to prompt short. Only a prompt that has not heard the key, because it began after, must be
 * told to stop, and then the next one waits, lest the `stop` reaches that.
 */
export class Playback {
  private readonly reach: PlaybackReach
  private readonly times: PlaybackTimes
  /** To be heard now: playing, sent or waiting. */
  private current: Prompt | undefined
  /** Sent and not ended, in order; all but perhaps the last are stopped. */
  private sent: Prompt[] = []

  constructor(times: PlaybackTimes, reach: PlaybackReach) {
    this.times = times
    this.reach = reach
  }

  /** A prompt is to be heard whose end has not been told. */
  get busy(): boolean {
    return this.current !== undefined
  }

  /** When the prompt ends that is to be heard now; at once, if Asterisk has not begun it. */
  get audibleUntil(): number {
    const { current } = this
    return current?.began && this.sent.includes(current) ? current.beganAt + remaining(current) : this.reach.now()
  }

  play(order: PromptOrder): void {
    this.stop()
    this.current = newPrompt(order)
    this.goOn()
  }

  stop(): void {
    const prompt = this.current
    this.current = undefined
    if (!prompt) return
    if (!this.sent.includes(prompt)) return this.tell(prompt, 'stopped')
    prompt.stopped = true
    prompt.endsByItself = prompt.bargeIn && prompt.began && prompt.keyHeard
    prompt.due = this.reach.now() + this.times.stopCheck + this.times.overdue
    // One that has not begun is told when it does: before, a `stop` would end nothing, or the prompt ahead of it.
    if (prompt.began && !prompt.endsByItself) this.reach.stopPlayback()
    prompt.cancelCheck = this.reach.after(this.times.stopCheck, () => this.reach.stopPlayback())
  }

  /** Does what can be done now. */
  goOn(): void {
    if (!this.reach.mayCommand() || !this.sent.every((one) => one.endsByItself)) return
    if (this.current) this.send(this.current)
    else if (this.sent.length === 0) this.reach.idle()
  }

  keyHeard(): void {
    for (const prompt of this.sent) if (prompt.began) prompt.keyHeard = true
  }

  commandBegan(text: string): void {
    const prompt = this.sent.find((one) => !one.began && one.text === text)
    if (!prompt) return
    prompt.began = true
    prompt.beganAt = this.reach.now()
    if (prompt.stopped) this.reach.stopPlayback()
    else prompt.due = this.reach.now() + remaining(prompt) + this.times.overdue
  }

  commandEnded(command: string, result: AgiResult): void {
    const index = this.sent.findIndex((one) => one.command === command)
    const prompt = this.sent[index]
    if (!prompt) return
    // Commands run one after the other: the results of those ahead have been lost.
    for (const one of this.sent.splice(0, index + 1)) {
      one.cancelCheck?.()
      if (one !== prompt) this.tell(one, 'stopped')
    }
    prompt.endpos = result?.endpos
    if (prompt.stopped) this.tell(prompt, result && result.result > 0 ? 'key' : 'stopped')
    if (!result) return this.reach.confused('Asterisk gave an answer that makes no sense')
    if (result.result < 0) {
      prompt.failed = true
      this.reach.controlLost()
    } else if (prompt.stopped) this.goOn()
    else if (result.code !== 200) this.finish(prompt, true)
    else if (cutByMistake(prompt, result)) {
      prompt.from = result.endpos
      prompt.resumes++
      this.goOn()
    } else {
      this.tell(prompt, result.result > 0 ? 'key' : 'end')
      this.finish(prompt, false)
    }
  }

  /** The call was out of our hands and is back: nothing of before is playing. */
  restart(): void {
    this.drop()
    const prompt = this.current
    if (!prompt?.failed) return this.goOn()
    this.reach.warn(`Asterisk cannot play ${withoutToken(prompt.path)}: does it see this folder, and may it read it?`)
    this.finish(prompt, true)
  }

  /** Forgets what Asterisk was sent; what is to be heard waits. */
  drop(): void {
    for (const one of this.sent.splice(0)) {
      one.cancelCheck?.()
      if (one.stopped) this.tell(one, 'stopped')
    }
  }

  /** Nothing is to be heard any more. */
  end(how: 'hang-up' | 'stopped'): void {
    const prompt = this.current
    this.current = undefined
    this.drop()
    if (prompt) this.tell(prompt, how)
  }

  tick(now: number): void {
    const first = this.sent[0]
    if (first && now > first.due) this.reach.confused(`the prompt ${withoutToken(first.path)} did not end in time`)
  }

  private send(prompt: Prompt): void {
    const { reach } = this
    prompt.began = prompt.keyHeard = false
    prompt.endpos = undefined
    prompt.command = reach.nextCommandId()
    prompt.text = streamFile(prompt.path, prompt.bargeIn, prompt.from)
    prompt.due = reach.now() + remaining(prompt) + this.times.overdue
    this.sent.push(prompt)
    // If the caller has just gone an event will say so; else this is overdue at once.
    reach.command(prompt.text, prompt.command, () => (prompt.due = 0))
  }

  private tell(prompt: Prompt, how: PromptEnd): void {
    this.reach.heard(prompt.id, heardMs(prompt, this.reach.now()), how)
  }

  private finish(prompt: Prompt, failed: boolean): void {
    this.current = undefined
    this.reach.finished(prompt.id, failed)
    this.goOn()
  }
}
