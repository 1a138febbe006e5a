import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { tone, writeWav } from '../phone/wav.ts'
import { baseConfig, MUSIC_ON_HOLD_TONE } from './config.ts'
import type { Installation } from './installation.ts'
import { freePort, rtpRange } from './ports.ts'

const execute = promisify(execFile)

/** How long Asterisk may take until it is fully booted. A usual start takes about a second. */
const START_MS = 30_000
/** How long Asterisk may take to end before it is killed. */
const STOP_MS = 5_000

export interface AsteriskOptions {
  /** Context into which callers come. Default `callwright-in`. */
  context?: string
  /** Endpoints `agent1`...`agentN` to register with `AGENT_PASSWORD`. Default 0. */
  agents?: number
  /** Text for the end of a configuration file, by its name: `{ 'extensions.conf': '[callwright-in]...' }`. */
  config?: Record<string, string>
  /** Modules to load besides the usual ones, such as `res_ari`. Default none. */
  modules?: string[]
  /** Ports kept for RTP; one leg of a call takes two. Default 4,000. */
  rtpPorts?: number
}

/** A private Asterisk on loopback, a child of this process, with a folder of its own that goes when it stops. */
export class Asterisk {
  /** Where SIP calls are taken: host and UDP port. */
  readonly sip: { host: string, port: number }
  /** Where AMI is served: host and TCP port. */
  readonly ami: { host: string, port: number }
  /** Folder with the configuration files. */
  readonly configFolder: string
  /** Folder whose WAV files the dialplan names without path and ending. */
  readonly soundsFolder: string
  readonly #folder: string
  readonly #command: string[]
  #child!: ChildProcess
  #sentinel: ChildProcess | undefined
  #said = ''
  #stopped: Promise<void> | undefined

  /** Does not start it yet. */
  constructor(folder: string, installation: Installation, ports: { sip: number, ami: number }) {
    this.sip = { host: '127.0.0.1', port: ports.sip }
    this.ami = { host: '127.0.0.1', port: ports.ami }
    this.configFolder = join(folder, 'etc')
    this.soundsFolder = join(folder, 'data/sounds/en')
    this.#folder = folder
    this.#command = installation.command
  }

  /** Id of the process. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Starts it and resolves when it takes calls; again after `kill`, on the same ports. Throws with what it says. */
  async start(): Promise<void> {
    const [program = '', ...first] = this.#command
    const child = spawn(program, [...first, '-f', '-C', join(this.configFolder, 'asterisk.conf')], { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] })
    const hear = (text: Buffer) => { this.#said = (this.#said + text.toString()).slice(-4000) }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', (error) => { this.#said += error.message })
    this.#child = child
    this.#sentinel?.kill('SIGKILL')
    this.#sentinel = child.pid === undefined ? undefined : watchFor(child.pid, this.#folder)
    try {
      await booted(this, child)
    } catch (error) {
      const log = (await this.logs()).split('\n').filter((line) => /ERROR|WARNING/.test(line)).slice(-10).join('\n')
      await this.stop()
      throw new Error(`Asterisk did not start: ${error instanceof Error ? error.message : String(error)}\n${this.#said.trim()}\n${log}`, { cause: error })
    }
  }

  /** Ends it as a crash does: without a word to anybody. */
  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  /** Runs one command of Asterisk's command line and returns what it prints. */
  async cli(command: string): Promise<string> {
    const [program = '', ...first] = this.#command
    const { stdout } = await execute(program, [...first, '-C', join(this.configFolder, 'asterisk.conf'), '-rx', command], { timeout: 20_000 })
    return stdout
  }

  /** Replaces a configuration file. Takes effect with `reload`. */
  async writeConfig(file: string, text: string): Promise<void> {
    await writeFile(join(this.configFolder, file), text)
  }

  /** Reads one module's configuration again, such as `app_queue`; without a name, that of all. */
  async reload(module?: string): Promise<string> {
    return await this.cli(`module reload${module === undefined ? '' : ` ${module}.so`}`)
  }

  /** Everything logged so far: notices, warnings, errors and the dialplan's steps. */
  async logs(): Promise<string> {
    return await readFile(join(this.#folder, 'log/full'), 'utf8').catch(() => '')
  }

  /** Ends this Asterisk, its calls with it, and removes its folder. May be called twice. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#end()
    await this.#stopped
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      const impatience = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
      await exited
      clearTimeout(impatience)
    }
    this.#sentinel?.kill('SIGKILL')
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Starts a private Asterisk and resolves when it takes calls. Several may run side by side. */
export async function startAsterisk(installation: Installation, options: AsteriskOptions = {}): Promise<Asterisk> {
  const { context = 'callwright-in', agents = 0, config = {}, modules = [], rtpPorts = 4000 } = options
  const folder = await mkdtemp(join(tmpdir(), 'callwright-asterisk-'))
  const ports = { sip: await freePort('udp'), ami: await freePort('tcp') }
  await makeFolders(folder, installation)
  const files = baseConfig({
    context, agents, modules, folder, sipPort: ports.sip, amiPort: ports.ami, rtp: rtpRange(rtpPorts), installedModules: installation.modules,
  })
  for (const name of new Set([...Object.keys(files), ...Object.keys(config)])) {
    await writeFile(join(folder, 'etc', name), `${files[name] ?? ''}\n${config[name] ?? ''}\n`)
  }

  const asterisk = new Asterisk(folder, installation, ports)
  await asterisk.start()
  return asterisk
}

/**
 * A test run that is killed must not leave its Asterisk behind: when this process is gone, however it
 * went, the pipe to this little shell closes, and the shell clears away.
 */
function watchFor(pid: number, folder: string): ChildProcess {
  const sentinel = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "$1"; rm -rf -- "$2"', 'sentinel', String(pid), folder], {
    detached: true, stdio: ['pipe', 'ignore', 'ignore'],
  })
  sentinel.unref()
  ;(sentinel.stdin as Socket).unref()
  return sentinel
}

async function makeFolders(folder: string, installation: Installation): Promise<void> {
  // Asterisk may be told to run as another user, and an Asterisk in the system as its own.
  await chmod(folder, 0o755)
  for (const name of ['etc', 'lib/keys', 'run', 'log', 'spool', 'data/agi-bin', 'data/moh', 'data/sounds/en']) await mkdir(join(folder, name), { recursive: true })
  for (const name of await readdir(installation.data)) {
    if (name === 'documentation') await symlink(join(installation.data, name), join(folder, 'data', name))
  }
  await writeWav(join(folder, 'data/moh/waiting.wav'), tone(MUSIC_ON_HOLD_TONE, 10_000, 0.1))
}

/** The AMI port opens early in the start; from then on the command line can say when the rest is done. */
async function booted(asterisk: Asterisk, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS
  while (!await listens(asterisk.ami.port)) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) throw new Error('it ended at once')
    if (performance.now() > deadline) throw new Error(`no AMI port after ${START_MS / 1000} s`)
    await delay(20)
  }
  await asterisk.cli('core waitfullybooted')
  const transports = await asterisk.cli('pjsip show transports')
  if (!transports.includes(`:${asterisk.sip.port}`)) throw new Error('it has no SIP transport')
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
