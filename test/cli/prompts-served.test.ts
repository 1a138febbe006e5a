import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchedAhead, PromptsServed } from '../../cli/prompts-served.ts'
import { readSettings } from '../../cli/settings.ts'
import type { Prompt } from '../../engine/call/effects.ts'
import { probe } from '../../engine/voice/probe.ts'
import type { AsteriskLine } from '../../telephony/asterisk.ts'
import { TestClock } from '../console/world.ts'
import { LogBook } from '../telephony/recorder.ts'

describe('where Asterisk may fetch prompts', () => {
  let data: string
  let page: Server
  let served: PromptsServed | undefined
  let clock: TestClock
  let log: LogBook

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'callwright-served-'))
    page = createServer().listen(0, '127.0.0.1')
    await once(page, 'listening')
    clock = new TestClock()
    log = new LogBook()
  })
  afterEach(() => {
    served?.close()
    served = undefined
    page.close()
    rmSync(data, { recursive: true })
  })

  const settings = (env: Record<string, string>) => readSettings({ CALLWRIGHT_DATA: data, ...env })
  const make = (env: Record<string, string>): PromptsServed => (served = new PromptsServed(settings(env), { clock, log }))
  const port = (): number => (page.address() as AddressInfo).port
  const tokenIn = (): string => readFileSync(join(data, 'prompts-token'), 'utf8').trim()

  /** Settings, and the address that Asterisk is told; `here`: the address of this machine that Asterisk knows. */
  const table: [what: string, env: Record<string, string>, here: string, told: string | undefined][] = [
    ['with no setting, the page: for an Asterisk on this machine', {}, '127.0.0.1', 'http://127.0.0.1:PAGE/'],
    ['a page for this machine alone is none for another', { AMI_HOST: '10.0.0.9' }, '10.0.0.5', undefined],
    ['a page at an address of its own', { AMI_HOST: '10.0.0.9', CONSOLE_HOST: '10.0.0.5' }, '10.0.0.5', 'http://10.0.0.5:PAGE/'],
    ['a page at every address', { AMI_HOST: '10.0.0.9', CONSOLE_HOST: '0.0.0.0' }, '10.0.0.5', 'http://10.0.0.5:PAGE/'],
    ['a page at every address of IPv6', { AMI_HOST: 'fd00::9', CONSOLE_HOST: '::' }, 'fd00::5', 'http://[fd00::5]:PAGE/'],
    ['PROMPTS_URL goes before all', { PROMPTS_URL: 'https://ivr.example.org', CONSOLE_HOST: '10.0.0.5' }, '10.0.0.5', 'https://ivr.example.org/'],
    ['PROMPTS_URL with a path', { PROMPTS_URL: 'https://example.org/ivr/' }, '10.0.0.5', 'https://example.org/ivr/'],
  ]
  for (const [what, env, here, told] of table) {
    it(what, async () => {
      const { options, token } = make(env)
      const address = options.address!(here)
      await served!.open(page)
      assert.equal(await address, told === undefined ? undefined : `${told.replace('PAGE', String(port()))}prompts/${token}/`)
    })
  }

  it('PROMPTS_HOST opens a server for prompts alone; a port that is taken is said once and tried again', async () => {
    const own = make({ PROMPTS_HOST: '127.0.0.1', PROMPTS_PORT: String(port()) })
    await own.open(page)
    await log.says(/^error: Asterisk cannot fetch prompts yet: 127\.0\.0\.1:\d+ cannot be opened \(.*EADDRINUSE/)
    const free = new Promise((resolve) => page.once('close', resolve))
    page.close()
    await free
    clock.pass(2_000)
    await new Promise(setImmediate)
    const address = await own.options.address!('10.0.0.5')
    const answers = await Promise.all([`${address}${probe.id}.wav`, address!, new URL('/', address)].map(fetchOnce))
    assert.deepEqual([answers, log.lines.length], [[200, 404, 404], 1])
  })

  it('refuses an address that is none', () => {
    for (const url of ['10.0.0.5:8081', 'ftp://10.0.0.5', 'http://10.0.0.5/?a=b', 'http://user:word@10.0.0.5', 'http://a b', 'http://10.0.0.5:99999', 'http://x/"&b'])
      assert.throws(() => settings({ PROMPTS_URL: url }), /PROMPTS_URL=.* is not an address: write for instance/, url)
  })

  it('has a token that stays, for us alone to read', () => {
    const { token } = make({})
    assert.match(token, /^[A-Za-z0-9_-]{32}$/)
    assert.equal(tokenIn(), token)
    assert.equal(statSync(join(data, 'prompts-token')).mode & 0o777, 0o600)
    assert.equal(make({}).token, token)
  })

  it('remembers which way worked last, without the token', async () => {
    const own = make({})
    assert.equal(own.options.last, undefined)
    await own.open(page)
    const address = await own.options.address!('127.0.0.1')
    own.options.found!('http')
    assert.deepEqual(make({}).options.last, { way: 'http', address })
    for (const name of readdirSync(data)) if (name !== 'prompts-token') assert.ok(!readFileSync(join(data, name), 'utf8').includes(own.token), name)
    own.options.found!('folder')
    assert.deepEqual(make({}).options.last, { way: 'folder' })
    writeFileSync(join(data, 'prompts-way.json'), '{"way":')
    assert.equal(make({}).options.last, undefined)
  })
})

const fetchOnce = async (url: string | URL): Promise<number> => (await fetch(url, { headers: { Connection: 'close' } })).status

describe('prompts that Asterisk is to have before a hotline answers', () => {
  const prompts: Prompt[] = ['a', 'b'].map((text) => [{ text, language: 'en' }])
  const fetched: string[][] = []
  const line = { sounds: { ahead: async (files: string[]) => void fetched.push(files) } } as unknown as AsteriskLine
  const voices = (missing: { prompt: Prompt; why: string }[]) => ({
    prepare: async () => ({ missing }),
    sound: async ([part]: Prompt) => ({ id: part!.text, file: `/${part!.text}.wav`, ms: 1 }),
  })
  beforeEach(() => void fetched.splice(0))

  it('are told to the line when they have been made', async () => {
    await fetchedAhead(voices([]), () => line).prepare(prompts)
    assert.deepEqual(fetched, [['/a.wav', '/b.wav']])
  })

  it('are told without those that could not be made, and wait for no Asterisk', async () => {
    const missing = [{ prompt: prompts[0]!, why: 'no voice' }]
    assert.deepEqual(await fetchedAhead(voices(missing), () => line).prepare(prompts), { missing })
    await fetchedAhead(voices([]), () => undefined).prepare(prompts)
    assert.deepEqual(fetched, [['/b.wav']])
  })
})
