import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineState } from '../../engine/health/state.ts'

const flow = `hotline: Desk
numbers: ["300"]
queues: { desk: { said: the desk } }
start: hello
steps:
  hello: { say: Hello., next: desk }
  desk: { queue: desk }
`

/** An engine as it runs under systemd: what it logs, and what those learn who look after it. */
describe('an engine that runs', function () {
  this.timeout(60_000)
  let folder: string
  let engine: ChildProcess | undefined
  let told = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-run-'))
    mkdirSync(join(folder, 'flows/desk'), { recursive: true })
    writeFileSync(join(folder, 'flows/desk/hotline.yaml'), flow)
  })
  afterEach(async () => {
    if (engine && engine.exitCode === null && engine.signalCode === null) {
      engine.kill('SIGKILL')
      await once(engine, 'close')
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    PATH: process.env.PATH ?? '',
    HOME: folder,
    CALLWRIGHT_DATA: join(folder, 'data'),
    CALLWRIGHT_FLOWS: join(folder, 'flows'),
    CONSOLE_PORT: '0',
    AMI_PORT: '1',
    ...more,
  })
  const start = async (more: Record<string, string> = {}): Promise<ChildProcess> => {
    told = ''
    const child = spawn(process.execPath, ['cli/callwright.mjs', 'run'], {
      env: env(more),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    engine = child
    child.stderr.on('data', (data: Buffer) => (told += data.toString()))
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        told += data.toString()
        if (told.includes('Ctrl-C ends it.')) resolve()
      })
      child.once('close', () => reject(new Error(`it ended:\n${told}`)))
    })
    return child
  }
  /** Resolves when the engine has said this. */
  const says = (words: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!told.includes(words)) return
        engine!.stdout!.off('data', look)
        resolve()
      }
      engine!.stdout!.on('data', look)
      look()
    })
  const status = (...args: string[]): { said: string; code: number | null } => {
    const {
      stdout,
      stderr,
      status: code,
    } = spawnSync(process.execPath, ['cli/callwright.mjs', 'status', ...args], { encoding: 'utf8', env: env() })
    return { said: stdout + stderr, code }
  }
  const url = (): string => (JSON.parse(readFileSync(join(folder, 'data/engine.json'), 'utf8')) as { url: string }).url

  it('writes nothing but JSON lines, mistakes of flows included, where nobody sits at a terminal', async () => {
    mkdirSync(join(folder, 'flows/bad'))
    writeFileSync(
      join(folder, 'flows/bad/hotline.yaml'),
      flow.replace('300', '301').replace('next: desk', 'next: dekk'),
    )
    const child = await start()
    child.kill('SIGTERM')
    await once(child, 'close')
    const lines = told
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; time: string; msg: string })
    for (const { level, time, msg } of lines)
      assert.ok(['info', 'warn', 'error'].includes(level) && !Number.isNaN(Date.parse(time)) && msg !== '', msg)
    assert.match(lines.find(({ level }) => level === 'error')!.msg, /dekk/)
    assert.ok(lines.some(({ msg }) => msg === 'bad does not answer: 1 mistake, see above'))
  })

  it('says how it does until it is frozen or gone, each with its exit code', async () => {
    const child = await start()
    const alive = await fetch(`${url()}healthz`)
    assert.deepEqual([alive.status, await alive.json()], [200, { alive: true }])
    assert.deepEqual(await (await fetch(`${url()}readyz`)).json(), { ready: true })
    const metrics = await (await fetch(`${url()}metrics`)).text()
    assert.match(metrics, /^callwright_hotline_ready\{hotline="desk"\} 1$/m)
    assert.match(metrics, /^callwright_journal_open 1$/m)
    const well = status()
    assert.match(well.said, /^engine +Callwright .*, process \d+[^]*All is well\.\n$/)
    assert.equal(well.code, 0)
    const { pid, hotlines } = (JSON.parse(status('--json').said) as { state: EngineState }).state
    assert.deepEqual([pid, hotlines], [child.pid, [{ name: 'desk', live: true, ready: true, unheard: [], mistakes: 0 }]])

    child.kill('SIGSTOP')
    const frozen = status()
    child.kill('SIGCONT')
    assert.match(frozen.said, new RegExp(`process ${child.pid} has been stopped`))
    assert.equal(frozen.code, 1)
    child.kill('SIGKILL')
    await once(child, 'close')
    const gone = status()
    assert.match(gone.said, /^No Callwright runs with /)
    assert.equal(gone.code, 3)
  })

  it('is not ready, and says why, while Asterisk is away', async () => {
    await start({ AMI_HOST: '127.0.0.1', AMI_SECRET: 'a secret that is nowhere' })
    const answer = await fetch(`${url()}readyz`)
    assert.deepEqual([answer.status, await answer.json()], [503, { ready: false, why: ['Asterisk is not connected'] }])
    assert.match(await (await fetch(`${url()}metrics`)).text(), /^callwright_asterisk_up 0$/m)
    const { said, code } = status()
    assert.match(said, /- Asterisk at 127\.0\.0\.1:1 does not answer/)
    assert.equal(code, 1)
    assert.doesNotMatch(told + said, /a secret that is nowhere/)
  })

  it('goes on with a new journal when its own is damaged, and when it is removed, and says so', async () => {
    const file = join(folder, 'data/calls.db')
    mkdirSync(join(folder, 'data'))
    writeFileSync(file, 'this is no database now')
    await start()
    const damaged = status()
    assert.match(damaged.said, /- the journal was damaged, and was set aside; earlier calls are forgotten: .*calls\.db\.damaged-/)
    assert.match(damaged.said, /then move these files away, or remove them/)
    assert.equal(damaged.code, 1)
    assert.match(told, /calls\.db is damaged .*it is set aside as calls\.db\.damaged-/)
    for (const name of readdirSync(join(folder, 'data'))) if (name.includes('.damaged-')) rmSync(join(folder, 'data', name))
    const seenTo = status()
    assert.match(seenTo.said, /All is well\.\n$/)
    assert.equal(seenTo.code, 0)

    for (const name of readdirSync(join(folder, 'data'))) if (name.startsWith('calls.db')) rmSync(join(folder, 'data', name))
    await says('the journal goes on in a new ')
    assert.ok(existsSync(file))
    const removed = status()
    assert.match(removed.said, /- the journal's file was gone \S+ s ago, and a new one was begun/)
    assert.equal(removed.code, 1)
  })
})
