import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallEvent } from '../../engine/call/events.ts'
import { realClock } from '../../engine/clock.ts'
import type { Order, Sound } from '../../engine/ports.ts'
import { AmiLink, type AmiMessage } from '../../telephony/ami/link.ts'
import { AsteriskLine, type AsteriskOptions } from '../../telephony/asterisk.ts'
import { writeDialplan } from '../../telephony/dialplan.ts'
import { startAsterisk, type Asterisk } from '../asterisk/asterisk.ts'
import { AGENT_PASSWORD, MUSIC_ON_HOLD_TONE } from '../asterisk/config.ts'
import { needsAsterisk } from '../real/needs-asterisk.ts'
import { Phone, type PhoneCall } from '../phone/phone.ts'
import { KnownSounds } from '../phone/sounds.ts'
import { tone, writeWav } from '../phone/wav.ts'
import { Proxy } from './proxy.ts'
import { LogBook, Recorder } from './recorder.ts'

const AMI = { user: 'callwright', secret: 'a "secret" = 1, yes' }
/** Two pitches each, so that none is taken for another. */
const PROMPTS = {
  welcome: [...tone(500, 2000), ...tone(900, 2000)],
  sales: [...tone(600, 400), ...tone(1000, 400)],
  help: [...tone(700, 400), ...tone(1100, 400)],
  sorry: [...tone(800, 400), ...tone(1200, 400)],
}
type PromptName = keyof typeof PROMPTS

