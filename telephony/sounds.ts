import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { TelephonyError } from '../engine/errors.ts'
import type { Clock, Log } from '../engine/ports.ts'
import { probe } from '../engine/voice/probe.ts'
import { withoutToken } from './ami/commands.ts'
import type { AmiLink } from './ami/link.ts'
import { SoundCheck } from './ami/sound-check.ts'
import type { Heard } from './ami/translate.ts'

/** What the connection to Asterisk must offer. */
type Link = Pick<AmiLink, 'action' | 'send' | 'localAddress'>

/** How Asterisk gets at a sound: it reads the file, or fetches it from us. */
export type Way = 'folder' | 'http'

/** `way` undefined: not known yet. `words` say it to an admin; `todo`: what to do about it. */
export type SoundsState = { way: Way | 'none' | undefined; words: string; todo?: string }

export type SoundsOptions = {
  /** The folder of the prompts as we see it, and as Asterisk sees it. */
  ours: string
  theirs: string
  /**
   * Where Asterisk may fetch sounds, given the address of ours that it knows; a sound's id and `.wav` come behind.
   * It holds a token and is not to be logged. Undefined: nowhere.
   */
  address?(ours: string | undefined): Promise<string | undefined>
  /** The way that worked last, and for `http` the address. */
  last?: { way: Way; address?: string } | undefined
  /** Called when a way has been found. */
  found?(way: Way): void
  /** Sounds that the dialplan plays by itself while no engine runs, as Asterisk finds them. */
  played?(): string[]
}

/** After it was found that Asterisk cannot play, or a prompt failed: how long until it is tried again. Milliseconds. */
const againMs = 30_000
/** Where an admin reads more. */
const page = 'docs/admins/another-machine.md'
const probeFile = /^probe-[0-9a-f]{16}\.wav$/

/** Names sounds for Asterisk, in the way that works; which one does is found out by trying. */
export class Sounds {
  state: SoundsState = { way: undefined, words: '' }
  private readonly options: SoundsOptions
  private readonly check: SoundCheck
  private readonly link: Link
  private readonly clock: Clock
  private readonly log: Log
  private way: Way
  private address: string | undefined
  private finding: Promise<void> | undefined
  /** Files that Asterisk is to have beforehand, and which of them it has. */
  private readonly wanted = new Set<string>()
  private readonly fetched = new Set<string>()
  private again: (() => void) | undefined

  constructor(options: SoundsOptions, { link, clock, log }: { link: Link; clock: Clock; log: Log }) {
    this.options = options
    this.link = link
    this.clock = clock
    this.log = log
    this.check = new SoundCheck(link, clock, `callwright-${randomBytes(6).toString('hex')}`)
    // Callers from before a restart do not wait for us to find out.
    this.way = options.last?.way ?? 'folder'
    this.address = options.last?.address
  }

  /** A sound file of ours as Asterisk finds it: for the folder without its ending. */
  path(file: string): string {
    const ours = resolve(dirname(file)) === resolve(this.options.ours)
    return ours && this.way === 'http' && this.address !== undefined ? `${this.address}${basename(file)}` : this.inFolder(file)
  }

  /** Finds out which way works, and says so when it is another than before. Never rejects. */
  find(): Promise<void> {
    this.again?.()
    this.again = undefined
    return (this.finding ??= this.tryAll().finally(() => (this.finding = undefined)))
  }

  /** A prompt could not be played: looks again, by and by. */
  doubted(): void {
    if (!this.finding) this.later()
  }

  /** Has Asterisk fetch these files before callers need them, if it fetches. Never rejects. */
  async ahead(files: readonly string[]): Promise<void> {
    for (const file of files) this.wanted.add(file)
    if (this.way === 'http') await this.fetchAhead().catch(() => {})
  }

  /** Takes what Asterisk tells of the channels on which sounds are tried; false when it is about a call. */
  heard(fact: Heard): boolean {
    return this.check.heard(fact)
  }

  /** Whether this is a channel on which this process tries sounds, by its Uniqueid. */
  isOwn(call: string): boolean {
    return this.check.isOwn(call)
  }

  /** The connection has ended. */
  lost(): void {
    this.check.lost()
    // It may be another Asterisk next time.
    this.fetched.clear()
  }

  close(): void {
    this.again?.()
  }

