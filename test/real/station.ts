import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PromptPart } from '../../engine/call/effects.ts'
import type { CallFacts } from '../../engine/call/events.ts'
import type { CallNote } from '../../engine/call/notes.ts'
import { Sessions } from '../../engine/call/sessions.ts'
import { realClock } from '../../engine/clock.ts'
import { RecentCalls } from '../../engine/history.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow, type Compiled } from '../../engine/language/compile.ts'
import { plainNumber, sameNumber } from '../../engine/language/flow.ts'
import type { CallJournal } from '../../engine/journal/journal.ts'
import type { BackendPort, Clock, Inbox, Log } from '../../engine/ports.ts'
import { Espeak } from '../../engine/voice/kinds/espeak.ts'
import { Voices } from '../../engine/voice/voices.ts'
import { AsteriskLine, type AsteriskOptions } from '../../telephony/asterisk.ts'
import { writeDialplan } from '../../telephony/dialplan.ts'
import type { SoundsState } from '../../telephony/sounds.ts'
import { startAsterisk, type Asterisk } from '../asterisk/asterisk.ts'
import { AGENT_PASSWORD } from '../asterisk/config.ts'
import { provision } from '../asterisk/provision.ts'
import { Phone } from '../phone/phone.ts'
import { KnownSounds } from '../phone/sounds.ts'
import { readWav } from '../phone/wav.ts'
import { quiet } from '../quiet.ts'

/** Sounds are kept between runs, so that a test waits for the phone and not for the voice. */
export const prompts = resolve('.callwright/test-prompts')
const secret = 'for-tests-on-loopback'

/** Here the engine shares a process with hundreds of phones, whose work must not cost it a lease. */
const PATIENT = { lease: 10, renewEvery: 4000 }

export type StationOptions = {
  flows: Compiled[]
  /** How many agents there are; all are members of every queue. Default 1. */
  agents?: number
  /** What the engine takes for now, in milliseconds since 1970. Default: now. */
  startAt?: number
  /** How callers wait in line. Default: every agent's phone rings. */
  queueOptions?: string
  transfers?: { allow: string[]; dial: string }
  times?: AsteriskOptions['times']
  /** The folder of the prompts as Asterisk sees it. Default: the same. */
  promptsOnAsterisk?: string
  /** Where Asterisk may fetch prompts. Default: nowhere. */
  promptsAt?: string
  /** Where callers' recordings lie, for us and for Asterisk. Default: nowhere, every recording fails. */
  recordings?: { ours: string; theirs: string }
  inbox?: Inbox
  /** Default: nothing is kept. */
  journal?: CallJournal
  /** Default: there are none. `call` gives what is known of a call. */
  backends?: (call: (id: string) => CallFacts | undefined) => BackendPort
  log?: Log
  lease?: number
}

/** A whole installation on loopback: a private Asterisk, the engine on its manager interface, and phones. */
export class Station {
  readonly asterisk: Asterisk
  readonly voices: Voices
  readonly sounds = new KnownSounds()
  readonly history = new RecentCalls()
  readonly notes: CallNote[] = []
  private readonly options: StationOptions
  private readonly clock: Clock
  private readonly phones: Phone[] = []
  private readonly watchers = new Set<() => void>()
  private engine: { sessions: Sessions; line: AsteriskLine } | undefined

  private constructor(asterisk: Asterisk, options: StationOptions) {
    this.asterisk = asterisk
    this.options = options
    const ahead = options.startAt === undefined ? 0 : options.startAt - Date.now()
    this.clock = { ...realClock, now: () => Date.now() + ahead }
    this.voices = new Voices({ voices: [new Espeak()], folder: prompts, clock: realClock, log: quiet })
  }

  /** Starts everything; with nothing to start Asterisk from, answers why. */
  static async open(options: StationOptions): Promise<Station | { none: string }> {
    const installation = await provision(() => {})
    if ('none' in installation) return installation
    mkdirSync(prompts, { recursive: true })
    const asterisk = await startAsterisk(installation, { agents: options.agents ?? 1, config: configOf(options) })
    const station = new Station(asterisk, options)
    try {
      for (const { fixedPrompts } of options.flows) {
        await station.voices.prepare(fixedPrompts)
        for (const prompt of fixedPrompts) for (const part of prompt) await station.learn(part)
      }
      await station.startEngine()
    } catch (error) {
      await station.close()
      throw error
    }
    return station
  }

  /** How the engine has found that Asterisk gets at the prompts. */
  get soundsState(): SoundsState | undefined {
    return this.engine?.line.sounds?.state
  }

  get sessions(): Sessions {
    if (!this.engine) throw new Error('the engine is not running')
    return this.engine.sessions
  }

