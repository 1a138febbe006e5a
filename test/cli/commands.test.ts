import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const good = `hotline: Desk
numbers: ["300"]
queues: { desk: { said: the desk } }
start: hello
steps:
  hello: { say: Hello., next: desk }
  desk: { queue: desk }
`
const bad = good.replace('300', '301').replace('next: desk', 'next: dekk')

/** The commands as an admin types them: a process each, with its exit code. */
describe('the commands', function () {
  this.timeout(60_000)
  let folder: string
  const running: ChildProcess[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-cli-'))
    for (const [name, text] of Object.entries({ good, bad })) {
      mkdirSync(join(folder, 'flows', name), { recursive: true })
      writeFileSync(join(folder, 'flows', name, 'hotline.yaml'), text)
    }
  })
  afterEach(async () => {
    for (const child of running.splice(0)) if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const start = (args: string[], env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, ['cli/callwright.mjs', ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: folder, CALLWRIGHT_DATA: join(folder, 'data'), NO_COLOR: '1', ...env }, stdio: ['pipe', 'pipe', 'pipe'],
    })
    running.push(child)
    const told = { text: '', more: () => {} }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => {
      told.text += data.toString()
      told.more()
    })
    /** Resolves when the text has been said; rejects when the process ends without it. */
    const says = (text: string | RegExp): Promise<void> => new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof text === 'string' ? told.text.includes(text) : text.test(told.text)) resolve()
      }
      told.more = look
      child.once('close', () => reject(new Error(`it ended without saying ${String(text)}:\n${told.text}`)))
      look()
    })
    const ends = async (): Promise<number | null> => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
      return child.exitCode
    }
    return { child, told, says, ends }
  }
  const run = async (args: string[], input = '', env: Record<string, string> = {}) => {
    const { child, told, ends } = start(args, env)
    child.stdin!.end(input)
    return { code: await ends(), text: told.text }
  }

  it('whose output is read no further end quietly', async () => {
    const { child, told, ends } = start(['schema'])
    child.stdout!.once('data', () => child.stdout!.destroy())
    assert.equal(await ends(), 0)
    assert.doesNotMatch(told.text, /EPIPE/)
  })

  describe('check', () => {
    it('answers 0 for a good hotline', async () => {
      const { code, text } = await run(['check', join(folder, 'flows/good')])
      assert.equal(code, 0, text)
      assert.match(text, /good: Desk, on 300, in en, 2 steps, a person after 4 s of silence, no mistakes/)
    })

    it('answers 1 for a mistake, with its line, a caret and what to write', async () => {
      const { code, text } = await run(['check', join(folder, 'flows')])
      assert.equal(code, 1)
      assert.match(text, /bad\/hotline\.yaml:6:\d+ unknown-step: no step is called "dekk"; did you mean "desk"\?/)
      assert.match(text, /\n +\| +\^/)
      assert.match(text, /1 mistake in 1 hotline; the others can go live/)
    })

    it('warns of a voice in a flow that the admin has not described', async () => {
      const voices = join(folder, 'voices.yaml')
      writeFileSync(voices, 'voices: { google: { kind: google } }\n')
      writeFileSync(join(folder, 'flows/good/hotline.yaml'), `voices: { en: gogle }\n${good}`)
      const { code, text } = await run(['check', join(folder, 'flows/good')], '', { CALLWRIGHT_VOICES: voices })
      assert.equal(code, 0, text)
      assert.match(text, /^warning: \S+good\/hotline\.yaml: voices: en: there is no voice "gogle", and it is passed over; did you mean "google"\?$/m)
    })

    it('answers 2 for a path with nothing there, and for a word that is no command', async () => {
      assert.equal((await run(['check', join(folder, 'nowhere')])).code, 2)
      const { code, text } = await run(['chek'])
      assert.equal(code, 2)
      assert.match(text, /check/)
    })
  })

  describe('play', () => {
    it('is a call at the terminal', async () => {
      const { code, text } = await run(['play', join(folder, 'flows/good')], 'next\nnext\nagent\nagent\n')
      assert.equal(code, 0, text)
      for (const said of ['Hello.', 'I am putting you through to the desk.', 'waiting in the queue desk', 'agent answers', 'the line is hung up']) assert.ok(text.includes(said), `${said}:\n${text}`)
    })

    it('lets what is being said come to its end at the end of the input, and hangs up then', async () => {
      const { text } = await run(['play', join(folder, 'flows/good')], '')
      const [, said, over] = /^ (\d:\d\d) {2}en: [^]* (\d:\d\d) {2}you hang up\n$/m.exec(text)!
      assert.ok(said === '0:00' && over! > '0:00', text)
    })

    it('says what is wrong with a flow instead of playing it, and with a line that is nothing a caller does', async () => {
      assert.equal((await run(['play', join(folder, 'flows/bad')])).code, 1)
      const { code, text } = await run(['play', join(folder, 'flows/good')], 'dance\n')
      assert.equal(code, 2)
      assert.match(text, /"dance" is nothing that a caller does/)
    })
  })

  describe('dialplan', () => {
    it('writes the Asterisk side, with a secret that only its readers know', async () => {
      const refused = await run(['dialplan', join(folder, 'flows'), '--to', join(folder, 'asterisk')])
      assert.equal(refused.code, 1)
      assert.match(refused.text, /Nothing was written: bad holds mistakes/)
      const { code, text } = await run(['dialplan', join(folder, 'flows'), '--without-bad', '--to', join(folder, 'asterisk')])
      assert.equal(code, 0, text)
      assert.match(text, /bad is left out/)
      const dialplan = readFileSync(join(folder, 'asterisk/extensions.conf'), 'utf8')
      assert.match(dialplan, /exten => 300,1/)
      const sounds = [...dialplan.matchAll(/\/[^&(),]*\/survival\/[0-9a-f]{32}/g)].map(([sound]) => sound)
      assert.ok(sounds.length > 0)
      for (const sound of sounds) assert.ok(existsSync(`${sound}.wav`), sound)
      assert.match(text, /good: callers lose nothing while Callwright does not run/)
      const secret = readFileSync(join(folder, 'data/ami-secret'), 'utf8').trim()
      assert.ok(readFileSync(join(folder, 'asterisk/manager.conf'), 'utf8').includes(`secret = ${secret}`))
      assert.equal(statSync(join(folder, 'data/ami-secret')).mode & 0o777, 0o600)
      assert.equal(statSync(join(folder, 'asterisk/manager.conf')).mode & 0o007, 0)
      assert.equal(statSync(join(folder, 'data')).mode & 0o777, 0o711, 'nobody else looks into it, and Asterisk comes to the prompts')
      assert.equal(statSync(join(folder, 'data/prompts/survival')).mode & 0o005, 0o005)
    })
  })

  describe('run', () => {
    const env = (more: Record<string, string> = {}) => ({ CALLWRIGHT_FLOWS: join(folder, 'flows'), CONSOLE_PORT: '0', ...more })

    it('answers the browser with the good hotlines, says what is wrong with the others, and ends at Ctrl-C', async () => {
      const { child, told, says, ends } = start(['run'], env({ AMI_PORT: '1' }))
      await says('Ctrl-C ends it.')
      assert.match(told.text, /bad does not answer: 1 mistake/)
      assert.match(told.text, /No Asterisk is set up/)
      const url = /http:\/\/localhost:\d+\//.exec(told.text)![0]
      const status = await (await fetch(`${url}api/status`)).json() as { hotlines: { name: string; live: boolean }[] }
      assert.deepEqual(status.hotlines.map(({ name, live }) => [name, live]), [['bad', false], ['good', true]])
      child.kill('SIGINT')
      assert.equal(await ends(), 0, told.text)
    })

    it('says once that it cannot reach Asterisk, and tries again until it can', async () => {
      const asterisk = createServer((socket) => socket.destroy())
      asterisk.listen(0, '127.0.0.1')
      await once(asterisk, 'listening')
      const { port } = asterisk.address() as { port: number }
      asterisk.close()
      await once(asterisk, 'close')
      const { child, told, says, ends } = start(['run'], env({ AMI_HOST: '127.0.0.1', AMI_PORT: String(port), AMI_SECRET: 'secret' }))
      await says(/cannot reach Asterisk at 127\.0\.0\.1:\d+ \(connection refused\); trying again/)
      await says('Ctrl-C ends it.')
      const tried = once(asterisk, 'connection')
      asterisk.listen(port, '127.0.0.1')
      await tried
      assert.equal(told.text.match(/connection refused/g)?.length, 1, told.text)
      child.kill('SIGTERM')
      assert.equal(await ends(), 0)
      asterisk.close()
    })

    it('stands by while another engine works with the same data, and takes over when that one is gone', async () => {
      const { child, says, ends } = start(['run'], env())
      await says('Ctrl-C ends it.')
      const second = start(['run'], env())
      await second.says(`Another Callwright (process ${child.pid}) works with`)
      // One that was killed holds nothing.
      child.kill('SIGKILL')
      await ends()
      await second.says('Ctrl-C ends it.')
      second.child.kill('SIGINT')
      assert.equal(await second.ends(), 0)
    })

    it('stands by no longer than it is wanted', async () => {
      const first = start(['run'], env())
      await first.says('Ctrl-C ends it.')
      const second = start(['run'], env())
      await second.says('this one stands by')
      second.child.kill('SIGTERM')
      assert.equal(await second.ends(), 0)
      first.child.kill('SIGINT')
      assert.equal(await first.ends(), 0)
    })

    it('says what to do when the page would be open to others without a token, or its port is taken', async () => {
      const open = await run(['run'], '', env({ CONSOLE_HOST: '0.0.0.0' }))
      assert.equal(open.code, 2)
      assert.match(open.text, /set CONSOLE_TOKEN/)
      const holder = createServer().listen(0, '127.0.0.1')
      await once(holder, 'listening')
      const { port } = holder.address() as { port: number }
      const taken = await run(['run'], '', env({ CONSOLE_PORT: String(port) }))
      holder.close()
      assert.equal(taken.code, 2)
      assert.match(taken.text, new RegExp(`port ${port} is taken: set CONSOLE_PORT`))
    })
  })
})
