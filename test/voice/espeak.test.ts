import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EspeakWasm } from '../../engine/voice/espeak-wasm.ts'
import { Espeak } from '../../engine/voice/espeak.ts'
import { nearestLanguage } from '../../engine/voice/provider.ts'
import { wavOf } from '../../engine/voice/wav.ts'

const inLanguage = (language: string) => ({ language, signal: new AbortController().signal })
const english = () => inLanguage('en')

describe('espeak-ng as WASM', () => {
  let wasm: EspeakWasm
  let espeak: Espeak
  beforeEach(() => {
    wasm = new EspeakWasm({ pace: 155 })
    espeak = new Espeak({ program: '/nowhere/espeak-ng', wasm })
  })
  afterEach(() => espeak.close())

  it('is there, and says which it is', async () => {
    assert.equal(await espeak.available(), true)
    assert.match(await espeak.version(), /^wasm-\d+\.\d+\.\d+-155$/)
  })

  it('speaks for about as long as a person, other in German than in English', async () => {
    const text = 'Willkommen bei der Hotline.'
    const [de, en, again] = await Promise.all([
      espeak.speak(text, inLanguage('de-AT')),
      espeak.speak(text, english()),
      espeak.speak(text, inLanguage('de')),
    ])
    for (const { length } of [de, en]) assert.ok(length > 8000 && length < 24_000, `${length} samples`)
    // It does not speak to the sample the same each time.
    assert.ok(Math.abs(de.length - again.length) < 400)
    assert.ok(Math.abs(de.length - en.length) > 800)
  })

  it('says what language it does not speak', async () => {
    await assert.rejects(espeak.speak('x', inLanguage('tlh')), /does not speak "tlh"/)
    assert.ok((await espeak.speak('Hello.', english())).length > 1000)
  })

  it('answers a hundred at once, each with its own', async () => {
    const texts = Array.from({ length: 100 }, (_, n) => 'word '.repeat((n * 7) % 10 + 1))
    const spoken = await Promise.all(texts.map((text) => espeak.speak(text, english())))
    const perWord = spoken.map(({ length }, n) => length / ((n * 7) % 10 + 1))
    for (const samples of perWord) assert.ok(samples > 1200 && samples < 5000, `${samples} samples a word`)
  })

  it('comes back when its process is killed in the middle', async () => {
    await espeak.speak('Ready.', english())
    const killed = wasm.pid ?? assert.fail('there is no process')
    const all = Array.from({ length: 10 }, (_, n) => espeak.speak(`Sentence number ${n} of ten.`, english()))
    process.kill(killed, 'SIGKILL')
    for (const spoken of await Promise.all(all)) assert.ok(spoken.length > 8000)
    assert.notEqual(wasm.pid, killed)
  })

  it('kills a process that hangs, and goes on with another', async () => {
    const quick = new EspeakWasm({ pace: 155, textMs: 150 })
    try {
      await quick.speak('Ready.', english())
      const hanging = quick.pid ?? assert.fail('there is no process')
      process.kill(hanging, 'SIGSTOP')
      assert.ok((await quick.speak('Are you there?', english())).samples.length > 8000)
      assert.notEqual(quick.pid, hanging)
      assert.throws(() => process.kill(hanging, 0))
    } finally {
      quick.close()
    }
  })

  it('refuses what does not start, and says so', async () => {
    const never = new EspeakWasm({ pace: 155, startMs: 1 })
    await assert.rejects(never.speak('Hello.', english()), /does not start: no answer within 1 ms/)
    assert.match(String(await new Espeak({ program: '/nowhere', wasm: never }).available()), /install espeak-ng/)
    never.close()
  })

  it('gives up when the time is over, or when it is closed', async () => {
    const limit = new AbortController()
    const late = espeak.speak('Hello.', { language: 'en', signal: limit.signal })
    const closed = espeak.speak('Hello again.', english())
    const outcomes = Promise.allSettled([late, closed])
    await espeak.version()
    limit.abort()
    espeak.close()
    assert.deepEqual((await outcomes).map(({ status }) => status), ['rejected', 'rejected'])
    await assert.rejects(espeak.speak('x', { language: 'en', signal: limit.signal }), /time was over/)
  })

  it('does not keep its parent alive, nor outlive it', () => {
    const at = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))
    const script = `
      const { EspeakWasm } = await import(${at('../../engine/voice/espeak-wasm.ts')})
      const wasm = new EspeakWasm({ pace: 155 })
      await wasm.speak('Hello.', { language: 'en', signal: new AbortController().signal })
      console.log(wasm.pid)`
    const args = ['--import', 'tsx', '--input-type=module', '-e', script]
    const ran = spawnSync(process.execPath, args, { timeout: 20_000 })
    const pid = Number(ran.stdout.toString())
    assert.ok(pid > 1, ran.stderr.toString())
    assert.equal(ran.status, 0)
    // The child sees the end of the channel in its own time; what counts is that it goes.
    for (let tries = 0; tries < 1000 && isRunning(pid); tries++) spawnSync('true')
    assert.equal(isRunning(pid), false)
  })
})

