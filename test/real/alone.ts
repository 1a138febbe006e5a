import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Prompt } from '../../engine/call/effects.ts'
import { realClock } from '../../engine/clock.ts'
import { plainNumber, type Flow } from '../../engine/language/flow.ts'
import { survive } from '../../engine/language/survive.ts'
import { promptsOf } from '../../engine/survival.ts'
import { Espeak } from '../../engine/voice/kinds/espeak.ts'
import { Voices } from '../../engine/voice/voices.ts'
import { writeDialplan, type DialplanOptions } from '../../telephony/dialplan.ts'
import { startAsterisk, type Asterisk } from '../asterisk/asterisk.ts'
import { AGENT_PASSWORD } from '../asterisk/config.ts'
import { provision } from '../asterisk/provision.ts'
import type { PhoneCall } from '../phone/call.ts'
import { Phone } from '../phone/phone.ts'
import { KnownSounds } from '../phone/sounds.ts'
import { readWav } from '../phone/wav.ts'
import { quiet } from '../quiet.ts'

const prompts = resolve('.callwright/test-prompts')

export type AloneOptions = Pick<DialplanOptions, 'transfers' | 'recordings'> & {
  flows: Flow[]
  /** More of extensions.conf. */
  more?: string
}

/** A real Asterisk that has the dialplan of some flows and no engine, and phones. */
export class Alone {
  readonly asterisk: Asterisk
  private readonly voices: Voices
  private readonly sounds = new KnownSounds()
  private readonly phones: Phone[] = []

  private constructor(asterisk: Asterisk, voices: Voices) {
    this.asterisk = asterisk
    this.voices = voices
  }

  static async open({ flows, more = '', transfers, recordings }: AloneOptions): Promise<Alone> {
    const installation = await provision(() => {})
    if ('none' in installation) throw new Error(installation.none)
    mkdirSync(prompts, { recursive: true })
    const voices = new Voices({ voices: [new Espeak()], folder: prompts, clock: realClock, log: quiet })
    const files = new Map<string, string>()
    const hotlines = flows.map((flow) => ({ flow, plan: survive(flow, Date.now()) }))
    for (const prompt of hotlines.flatMap(({ plan }) => promptsOf(plan)))
      files.set(JSON.stringify(prompt), (await voices.sound(prompt)).file.replace(/\.wav$/, ''))
    const written = writeDialplan({
      hotlines: hotlines.map(({ flow, plan }) => ({
        name: flow.name, numbers: flow.numbers.map(plainNumber), queues: Object.keys(flow.queues),
        ...(Object.keys(flow.queues)[0] ? { fallbackQueue: Object.keys(flow.queues)[0]! } : {}),
        survival: { plan, sound: (prompt: Prompt) => files.get(JSON.stringify(prompt)) },
      })),
      ami: { user: 'callwright', secret: 'for-tests-on-loopback' },
      lease: 0.5,
      ...(transfers ? { transfers } : {}), ...(recordings ? { recordings } : {}),
    })
    const queues = [...new Set(flows.flatMap(({ queues: named }) => Object.keys(named)))]
    const asterisk = await startAsterisk(installation, {
      agents: 1,
      config: {
        'extensions.conf': `${written['extensions.conf']}\n${more}`,
        'queues.conf': queues.map((queue) => `[${queue}]\nstrategy = ringall\njoinempty = ${queue === 'nobody' ? 'no' : 'yes'}\n${queue === 'nobody' ? '' : 'member => PJSIP/agent1,0,Agent 1\n'}`).join('\n'),
      },
    })
    const alone = new Alone(asterisk, voices)
    for (const prompt of hotlines.flatMap(({ plan }) => promptsOf(plan))) for (const part of prompt) await alone.learn(part.text, part.language)
    return alone
  }

  async phone(): Promise<Phone> {
    return this.keep(await Phone.open({ server: this.asterisk.sip, sounds: this.sounds }))
  }

  async agent(): Promise<Phone> {
    const agent = this.keep(await Phone.open({ server: this.asterisk.sip, sounds: this.sounds, register: { user: 'agent1', password: AGENT_PASSWORD } }))
    await agent.registered()
    return agent
  }

  /** Hears these texts, one after the other. */
  async hears(call: PhoneCall, texts: string[], language = 'en'): Promise<void> {
    for (const text of texts) await call.hears(await this.learn(text, language), { within: 12_000 })
  }

  async close(): Promise<void> {
    await Promise.all(this.phones.map((phone) => phone.close()))
    this.voices.close()
    await this.asterisk.stop()
  }

  private async learn(text: string, language: string): Promise<string> {
    const sound = await this.voices.sound([{ text, language }])
    const samples = await readWav(sound.file)
    if (!this.sounds.has(sound.id)) this.sounds.add(sound.id, samples)
    return sound.id
  }

  private keep(phone: Phone): Phone {
    this.phones.push(phone)
    return phone
  }
}
