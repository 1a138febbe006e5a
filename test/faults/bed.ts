import Database from 'better-sqlite3'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import { promisify } from 'node:util'
import { realClock } from '../../engine/clock.ts'
import { readHotlines } from '../../engine/hotlines.ts'
import { Espeak } from '../../engine/voice/kinds/espeak.ts'
import { Voices } from '../../engine/voice/voices.ts'
import { startAsterisk, type Asterisk } from '../asterisk/asterisk.ts'
import { AGENT_PASSWORD } from '../asterisk/config.ts'
import { provision } from '../asterisk/provision.ts'
import { Phone, type PhoneOptions } from '../phone/phone.ts'
import { KnownSounds } from '../phone/sounds.ts'
import { readWav } from '../phone/wav.ts'
import { quiet } from '../quiet.ts'
import { Proxy } from '../telephony/proxy.ts'
import { Engine } from './engine.ts'
import { count, type Figure } from './figures.ts'
import { Ledger } from './ledger.ts'

/** Sounds are kept between runs, so that a fault waits for nothing but what it is about. */
const prompts = resolve('.callwright/fault-prompts')

/** The prompts that faults listen for, by the first words of their text. */
const SPOKEN = {
  main: 'You have reached', number: 'Please key in a number', second: 'This is the second menu', brief: 'Press 0 for',
  saved: 'Your number has been', survey: 'How satisfied', goodbye: 'Thank you for your call.',
}
export type Spoken = keyof typeof SPOKEN

/** Descriptors that come and go: connections kept open to a backend, a page that looks. */
const SPARE = 8

/** An installation as an admin has it, all on loopback: Asterisk, `callwright run`, a backend, phones. */
export class Bed {
  readonly asterisk: Asterisk
  /** The wire between the first engine and Asterisk. */
  readonly wire: Proxy
  readonly ledger: Ledger
  readonly sounds = new KnownSounds()
  /** The engine that was started last. */
  engine!: Engine
  private readonly folder: string
  private readonly engines: Engine[] = []
  private readonly phones: Phone[] = []
  private atStart = { descriptors: 0, mb: 0 }

  private constructor(folder: string, asterisk: Asterisk, wire: Proxy, ledger: Ledger) {
    this.folder = folder
    this.asterisk = asterisk
    this.wire = wire
    this.ledger = ledger
  }

  /** Starts all but the engine. Throws where there is no Asterisk. `agents`: phones that may ring. Default 0. */
  static async open({ agents = 0 } = {}): Promise<Bed> {
    const installation = await provision(() => {})
    if ('none' in installation) throw new Error(installation.none)
    const folder = mkdtempSync(join(tmpdir(), 'callwright-faults-'))
    for (const name of ['data', 'flows']) mkdirSync(join(folder, name))
    cpSync('test/faults/flow', join(folder, 'flows'), { recursive: true })
    const ledger = await Ledger.open()
    const dialplan = ['cli/callwright.mjs', 'dialplan', '--to', join(folder, 'asterisk')]
    await promisify(execFile)(process.execPath, dialplan, { env: settings(folder, ledger) })
    const text = (name: string): string => readFileSync(join(folder, 'asterisk', name), 'utf8')
    const asterisk = await startAsterisk(installation, {
      agents,
      config: {
        'extensions.conf': text('extensions.conf'),
        'manager.conf': text('manager.conf'),
        'queues.conf': queue(agents),
      },
    })
    const bed = new Bed(folder, asterisk, await Proxy.to(asterisk.ami.port), ledger)
    await bed.learn()
    return bed
  }

  /** The settings of the engine, as its environment. */
  get settings(): Record<string, string> {
    return { ...settings(this.folder, this.ledger), AMI_PORT: String(this.wire.port) }
  }

  get data(): string {
    return join(this.folder, 'data')
  }

  get flows(): string {
    return join(this.folder, 'flows')
  }

  /** Starts an engine and answers at once. */
  launch({ env = {}, node = [] }: { env?: Record<string, string>; node?: string[] } = {}): Engine {
    this.engine = new Engine({ ...this.settings, ...env }, node)
    this.engines.push(this.engine)
    return this.engine
  }

