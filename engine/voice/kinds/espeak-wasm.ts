import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearestLanguage } from '../provider.ts'
import type { Samples } from '../../sound/samples.ts'

const modulePackage = '@echogarden/espeak-ng-emscripten'

/** Version of the WASM build of espeak-ng, undefined when it is not installed. */
export function wasmVersion(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve(modulePackage)
    const about: unknown = JSON.parse(readFileSync(join(dirname(main), 'package.json'), 'utf8'))
    return typeof about === 'object' && about && 'version' in about ? String(about.version) : undefined
  } catch {
    return undefined
  }
}

/** What is spoken how: `rate` in words a minute, `variant` the name of a manner of speaking, `Annie`. */
export type EspeakTask = { language: string; rate: number; variant: string; signal: AbortSignal }

type Request = {
  id: number
  text: string
  task: EspeakTask
  /** How many processes have died or hung over it. */
  failures: number
  resolve: (speech: Samples) => void
  reject: (why: Error) => void
}

type Message = { voices: string[]; rate: number } | { id: number; samples: Int16Array } | { id: number; error: string }

/**
 * espeak-ng as WASM in a process that lives on between texts. Requests go over at once and come back in order. When
 * the process dies, or needs too long for the text it has in hand, another is started and gets what is unanswered;
 * a text over which two died is refused. It never keeps this process alive, and ends when this one ends.
 */
export class EspeakWasm {
  private readonly options: { startMs: number; textMs: number }
  private child: ChildProcess | undefined
  private ready: { voices: string[]; rate: number } | undefined
  private readonly requests = new Map<number, Request>()
  private watch: NodeJS.Timeout | undefined
  private lastId = 0
  /** One after another. */
  private failedStarts = 0

  /** `startMs` and `textMs`: how long a start and one text may take, default 10 s and 4 s. */
  constructor({ startMs = 10_000, textMs = 4000 }: { startMs?: number; textMs?: number } = {}) {
    this.options = { startMs, textMs }
  }

  /** Of the process that speaks now. */
  get pid(): number | undefined {
    return this.child?.pid
  }

  /** How many texts it has been given and not yet spoken. */
  get waiting(): number {
    return this.requests.size
  }

  speak(text: string, task: EspeakTask): Promise<Samples> {
    const { signal } = task
    const id = ++this.lastId
    const give = () => this.settle(id)?.reject(new Error('espeak-ng was not ready in time'))
    return new Promise<Samples>((resolve, reject) => {
      if (signal.aborted) return reject(new Error('espeak-ng was not asked: the time was over'))
      signal.addEventListener('abort', give, { once: true })
      const request = { id, text, task, failures: 0, resolve, reject }
      this.requests.set(id, request)
      if (this.ready) this.send(request)
      else this.start()
    }).finally(() => signal.removeEventListener('abort', give))
  }

  close(): void {
    this.refuseAll('espeak-ng was closed')
    this.stop()
  }

  private start(): void {
    if (this.child) return
    const child = fork(fileURLToPath(new URL('espeak-child.mjs', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      // It needs nothing of what this process knows.
      env: {},
    })
    this.child = child
    this.holdOn(true)
    this.watchFor(this.options.startMs)
    child.on('message', (message) => this.child === child && this.hear(message as Message))
    child.on('error', (error) => this.child === child && this.lose(error.message))
    child.on('exit', (code, signal) => this.child === child && this.lose(`it ended with ${signal ?? `code ${code}`}`))
  }

  private hear(message: Message): void {
    if ('voices' in message) {
      this.ready = message
      this.failedStarts = 0
      for (const request of this.requests.values()) this.send(request)
    } else if ('samples' in message) {
      this.settle(message.id)?.resolve({ samples: message.samples, rate: this.ready?.rate ?? 0 })
    } else {
      // The process ends after this; `lose` sees to the rest.
      return
    }
    if (this.requests.size > 0) this.watchFor(this.options.textMs)
    else this.rest()
  }

  private send(request: Request): void {
    const { language, variant, rate } = request.task
    const voice = nearestLanguage(language, this.ready?.voices ?? [])
    if (!voice) {
      this.settle(request.id)?.reject(new Error(`espeak-ng does not speak "${language}"`))
      if (this.requests.size === 0) this.rest()
      return
    }
    this.holdOn(true)
    if (!this.watch) this.watchFor(this.options.textMs)
    this.child?.send({ id: request.id, text: request.text, voice: `${voice}+${variant}`, rate }, () => {})
  }

  /** The process is gone or hangs: whoever was being spoken is to blame, the others get a new process. */
  private lose(how: string): void {
    const started = this.ready !== undefined
    this.stop()
    if (!started && ++this.failedStarts > 1) {
      this.failedStarts = 0
      return this.refuseAll(`the process of espeak-ng does not start: ${how}`)
    }
    const inHand = started ? this.requests.values().next().value : undefined
    if (inHand && ++inHand.failures > 1) {
      this.settle(inHand.id)?.reject(new Error(`the process of espeak-ng failed twice over this text: ${how}`))
    }
    if (this.requests.size > 0) this.start()
  }

  private refuseAll(why: string): void {
    for (const id of this.requests.keys()) this.settle(id)?.reject(new Error(why))
  }

  private settle(id: number): Request | undefined {
    const request = this.requests.get(id)
    this.requests.delete(id)
    return request
  }

  private stop(): void {
    const { child } = this
    this.rest()
    this.child = undefined
    this.ready = undefined
    child?.kill('SIGKILL')
  }

  private watchFor(ms: number): void {
    clearTimeout(this.watch)
    this.watch = setTimeout(() => this.lose(`no answer within ${ms} ms`), ms)
  }

  /** Nothing is asked: the process may stay, but this one need not stay for it. */
  private rest(): void {
    clearTimeout(this.watch)
    this.watch = undefined
    this.holdOn(false)
  }

  private holdOn(yes: boolean): void {
    if (yes) this.child?.ref()
    else this.child?.unref()
    if (yes) this.child?.channel?.ref()
    else this.child?.channel?.unref()
  }
}
