import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../../engine/clock.ts'
import { TelephonyError } from '../../engine/errors.ts'
import type { AmiFields } from '../../telephony/ami/link.ts'
import { AsteriskLine } from '../../telephony/asterisk.ts'
import { Sounds, type SoundsOptions } from '../../telephony/sounds.ts'
import { TestClock } from '../console/world.ts'
import { FakeAmi } from './fake-ami.ts'
import { LogBook, Recorder } from './recorder.ts'

const BASE = 'http://10.0.0.5:8081/prompts/hush-hush/'
const theirs = '/srv/prompts'
const ID = 'd41d8cd98f00b204e9800998ecf8427e'
const PROBE = `${BASE}${'0'.repeat(32)}.wav`

/** An Asterisk that sees the folder or not, fetches or not, and lets its channels be opened or not. */
class Asterisk {
  sees = (_file: string): boolean => true
  fetches = (_address: string): boolean => true
  opens: 'yes' | 'refused' | 'never' = 'yes'
  /** What was tried, without the part that is different each time. */
  readonly tried: string[] = []
  readonly channels = new Set<string>()
  readonly opened: string[] = []
  sounds!: Sounds
  readonly localAddress = '10.0.0.5'
  private readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  async action(fields: AmiFields): Promise<Record<string, string>> {
    if (this.opens === 'refused') throw new TelephonyError('action-refused', 'Permission denied')
    const call = fields.ChannelId!
    if (this.opens === 'never') return {}
    this.channels.add(call)
    this.opened.push(call)
    queueMicrotask(() => this.sounds.heard({ type: 'waits-for-orders', call, channel: call, arrival: { why: 'sounds' } }))
    return {}
  }

  send(fields: AmiFields): void {
    if (fields.Action === 'Hangup') this.channels.delete(fields.Channel!)
    if (fields.Action !== 'AGI') return
    const [call, command] = [fields.Channel!, fields.CommandID!]
    const [, path = ''] = /^STREAM FILE "([^"]*)" "" "1000000000"$/.exec(fields.Command!) ?? []
    this.tried.push(path.replace(/probe-[0-9a-f]{16}/, 'probe'))
    const result = (path.startsWith('http') ? this.fetches(path) : this.sees(path)) ? 0 : -1
    queueMicrotask(() => this.sounds.heard({ type: 'command-ended', call, command, result: { code: 200, result, endpos: 0 } }))
  }

  /** Only what lies in our folder at this moment, under the name it has there. */
  readonly seesOurs = (file: string): boolean => existsSync(join(this.folder, `${file.split('/').at(-1)}.wav`))
}