/** A process that has ended but was not waited for counts as ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('espeak-ng as a program', () => {
  let folder = ''
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'callwright-espeak-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  /** Stands in for the program: notes what it was given, and answers with `speak`. */
  function program(speak: string): string {
    const file = join(folder, 'espeak-ng')
    const wav = wavOf(new Int16Array(1600).fill(1000))
    wav.writeUInt32LE(0x7ffff000, 40)
    fs.writeFileSync(join(folder, 'sound.wav'), wav)
    const script = `#!/bin/sh
cd '${folder}'
case "$1" in
--version) echo 'eSpeak NG text-to-speech: 1.51  Data at: /usr/share' ;;
--voices) printf 'Pty Language\\n 5  de  --/M  German  gmw/de\\n 2  en-gb  --/M  English  gmw/en  (en 2)(en-x 3)\\n' ;;
*) printf '%s\\n' "$@" > arguments; cat > text; ${speak} ;;
esac
`
    fs.writeFileSync(file, script, { mode: 0o755 })
    return file
  }

  it('is given the text on its standard input and nothing of it as an argument', async () => {
    const espeak = new Espeak({ program: program('cat sound.wav') })
    assert.equal(await espeak.available(), true)
    assert.equal(await espeak.version(), '1.51-155')
    const text = '-f /etc/passwd; $(reboot) `id` "quoted" Grüße'
    assert.equal((await espeak.speak(text, inLanguage('en-AU'))).length, 1600)
    assert.equal(fs.readFileSync(join(folder, 'text'), 'utf8'), text)
    const given = fs.readFileSync(join(folder, 'arguments'), 'utf8').split('\n')
    assert.deepEqual(given, ['-v', 'en', '-s', '155', '-b', '1', '--stdin', '--stdout', ''])
  })

  it('is only asked for languages it has named', async () => {
    const espeak = new Espeak({ program: program('cat sound.wav') })
    for (const language of ['fr', '--help', 'de/../../x', '']) {
      await assert.rejects(espeak.speak('x', inLanguage(language)), /does not speak/)
    }
    assert.ok(!fs.existsSync(join(folder, 'arguments')))
  })

  it('is refused when it fails or gives no sound', async () => {
    const failing = new Espeak({ program: program('exit 3') })
    await assert.rejects(failing.speak('x', english()), /ended with code 3/)
    const silent = new Espeak({ program: program('echo no sound') })
    await assert.rejects(silent.speak('x', english()), /gave no sound/)
  })

  it('is killed when the time is over', async () => {
    const limit = new AbortController()
    const espeak = new Espeak({ program: program('echo $$ > pid; mv pid started; exec sleep 60') })
    const late = assert.rejects(espeak.speak('x', { language: 'en', signal: limit.signal }), /abort/i)
    const watcher = fs.watch(folder)
    await new Promise<void>((resolve) => {
      watcher.on('change', () => fs.existsSync(join(folder, 'started')) && resolve())
    })
    watcher.close()
    const pid = Number(fs.readFileSync(join(folder, 'started'), 'utf8'))
    limit.abort()
    await late
    // The caller need not wait for its end, which comes in a moment.
    for (const until = Date.now() + 5000; isRunning(pid) && Date.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(isRunning(pid), false)
  })

  it('is not taken when it does not know itself', async () => {
    fs.writeFileSync(join(folder, 'espeak-ng'), '#!/bin/sh\necho something else\n', { mode: 0o755 })
    const espeak = new Espeak({ program: join(folder, 'espeak-ng') })
    assert.match(await espeak.version(), /^wasm-/)
  })
})

describe('the nearest language', () => {
  const known = ['de', 'en-gb', 'en', 'zh-cmn', 'pt-BR']
  const cases: [string, string | undefined][] = [
    ['de', 'de'],
    ['de-AT', 'de'],
    ['EN-GB', 'en-gb'],
    ['en-gb-scotland', 'en-gb'],
    ['pt-br', 'pt-BR'],
    ['pt', undefined],
    ['', undefined],
    ['-', undefined],
  ]
  for (const [language, near] of cases) {
    it(`${language || 'nothing'} -> ${near ?? 'none'}`, () => assert.equal(nearestLanguage(language, known), near))
  }
})
