import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toUSVString } from 'node:util'
import { commandOptions, CommandVoice } from '../../engine/voice/kinds/command.ts'
import { wavOf } from '../../engine/sound/wav.ts'
import { hostileTexts } from './hostile.ts'

const tone = Int16Array.from({ length: 1600 }, (_, n) => 8000 * Math.sin(n / 3))
const german = { language: 'de', pace: 1, signal: new AbortController().signal }

describe('a voice by a command', () => {
  let folder = ''
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'callwright-command-'))
    fs.writeFileSync(join(folder, 'sound.wav'), wavOf(tone))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  const noted = (name: string) => fs.readFileSync(join(folder, name), 'utf8')
  /** A program that notes its arguments, its environment and what it reads, and then does something. */
  function voice(does: string, args: string[] = ['--language', '{language}', '--pace={pace}', '{stretch}', '-']): CommandVoice {
    const file = join(folder, 'speak')
    fs.writeFileSync(file, `#!/bin/sh\ncd '${folder}'\nprintf '%s\\n' "$@" > arguments\nenv > environment\ncat > text\n${does}\n`, { mode: 0o755 })
    return new CommandVoice({ name: 'own', run: [file, ...args], languages: ['de', 'en-AU'] })
  }

  it('is given the text to read, and language and pace as arguments', async () => {
    const sound = await voice('cat sound.wav').speak('Grüß Gott.', { ...german, language: 'de-AT', pace: 0.9 })
    assert.deepEqual(sound, { samples: tone, rate: 8000 })
    assert.equal(noted('text'), 'Grüß Gott.')
    assert.equal(noted('arguments'), '--language\nde\n--pace=0.9\n1.111\n-\n')
  })

  it('knows nothing of our environment', async () => {
    process.env.TEST_SECRET = 'very secret'
    try {
      await voice('cat sound.wav').speak('x', german)
      const names = noted('environment').split('\n').flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? [])
      assert.deepEqual(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)).toSorted(), ['HOME', 'LANG', 'PATH'])
    } finally {
      delete process.env.TEST_SECRET
    }
  })

  for (const text of [...hostileTexts, 'x'.repeat(100_000)]) {
    it(`reads as text: ${JSON.stringify(text.slice(0, 40))}`, async () => {
      await voice('cat sound.wav').speak(text, german)
      assert.equal(noted('text'), toUSVString(text))
      assert.equal(noted('arguments'), '--language\nde\n--pace=1\n1\n-\n')
    })
  }

  it('is only asked for languages that the admin names', async () => {
    for (const language of ['fr', '--help', '../de', '']) {
      await assert.rejects(voice('cat sound.wav').speak('x', { ...german, language }), /does not speak/)
      assert.equal(voice('').identity(language), undefined)
    }
    assert.ok(!fs.existsSync(join(folder, 'arguments')))
  })

  const failures: [what: string, does: string, why: RegExp][] = [
    ['fails', 'echo secret text >&2; exit 3', /^Error: it ended with code 3$/],
    ['is killed', 'kill -9 $$', /^Error: it ended with SIGKILL$/],
    ['writes nothing', 'true', /^Error: what it writes is no use: it is empty$/],
    ['writes words', 'cat text', /^Error: what it writes is no use: it is a text, not a sound$/],
    ['writes for ever', 'exec cat /dev/zero', /^Error: it wrote more than 5 MB$/],
  ]
  for (const [what, does, why] of failures) {
    it(`fails plainly when the program ${what}`, async () => {
      await assert.rejects(voice(does).speak('secret text', german), (error) => why.test(String(error)) && !/secret/.test(String(error)))
    })
  }

  it('says when there is no such program', async () => {
    const missing = new CommandVoice({ name: 'own', run: ['/nowhere/speak'], languages: ['de'] })
    await assert.rejects(missing.speak('x', german), /^Error: it does not start: there is no such program$/)
    assert.match(String(await missing.available()), /there is no program \/nowhere\/speak; install it/)
    assert.equal(await new CommandVoice({ name: 'own', run: ['cat'], languages: ['de'] }).available(), true)
  })

  it('is killed with all that it has started, when the time is over or the voice is closed', async () => {
    for (const end of ['time', 'close']) {
      const limit = new AbortController()
      const hanging = voice('trap "" TERM; sleep 60 & echo $! > child; mv child started; while :; do wait; done')
      const late = assert.rejects(hanging.speak('x', { ...german, signal: limit.signal }), /^Error: it was killed: the time was over$/)
      await appears(join(folder, 'started'))
      const pid = Number(noted('started'))
      if (end === 'time') limit.abort()
      else hanging.close()
      await late
      await ends(pid)
      fs.rmSync(join(folder, 'started'))
    }
  })

  it('leaves nothing behind in its process group when it has spoken or failed', async () => {
    for (const [end, code] of [['cat sound.wav', 0], ['exit 3', 3]] as const) {
      const spoken = voice(`trap '' TERM; sleep 60 >/dev/null & echo $! > child\n${end}`).speak('x', german)
      if (code === 0) await spoken
      else await assert.rejects(spoken, /it ended with code 3/)
      await ends(Number(noted('child')))
    }
  })

  it('does not wait for what it has left running with its output', async () => {
    await voice('sleep 60 & cat sound.wav').speak('x', german)
  })

  it('knows what makes its sound', () => {
    const { name, run, languages } = { name: 'own', run: ['piper', '--model', 'a.onnx'], languages: ['de'] }
    const identity = (more: object) => new CommandVoice({ name, run, languages, ...more }).identity('de-AT')
    assert.equal(identity({}), 'command de 1 piper --model a.onnx')
    assert.notEqual(identity({ version: 2 }), identity({}))
    assert.notEqual(identity({ run: ['piper', '--model', 'b.onnx'] }), identity({}))
  })

  const wrong: [what: string, change: object, message: RegExp][] = [
    ['one text', { run: 'piper -m x' }, /must be a list/],
    ['nothing', { run: [] }, /must name a program/],
    ['a program that a flow could choose', { run: ['{language}'] }, /must begin with the name of a program/],
    ['no language', { languages: [] }, /must hold at least one language/],
  ]
  for (const [what, change, message] of wrong) {
    it(`is not taken when it is ${what}`, () => {
      const { error } = commandOptions.safeParse({ name: 'own', run: ['piper'], languages: ['de'], ...change })
      assert.match(error?.issues[0]?.message ?? 'no error', message)
    })
  }
})

function appears(file: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = fs.watch(join(file, '..'), look)
    function look(): void {
      if (!fs.existsSync(file)) return
      watcher.close()
      resolve()
    }
    look()
  })
}

/** Resolves when the process is gone, or waits to be buried. */
async function ends(pid: number): Promise<void> {
  const until = Date.now() + 10_000
  while (isRunning(pid)) {
    assert.ok(Date.now() < until, `${pid} goes on`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