describe('how Asterisk gets at sounds', () => {
  let folder: string
  let asterisk: Asterisk
  let clock: TestClock
  let log: LogBook
  let found: string[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-sounds-'))
    writeFileSync(join(folder, `${ID}.wav`), '')
    asterisk = new Asterisk(folder)
    clock = new TestClock()
    log = new LogBook()
    found = []
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const file = (): string => join(folder, `${ID}.wav`)
  function open(more: Partial<SoundsOptions> = {}): Sounds {
    const options = { ours: folder, theirs, address: async () => BASE, found: (way: string) => void found.push(way), ...more }
    return (asterisk.sounds = new Sounds(options, { link: asterisk, clock, log }))
  }

  it('is the folder when Asterisk sees a file just written there; nothing else is tried, and nothing is left', async () => {
    const sounds = open()
    asterisk.sees = asterisk.seesOurs
    await sounds.find()
    assert.deepEqual(asterisk.tried, [`${theirs}/probe`])
    assert.deepEqual(log.lines, ['info: Asterisk reads prompts from the folder /srv/prompts.'])
    assert.equal(sounds.path(file()), `${theirs}/${ID}`)
    assert.deepEqual(readdirSync(folder), [`${ID}.wav`])
    assert.deepEqual([asterisk.channels.size, clock.pending.size], [0, 0])
    assert.deepEqual(found, ['folder'])
  })

  it('is tried on channels that are known as our own, and those of another process as not', async () => {
    const sounds = open()
    await sounds.find()
    assert.deepEqual(asterisk.opened.map((call) => sounds.isOwn(call)), [true])
    assert.equal(sounds.isOwn('callwright-0a1b2c3d4e5f-1'), false)
  })

  it('is no folder that Asterisk has a copy of, made some time ago', async () => {
    const sounds = open()
    asterisk.sees = (path) => path.endsWith(ID)
    await sounds.find()
    assert.equal(sounds.state.way, 'http')
  })

  it('is an address when Asterisk does not see the folder; the token is not logged', async () => {
    const sounds = open()
    asterisk.sees = () => false
    await sounds.find()
    assert.deepEqual(asterisk.tried, [`${theirs}/probe`, PROBE])
    assert.deepEqual(log.lines, ['info: Asterisk fetches prompts from http://10.0.0.5:8081/prompts/.'])
    assert.equal(sounds.path(file()), `${BASE}${ID}.wav`)
    assert.deepEqual(found, ['http'])
    assert.ok(!JSON.stringify([log.lines, sounds.state]).includes('hush'))
  })

  it('tells the address with the one of this machine that Asterisk knows', async () => {
    const asked: (string | undefined)[] = []
    const sounds = open({ address: async (ours) => (asked.push(ours), undefined) })
    asterisk.sees = () => false
    await sounds.find()
    assert.deepEqual(asked, ['10.0.0.5'])
    assert.match(log.lines[0]!, /^error: Asterisk can play no prompts: .*\/srv\/prompts\. To do: .*set PROMPTS_HOST/)
  })

  it('is neither: that is said with what to do, and tried again until it is mended', async () => {
    const sounds = open()
    asterisk.sees = asterisk.fetches = () => false
    await sounds.find()
    assert.match(log.lines[0]!, /^error: .*does not see the folder \/srv\/prompts, and cannot fetch them from http:\/\/10\.0\.0\.5:8081\/prompts\/\./)
    assert.equal(sounds.state.way, 'none')
    clock.pass(29_000)
    assert.equal(asterisk.tried.length, 2)
    asterisk.sees = () => true
    clock.pass(1_000)
    await sounds.find()
    assert.equal(sounds.state.way, 'folder')
    assert.deepEqual(log.lines.slice(1), ['info: Asterisk reads prompts from the folder /srv/prompts.'])
    assert.equal(clock.pending.size, 0)
  })

  it('is the one that worked last, until it has been found out', async () => {
    assert.equal(open().path(file()), `${theirs}/${ID}`)
    const sounds = open({ last: { way: 'http', address: BASE } })
    assert.equal(sounds.path(file()), `${BASE}${ID}.wav`)
    asterisk.sees = asterisk.fetches = () => false
    await sounds.find()
    assert.equal(sounds.path(file()), `${BASE}${ID}.wav`)
  })

  for (const [opens, why] of [['refused', 'Permission denied'], ['never', 'Asterisk opens no channel for it']] as const) {
    it(`stays as it was when it may not be tried (${opens})`, async () => {
      const sounds = open()
      asterisk.opens = opens
      const done = sounds.find()
      await new Promise(setImmediate)
      clock.pass(2_000)
      await done
      assert.equal(sounds.path(file()), `${theirs}/${ID}`)
      assert.deepEqual(log.lines, [
        `warn: It cannot be tried how Asterisk gets at the prompts (${why}); it is taken that it reads them from the folder ` +
          '/srv/prompts. To do: run "callwright dialplan" again, install what it writes, and reload Asterisk.',
      ])
      assert.deepEqual(found, [])
    })
  }

  it('is tried again when a prompt could not be played, but not at each one', async () => {
    const sounds = open()
    await sounds.find()
    asterisk.sees = () => false
    for (let prompt = 0; prompt < 5; prompt++) {
      sounds.doubted()
      clock.pass(7_000)
    }
    await log.says(/Asterisk fetches prompts/)
    assert.deepEqual(asterisk.tried, [`${theirs}/probe`, `${theirs}/probe`, PROBE])
    assert.equal(sounds.state.way, 'http')
  })

  it('is not tried again for a doubt that came while it was being tried', async () => {
    const sounds = open()
    const done = sounds.find()
    sounds.doubted()
    await done
    assert.deepEqual([asterisk.tried.length, clock.pending.size], [1, 0])
  })

  it('leaves none of the files with which it was tried, also when an engine was killed meanwhile, and no other file goes', async () => {
    const names = ['probe-0123456789abcdef.wav', 'probe-0123456789abcdef.wav.bak', 'probe-of-mine.wav']
    for (const name of names) writeFileSync(join(folder, name), '')
    await open().find()
    assert.deepEqual(readdirSync(folder).toSorted(), [`${ID}.wav`, ...names.slice(1)].toSorted())
  })

  it('has fetched what is wanted before callers hear it, each sound once', async () => {
    const sounds = open()
    asterisk.sees = () => false
    const gone = join(folder, `${'e'.repeat(32)}.wav`)
    await sounds.ahead([file(), gone])
    assert.deepEqual(asterisk.tried, [])
    await sounds.find()
    await sounds.ahead([file()])
    assert.deepEqual(asterisk.tried.slice(2), [`${BASE}${ID}.wav`])
    await sounds.find()
    assert.deepEqual(asterisk.tried.slice(3), [`${theirs}/probe`, PROBE])
    // It may be another Asterisk after the next connection.
    sounds.lost()
    await sounds.find()
    assert.deepEqual(asterisk.tried.slice(5), [`${theirs}/probe`, PROBE, `${BASE}${ID}.wav`])
  })

  it('fetches nothing where it reads the folder', async () => {
    const sounds = open()
    await sounds.find()
    await sounds.ahead([file()])
    assert.deepEqual(asterisk.tried, [`${theirs}/probe`])
  })

  it('says that survival would be silent, until the sounds have been copied', async () => {
    const played = `${theirs}/survival/${ID}`
    const sounds = open({ played: () => [played] })
    asterisk.sees = () => false
    await sounds.find()
    assert.deepEqual(log.lines, [
      'warn: Asterisk fetches prompts from http://10.0.0.5:8081/prompts/. It does not see the sounds that it plays while ' +
        'Callwright does not run. To do: copy the sounds of survival to /srv/prompts/survival on the machine of Asterisk, as ' +
        'docs/admins/another-machine.md tells.',
    ])
    asterisk.sees = (path) => path === played
    clock.pass(30_000)
    await sounds.find()
    assert.deepEqual(log.lines.slice(1), ['info: Asterisk fetches prompts from http://10.0.0.5:8081/prompts/.'])
  })

  it('ends quietly when the connection does', async () => {
    const sounds = open()
    asterisk.opens = 'never'
    const done = sounds.find()
    await new Promise(setImmediate)
    sounds.lost()
    await done
    assert.deepEqual([log.lines, clock.pending.size], [[], 0])
  })
})

describe('an Asterisk line that finds out how its prompts are got at', () => {
  it('looks after its calls first; the channel on which it tries is no call', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'callwright-sounds-'))
    const [fake, heard, log] = [await FakeAmi.open(), new Recorder(), new LogBook()]
    fake.answer = ({ action }) => ({ Response: 'Success', ...(action === 'CoreShowChannels' ? { EventList: 'start' } : {}) })
    fake.onAction = ({ action, actionid = '', channelid = '', channel = '', commandid = '' }) => {
      if (action === 'CoreShowChannels') fake.event('CoreShowChannelsComplete', { ActionID: actionid, EventList: 'Complete' })
      if (action === 'Originate') fake.event('AsyncAGIStart', { Uniqueid: channelid, Channel: channelid, Env: encodeURIComponent('agi_arg_1: sounds') })
      if (action === 'AGI') fake.event('AsyncAGIExec', { Uniqueid: channel, CommandId: commandid, Result: encodeURIComponent('200 result=0 endpos=0\n') })
    }
    const line = new AsteriskLine({
      host: '127.0.0.1', port: fake.port, user: 'callwright', secret: 'secret', log, clock: realClock, sounds: { ours: folder, theirs },
    })
    try {
      await line.open(heard)
      await log.says(/^info: Asterisk reads prompts from the folder \/srv\/prompts\.$/)
      await fake.gets(({ action }) => action === 'Hangup')
      assert.deepEqual(fake.names(), ['CoreShowChannels', 'Originate', 'AGI', 'AbsoluteTimeout', 'Hangup'])
      const { channel, context, exten } = fake.actions.find(({ action }) => action === 'Originate')!
      assert.deepEqual([channel, context, exten], ['Local/listen@callwright-sounds', 'callwright-sounds', 'play'])
      assert.deepEqual([heard.arrivals, heard.events], [[], []])
    } finally {
      await line.close()
      await fake.close()
      rmSync(folder, { recursive: true })
    }
  })
})
