import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** `callwright run` as a process of its own, as an admin has it. */
export class Engine {
  /** What it has said so far, and when: `performance.now()`. */
  readonly lines: { at: number; text: string }[] = []
  private readonly child: ChildProcess
  private readonly ended: Promise<void>
  private readonly watchers = new Set<() => void>()

  /** `node`: more options for Node; `as`: the user whose it is. */
  constructor(env: NodeJS.ProcessEnv, node: readonly string[] = [], as: { uid?: number; gid?: number } = {}) {
    this.child = spawn(process.execPath, [...node, 'cli/callwright.mjs', 'run'], {
      env, stdio: ['ignore', 'pipe', 'pipe'], ...as,
    })
    this.ended = once(this.child, 'exit').then(() => this.tell())
    for (const stream of [this.child.stdout!, this.child.stderr!])
      createInterface(stream).on('line', (text) => {
        this.lines.push({ at: performance.now(), text })
        if (process.env.FAULTS_SHOW) console.error(`[${this.child.pid}] ${text}`)
        this.tell()
      })
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  get exitCode(): number | null {
    return this.child.exitCode
  }

  /** Resolves with the time of the first line like this since then; rejects when it ends before, or takes too long. */
  async says(words: RegExp, { within = 20_000, since = 0 } = {}): Promise<number> {
    return await new Promise((resolve, reject) => {
      const look = (): void => {
        const line = this.lines.find(({ at, text }) => at >= since && words.test(text))
        if (!line && this.runs) return
        done()
        if (line) resolve(line.at)
        else reject(new Error(`the engine ended without saying ${words}:\n${this.told()}`))
      }
      const limit = setTimeout(() => {
        done()
        reject(new Error(`the engine has not said ${words} within ${within} ms:\n${this.told()}`))
      }, within)
      const done = (): void => {
        clearTimeout(limit)
        this.watchers.delete(look)
      }
      this.watchers.add(look)
      look()
    })
  }

  /** When it said something like this, since then; undefined when it did not. */
  said(words: RegExp, since = 0): number | undefined {
    return this.lines.find(({ at, text }) => at >= since && words.test(text))?.at
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }

  async whenEnded(): Promise<void> {
    await this.ended
  }

  /** What it holds now. */
  get held(): { descriptors: number; mb: number } {
    const process = `/proc/${this.child.pid}`
    const [, pages = ''] = readFileSync(`${process}/statm`, 'utf8').split(' ')
    return { descriptors: readdirSync(`${process}/fd`).length, mb: (Number(pages) * 4096) / 2 ** 20 }
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher()
  }

  private told(): string {
    return this.lines.slice(-30).map(({ text }) => text).join('\n')
  }
}
