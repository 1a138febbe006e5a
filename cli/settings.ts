import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isConfidential } from '../engine/backends/confidential.ts'
import { milliseconds } from '../engine/duration.ts'
import { giveTo, sudoUser } from './owner.ts'

/** What an admin can set, from the environment or a file `.env`. */
export type Settings = {
  /** `CALLWRIGHT_FLOWS`: the folder of hotlines. Default `flows`. */
  flows: string
  /** `CALLWRIGHT_DATA`: what Callwright keeps. Default `.callwright`. */
  data: string
  /** `CALLWRIGHT_PROMPTS`: sounds, to be read by Asterisk. Default `prompts` in the data folder. */
  prompts: string
  /** `PROMPTS_ON_ASTERISK`: the same folder as Asterisk sees it, if it sees it elsewhere. */
  promptsOnAsterisk: string | undefined
  /** `PROMPTS_HOST` and `PROMPTS_PORT`: where Asterisk on another machine may fetch prompts. Default nowhere; 8081. */
  promptsServer: { host: string | undefined; port: number }
  /** `PROMPTS_URL`: that place as Asterisk sees it, if it sees it elsewhere. */
  promptsUrl: string | undefined
  /** `PROMPTS_MB`: how much room sounds may take, in megabytes. Default 2000. */
  promptsMb: number
  /** `CALLWRIGHT_VOICES`: the file that describes the voices. Default `voices.yaml` in the data folder, if it is there. */
  voices: string | undefined
  /** `CALLWRIGHT_RECORDINGS`: what callers say, written by Asterisk. Default `recordings` in the data folder. */
  recordings: string
  /** `RECORDINGS_ON_ASTERISK`: the same folder as Asterisk sees it, if it sees it elsewhere. */
  recordingsOnAsterisk: string | undefined
  /** `RECORDINGS_TO` and `RECORDINGS_TOKEN`: where messages of callers are sent, and a token for there. Default: nowhere. */
  recordingsTo: { url: string; token: string | undefined } | undefined
  /** `INBOX_DAYS`: how long what callers leave is kept, in days. Default 30. */
  inboxDays: number
  /** `CALLS_DAYS`: how long calls are remembered, in days. Default 7. */
  callsDays: number
  /** `DRAIN`: how long calls under way may go on after SIGTERM, in milliseconds. Default 20 s. */
  drain: number
  ami: {
    /** `AMI_HOST`; undefined when nothing is said of an Asterisk. */
    host: string | undefined
    /** `AMI_PORT`. Default 5038. */
    port: number
    /** `AMI_USER`. Default `callwright`. */
    user: string
    /** `AMI_SECRET`; without it `keptSecret` has what `callwright dialplan` has left in the data folder. */
    secret: string | undefined
  }
  /** `TRANSFERS`: numbers that flows may transfer to, `+6126205*` for all that begin so; separated by commas. */
  transfers: string[]
  /** `TRANSFER_DIAL`: how Asterisk dials them. Default `PJSIP/{number}@trunk`. */
  transferDial: string
  /** `BACKENDS_ALLOW`: private addresses that flows may ask, `10.1.2.3:443,clinic.internal:8443`; separated by commas. */
  backendsAllow: string[]
  /** `CONSOLE_HOST` and `CONSOLE_PORT`: where the page is. Default 127.0.0.1 and 8080. */
  console: { host: string; port: number; portGiven: boolean; hosts: string[]; token: string | undefined }
  /** `METRICS_TOKEN`: with it, metrics may be read from other machines. Default: from this one alone. */
  metricsToken: string | undefined
  /** `FLOW_ENV`: names of environment variables that flows may read as `env.NAME`; separated by commas. */
  flowEnv: Record<string, string>
}

