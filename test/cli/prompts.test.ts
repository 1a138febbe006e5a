import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { renderAll } from '../../cli/prompts-render.ts'
import { prompts, type Good, type PromptsOptions } from '../../cli/prompts.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { readHotlines } from '../../engine/hotlines.ts'
import type { VoiceProvider } from '../../engine/voice/provider.ts'
import { Voices } from '../../engine/voice/voices.ts'
import { recording } from '../voice/microphone.ts'

const library = `hotline: Library
numbers: ["300"]
languages: [en, de]
queues: { desk: { said: { en: the desk, de: der Empfang } } }
start: welcome
steps:
  welcome: { say: { en: Welcome to the library., de: Willkommen. }, next: main }
  main:
    menu:
      keys: { 1: { for: { en: opening hours, de: Zeiten }, go: hours } }
      no-input: { en: I did not hear a key., de: Ich habe nichts gehört. }
      no-match: { en: That key is not on offer., de: Diese Taste gibt es nicht. }
    tries: 1
    otherwise: desk
  hours: { say: { en: "We close at {{ now | time }}, every day.", de: "Um {{ now | time }}." }, next: hang-up }
  desk: { queue: desk, say: { en: One moment., de: Moment. } }
`

/** The commands, without the process around them; what they say, without the path of the test's folder. */
describe('callwright prompts', function () {
  this.timeout(30_000)
  let folder: string
  const env = { ...process.env }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-prompts-'))
    Object.assign(process.env, { CALLWRIGHT_DATA: join(folder, 'data'), CALLWRIGHT_PROMPTS: '', CALLWRIGHT_VOICES: '' })
    write('flows/library/hotline.yaml', library)
  })
  afterEach(() => {
    process.env = { ...env }
    process.exitCode = 0
    rmSync(folder, { recursive: true, force: true })
  })

  const write = (name: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const audio = (name: string): string => join(folder, 'flows/library/audio', name)
  const run = async (options: PromptsOptions = {}, path = 'flows/library'): Promise<string> => {
    const { log, error } = console
    const lines: string[] = []
    console.log = console.error = (line: string) => void lines.push(line)
    // Progress and log: what is shown of them is tested where they are made.
    const { write: show } = process.stdout
    const { write: tell } = process.stderr
    process.stdout.write = process.stderr.write = () => true
    try {
      await prompts(join(folder, path), options)
    } finally {
      Object.assign(console, { log, error })
      process.stdout.write = show
      process.stderr.write = tell
    }
    return lines.join('\n').replaceAll(folder, '').replaceAll(/ +$/gm, '')
  }
  /** A line of the list: language, name, source, length and state. */
  const rows = (list: string): Record<string, string> =>
    Object.fromEntries([...list.matchAll(/^(\w\w) {2}(\S+) +(\S+) +(?:([\d.]+ s) +)?(.*?) {2,}/gm)].map(([, language, name, ...more]) => [`${language}/${name}`, more.filter(Boolean).join(', ')]))
  const totals = (list: string): string | undefined => /^en: .*$/m.exec(list)?.[0]

  it('lists every prompt, who says it and what is still to be made, and makes that', async () => {
    const before = await run()
    assert.match(before, /^library: Library, 15 prompts\n/)
    assert.deepEqual(Object.entries(rows(before)).slice(0, 4), [
      ['en/welcome', 'espeak-ng, to be made'],
      ['en/main/keys/1', 'espeak-ng, to be made'],
      ['en/main/no-input/1', 'espeak-ng, to be made'],
      ['en/main/no-match/1', 'espeak-ng, to be made'],
    ])
    assert.equal(rows(before)['en/hours.1'], 'espeak-ng, said with its value')
    assert.match(before, / {2}every day\. \(in: We close at \[now\], every day\.\)$/m)
    assert.equal(totals(before), 'en: 8 prompts, 0 recorded, 8 by espeak-ng; 0 s in all')
    assert.match(before, /12 to be made: "callwright prompts \/flows\/library --render" does so/)
    assert.match(await run({ render: true }), /^12 prompts ready; 12 made now, in \d+\.\d s; 3 said with a value\.$/)
    assert.equal(process.exitCode, 0)
    const after = await run()
    assert.match(rows(after)['en/welcome']!, /^espeak-ng, 1\.\d s, ready$/)
    assert.match(totals(after)!, /^en: 8 prompts, 0 recorded, 8 by espeak-ng; [1-9]\d* s in all$/)
    assert.match(await run({ render: true }), /^12 prompts ready; 0 made now/)
  })

  it('tells how recordings are, and what to do', async () => {
    const old = 'en: { main/keys/1: "For help, press 1.", welcome: welcome to the library }\n'
    write('flows/library/audio/recorded.yaml', old)
    write('flows/library/audio/en/welcome.wav', recording())
    write('flows/library/audio/en/main/keys/1.wav', recording())
    write('flows/library/audio/en/main/no-input/1.wav', recording({ loud: 150 }))
    write('flows/library/audio/en/main/no-match/1.wav', recording({ loud: 90_000 }))
    write('flows/library/audio/en/hours.1.wav', recording({ seconds: 20, to: 19 }))
    write('flows/library/audio/en/desk.wav', 'no sound')
    const list = await run()
    const { 'en/welcome': welcome, 'en/main/keys/1': key, 'en/main/no-input/1': quiet, 'en/main/no-match/1': loud, 'en/hours.1': long, 'en/desk': none } = rows(list)
    assert.deepEqual([welcome, key, quiet, loud, long, none].map((row) => row!.replace(/\d+\.\d s, /, '')), [
      'recording, ready', 'recording, its text has changed', 'recording, too quiet', 'recording, clipped', 'recording, too long',
      'espeak-ng, its recording cannot be played',
    ])
    assert.match(list, /keys\/1\.wav: it was recorded for: For help, press 1\.$/m)
    assert.match(list, /no-input\/1\.wav: too quiet \(-5\d dB, -20 dB is good\); go nearer to the microphone/)
    assert.match(list, /no-match\/1\.wav: clipped \(in \d+ places\); turn the microphone down/)
    assert.match(list, /desk\.wav: it is a text, not a sound; record it anew$/m)
    assert.equal(totals(list)!.replace(/;.*/, ''), 'en: 8 prompts, 5 recorded, 3 by espeak-ng')
  })

  it('writes a sheet for a speaker, on which a text keeps its number', async () => {
    assert.equal(await run({ recordSheet: 'en' }), '/flows/library/audio/sheet-en.txt: 8 texts to be read, about 1 minute; 0 recorded already.')
    const sheet = readFileSync(audio('sheet-en.txt'), 'utf8')
    assert.match(sheet, /^Library: texts to be recorded in English\n/)
    assert.match(sheet, /^02 main_keys_1\.wav\n {4}For opening hours, press 1\.\n\n03 /m)
    assert.match(sheet, /^06 hours\.2\.wav\n {4}every day\.\n {4}\(part of: We close at \[now\], every day\.\)$/m)
    write('flows/library/hotline.yaml', library.replace('opening hours', 'our address'))
    write('flows/library/audio/en/welcome.wav', recording())
    assert.match(await run({ recordSheet: 'en' }), /: 7 texts to be read, about 1 minute; 1 recorded already\.$/)
    const next = readFileSync(audio('sheet-en.txt'), 'utf8')
    assert.match(next, /^02 main_keys_1\.wav\n {4}For our address, press 1\.\n {4}\(earlier: For opening hours, press 1\.\)\n\n03 [^]*\nRecorded already:\n\n01 welcome\.wav\n/m)
    await run({ recordSheet: 'en' })
    assert.equal(readFileSync(audio('sheet-en.txt'), 'utf8'), next, 'as long as it is not recorded')
    write('in/02.wav', recording({ hertz: 500 }))
    const told = await run({ import: join(folder, 'in'), language: 'en' })
    assert.match(told, /^02\.wav: taken in: .*: For our address, press 1\.\n {2}an earlier sheet had other words for it: "For opening hours, press 1\."; hear which/m)
    assert.match(await run({ recordSheet: 'en', all: true }), /: 8 texts to be read, about 1 minute; 0 recorded already\.$/)
    await assert.rejects(run({ recordSheet: 'fr' }), /library does not speak "fr": name one of en, de/)
  })

  it('has what is to be recorded anew on the sheet, with its number and the reason', async () => {
    await run({ recordSheet: 'en' })
    write('in/01.wav', recording())
    write('in/02.wav', recording({ hertz: 500 }))
    write('in/03.wav', recording({ loud: 90_000 }))
    await run({ import: join(folder, 'in'), language: 'en' })
    write('flows/library/hotline.yaml', library.replace('opening hours', 'our address'))
    assert.match(await run({ recordSheet: 'en' }), /: 7 texts to be read, about 1 minute, 2 of them anew; 1 recorded already\.$/)
    const [wanted, done] = readFileSync(audio('sheet-en.txt'), 'utf8').split('Recorded already:')
    assert.match(wanted!, /^02 main_keys_1\.wav\n {4}For our address, press 1\.\n {4}\(to be recorded anew: its text has changed\)\n {4}\(earlier: For opening hours, press 1\.\)$/m)
    assert.match(wanted!, /^03 main_no-input_1\.wav\n {4}I did not hear a key\.\n {4}\(to be recorded anew: clipped\)$/m)
    assert.match(done!, /^\n\n01 welcome\.wav\n {4}Welcome to the library\.\n$/)
    rmSync(join(folder, 'in'), { recursive: true })
    write('in/02.wav', recording({ hertz: 600 }))
    assert.match(await run({ import: join(folder, 'in'), language: 'en', replace: true }), /^02\.wav: replaced: en\/main\/keys\/1, /)
    assert.equal(rows(await run())['en/main/keys/1'], 'recording, 2.0 s, ready')
  })

  it('asks once for the same words, and has one recording serve both', async () => {
    const twice = library.replace('keys: {', 'keys: { 2: { for: { en: opening hours, de: Zeiten }, go: hours },').replace('  desk: {', `  more:
    menu: { keys: { 1: { for: { en: opening hours, de: Zeiten }, go: hours } } }
    tries: 1
    otherwise: desk
  desk: {`).replace('go: hours },', 'go: more },')
    write('flows/library/hotline.yaml', twice)
    assert.match(await run({ recordSheet: 'en' }), / texts to be read/)
    const sheet = readFileSync(audio('sheet-en.txt'), 'utf8')
    const [, first] = /^(\d+) main_keys_1\.wav$/m.exec(sheet)!
    const [, second] = new RegExp(`^(\\d+) more_keys_1\\.wav\n {4}For opening hours, press 1\\.\n {4}\\(the same as ${first}: one recording serves both\\)$`, 'm').exec(sheet)!
    write(`in/${second}.wav`, recording())
    const told = await run({ import: join(folder, 'in'), language: 'en' })
    assert.match(told, new RegExp(`^${second}\\.wav: serves en/main/keys/1, too: the words are the same$`, 'm'))
    assert.deepEqual(readFileSync(audio('en/main/keys/1.wav')), readFileSync(audio('en/more/keys/1.wav')))
  })

  it('refuses recordings of another language', async () => {
    write('in/welcome.wav', recording())
    await run({ import: join(folder, 'in'), language: 'en' })
    const why = 'this is the same sound as en/welcome; see that the language is right, or remove that one'
    assert.match(await run({ import: join(folder, 'in'), language: 'de' }), new RegExp(`^welcome\\.wav: not taken: ${why}$`, 'm'))
    assert.ok(!existsSync(audio('de')))
    rmSync(audio('en'), { recursive: true })
    write('in/en/welcome.wav', recording())
    write('in/de/welcome.wav', recording())
    rmSync(join(folder, 'in/welcome.wav'))
    assert.match(await run({ import: join(folder, 'in') }), /not taken: this is the same sound as de\/welcome; /)
  })

  it('takes finished files in, by number or by name, each at its place, and notes for which text', async () => {
    await run({ recordSheet: 'en' })
    for (const [name, hertz] of Object.entries({ '01.wav': 500, '2 again.WAV': 510, '03 main_no-input_1.wav': 520, 'main/no-match/1.wav': 530, 'hours.1.wav': 540, 'de/welcome.wav': 550 }))
      write(`in/${name}`, recording({ hertz }))
    write('in/read me.txt', 'thanks')
    assert.equal((await run({ import: join(folder, 'in'), language: 'en' })).replaceAll(/\d\.\d s/g, 'N s'), `01.wav: taken in: en/welcome, N s: Welcome to the library.
03 main_no-input_1.wav: taken in: en/main/no-input/1, N s: I did not hear a key.
2 again.WAV: taken in: en/main/keys/1, N s: For opening hours, press 1.
welcome.wav: taken in: de/welcome, N s: Willkommen.
hours.1.wav: taken in: en/hours.1, N s: We close at
main/no-match/1.wav: taken in: en/main/no-match/1, N s: That key is not on offer.

6 taken in, 0 there before, 0 not taken.
3 texts in en without a recording, which a voice speaks: hours.2, desk, phrases/i-am-sorry-we-cannot-help-you-by-telephone-at-the-mom-931058
6 texts in de without a recording, which a voice speaks: main/keys/1, main/no-input/1, main/no-match/1, hours.1, desk, ...; --record-sheet de writes all of them down`)
    assert.equal(process.exitCode, 0)
    assert.deepEqual(readFileSync(audio('en/main/keys/1.wav')), recording({ hertz: 510 }))
    assert.equal(readFileSync(audio('recorded.yaml'), 'utf8'), `# The text for which each recording was made; written by "callwright prompts --import".

en:
  welcome: Welcome to the library.
  main/no-input/1: I did not hear a key.
  main/keys/1: For opening hours, press 1.
  hours.1: We close at
  main/no-match/1: That key is not on offer.
de:
  welcome: Willkommen.
`)
    assert.deepEqual(readHotlines(join(folder, 'flows')).flatMap(({ mistakes }) => mistakes.map(String)), [])
    write('flows/library/hotline.yaml', library.replace('opening hours', 'our address'))
    assert.match(readHotlines(join(folder, 'flows'))[0]!.mistakes.join('\n'), /recorded\.yaml:6:16 outdated-recording: .* now it is "For our address, press 1\."; record it anew/)
  })

  it('refuses files of which it cannot be sure, and says why', async () => {
    await run({ recordSheet: 'en' })
    const files: Record<string, [content: string | Buffer, why: RegExp]> = {
      'welcom.wav': [recording(), /no text is called "welcom"; did you mean "welcome"\?/],
      '99.wav': [recording(), /number 99 is not on the sheet; name it as on the sheet \(--record-sheet\)/],
      '01 desk.wav': [recording(), /its name says "desk", but number 1 on the sheet is "welcome"; rename it/],
      'desk.wav': ['no sound', /it is a text, not a sound/],
      'desk 2nd take.wav': [recording(), /no text is called "desk 2nd take"; did you mean "desk"\?/],
      'main_keys_1.mp3': ['no sound', /it is a text, not a sound/],
      'main_no-input_1.wav': [recording({ loud: 0 }), /nothing is to be heard in it; record it anew/],
      'welcome.m4a': ['x', /it is no sound file that can be played; save it as WAV, MP3, FLAC or Ogg/],
      'main_keys_1.wav': [recording(), /02\.wav is "main\/keys\/1" already; keep one of the two/],
    }
    write('in/02.wav', recording({ loud: 150 }))
    for (const [name, [content]] of Object.entries(files)) write(`in/${name}`, content)
    const told = await run({ import: join(folder, 'in'), language: 'en' })
    for (const [name, [, why]] of Object.entries(files)) assert.match(told, new RegExp(`^${name}: not taken: ${why.source}$`, 'm'))
    assert.match(told, /^02\.wav: taken in: .*\n {2}too quiet \(/m)
    assert.match(told, /^1 taken in, 0 there before, 9 not taken\.$/m)
    assert.equal(process.exitCode, 1)
    assert.deepEqual(readdirSync(audio('en'), { recursive: true, encoding: 'utf8' }).sort(), ['main', 'main/keys', 'main/keys/1.wav'])
  })

  it('refuses what is too large, and does not even read it', async () => {
    write('in/welcome.wav', recording())
    // All zeros behind the sound: they take no room on the disk.
    truncateSync(join(folder, 'in/welcome.wav'), 50 * 1024 * 1024 + 1)
    assert.match(await run({ import: join(folder, 'in'), language: 'en' }), /^welcome\.wav: not taken: it has more than 50 MB; cut out what callers are to hear$/m)
    truncateSync(join(folder, 'in/welcome.wav'), 50 * 1024 * 1024)
    assert.doesNotMatch(await run({ import: join(folder, 'in'), language: 'en' }), /50 MB/)
  })

  it('puts nothing in the place of a recording unless it is told to', async () => {
    write('in/en/welcome.wav', recording())
    await run({ import: join(folder, 'in') })
    assert.match(await run({ import: join(folder, 'in') }), /^welcome\.wav: is there already: [^]*\n0 taken in, 1 there before, 0 not taken\.\n/)
    rmSync(join(folder, 'in/en/welcome.wav'))
    // The other ending stands for any other file: the kind is found in the bytes.
    write('in/en/welcome.mp3', recording({ hertz: 700 }))
    assert.match(await run({ import: join(folder, 'in') }), /^welcome\.mp3: not taken: \S+\/en\/welcome\.wav is there already; --replace takes the new one in its place$/m)
    assert.ok(!existsSync(audio('en/welcome.mp3')))
    assert.match(await run({ import: join(folder, 'in'), replace: true }), /^welcome\.mp3: replaced: en\/welcome/)
    assert.deepEqual(readdirSync(audio('en')), ['welcome.mp3'])
  })

  it('notes what the speaker has read, when the text has changed since the sheet', async () => {
    await run({ recordSheet: 'en' })
    write('flows/library/hotline.yaml', library.replace('opening hours', 'our address').replace('  hours:', '  times:').replace('go: hours', 'go: times'))
    write('in/02.wav', recording())
    write('in/05.wav', recording({ hertz: 500 }))
    const told = await run({ import: join(folder, 'in'), language: 'en' })
    assert.match(told, /^02\.wav: taken in: en\/main\/keys\/1, /m)
    assert.match(told, /^05\.wav: not taken: the flow does not say "hours\.1" any more; write a new sheet \(--record-sheet\)$/m)
    assert.match(readFileSync(audio('recorded.yaml'), 'utf8'), /main\/keys\/1: For opening hours, press 1\./)
    assert.equal(rows(await run())['en/main/keys/1'], 'recording, 2.0 s, its text has changed')
  })

  it('asks for what it must know', async () => {
    mkdirSync(join(folder, 'in'))
    await assert.rejects(run({ import: join(folder, 'in') }), /there is nothing in \S+: put sound files into it, WAV, MP3, FLAC or Ogg/)
    await assert.rejects(run({ import: join(folder, 'nowhere') }), /there is no folder \S+nowhere/)
    write('in/welcome.wav', recording())
    await assert.rejects(run({ import: join(folder, 'in') }), /in which language is welcome\.wav\? Add --language en or --language de/)
    await assert.rejects(run({ import: join(folder, 'in'), language: 'fr' }), /library does not speak "fr": name one of en, de/)
    await assert.rejects(run({ render: true, play: 'welcome' }), /name one of --heard, --render, --play, --record-sheet and --import/)
    write('flows/library/audio/recorded.yaml', 'en: "')
    await assert.rejects(run({ import: join(folder, 'in'), language: 'en' }), /recorded\.yaml cannot be read; put it right first \(callwright check\); nothing was taken in$/)
    assert.ok(!existsSync(audio('en')))
    write('flows/other/hotline.yaml', library.replace('300', '301'))
    await assert.rejects(run({ recordSheet: 'en' }, 'flows'), /holds 2 hotlines: name one, \S+flows\/library or \S+flows\/other/)
    write('flows/other/hotline.yaml', library.replace('hotline:', 'hotlin:'))
    assert.match(await run({}, 'flows'), /other holds \d mistakes?: it can be shown when .*\nlibrary: Library, 15 prompts/)
    assert.equal(process.exitCode, 1)
  })

  it('plays one at this machine, or says where it lies', async () => {
    process.env.PATH = ''
    // Made beforehand, with all the patience that a busy machine takes.
    await run({ render: true })
    assert.match(await run({ play: 'de/welcome' }), /^de\/welcome, \d\.\d s: Willkommen\.\nNothing here can play it \(.*\); install one of these; the sound is \/data\/prompts\/[0-9a-f]{32}\.wav$/)
    write('bin/aplay', `#!/bin/sh\necho "$@" > ${folder}/played\n`)
    chmodSync(join(folder, 'bin/aplay'), 0o755)
    process.env.PATH = join(folder, 'bin')
    assert.match(await run({ play: 'welcome' }), /^en\/welcome, \d\.\d s: Welcome to the library\.$/)
    assert.match(readFileSync(join(folder, 'played'), 'utf8'), /^-q \/\S+\/data\/prompts\/[0-9a-f]{32}\.wav\n$/)
    write('bin/aplay', '#!/bin/sh\necho "there is no sound card" >&2; exit 1\n')
    assert.match(await run({ play: 'welcome' }), /\naplay cannot play it: there is no sound card; the sound is \/\S+$/)
    assert.match(await run({ play: 'hours' }), /^en\/hours, \d\.\d s: We close at 9:30 a\.m\., every day\.\n/)
    assert.match(await run({ play: 'de/hours.1' }), /^de\/hours\.1, \d\.\d s: Um\n/)
    await assert.rejects(run({ play: 'welcom' }), /no prompt is called "welcom"; did you mean "welcome"\?/)
  })

  describe('--render', () => {
    const voice = (speak: VoiceProvider['speak']): VoiceProvider => ({
      name: 'test', limits: { atOnce: 1, ms: 5000, quick: true, price: 'free' }, identity: () => '1', available: async () => true, speak,
    })
    const made = async (speak: VoiceProvider['speak'] | VoiceProvider[], isTTY: boolean): Promise<{ code: number; shown: string; told: string }> => {
      const clock = new VirtualClock(0)
      const time = setInterval(() => clock.pass(200), 1)
      const voices = new Voices({ voices: Array.isArray(speak) ? speak : [voice(speak)], folder: join(folder, 'prompts'), clock, log: { info() {}, warn() {}, error() {} } })
      const { log, error } = console
      let [shown, told] = ['', '']
      console.log = console.error = (line: string) => void (told += `${line}\n`)
      try {
        const code = await renderAll(voices, [readHotlines(join(folder, 'flows'))[0] as Good], { screen: { isTTY, write: (text) => (shown += text) }, wait: async () => {} })
        return { code, shown, told }
      } finally {
        clearInterval(time)
        Object.assign(console, { log, error })
        voices.close()
      }
    }
    const tone = async (): ReturnType<VoiceProvider['speak']> => ({ samples: Int16Array.from({ length: 8000 }, (_, n) => 5000 * Math.sin(n)), rate: 8000 })

    it('shows a bar at a terminal, and lines elsewhere', async () => {
      const bar = (await made(tone, true)).shown.split('\r')
      assert.match(bar.at(-1)!, /^\[#{30}\] 100 %\n$/)
      assert.match(bar[1]!, /^\[#+-+\] \d+ %$/)
      assert.match((await made(tone, false)).shown, /^\d+ % done\n\d+ % done\n\d+ % done\n100 % done\n$/)
    })

    it('tries once more what a voice could not do at first', async () => {
      let asked = 0
      const { code, told } = await made(async () => (++asked === 1 ? Promise.reject(new Error('it was not awake')) : tone()), false)
      assert.equal(code, 0)
      assert.match(told, /^(\d+) prompts ready; \1 made now, in \d+\.\d s; 3 said with a value\.\n$/)
    })

    it('answers 1 when something stays missing, and says why', async () => {
      const { code, told } = await made(async (text) => (text.startsWith('Welcome') ? Promise.reject(new Error('it is hoarse')) : tone()), false)
      assert.equal(code, 1)
      assert.match(told, /^not there: .*it is hoarse; for instance "Welcome to the library\."\n11 prompts ready; 11 made now, in \d+\.\d s; 3 said with a value; 1 missing\.\n$/)
    })

    it('has only what a voice cannot say spoken by another one, and names it', async () => {
      const bob = { ...voice(async (text) => (/sorry|hear/.test(text) ? Promise.reject(new Error('it ended with 3')) : tone())), name: 'bob' }
      const { code, told } = await made([bob, voice(tone)], false)
      assert.equal(code, 0)
      assert.match(told, /^2 prompts by test in place of bob: en\/main\/no-input\/1, en\/phrases\/i-am-sorry-\S+\n12 prompts ready; 12 made now, /)
    })
  })
})