  async startEngine(): Promise<void> {
    const { flows, times, transfers, promptsOnAsterisk, promptsAt, recordings, inbox, journal, backends, log = quiet } = this.options
    const sessions = new Sessions({
      flowFor: (called) => flows.find(({ flow }) => flow.numbers.some((number) => sameNumber(number, called))),
      clock: this.clock, voice: this.voices, history: this.history, log,
      ...(inbox ? { inbox } : {}), ...(journal ? { journal } : {}), ...(backends ? { backends: backends((id) => this.factsOf(id)) } : {}),
    })
    sessions.watch((note) => {
      this.notes.push(note)
      for (const watcher of this.watchers) watcher()
    })
    const line = new AsteriskLine({
      host: this.asterisk.ami.host, port: this.asterisk.ami.port, user: 'callwright', secret, log, clock: realClock,
      ...(transfers ? { transfers: transfers.allow } : {}), times: { ...PATIENT, ...times },
      ...(recordings ? { recordings } : {}),
      ...(promptsOnAsterisk ? { sounds: { ours: prompts, theirs: promptsOnAsterisk, address: async () => promptsAt } } : {}),
    })
    this.engine = { sessions, line }
    await sessions.answer(line)
    await this.until(() => line.connected || undefined, 10_000, 'the engine did not get into Asterisk')
  }

  private factsOf(call: string): CallFacts | undefined {
    const note = this.notes.find((one) => one.type === 'arrived' && one.call === call)
    return note?.type === 'arrived' ? note.facts : undefined
  }

  async stopEngine(): Promise<void> {
    await this.engine?.sessions.close()
    this.engine = undefined
  }

  /** A phone to dial with. */
  async phone(): Promise<Phone> {
    return this.keep(await Phone.open({ server: this.asterisk.sip, sounds: this.sounds }))
  }

  /** The phone of an agent, registered and ready. */
  async agent(number = 1): Promise<Phone> {
    const agent = this.keep(await Phone.open({ server: this.asterisk.sip, sounds: this.sounds, register: { user: `agent${number}`, password: AGENT_PASSWORD } }))
    await agent.registered()
    return agent
  }

  /** The name under which phones know a part of a prompt. */
  async learn(part: PromptPart): Promise<string> {
    const sound = await this.voices.sound([part])
    const samples = await readWav(sound.file)
    // Another caller may have learnt it meanwhile.
    if (!this.sounds.has(sound.id)) this.sounds.add(sound.id, samples)
    return sound.id
  }

  /** Resolves with the first thing found, looked for after each note; rejects after `ms`. */
  async until<T>(find: () => T | undefined, ms: number, otherwise: string | (() => string)): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find()
        if (found === undefined) return
        done()
        resolve(found)
      }
      // What is looked for may also become true without a note, such as the last session's end.
      const beat = setInterval(look, 10)
      const limit = setTimeout(() => {
        done()
        reject(new Error(`${typeof otherwise === 'string' ? otherwise : otherwise()} (within ${ms} ms)`))
      }, ms)
      const done = (): void => {
        clearInterval(beat)
        clearTimeout(limit)
        this.watchers.delete(look)
      }
      this.watchers.add(look)
      look()
    })
  }

  /** How many channels Asterisk has. */
  async channels(): Promise<number> {
    const [, count] = /(\d+) active channels?/.exec(await this.asterisk.cli('core show channels count')) ?? []
    return Number(count)
  }

  async close(): Promise<void> {
    await Promise.all(this.phones.map((phone) => phone.close()))
    await this.stopEngine()
    this.voices.close()
    await this.asterisk.stop()
  }

  private keep(phone: Phone): Phone {
    this.phones.push(phone)
    return phone
  }
}

function configOf({ flows, agents = 1, queueOptions = 'strategy = ringall', transfers, lease }: StationOptions): Record<string, string> {
  const files = writeDialplan({
    hotlines: flows.map(({ flow }) => ({ name: flow.name, numbers: flow.numbers.map(plainNumber), queues: Object.keys(flow.queues), ...(Object.keys(flow.queues)[0] ? { fallbackQueue: Object.keys(flow.queues)[0]! } : {}) })),
    ami: { user: 'callwright', secret },
    ...(transfers ? { transfers } : {}),
    ...(lease ? { lease } : {}),
  })
  const queues = new Set(flows.flatMap(({ flow }) => Object.keys(flow.queues)))
  const members = Array.from({ length: agents }, (_, i) => `member => PJSIP/agent${i + 1},0,Agent ${i + 1}\n`).join('')
  return {
    'extensions.conf': files['extensions.conf']!,
    'manager.conf': files['manager.conf']!,
    'queues.conf': [...queues].map((queue) => `[${queue}]\n${queueOptions}\ntimeout = 20\nretry = 1\nwrapuptime = 0\njoinempty = yes\n${members}`).join('\n'),
  }
}

/** A flow from its text; throws its mistakes. */
export function compileText(text: string, name = 'test'): Compiled {
  const { flow, mistakes } = checkFlow(text, { name, file: `${name}.yaml` })
  if (!flow) throw new Error(mistakes.map((mistake) => mistake.pretty()).join('\n'))
  return compileFlow(flow)
}