  /** Starts the engine and waits until it takes calls. */
  async startEngine(options: Parameters<Bed['launch']>[0] = {}): Promise<Engine> {
    const engine = this.launch(options)
    await Promise.all([engine.says(/is connected/), engine.says(/Ctrl-C/)])
    this.atStart = engine.held
    return engine
  }

  /** Kills every engine, and none is started again by itself. */
  async stopEngine(): Promise<void> {
    await Promise.all(this.engines.filter(({ runs }) => runs).map((engine) => engine.kill()))
  }

  /** A phone to dial with, or that of an agent. */
  async phone(options: Pick<PhoneOptions, 'register' | 'impairment'> = {}): Promise<Phone> {
    const phone = await Phone.open({ server: this.asterisk.sip, sounds: this.sounds, ...options })
    this.phones.push(phone)
    return phone
  }

  async agent(number = 1): Promise<Phone> {
    const agent = await this.phone({ register: { user: `agent${number}`, password: AGENT_PASSWORD } })
    await agent.registered()
    return agent
  }

  /** What the journal answers to a question in SQL. */
  asks<T>(sql: string): T[] {
    const file = join(this.data, 'calls.db')
    if (!existsSync(file)) return []
    const db = new Database(file, { readonly: true })
    try {
      return db.prepare<[], T>(sql).all()
    } finally {
      db.close()
    }
  }

  /** Calls that the journal believes to be going on. */
  get openRows(): number {
    return this.asks<{ n: number }>('SELECT count(*) AS n FROM calls WHERE ended_at IS NULL')[0]?.n ?? NaN
  }

  async channels(): Promise<number> {
    return Number(/(\d+) active channels?/.exec(await this.asterisk.cli('core show channels count'))?.[1])
  }

  /** What is left when everybody has hung up, a few seconds later at the latest. `engine`: whether one is running. */
  async left({ engine = true } = {}): Promise<Figure[]> {
    const until = performance.now() + 10_000
    let [channels, rows, descriptors] = [NaN, NaN, NaN]
    do {
      await passes(100)
      channels = await this.channels()
      rows = engine ? this.openRows : 0
      descriptors = engine ? Math.max(0, this.engine.held.descriptors - this.atStart.descriptors) : 0
    } while ((channels > 0 || rows > 0 || descriptors > SPARE) && performance.now() < until)
    const { twice } = this.ledger
    return [
      count('effects twice', twice),
      count('channels left', channels),
      ...(engine ? [count('calls left open in the journal', rows)] : []),
      ...(engine ? [count('descriptors more than at the start', descriptors, SPARE)] : []),
    ]
  }

  async close(): Promise<void> {
    await Promise.all(this.phones.map((phone) => phone.close()))
    await this.stopEngine()
    this.wire.close()
    this.ledger.close()
    await this.asterisk.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async learn(): Promise<void> {
    const voices = new Voices({ voices: [new Espeak()], folder: prompts, clock: realClock, log: quiet })
    const [hotline] = readHotlines(this.flows, { LEDGER_URL: 'http://127.0.0.1' })
    const parts = hotline!.compiled!.fixedPrompts.flat()
    for (const [name, words] of Object.entries(SPOKEN)) {
      const part = parts.find(({ text }) => text.startsWith(words))
      if (!part) throw new Error(`no prompt begins with "${words}"`)
      this.sounds.add(name, await readWav((await voices.sound([part])).file))
    }
    voices.close()
  }
}

/** A queue in which callers wait even when nobody is logged in. */
function queue(agents: number): string {
  const members = Array.from({ length: agents }, (_, i) => `member = PJSIP/agent${i + 1}`)
  const options = ['strategy = rrmemory', 'ringinuse = no', 'retry = 1', 'wrapuptime = 0', 'joinempty = yes']
  return ['[desk]', ...options, ...members, ''].join('\n')
}

function settings(folder: string, ledger: Ledger): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '', HOME: folder, CONSOLE_PORT: '0',
    CALLWRIGHT_DATA: join(folder, 'data'), CALLWRIGHT_FLOWS: join(folder, 'flows'), CALLWRIGHT_PROMPTS: prompts,
    FLOW_ENV: 'LEDGER_URL', LEDGER_URL: `http://127.0.0.1:${ledger.port}`,
    BACKENDS_ALLOW: `127.0.0.1:${ledger.port}`,
  }
}