/** Reads the settings. Throws with what to do when one of them cannot be used. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const data = resolve(env.CALLWRIGHT_DATA ?? '.callwright')
  const portGiven = env.CONSOLE_PORT !== undefined && env.CONSOLE_PORT !== ''
  return {
    flows: env.CALLWRIGHT_FLOWS || 'flows',
    data,
    prompts: resolve(env.CALLWRIGHT_PROMPTS || join(data, 'prompts')),
    promptsOnAsterisk: env.PROMPTS_ON_ASTERISK || undefined,
    promptsServer: { host: env.PROMPTS_HOST || undefined, port: port(env.PROMPTS_PORT, 'PROMPTS_PORT', 8081) },
    promptsUrl: webAddress(env.PROMPTS_URL, 'PROMPTS_URL'),
    promptsMb: megabytes(env.PROMPTS_MB, 'PROMPTS_MB', 2000),
    voices: env.CALLWRIGHT_VOICES || [join(data, 'voices.yaml')].find(existsSync),
    recordings: resolve(env.CALLWRIGHT_RECORDINGS || join(data, 'recordings')),
    recordingsOnAsterisk: env.RECORDINGS_ON_ASTERISK || undefined,
    recordingsTo: sendingTo(env.RECORDINGS_TO, env.RECORDINGS_TOKEN),
    inboxDays: days(env.INBOX_DAYS, 'INBOX_DAYS', 30),
    callsDays: days(env.CALLS_DAYS, 'CALLS_DAYS', 7),
    drain: time(env.DRAIN, 'DRAIN', 20_000),
    ami: {
      host: env.AMI_HOST || undefined,
      port: port(env.AMI_PORT, 'AMI_PORT', 5038),
      user: env.AMI_USER || 'callwright',
      secret: env.AMI_SECRET || undefined,
    },
    transfers: list(env.TRANSFERS),
    transferDial: env.TRANSFER_DIAL || 'PJSIP/{number}@trunk',
    backendsAllow: list(env.BACKENDS_ALLOW),
    console: {
      host: env.CONSOLE_HOST || '127.0.0.1',
      port: port(env.CONSOLE_PORT, 'CONSOLE_PORT', 8080),
      portGiven,
      hosts: list(env.CONSOLE_NAMES),
      token: env.CONSOLE_TOKEN || undefined,
    },
    metricsToken: token(env.METRICS_TOKEN, 'METRICS_TOKEN'),
    flowEnv: Object.fromEntries(list(env.FLOW_ENV).map((name) => [name, env[name] ?? ''])),
  }
}

const list = (text: string | undefined): string[] => (text ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '')

function port(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined || text === '') return otherwise
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Error(`${name}=${text} is not a port: write a number from 0 to 65535`)
  return number
}

function webAddress(text: string | undefined, name: string): string | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~-]+)*\/?$/.test(text) || !URL.canParse(text))
    throw new Error(`${name}=${text} is not an address: write for instance http://10.0.0.5:8081`)
  return text.replace(/\/?$/, '/')
}

function time(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined || text === '') return otherwise
  const ms = milliseconds(text)
  if (ms === undefined) throw new Error(`${name}=${text} is not a time: write for instance 20s or 2m`)
  return ms
}

function sendingTo(url: string | undefined, token: string | undefined): Settings['recordingsTo'] {
  if (url === undefined || url === '') return undefined
  // The address is not repeated: it may hold a password.
  if (!URL.canParse(url)) throw new Error('RECORDINGS_TO is not an address: write for instance https://clinic.example/messages')
  if (!isConfidential(url)) throw new Error('RECORDINGS_TO is not encrypted, and everybody on the way could listen: let it begin with https://')
  if (!/^[\x21-\x7e]*$/.test(token ?? '')) throw new Error('RECORDINGS_TOKEN holds a blank or an odd character: write letters, digits and signs')
  return { url, token: token || undefined }
}

function token(text: string | undefined, name: string): string | undefined {
  if (text !== undefined && text !== '' && text.length < 12)
    throw new Error(`${name} is too short: set a random word of 12 characters or more`)
  return text || undefined
}

function megabytes(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined || text === '') return otherwise
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new Error(`${name}=${text} is not a number of megabytes: write for instance 2000`)
  return Number(text)
}

function days(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined || text === '') return otherwise
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new Error(`${name}=${text} is not a number of days: write a whole number from 1 to 9999`)
  return Number(text)
}

/** The file of the journal. */
export const journalFile = ({ data }: Pick<Settings, 'data'>): string => join(data, 'calls.db')

const secretFile = (data: string): string => join(data, 'ami-secret')
const promptsTokenFile = (data: string): string => join(data, 'prompts-token')

/** The secret of the AMI user: the one set, else the one kept; undefined when there is none. Throws when it may not be read. */
export function keptSecret({ ami, data }: Settings): string | undefined {
  if (ami.secret) return ami.secret
  const file = secretFile(data)
  if (!existsSync(file)) return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Error(`${file} belongs to another user, so the secret for Asterisk cannot be read: run "sudo chown $(id -un) ${file}"`, { cause: error })
  }
}

/**
 * Makes the folder of what we keep, when it is not there. Nobody else may look into it; but who knows of the prompts
 * below it, as Asterisk does, comes to them.
 */
export function makeFolder(data: string): void {
  mkdirSync(data, { recursive: true, mode: 0o711 })
}

/** The secret of the AMI user, made and kept when there is none: readable by us alone. */
export function amiSecret(settings: Settings): string {
  const kept = keptSecret(settings)
  if (kept) return kept
  const secret = randomBytes(24).toString('base64url')
  makeFolder(settings.data)
  writeFileSync(secretFile(settings.data), `${secret}\n`, { mode: 0o600 })
  // Made under sudo, it is still for whoever runs the engine.
  giveTo(sudoUser(), settings.data, secretFile(settings.data))
  return secret
}

/** The token with which Asterisk fetches prompts, made when there is none: for us alone. */
export function promptsToken({ data }: Pick<Settings, 'data'>): string {
  makeFolder(data)
  return keptOnce(promptsTokenFile(data), () => randomBytes(24).toString('base64url'))
}

/** The word in a file; made and kept, readable by us alone, when there is none. Where nothing can be kept it is new each time. */
export function keptOnce(file: string, make: () => string): string {
  const made = make()
  try {
    if (existsSync(file)) return readFileSync(file, 'utf8').trim()
    writeFileSync(file, `${made}\n`, { mode: 0o600 })
  } catch {
    // The folder is not ours to use, which is said once for all (`Locks`).
  }
  return made
}