describe('the Asterisk line on a real Asterisk', function () {
  this.timeout(20_000)
  let asterisk: Asterisk
  let folder: string
  /** Its name can stand in a dialplan. */
  let plainFolder: string
  let sounds: KnownSounds
  let phone: Phone
  let agent: Phone
  let proxy: Proxy
  let line: AsteriskLine
  let heard: Recorder
  let log: LogBook
  let prompts = 0

  before(async function () {
    this.timeout(300_000)
    const installation = await needsAsterisk(this)
    folder = await mkdtemp(join(tmpdir(), 'callwright prompts "1"-'))
    for (const [name, samples] of Object.entries(PROMPTS)) await writeWav(join(folder, `${name}.wav`), Int16Array.from(samples))
    plainFolder = await mkdtemp(join(tmpdir(), 'callwright-sorry-'))
    await writeWav(join(plainFolder, 'sorry.wav'), Int16Array.from(PROMPTS.sorry))
    sounds = await KnownSounds.fromFolder(folder)
    const { README: _, ...config } = writeDialplan({
      hotlines: [
        { name: 'support', numbers: ['+4930100'], queues: ['desk', 'nobody'], sorry: join(plainFolder, 'sorry') },
        { name: 'city', numbers: ['200'], queues: ['desk'], fallbackQueue: 'night' },
      ],
      ami: AMI,
      lease: 2,
      transfers: { allow: ['1', '2*', '+49*'], dial: 'PJSIP/agent{number}' },
    })
    config['queues.conf'] = config['queues.conf']!.replaceAll(/(?<=^\[(desk|night)\]\n)/gm, 'member = PJSIP/agent1,0,Anna Berg\n')
    asterisk = await startAsterisk(installation, { agents: 2, config })
  })

  beforeEach(async () => {
    proxy = await Proxy.to(asterisk.ami.port)
    phone = await Phone.open({ server: asterisk.sip, sounds })
    agent = await Phone.open({ server: asterisk.sip, sounds, register: { user: 'agent1', password: AGENT_PASSWORD } })
    await agent.registered()
    heard = new Recorder()
    log = new LogBook()
    await openLine()
  })

  afterEach(async () => {
    await phone.close()
    await agent.close()
    await line.close()
    proxy.close()
  })

  after(async () => {
    await asterisk?.stop()
    for (const one of [folder, plainFolder]) if (one) await rm(one, { recursive: true })
  })

  async function openLine(options: Partial<AsteriskOptions> = {}): Promise<void> {
    line = new AsteriskLine({
      host: '127.0.0.1',
      port: proxy.port,
      ...AMI,
      log,
      clock: realClock,
      transfers: ['1', '2*'],
      recordings: { ours: plainFolder, theirs: plainFolder },
      ...options,
      times: { lease: 3, renewEvery: 1000, retryFirst: 20, retryMost: 100, ...options.times },
    })
    await line.open(heard)
    await log.says(/connected to Asterisk \d/)
  }

  function sound(name: PromptName): Sound {
    return { id: name, file: join(folder, `${name}.wav`), ms: PROMPTS[name].length / 8 }
  }

  function play(call: string, name: PromptName, { bargeIn = true } = {}): number {
    const id = ++prompts
    line.order(call, { type: 'play', id, prompt: [{ text: name, language: 'en' }], bargeIn, sound: sound(name) })
    return id
  }

  /** A call that has arrived; what the flow does with each event is `flow`. */
  async function dial(flow: (call: string, event: CallEvent) => void = () => {}): Promise<{ call: PhoneCall; id: string }> {
    heard.onEvent = flow
    const call = await phone.dial('4930100', { from: '+4915112345' })
    return { call, id: (await heard.arrives()).id }
  }

  const order = (id: string, what: Order): void => line.order(id, what)
  const keys = (id: string): string => heard.of(id).map((event) => (event.type === 'key-pressed' ? event.key : '')).join('')

  it('tells who calls which number', async () => {
    await phone.dial('4930100', { from: '+4915112345' })
    const { id, ...facts } = await heard.arrives()
    assert.match(id, /^\d+\.\d+$/)
    assert.deepEqual(facts, { line: 'asterisk', called: '+4930100', caller: '+4915112345' })
    await phone.dial('200', { from: 'anonymous', name: 'Anonymous' })
    assert.equal((await heard.arrives(1)).caller, '')
  })

  it('takes calls whatever the caller is called', async () => {
    for (const [at, name] of ['x'.repeat(900), 'Ü'.repeat(300), '%0a${X}"\\,):System(x)', 'agi_arg_1: queue-left'].entries()) {
      await phone.dial('4930100', { from: '+4915112345', name })
      const { called, caller } = await heard.arrives(at)
      assert.deepEqual([called, caller], ['+4930100', '+4915112345'], name)
    }
  })

  it('plays a prompt to its end and says so', async () => {
    const { call, id } = await dial()
    const first = play(id, 'sales', { bargeIn: false })
    await call.hears('sales')
    await call.press('5')
    assert.deepEqual(await heard.next(id), { type: 'key-pressed', key: '5' })
    assert.deepEqual(await heard.next(id), { type: 'prompt-finished', id: first })
  })

  it('a key cuts the prompt and the next one begins within milliseconds', async () => {
    const waits: number[] = []
    const { call, id } = await dial((of, event) => {
      if (event.type !== 'key-pressed') return
      order(of, { type: 'stop-playback' })
      play(of, event.key === '1' ? 'sales' : 'welcome')
    })
    play(id, 'welcome')
    await call.hears('welcome')
    for (const key of '12121212') {
      const released = await call.press(key)
      waits.push((await call.hears(key === '1' ? 'sales' : 'welcome')).began - released)
    }
    waits.sort((a, b) => a - b)
    console.log(`      key to prompt: ${waits.map((wait) => wait.toFixed(1)).join(' ')} ms`)
    assert.ok(waits[4]! < 15, `the median is ${waits[4]} ms`)
    assert.equal(keys(id), '12121212')
    assert.ok(!heard.of(id).some((event) => event.type === 'prompt-finished'), 'a prompt that was cut has no end')
  })

  it('a prompt is stopped without a key, and the next one is not', async () => {
    const { call, id } = await dial()
    play(id, 'welcome', { bargeIn: false })
    await call.hears('welcome')
    order(id, { type: 'stop-playback' })
    await call.hearsSilence({ for: 300 })
    play(id, 'welcome')
    const last = play(id, 'help')
    await call.hears('help')
    assert.deepEqual(await heard.next(id), { type: 'prompt-finished', id: last })
  })

  it('keys of 40 ms in silence come once each, and do not cut their answer', async () => {
    const { call, id } = await dial((of, event) => {
      if (event.type === 'key-pressed' && event.key === '#') play(of, 'help')
    })
    await call.press('0123456789', { ms: 40 })
    await call.press('1213', { ms: 40 })
    await call.press('55', { ms: 40 })
    await call.press('#', { ms: 40 })
    await call.hears('help')
    await heard.until(() => heard.of(id).some(({ type }) => type === 'prompt-finished'), 3000, () => 'no end')
    assert.equal(keys(id), '0123456789121355#')
  })

  it('a file that Asterisk cannot see is a failed prompt, and the call goes on', async () => {
    await line.close()
    await openLine({ sounds: { ours: folder, theirs: '/nowhere' } })
    const { call, id } = await dial()
    const lost = play(id, 'help')
    assert.deepEqual(await heard.next(id), { type: 'prompt-finished', id: lost, failed: true })
    await log.says(/cannot play .nowhere.help/)
    const gone = ++prompts
    order(id, { type: 'play', id: gone, prompt: [], bargeIn: true, sound: { ...sound('help'), file: `${folder}/none.wav` } })
    assert.deepEqual(await heard.next(id), { type: 'prompt-finished', id: gone, failed: true })
    order(id, { type: 'hang-up' })
    await call.ended()
  })

  it('hands over to an agent, shows what is known, and has the caller back when the agent hangs up', async () => {
    const { call, id } = await dial()
    order(id, { type: 'queue', id: 7, queue: 'desk', maxWait: 0, tell: { postcode: '2600', reason: 'new "booking"; ${X}' } })
    await call.hears({ tone: MUSIC_ON_HOLD_TONE })
    const desk = await agent.rings()
    assert.deepEqual(desk.callerId, { name: '2600, new booking X', number: '+4915112345' })
    await desk.answer()
    assert.deepEqual(await heard.next(id), { type: 'agent-answered', id: 7, agent: 'Anna Berg' })
    await call.press('9')
    await desk.hangUp()
    assert.deepEqual(await heard.next(id), { type: 'queue-left', id: 7, how: 'answered' })
    const survey = play(id, 'help')
    await call.hears('help')
    assert.deepEqual(await heard.next(id), { type: 'prompt-finished', id: survey })
    await call.hangUp()
    assert.deepEqual(await heard.next(id), { type: 'caller-hung-up' })
  })

  it('tells how else a queue ends', async () => {
    const { call, id } = await dial()
    order(id, { type: 'queue', id: 1, queue: 'desk', maxWait: 1000, tell: {} })
    assert.deepEqual(await heard.next(id), { type: 'queue-left', id: 1, how: 'timed-out' })
    order(id, { type: 'queue', id: 2, queue: 'nobody', maxWait: 0, tell: {} })
    assert.deepEqual(await heard.next(id), { type: 'queue-left', id: 2, how: 'nobody-there' })
    order(id, { type: 'queue', id: 3, queue: 'not-in-the-dialplan', maxWait: 0, tell: {} })
    assert.deepEqual(await heard.next(id), { type: 'queue-left', id: 3, how: 'failed' })
    order(id, { type: 'queue', id: 4, queue: 'a,b', maxWait: 0, tell: {} })
    assert.deepEqual(await heard.next(id), { type: 'queue-left', id: 4, how: 'failed' })
    play(id, 'help')
    await call.hears('help')
  })

  it('hands over right behind a prompt that is cut', async () => {
    const { call, id } = await dial((of, event) => {
      if (event.type !== 'key-pressed') return
      order(of, { type: 'stop-playback' })
      order(of, { type: 'queue', id: 1, queue: 'desk', maxWait: 1000, tell: {} })
    })
    play(id, 'welcome')
    await call.hears('welcome')
    await call.press('1')
    await call.hears({ tone: MUSIC_ON_HOLD_TONE })
    await heard.until(() => heard.of(id).some(({ type }) => type === 'queue-left'), 3000, () => 'not back')
    await call.hearsSilence({ for: 300 })
  })

  it('transfers where the admin allows it, and nowhere else', async () => {
    const { call, id } = await dial()
    order(id, { type: 'transfer', id: 1, to: '1', ring: 5000 })
    const other = await agent.rings()
    await other.answer()
    await call.speak({ tone: 700 })
    await other.hears({ tone: 700 })
    await other.hangUp()
    assert.deepEqual(await heard.next(id), { type: 'transfer-ended', id: 1, how: 'answered' })
    order(id, { type: 'transfer', id: 2, to: '1', ring: 5000 })
    ;(await agent.rings()).reject()
    assert.deepEqual(await heard.next(id), { type: 'transfer-ended', id: 2, how: 'busy' })
    order(id, { type: 'transfer', id: 3, to: '1', ring: 1000 })
    assert.deepEqual(await heard.next(id), { type: 'transfer-ended', id: 3, how: 'no-answer' })
    order(id, { type: 'transfer', id: 4, to: '2', ring: 1000 })
    assert.deepEqual(await heard.next(id), { type: 'transfer-ended', id: 4, how: 'failed' })
    for (const to of ['3', '1&PJSIP/agent2', '1@x', 'Local/1', '+49']) {
      order(id, { type: 'transfer', id: 5, to, ring: 1000 })
      assert.deepEqual(await heard.next(id), { type: 'transfer-ended', id: 5, how: 'failed' })
    }
    assert.doesNotMatch(await asterisk.logs(), /Executing .*PJSIP.agent3/)
  })

  it('hangs up, and tells of callers who do', async () => {
    const first = await dial()
    order(first.id, { type: 'hang-up' })
    await first.call.ended()
    const call = await phone.dial('200')
    const { id } = await heard.arrives(1)
    play(id, 'welcome')
    await call.hears('welcome')
    await call.hangUp()
    assert.deepEqual(await heard.next(id), { type: 'caller-hung-up' })
    assert.deepEqual(heard.of(first.id), [])
  })

  it('renews the lease for as long as it holds the call', async () => {
    const { call, id } = await dial()
    await call.hearsSilence({ for: 4500, within: 5000 })
    play(id, 'help')
    await call.hears('help')
  })

  it('callers of a dead engine go to the fallback when the lease runs out', async () => {
    const { call, id } = await dial()
    play(id, 'welcome')
    await call.hears('welcome')
    proxy.cut()
    await call.hears('sorry', { within: 5000 })
    await call.ended()
    proxy.mend()
    assert.deepEqual(await heard.next(id), { type: 'caller-hung-up' })
  })

  it('without any engine, new callers go to the fallback queue, with music', async () => {
    await line.close()
    const call = await phone.dial('200')
    const desk = await agent.rings({ within: 5000 })
    await call.hears({ tone: MUSIC_ON_HOLD_TONE })
    await desk.answer()
    await desk.hangUp()
    await call.ended()
  })

  it('gives its calls to the fallback when it closes', async () => {
    const { call, id } = await dial()
    play(id, 'welcome')
    await call.hears('welcome')
    await line.close()
    await call.hears('sorry', { within: 500 })
    await call.ended()
  })

  it('after a cut connection what was playing is played again', async () => {
    const { call, id } = await dial()
    const welcome = play(id, 'welcome')
    await call.hears('welcome')
    proxy.cut()
    await log.says(/lost the connection/)
    proxy.mend()
    await call.hears('welcome')
    assert.deepEqual(await heard.next(id), { type: 'prompt-finished', id: welcome })
    assert.deepEqual(heard.of(id).length, 1)
  })

  it('what is ordered while the connection is cut is done after', async () => {
    const { call, id } = await dial()
    play(id, 'welcome')
    await call.hears('welcome')
    proxy.cut()
    await log.says(/lost the connection/)
    const help = play(id, 'help')
    proxy.mend()
    await call.hears('help')
    assert.deepEqual(await heard.next(id), { type: 'prompt-finished', id: help })
  })

  it('notices on connecting who hung up and who came out of a queue meanwhile', async () => {
    const { call, id } = await dial()
    const other = await phone.dial('200')
    const second = (await heard.arrives(1)).id
    order(second, { type: 'queue', id: 1, queue: 'desk', maxWait: 1000, tell: {} })
    await other.hears({ tone: MUSIC_ON_HOLD_TONE })
    proxy.cut()
    await log.says(/lost the connection/)
    await call.hangUp()
    await other.hearsSilence({ for: 300 })
    proxy.mend()
    assert.deepEqual(await heard.next(id), { type: 'caller-hung-up' })
    assert.deepEqual(await heard.next(second), { type: 'queue-left', id: 1, how: 'timed-out' })
    play(second, 'help')
    await other.hears('help')
  })

  it('a connection cut while a caller speaks: who is done meanwhile is told after, who hangs up has left it', async () => {
    const first = await dial()
    const other = await phone.dial('200')
    const second = (await heard.arrives(1)).id
    for (const [id, name] of [[first.id, 'one'], [second, 'two']] as const) {
      order(id, { type: 'record', id: 1, recording: name, longest: 60_000, silence: 4000, end: '*' })
    }
    for (const call of [first.call, other]) {
      await call.hears({ tone: 1000 })
      await call.speak({ tone: 700 })
    }
    await other.hearsSilence({ for: 800 })
    proxy.cut()
    await log.says(/lost the connection/)
    await first.call.hangUp()
    await other.press('#') // not its end key
    await other.press('*')
    proxy.mend()
    const left = await heard.next(first.id)
    assert.ok(left.type === 'caller-hung-up' && left.recorded! > 500, JSON.stringify(left))
    const recorded = await heard.next(second)
    assert.ok(recorded.type === 'recorded' && recorded.how === 'recorded' && recorded.ms > 500, JSON.stringify(recorded))
    order(second, { type: 'replay', id: 2, recording: 'two', bargeIn: true })
    await other.hears({ tone: 700 })
    assert.deepEqual(await heard.next(second), { type: 'prompt-finished', id: 2 })
  })

  it('is sent no events but those it uses', async () => {
    const seen = new Set<string>()
    const ended = new Set<string>()
    let wake = (): void => {}
    const onEvent = ({ event = '', uniqueid = '' }: AmiMessage): void => {
      seen.add(event)
      if (event === 'Hangup') ended.add(uniqueid)
      wake()
    }
    const spy = await new Promise<AmiLink>((resolve) => {
      const link = new AmiLink({
        host: '127.0.0.1', port: asterisk.ami.port, ...AMI, log: new LogBook(), clock: realClock, onEvent, onUp: () => resolve(link),
      })
      link.start()
    })
    const { call, id } = await dial()
    play(id, 'sales')
    await call.hears('sales')
    await call.press('1')
    await call.hangUp()
    while (!ended.has(id)) await new Promise<void>((resolve) => (wake = resolve))
    spy.stop()
    seen.delete('FullyBooted') // part of the login, which no filter sees
    assert.deepEqual([...seen].sort(), ['AGIExecStart', 'AsyncAGIEnd', 'AsyncAGIExec', 'AsyncAGIStart', 'DTMFBegin', 'DTMFEnd', 'Hangup'])
  })
})
