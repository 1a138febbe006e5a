import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EspeakWasm } from '../../engine/voice/kinds/espeak-wasm.ts'
import { Espeak } from '../../engine/voice/kinds/espeak.ts'
import { evened, framePowers } from '../../engine/sound/level.ts'
import { nearestLanguage } from '../../engine/voice/provider.ts'
import type { Samples } from '../../engine/sound/samples.ts'
import { forTelephone } from '../../engine/sound/resample.ts'
import { wavOf } from '../../engine/sound/wav.ts'

const inLanguage = (language: string, pace = 1) => ({ language, pace, signal: new AbortController().signal })
const english = () => inLanguage('en')
const seconds = ({ samples, rate }: Samples) => samples.length / rate
/** What the WASM build is told, for the same. */
const plainly = { language: 'en', rate: 155, variant: 'Annie', signal: new AbortController().signal }

describe('espeak-ng as WASM', () => {
  let wasm: EspeakWasm
  let espeak: Espeak
  beforeEach(() => {
    wasm = new EspeakWasm()
    espeak = new Espeak({ program: '/nowhere/espeak-ng' }, [wasm])
  })
  afterEach(() => espeak.close())

  it('is there, and says which it is', async () => {
    assert.equal(await espeak.available(), true)
    assert.match(await espeak.identity(), /^wasm-\d+\.\d+\.\d+-Annie-155-2$/)
  })

  it('speaks for about as long as a person, other in German than in English', async () => {
    const text = 'Willkommen bei der Hotline.'
    const [de, en, again] = await Promise.all([
      espeak.speak(text, inLanguage('de-AT')),
      espeak.speak(text, english()),
      espeak.speak(text, inLanguage('de')),
    ])
    for (const one of [de, en]) assert.ok(seconds(one) > 1 && seconds(one) < 3, `${seconds(one)} s`)
    // It does not speak to the sample the same each time.
    assert.ok(Math.abs(seconds(de) - seconds(again)) < 0.05)
    assert.ok(Math.abs(seconds(de) - seconds(en)) > 0.1)
  })

  it('speaks slower and quicker, as it is told', async () => {
    const text = 'To change or cancel your appointment'
    const [slow, usual, quick] = await Promise.all([0.8, 1, 1.25].map((pace) => espeak.speak(text, inLanguage('en', pace))))
    const ratio = (a: typeof slow, b: typeof slow) => (a?.samples.length ?? 0) / (b?.samples.length ?? 1)
    assert.ok(Math.abs(ratio(slow, usual) - 1.25) < 0.08, `${ratio(slow, usual)}`)
    assert.ok(Math.abs(ratio(usual, quick) - 1.25) < 0.08, `${ratio(usual, quick)}`)
  })

  const sentences: [language: string, text: string, pauses: string][] = [
    ['en', 'For English, press 1. For German, press 2.', 'comma stop comma'],
    ['en', 'You are number 4, 7, 1, 1.', 'comma comma comma'],
    ['en', 'Please wait; a moment. Who? You!', 'comma stop stop'],
    ['de', 'Willkommen, schön. Drücken Sie die 1.', 'comma stop'],
  ]
  for (const pace of [0.8, 1, 1.2]) {
    for (const [language, text, pauses] of sentences) {
      it(`pauses as on a telephone, pace ${pace}: ${text}`, async () => {
        const { samples, rate } = await espeak.speak(text, inLanguage(language, pace))
        const lengths = pausesIn(evened(forTelephone(samples, rate)))
        const named = lengths.map((ms) => (ms <= 150 ? 'comma' : ms >= 250 && ms <= 300 ? 'stop' : `${ms} ms`))
        assert.equal(named.join(' '), pauses)
      })
    }
  }

  it('does two at once, and the second process only starts for that', async () => {
    const second = new EspeakWasm()
    const both = new Espeak({ program: '/nowhere/espeak-ng' }, [wasm, second])
    await both.available()
    await both.speak('One.', english())
    assert.equal(second.pid, undefined)
    await Promise.all([both.speak('One.', english()), both.speak('Two.', english())])
    assert.ok(second.pid)
    second.close()
  })

  it('says what language it does not speak', async () => {
    await assert.rejects(espeak.speak('x', inLanguage('tlh')), /does not speak "tlh"/)
    assert.ok((await espeak.speak('Hello.', english())).samples.length > 1000)
  })

  it('answers a hundred at once, each with its own', async () => {
    const texts = Array.from({ length: 100 }, (_, n) => 'word '.repeat((n * 7) % 10 + 1))
    const spoken = await Promise.all(texts.map((text) => espeak.speak(text, english())))
    const perWord = spoken.map((one, n) => seconds(one) / ((n * 7) % 10 + 1))
    for (const each of perWord) assert.ok(each > 0.15 && each < 0.6, `${each} s a word`)
  })

  it('comes back when its process is killed in the middle', async () => {
    await espeak.speak('Ready.', english())
    const killed = wasm.pid ?? assert.fail('there is no process')
    const all = Array.from({ length: 10 }, (_, n) => espeak.speak(`Sentence number ${n} of ten.`, english()))
    process.kill(killed, 'SIGKILL')
    for (const spoken of await Promise.all(all)) assert.ok(spoken.samples.length > 8000)
    assert.notEqual(wasm.pid, killed)
  })

  it('kills a process that hangs, and goes on with another', async () => {
    const quick = new EspeakWasm({ textMs: 1000 })
    try {
      await quick.speak('Ready.', plainly)
      const hanging = quick.pid ?? assert.fail('there is no process')
      process.kill(hanging, 'SIGSTOP')
      assert.ok((await quick.speak('Are you there?', plainly)).samples.length > 8000)
      assert.notEqual(quick.pid, hanging)
      assert.throws(() => process.kill(hanging, 0))
    } finally {
      quick.close()
    }
  })

  it('refuses what does not start, and says so', async () => {
    const never = new EspeakWasm({ startMs: 1 })
    await assert.rejects(never.speak('Hello.', plainly), /does not start: no answer within 1 ms/)
    assert.match(String(await new Espeak({ program: '/nowhere' }, [never]).available()), /install espeak-ng/)
    never.close()
  })

  it('gives up when the time is over, or when it is closed', async () => {
    const limit = new AbortController()
    const late = espeak.speak('Hello.', { ...english(), signal: limit.signal })
    const closed = espeak.speak('Hello again.', english())
    const outcomes = Promise.allSettled([late, closed])
    await espeak.identity()
    limit.abort()
    espeak.close()
    assert.deepEqual((await outcomes).map(({ status }) => status), ['rejected', 'rejected'])
    await assert.rejects(espeak.speak('x', { ...english(), signal: limit.signal }), /time was over/)
  })

  it('does not keep its parent alive, nor outlive it', () => {
    const at = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))
    const script = `
      const { EspeakWasm } = await import(${at('../../engine/voice/kinds/espeak-wasm.ts')})
      const wasm = new EspeakWasm()
      await wasm.speak('Hello.', { language: 'en', rate: 155, variant: 'Annie', signal: new AbortController().signal })
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

/** Pauses of 100 ms and more between sounds, in milliseconds; shorter ones belong to words. */
function pausesIn(samples: Int16Array): number[] {
  const powers = framePowers(samples)
  const floor = powers.reduce((most, power) => Math.max(most, power), 0) / 10_000
  const sounds = powers.flatMap((power, frame) => (power > floor ? [frame] : []))
  return sounds.slice(1).map((frame, n) => (frame - (sounds[n] ?? 0) - 1) * 10).filter((ms) => ms >= 100)
}

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
    assert.equal(await espeak.identity(), '1.51-Annie-155-2')
    const text = '-f /etc/passwd; $(reboot) `id` "quoted" Grüße'
    assert.equal((await espeak.speak(text, inLanguage('en-AU', 0.9))).samples.length, 1600)
    assert.equal(fs.readFileSync(join(folder, 'text'), 'utf8'), text)
    const given = fs.readFileSync(join(folder, 'arguments'), 'utf8').split('\n')
    assert.deepEqual(given, ['-v', 'en+Annie', '-s', '140', '-b', '1', '--stdin', '--stdout', ''])
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
    await assert.rejects(failing.speak('x', english()), /^Error: it ended with code 3$/)
    const silent = new Espeak({ program: program('echo no sound') })
    await assert.rejects(silent.speak('x', english()), /it is no WAV file/)
  })

  it('is killed when the time is over', async () => {
    const limit = new AbortController()
    const espeak = new Espeak({ program: program('echo $$ > pid; mv pid started; exec sleep 60') })
    const late = assert.rejects(espeak.speak('x', { ...english(), signal: limit.signal }), /it was killed: the time was over/)
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
    assert.match(await espeak.identity(), /^wasm-/)
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
