import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import type { Prompt, PromptPart } from '../engine/call/effects.ts'
import type { Clock, Log, Sound } from '../engine/ports.ts'
import type { AsteriskLine } from '../telephony/asterisk.ts'
import type { SoundsOptions, Way } from '../telephony/sounds.ts'
import type { Preparing } from './live.ts'
import { soundFile } from './page.ts'
import { promptsToken, type Settings } from './settings.ts'
import { survivalFolder } from './survival-sounds.ts'

/** When the port is taken, by an engine that is frozen for instance: how long until it is tried again. Milliseconds. */
const againMs = 2000
const loopback = ['127.0.0.1', '::1', 'localhost']
const anyAddress = ['0.0.0.0', '::']

/** The sounds as Asterisk gets at them: where it may fetch them, and which way worked last. */
export class PromptsServed {
  readonly token: string
  private readonly settings: Settings
  private readonly clock: Clock
  private readonly log: Log
  private page: Server | undefined
  private isOpen!: () => void
  private readonly opened = new Promise<void>((resolve) => (this.isOpen = resolve))
  /** Where Asterisk was last told to fetch sounds. */
  private used: string | undefined
  private own: Server | undefined
  private cancel: (() => void) | undefined
  private said = false

  constructor(settings: Settings, { clock, log }: { clock: Clock; log: Log }) {
    this.settings = settings
    this.clock = clock
    this.log = log
    this.token = promptsToken(settings)
  }

  /** What the line to Asterisk needs to name sounds. */
  get options(): SoundsOptions {
    const { prompts, promptsOnAsterisk } = this.settings
    return {
      ours: prompts,
      theirs: promptsOnAsterisk ?? prompts,
      address: async (ours) => {
        await this.opened
        this.used = this.base(ours)
        return this.used && this.address(this.used)
      },
      last: this.last(),
      found: (way) => this.keep(way),
      played: () => soundsPlayed(this.settings),
    }
  }

  /** Opens where only sounds are to be had, if the admin names an address for it. `page`: the server of the page. */
  async open(page: Server): Promise<void> {
    this.page = page
    this.isOpen()
    const { host, port } = this.settings.promptsServer
    if (host === undefined) return
    const { token, clock, log } = this
    // Loaded only here: callers wait for an engine that starts again.
    const { createPromptsApp } = await import('../console/prompts.ts')
    const app = createPromptsApp({ token, clock, log, soundFile: (id) => soundFile(this.settings.prompts, id) })
    this.own = createServer(app)
    this.own.on('error', ({ message }) => {
      const todo = 'Is PROMPTS_HOST an address of this machine, and PROMPTS_PORT free?'
      if (!this.said)
        log.error({}, `Asterisk cannot fetch prompts yet: ${host}:${port} cannot be opened (${message}); trying again. ${todo}`)
      this.said = true
      this.cancel = clock.after(againMs, () => this.own?.listen(port, host))
    })
    this.own.listen(port, host)
  }

  close(): void {
    this.cancel?.()
    this.own?.close()
    this.own?.closeAllConnections()
  }

  /** Where Asterisk reaches us; `ours`: the address of this machine that it knows. */
  private base(ours: string | undefined): string | undefined {
    const { promptsUrl, promptsServer, console: page, ami } = this.settings
    if (promptsUrl) return promptsUrl
    if (promptsServer.host) return urlAt(promptsServer.host, promptsServer.port, ours)
    // What listens on loopback alone is there for an Asterisk on this machine alone, or at the other end of a tunnel.
    const near = loopback.includes(ami.host ?? '127.0.0.1')
    const at = this.page?.address() as AddressInfo | null | undefined
    return !at || (loopback.includes(page.host) && !near) ? undefined : urlAt(page.host, at.port, ours)
  }

  private address(base: string): string {
    return `${base}prompts/${this.token}/`
  }

  private get keptIn(): string {
    return join(this.settings.data, 'prompts-way.json')
  }

  private keep(way: Way): void {
    try {
      writeFileSync(this.keptIn, `${JSON.stringify({ way, ...(way === 'http' ? { base: this.used } : {}) })}\n`)
    } catch (error) {
      const words = 'how Asterisk gets at the prompts cannot be kept; after a restart it is found out anew'
      this.log.warn({ err: error }, words)
    }
  }

  private last(): SoundsOptions['last'] {
    if (!existsSync(this.keptIn)) return undefined
    try {
      const { way, base } = kept.parse(JSON.parse(readFileSync(this.keptIn, 'utf8')))
      return { way, ...(base === undefined ? {} : { address: this.address(base) }) }
    } catch {
      return undefined // found out anew
    }
  }
}

const kept = z.object({ way: z.enum(['folder', 'http']), base: z.string().optional() })

function urlAt(host: string, port: number, ours: string | undefined): string | undefined {
  const name = anyAddress.includes(host) ? ours : host
  return name && `http://${name.includes(':') ? `[${name}]` : name}:${port}/`
}

/** What the dialplan written last plays by itself, as Asterisk finds it. */
function soundsPlayed(settings: Settings): string[] {
  const folder = survivalFolder(settings)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[0-9a-f]{32}\.wav$/.test(name)) : []
  return names.map((name) => join(settings.promptsOnAsterisk ?? settings.prompts, 'survival', name.slice(0, -4)))
}

/** Makes prompts as `voices` does, and has Asterisk fetch them before they count as made, if it fetches. */
export function fetchedAhead(
  voices: Preparing & { sound(prompt: Prompt): Sound | Promise<Sound> },
  line: () => AsteriskLine | undefined,
): Preparing {
  return {
    async prepare(prompts, onProgress) {
      const made = await voices.prepare(prompts, onProgress)
      const missing = new Set(made.missing.map(({ prompt }) => prompt))
      const there = prompts.filter((prompt) => !missing.has(prompt))
      const sounds = await Promise.allSettled(there.map(async (prompt) => voices.sound(prompt)))
      await line()?.sounds?.ahead(sounds.flatMap((one) => (one.status === 'fulfilled' ? one.value.file : [])))
      return made
    },
    // What values are put together from is not heard by itself.
    ...(voices.prepareValues ? { prepareValues: (parts: PromptPart[]) => voices.prepareValues!(parts) } : {}),
  }
}
