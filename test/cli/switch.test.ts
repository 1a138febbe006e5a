import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HotlineState } from '../../console/deps.ts'
import { turnSwitch, type SwitchOptions } from '../../cli/switch.ts'

const hotline = (number: number, switches: string): string => `hotline: Desk ${number}
numbers: ["${number}"]
timezone: Australia/Canberra
switches: ${switches}
queues: { desk: { said: the desk } }
start: first
steps:
  first: { branch: [{ if: switches.outage, go: news }, { go: desk }] }
  news: { say: Many of you have no power., next: desk }
  desk: { queue: desk }
`

const withoutTimes = (text: string): string => text.replaceAll(/\b[A-Z][a-z]{2} \d+ [A-Z][a-z]{2} \d\d:\d\d/g, 'WHEN')

describe('callwright switch', function () {
  this.timeout(60_000)
  let folder: string
  let engine: ChildProcess | undefined

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-switch-'))
    const bookings = 'bookings: { for: Booking by phone, starts: on }'
    write('power', hotline(300, `{ outage: { for: Large outage announcement }, ${bookings} }`))
    write('water', hotline(301, '{ outage: { for: Burst main } }'))
  })
  afterEach(async () => {
    if (engine?.exitCode === null && engine.signalCode === null) {
      const exited = once(engine, 'exit')
      engine.kill('SIGKILL')
      await exited
    }
    engine = undefined
    rmSync(folder, { recursive: true, force: true })
  })

  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, 'flows', name), { recursive: true })
    writeFileSync(join(folder, 'flows', name, 'hotline.yaml'), text)
  }
  const env = (): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', TZ: 'UTC', CONSOLE_PORT: '0',
    CALLWRIGHT_DATA: join(folder, 'data'), CALLWRIGHT_FLOWS: join(folder, 'flows'), SUDO_USER: 'anna',
  })
  /** The command, without the process around it. */
  const run = (name?: string, how?: string, options: SwitchOptions = {}) => {
    const lines: string[] = []
    const before = { log: console.log, error: console.error, env: process.env }
    console.log = console.error = (line: string) => void lines.push(line)
    process.env = env()
    let failed = false
    try {
      turnSwitch(name, how, options)
    } catch (error) {
      failed = true
      lines.push((error as Error).message)
    } finally {
      Object.assign(console, { log: before.log, error: before.error })
      process.env = before.env
    }
    return { failed, text: withoutTimes(lines.join('\n')) }
  }
  /** The whole of Callwright, as an admin types it. */
  const callwright = (...args: string[]) => {
    const options = { env: env(), encoding: 'utf8', input: '' } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/callwright.mjs', ...args], options)
    return { code: status, text: withoutTimes(`${stdout}${stderr}`.trim()) }
  }

  it('tells how all of them stand', () => {
    assert.deepEqual(run(), {
      failed: false,
      text: [
        'power/outage is off (Large outage announcement), as the flow starts it',
        'power/bookings is on (Booking by phone), as the flow starts it',
        'water/outage is off (Burst main), as the flow starts it',
      ].join('\n'),
    })
  })

  it('turns one, and says who has turned it and from when on it holds', () => {
    assert.deepEqual(run('power/outage', 'on'), {
      failed: false,
      text: `power/outage is on (Large outage announcement), since WHEN by anna
No Callwright runs with ${join(folder, 'data')}: it holds as soon as one is started.`,
    })
    assert.match(run().text, /^power\/outage is on .*\n.*\nwater\/outage is off/)
    const off = 'power/bookings is off (Booking by phone), since WHEN by anna; on by itself at WHEN'
    assert.ok(run('bookings', 'off', { for: '2h' }).text.startsWith(`${off}\n`))
    assert.equal(run('bookings').text, off)
  })

  const refused: [name: string, how: string, options: SwitchOptions, says: RegExp][] = [
    ['outage', 'on', {}, /several hotlines have a switch "outage": write power\/outage or water\/outage/],
    ['bokings', 'on', {}, /no hotline has a switch "bokings"; did you mean "bookings"\?/],
    ['power/outge', 'on', {}, /no hotline has a switch "power\/outge"; did you mean "power\/outage"\?/],
    ['bookings', 'away', {}, /a switch cannot be turned away: write on or off/],
    ['bookings', 'off', { for: '4' }, /--for 4 is not a time up to 366d: write for instance --for 4h/],
  ]
  for (const [name, how, options, says] of refused)
    it(`refuses ${name} ${how} ${options.for ?? ''}`, () => {
      const { failed, text } = run(name, how, options)
      assert.ok(failed)
      assert.match(text, says)
    })

  it('turns the switch of a hotline whose flow is just being worked on, by its full name', () => {
    write('power', 'hotline: Power\n')
    assert.match(run().text, /^water\/outage is off .*\npower holds mistakes, so its switches are not known/)
    const { failed, text } = run('power/outage', 'on')
    assert.ok(!failed, text)
    assert.match(text, /power holds mistakes just now, so whether it has a switch "outage" is not known/)
    const kept = JSON.parse(readFileSync(join(folder, 'data/switches.json'), 'utf8')) as Record<string, { on: boolean }>
    assert.equal(kept['power/outage']?.on, true)
  })

  it('says what to do about a file that cannot be read', () => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data/switches.json'), '{')
    for (const args of [[], ['bookings', 'off']] as const) {
      const { failed, text } = run(...args)
      assert.ok(failed)
      assert.match(text, /switches\.json cannot be read .*mend it, or remove it and turn the switches again$/)
    }
  })

  it('is noticed by an engine that runs, without a restart', async () => {
    engine = spawn(process.execPath, ['cli/callwright.mjs', 'run'], {
      env: { ...env(), LOG_FORMAT: 'words' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let told = ''
    const says = (text: string): Promise<void> => new Promise((resolve, reject) => {
      const look = (): void => void (told.includes(text) && resolve())
      for (const stream of [engine!.stdout!, engine!.stderr!]) stream.on('data', (data: Buffer) => {
        told += data.toString()
        look()
      })
      engine!.once('close', () => reject(new Error(`it ended without saying ${text}:\n${told}`)))
    })
    await says('Ctrl-C ends it.')
    const noticed = says('the switch power/outage has been turned on by anna')
    const { text } = callwright('switch', 'power/outage', 'on', '--for', '4h')
    assert.match(text, /New calls follow it from now on, calls under way from their next branch on\.$/)
    await noticed
    const url = /http:\/\/localhost:\d+\//.exec(told)![0]
    const states = async (): Promise<string[]> => {
      const { hotlines } = (await (await fetch(`${url}api/status`)).json()) as { hotlines: HotlineState[] }
      return hotlines.flatMap(({ name: of, switches }) =>
        switches.map(({ name, on, turned }) => `${of}/${name} ${on ? 'on' : 'off'} by ${turned?.by ?? 'its flow'}`),
      )
    }
    assert.deepEqual(await states(), [
      'power/outage on by anna',
      'power/bookings on by its flow',
      'water/outage off by its flow',
    ])
    const put = await fetch(`${url}api/hotlines/water/switches/outage`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: '{"on":true}',
    })
    assert.equal(put.status, 204)
    assert.match(callwright('switch').text, /water\/outage is on \(Burst main\), since WHEN by the page$/)
  })

  it('play has one on or off for a call', () => {
    const flow = join(folder, 'flows/power')
    assert.doesNotMatch(callwright('play', flow).text, /no power/)
    const played = callwright('play', '--switch', 'outage', '--switch', 'bookings=off', flow)
    assert.match(played.text, /Many of you have no power/)
    const { code, text } = callwright('play', flow, '--switch', 'outge')
    assert.equal(code, 2)
    assert.match(text, /there is no switch "outge" in Desk 300; did you mean "outage"\?/)
  })
})
