import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Phone } from '../phone/phone.ts'
import { KnownSounds } from '../phone/sounds.ts'
import { tone, writeWav } from '../phone/wav.ts'
import { startAsterisk, type Asterisk } from './asterisk.ts'
import { AGENT_PASSWORD, MUSIC_ON_HOLD_TONE } from './config.ts'
import { needsAsterisk } from '../real/needs-asterisk.ts'

const DIALPLAN = `
[callwright-in]
exten = 100,1,Answer()
 same = n,Read(KEY,welcome,1,,1,5)
 same = n,GotoIf($["\${KEY}" = "1"]?sales)
 same = n,Playback(no-such-key)
 same = n,Hangup()
 same = n(sales),Playback(sales)
 same = n,Hangup()
exten = 200,1,Answer()
 same = n,Queue(desk,c,,,20)
 same = n,Playback(\${QUEUESTATUS})
 same = n,Hangup()
exten = 300,1,Ringing()
 same = n,Wait(60)
exten = 400,1,Busy()
`
const QUEUES = `
[desk]
strategy = ringall
timeout = 15
member = PJSIP/agent1
`
const MANAGER = `
[tester]
secret = tester-secret
read = all
write = all
`

/** What each extension plays; pitches that no key and no music on hold has. */
const SOUNDS = {
  welcome: [...tone(500, 700), ...tone(900, 1500)],
  sales: [...tone(500, 300), ...tone(1100, 900)],
  'no-such-key': [...tone(400, 1000)],
  CONTINUE: [...tone(600, 1000)],
}

describe('a private Asterisk', function () {
  this.timeout(20_000)
  let asterisk: Asterisk
  let sounds: KnownSounds
  const phones: Phone[] = []
  const phone = async (register?: { user: string, password: string }) => {
    const opened = await Phone.open({ server: asterisk.sip, sounds, ...register && { register } })
    phones.push(opened)
    return opened
  }

  before(async function () {
    this.timeout(300_000)
    const installation = await needsAsterisk(this)
    asterisk = await startAsterisk(installation, {
      agents: 2, config: { 'extensions.conf': DIALPLAN, 'queues.conf': QUEUES, 'manager.conf': MANAGER },
    })
    for (const [name, samples] of Object.entries(SOUNDS)) await writeWav(join(asterisk.soundsFolder, `${name}.wav`), Int16Array.from(samples))
    sounds = await KnownSounds.fromFolder(asterisk.soundsFolder)
  })
  afterEach(async () => {
    for (const each of phones.splice(0)) await each.close()
  })
  after(async () => {
    await asterisk?.stop()
  })

  it('starts without an error in its log', async () => {
    assert.deepEqual((await asterisk.logs()).split('\n').filter((line) => / (ERROR|WARNING)\[/.test(line)), [])
  })

  it('plays a prompt, takes a key and plays what belongs to it', async () => {
    const call = await (await phone()).dial('100', { from: '+61255501234' })
    await call.hears('welcome')
    const released = await call.press('1')
    const { began } = await call.hears('sales')
    assert.ok(began - released < 500, `the next prompt came ${began - released} ms after the key`)
    assert.deepEqual(await call.ended().then(({ by, how }) => ({ by, how })), { by: 'them', how: 'hung up' })
    assert.deepEqual(call.playings().map(({ names, complete }) => [names, complete]), [[['welcome'], false], [['sales'], true]])
    assert.match(await asterisk.logs(), /PJSIP\/caller-/)
  })

  it('says what was heard instead', async () => {
    const call = await (await phone()).dial('100')
    await call.hears('welcome')
    await call.press('7')
    await assert.rejects(call.hears('sales', { within: 600 }), /expected to hear sales within 600 ms, but heard: .*no-such-key/)
    await call.hangUp()
  })

  it('brings a caller to an agent; both hear each other', async () => {
    const agent = await phone({ user: 'agent1', password: AGENT_PASSWORD })
    await agent.registered()
    const caller = await (await phone()).dial('200', { from: '+61255501234', name: 'Anna Berg' })
    const atDesk = await agent.rings()
    assert.deepEqual(atDesk.callerId, { name: 'Anna Berg', number: '+61255501234' })
    await caller.hears({ tone: MUSIC_ON_HOLD_TONE })
    await atDesk.answer()
    await caller.speak({ tone: 700 })
    await atDesk.speak({ tone: 1300 })
    await Promise.all([caller.hears({ tone: 1300 }), atDesk.hears({ tone: 700 })])
    atDesk.mute()
    await caller.hearsSilence({ for: 300 })
    await atDesk.hangUp()
    await caller.hears('CONTINUE')
    await caller.ended()
  })

  it('lets the agent phone go when the caller gives up', async () => {
    const agent = await phone({ user: 'agent1', password: AGENT_PASSWORD })
    await agent.registered()
    const caller = await (await phone()).dial('200')
    const atDesk = await agent.rings()
    await caller.hangUp()
    assert.equal((await atDesk.ended()).how, 'cancelled')
  })

  it('refuses a wrong password, an unknown number and a busy line in so many words', async () => {
    const stranger = await phone({ user: 'agent2', password: 'wrong' })
    await assert.rejects(stranger.registered(), /registration of agent2 was refused: 401/)
    const caller = await phone()
    await assert.rejects(caller.dial('999'), /the call to 999 was refused: 404/)
    await assert.rejects(caller.dial('400'), /the call to 400 was refused: 486/)
    await assert.rejects(caller.dial('300', { within: 300 }), /the call to 300 was not answered within 300 ms/)
  })

  it('takes new configuration while it runs', async () => {
    const file = 'extensions.conf'
    const old = await readFile(join(asterisk.configFolder, file), 'utf8')
    await asterisk.writeConfig(file, `${old}\nexten = 500,1,Answer()\n same = n,Playback(sales)\n`)
    await asterisk.reload('pbx_config')
    const call = await (await phone()).dial('500')
    await call.hears('sales')
  })
})
