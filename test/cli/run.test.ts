import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../faults/engine.ts'
import { FakeAmi } from '../telephony/fake-ami.ts'

/** In the engine itself: mistakes that nobody catches, when a test says so. */
const mistakes = `data:text/javascript,${encodeURIComponent(`
  process.on('SIGUSR2', () => { throw new Error('a mistake in a timer') })
  process.on('SIGWINCH', () => { Promise.reject(new Error('a promise that nobody minds')) })
`)}`

describe('callwright run, as a process', function () {
  this.timeout(40_000)
  const folder = mkdtempSync(join(tmpdir(), 'run-'))
  const [flows, data] = [join(folder, 'flows'), join(folder, 'data')]
  const file = join(flows, 'desk', 'hotline.yaml')
  let fake: FakeAmi
  let claim: string
  let running: Engine[]

  before(async () => {
    mkdirSync(join(flows, 'desk'), { recursive: true })
    chmodSync(folder, 0o755)
    fake = await FakeAmi.open()
  })
  beforeEach(() => {
    saves('Good day.')
    claim = ''
    running = []
    fake.answer = ({ action, variable, value }) => {
      if (action === 'Setvar' && variable === 'CALLWRIGHT_DRIVER') claim = value ?? ''
      if (action === 'Getvar') return { Response: 'Success', Value: variable === 'CALLWRIGHT_DRIVER' ? claim : '' }
      return action === 'CoreShowChannels' ? { Response: 'Success', EventList: 'start' } : { Response: 'Success' }
    }
    fake.onAction = ({ action, actionid = '' }) => {
      if (action === 'CoreShowChannels') fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
    }
  })
  afterEach(() => {
    for (const engine of running) if (engine.runs) engine.signal('SIGKILL')
  })
  after(async () => {
    await fake.close()
    rmSync(folder, { recursive: true })
  })

  /** So that whoever looks at its time and size alone does not notice. */
  function saves(says: 'Good day.' | 'Good bye.'): void {
    writeFileSync(file, `hotline: Desk\nnumbers: ["100"]\nstart: main\nsteps:\n  main:\n    menu: { say: ${says}, keys: { 1: { for: the end, go: hang-up } }, otherwise: hang-up }\n`)
    utimesSync(file, 1_700_000_000, 1_700_000_000)
  }

  function starts(env: NodeJS.ProcessEnv = {}, as: { uid?: number; gid?: number } = {}): Engine {
    const usual = { PATH: process.env.PATH, CALLWRIGHT_FLOWS: flows, CALLWRIGHT_DATA: data, CONSOLE_PORT: '0', AMI_HOST: '127.0.0.1', AMI_PORT: String(fake.port), AMI_SECRET: 'secret', LOG_FORMAT: 'words' }
    const one = new Engine({ ...usual, ...env }, ['--import', mistakes], as)
    running.push(one)
    return one
  }
  async function exitCode(engine: Engine): Promise<number | null> {
    await engine.whenEnded()
    return engine.exitCode
  }

  const channelOf = (call: string): string => `PJSIP/phone-${call}`
  function calls(call: string): void {
    fake.event('AsyncAGIStart', { Uniqueid: call, Channel: channelOf(call), Env: encodeURIComponent('agi_callerid: 0151\nagi_arg_1: entry\nagi_arg_2: 100') })
  }
  /** The call has been answered: it is played something. */
  const answered = (call: string): Promise<unknown> => fake.gets(({ action, channel }) => action === 'AGI' && channel === channelOf(call), 0, 10_000)
  const letGo = (call: string): boolean => fake.actions.some(({ action, channel, exten }) => action === 'Redirect' && channel === channelOf(call) && exten === 'let-go')

  it('outlives its mistakes, reads flows at SIGHUP, and when told to end lets calls end, takes none, and says so', async () => {
    const engine = starts()
    await engine.says(/prompts? ready/)
    for (const [signal, words] of [['SIGUSR2', /has a mistake, and goes on.*a mistake in a timer/], ['SIGWINCH', /goes on.*a promise that nobody minds/]] as const) {
      engine.signal(signal)
      await engine.says(words)
    }
    saves('Good bye.')
    engine.signal('SIGHUP')
    await engine.says(/the new version of desk answers new calls/)
    calls('1')
    await answered('1')
    engine.signal('SIGTERM')
    await engine.says(/SIGTERM: no new calls; 1 call under way/)
    calls('2')
    await engine.says(/\[2\] this engine is ending and takes no new calls/)
    await fake.gets(({ action, channel }) => action === 'Redirect' && channel === channelOf('2'))
    assert.equal(engine.runs, true)
    fake.event('Hangup', { Uniqueid: '1' })
    assert.equal(await exitCode(engine), 0)
    assert.equal(letGo('1'), false)
    assert.equal(engine.said(/no hotline answers/), undefined)
  })

  it('told to end twice ends at once, and its exit code says that Asterisk leads calls on; so it is when their time is over', async () => {
    const impatient = starts({ DRAIN: '60s' })
    await impatient.says(/prompts? ready/)
    calls('3')
    await answered('3')
    impatient.signal('SIGTERM')
    await impatient.says(/1 call under way/)
    impatient.signal('SIGTERM')
    assert.equal(await exitCode(impatient), 3)
    assert.equal(letGo('3'), true)
    const patient = starts({ DRAIN: '200ms' })
    await patient.says(/prompts? ready/)
    calls('4')
    await answered('4')
    patient.signal('SIGTERM')
    assert.equal(await exitCode(patient), 3)
    assert.equal(letGo('4'), true)
    assert.ok(patient.said(/1 call still under way: Asterisk leads it on/))
  })

  it('leaves calls to the one that stands by, which has read what was saved meanwhile, and ends when it is replaced', async () => {
    const first = starts()
    await first.says(/prompts? ready/)
    calls('5')
    await answered('5')
    const second = starts()
    await second.says(/this one stands by/)
    saves('Good bye.')
    first.signal('SIGTERM')
    assert.equal(await exitCode(first), 0)
    assert.equal(letGo('5'), false)
    await second.says(/the new version of desk answers new calls/)
    calls('6')
    await answered('6')
    claim = 'two other 1'
    assert.equal(await exitCode(second), 4)
    assert.equal(letGo('6'), false)
  })

  it('starts and answers calls though nothing can be kept any more', async () => {
    const root = process.getuid?.() === 0
    const engineId = statSync(join(data, 'engine.id'))
    assert.ok(engineId.size > 0)
    chmodSync(data, 0o555)
    try {
      // The administrator may write all the same.
      const engine = starts({}, root ? { uid: 65_534, gid: 65_534 } : {})
      await engine.says(/cannot be written: calls are answered, but would not survive a restart/)
      await engine.says(/prompts? ready/)
      calls('7')
      await answered('7')
      fake.event('Hangup', { Uniqueid: '7' })
      engine.signal('SIGINT')
      assert.ok([0, 3].includes((await exitCode(engine))!), String(engine.exitCode))
    } finally {
      chmodSync(data, 0o755)
    }
  })
})