  private async tryAll(): Promise<void> {
    try {
      const found = await this.tried()
      // When neither works, calls go on in the way that did.
      if (found.way === undefined) return this.tell(this.nothingWorks(found.address), 'error')
      this.way = found.way
      if (found.way === 'http') this.address = found.address
      this.options.found?.(found.way)
      await this.tellWay(found.way)
      await this.ahead([])
    } catch (error) {
      // Tried again at the next connection.
      if (error instanceof TelephonyError && error.code === 'link-lost') return
      this.tell(this.untried(error), 'warn')
    }
  }

  private async tried(): Promise<{ way?: Way; address?: string }> {
    if (await this.seesFolder()) return { way: 'folder' }
    const address = await this.options.address?.(this.link.localAddress)
    if (address === undefined) return {}
    const missing = await this.check.missing([`${address}${probe.id}.wav`])
    return missing === undefined ? { way: 'http', address } : { address }
  }

  private async seesFolder(): Promise<boolean> {
    const { ours } = this.options
    for (const old of readdirSync(ours)) if (probeFile.test(old)) rmSync(join(ours, old), { force: true })
    // A name that was never there: a copy of the folder made a while ago will not do.
    const file = join(ours, `probe-${randomBytes(8).toString('hex')}.wav`)
    writeFileSync(file, probe.bytes)
    try {
      return (await this.check.missing([this.inFolder(file)])) === undefined
    } finally {
      rmSync(file, { force: true })
    }
  }

  /** Says the way, and whether Asterisk has what it plays while no engine runs, which it always reads from a folder. */
  private async tellWay(way: Way): Promise<void> {
    const missing = await this.check.missing(this.options.played?.() ?? [])
    const words = way === 'folder'
      ? `Asterisk reads prompts from the folder ${this.options.theirs}.`
      : `Asterisk fetches prompts from ${withoutToken(this.address ?? '')}.`
    if (missing === undefined) return this.tell({ way, words }, 'info')
    this.later()
    const more = 'It does not see the sounds that it plays while Callwright does not run.'
    const todo = `copy the sounds of survival to ${dirname(missing)} on the machine of Asterisk, as ${page} tells`
    this.tell({ way, words: `${words} ${more}`, todo }, 'warn')
  }

  private async fetchAhead(): Promise<void> {
    const files = [...this.wanted].filter((file) => !this.fetched.has(file) && existsSync(file))
    if (files.length === 0) return
    if ((await this.check.missing(files.map((file) => this.path(file)))) !== undefined) return this.later()
    for (const file of files) this.fetched.add(file)
  }

  private nothingWorks(address: string | undefined): SoundsState {
    this.later()
    const from = address === undefined ? '' : `, and cannot fetch them from ${withoutToken(address)}`
    const todo = address === undefined
      ? `let its user read the folder; if it runs on another machine, set PROMPTS_HOST, as ${page} tells`
      : `let its user read the folder, or see why it cannot fetch: ${page}`
    const words = `Asterisk can play no prompts: it does not see the folder ${this.options.theirs}${from}.`
    return { way: 'none', words, todo }
  }

  private untried(error: unknown): SoundsState {
    this.later()
    const { ours, theirs } = this.options
    const way = this.way === 'folder' ? `reads them from the folder ${theirs}` : 'fetches them, as it did before'
    const why = (error as Error).message
    const todo = error instanceof TelephonyError
      ? 'run "callwright dialplan" again, install what it writes, and reload Asterisk'
      : `see to the folder ${ours}`
    const words = `It cannot be tried how Asterisk gets at the prompts (${why}); it is taken that it ${way}.`
    return { way: undefined, words, todo }
  }

  private inFolder(file: string): string {
    const bare = file.replace(/\.wav$/, '')
    const inside = relative(resolve(this.options.ours), bare)
    return inside.startsWith('..') ? bare : `${this.options.theirs.replace(/\/$/, '')}/${inside.split(sep).join('/')}`
  }

  private later(): void {
    this.again ??= this.clock.after(againMs, () => void this.find())
  }

  /** Each change once, not each look. */
  private tell(state: SoundsState, level: 'info' | 'warn' | 'error'): void {
    const before = this.state
    this.state = state
    const { words, todo } = state
    if (before.words !== words) this.log[level]({}, todo ? `${words} To do: ${todo}.` : words)
  }
}
