import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { VirtualClock } from '../../engine/clock.ts'
import { readHotlines, type Hotline } from '../../engine/hotlines.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { recordables } from '../../engine/language/recordings.ts'
import type { VoiceProvider } from '../../engine/voice/provider.ts'
import { takeOf } from '../../engine/sound/recording.ts'
import { Voices } from '../../engine/voice/voices.ts'
import { samplesOf } from '../../engine/sound/wav.ts'
import { readTests } from '../../rehearsal/read.ts'
import { rehearse } from '../../rehearsal/rehearse.ts'
import { recording } from '../voice/microphone.ts'

const desk = `hotline: Desk
numbers: ["300"]
languages: [en, de]
queues: { desk: { said: { en: the desk, de: der Empfang } } }
start: welcome
steps:
  welcome: { say: { en: Welcome., de: Willkommen. }, next: main }
  main:
    menu:
      say: { en: What is it about?, de: Worum geht es? }
      keys:
        1: { for: { en: a person, de: einen Menschen }, go: known }
        2: { for: { en: a person, de: einen Menschen }, go: code }
        "*": { for: Deutsch, in: de, go: main, set: { language: de } }
      no-input: [{ en: Yes?, de: Ja? }]
    otherwise: desk
  known: { call: identify, next: desk }
  code: { call: identify, next: read }
  read: { say: { en: "Your code is {{ pin | digits }}, {{ pin | digits }}. Thank you.", de: "{{ pin | digits }}" }, next: desk }
  desk: { queue: desk }
`
const identify = `start: ask
steps:
  ask: { collect: { say: { en: Your code please., de: Ihr Code bitte. }, digits: 4, into: pin }, otherwise: hang-up, next: return }
`

/** A hotline in a folder of its own, with files in its `audio/`. */
class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'callwright-recordings-'))

  constructor(audio: Record<string, string | Buffer> = {}) {
    this.write('desk/hotline.yaml', desk).write('desk/identify.yaml', identify)
    for (const [file, content] of Object.entries(audio)) this.write(`desk/audio/${file}`, content)
  }

  write(name: string, content: string | Buffer): this {
    mkdirSync(dirname(join(this.path, name)), { recursive: true })
    writeFileSync(join(this.path, name), content)
    return this
  }

  read(): Hotline {
    return readHotlines(this.path)[0]!
  }

  /** What is said of the files in `audio/`, in words. */
  told(): string[] {
    return this.read().mistakes.map(({ message, warning }) => {
      assert.ok(warning, message)
      return message.replace(`${this.path}/desk/`, '').replaceAll(this.path, '').replace(':1:1', '')
    })
  }
}

describe('recordings beside a flow', () => {
  let folder: Folder
  const inFolder = (audio: Record<string, string | Buffer> = {}): Folder => (folder = new Folder(audio))
  afterEach(() => rmSync(folder.path, { recursive: true, force: true }))

  it('can be made of every text that is the same in every call, each once, in the order of the flow', () => {
    const all = recordables(inFolder().read().compiled!)
    assert.deepEqual(all.filter(({ name }) => !name.startsWith('phrases/')).map(({ language, name, text, within }) =>
      `${language}/${name}: ${text}${within ? ` (${within})` : ''}`), [
      'en/welcome: Welcome.',
      'en/main: What is it about?',
      'en/main/keys/1: For a person, press 1.',
      'en/main/keys/2: For a person, press 2.',
      'en/main/no-input/1: Yes?',
      'en/read.1: Your code is (Your code is [pin], [pin]. Thank you.)',
      'en/read.2: Thank you. (Your code is [pin], [pin]. Thank you.)',
      'en/identify/ask: Your code please.',
      'de/main/keys/star: Für Deutsch drücken Sie die Stern-Taste.',
      'de/welcome: Willkommen.',
      'de/main: Worum geht es?',
      'de/main/keys/1: Für einen Menschen drücken Sie die 1.',
      'de/main/keys/2: Für einen Menschen drücken Sie die 2.',
      'de/main/no-input/1: Ja?',
      'de/identify/ask: Ihr Code bitte.',
    ])
    const phrases = all.filter(({ name }) => name.startsWith('phrases/'))
    assert.ok(phrases.some(({ name, language }) => language === 'de' && name === 'phrases/i-am-putting-you-through-to-the-desk'))
    assert.deepEqual(phrases.map(({ language }) => language).filter((one, i, list) => one !== list[i - 1]), ['en', 'de'], 'they stand last')
  })

  it('are found by language and name, whatever their kind', () => {
    const { compiled, mistakes, recordings } = inFolder({
      'en/welcome.WAV': 'a', 'de/main/keys/1.mp3': 'b', 'en/read.2.flac': 'c', 'en/phrases/i-did-not-hear-any-digits.ogg': 'd', 'en/identify/ask.wav': 'e',
      'en/.DS_Store': 'x', 'en/notes.txt': 'x', 'sheet-en.txt': 'x',
    }).read()
    assert.deepEqual(mistakes.map(String), [])
    assert.deepEqual(Object.keys(compiled!.flow.recordings.en!), ['identify/ask', 'phrases/i-did-not-hear-any-digits', 'read.2', 'welcome'])
    assert.deepEqual(Object.keys(compiled!.flow.recordings.de!), ['main/keys/1'])
    const hash = compiled!.flow.recordings.en!.welcome
    assert.match(hash!, /^[0-9a-f]{32}$/)
    assert.equal(recordings.find((one) => one.hash === hash)?.file, join(folder.path, 'desk/audio/en/welcome.WAV'))
  })

  it('that callers would not hear are told', () => {
    inFolder({
      'welcome.wav': 'a', 'en/welcome.m4a': 'b', 'en/main/keys/3.wav': 'c', 'fr/welcome.wav': 'd', 'en/queues/desk.wav': 'e',
      'en/big.wav': '', 'en/constructor.wav': 'f', '__proto__/x.wav': 'g', 'en/odd\u001b[2Jname.wav': 'h',
    })
    truncateSync(join(folder.path, 'desk/audio/en/big.wav'), 51 * 1024 * 1024)
    writeFileSync(join(folder.path, 'elsewhere.wav'), 'secret')
    symlinkSync(join(folder.path, 'elsewhere.wav'), join(folder.path, 'desk/audio/en/link.wav'))
    symlinkSync('/', join(folder.path, 'desk/audio/en/all'))
    symlinkSync('nowhere', join(folder.path, 'desk/audio/en/gone.wav'))
    const out = "it is a link that leads out of the hotline's folder; put the file itself in its place"
    assert.deepEqual(folder.told(), [
      `audio/en/all unusable-recording: ${out}`,
      'audio/en/big.wav unusable-recording: it has 51 MB, and 50 MB are the most; cut out what callers are to hear',
      'audio/en/gone.wav unusable-recording: it cannot be read; see whose it is, and that it is a file',
      `audio/en/link.wav unusable-recording: ${out}`,
      'audio/en/welcome.m4a unusable-recording: it is no sound file that can be played; save it as WAV, MP3, FLAC or Ogg',
      'audio/welcome.wav unusable-recording: it lies in no folder of a language; move it, for instance to audio/en/',
      'audio/__proto__ unknown-language: the hotline does not speak "__proto__", so nothing in this folder is heard; add it to languages:',
      'audio/fr unknown-language: the hotline does not speak "fr", so nothing in this folder is heard; add it to languages:',
      'audio/en/constructor.wav unknown-recording: nothing that is said is called "constructor"; see the names with "callwright prompts"',
      'audio/en/main/keys/3.wav unknown-recording: nothing that is said is called "main/keys/3"; did you mean "main/keys/1"?',
      'audio/en/odd?[2Jname.wav unknown-recording: nothing that is said is called "odd?[2Jname"; see the names with "callwright prompts"',
      'audio/en/queues/desk.wav unknown-recording: "queues/desk" is never said by itself; record phrases/i-am-putting-you-through-to-the-desk, of which it is part',
    ])
    assert.equal(({} as Record<string, unknown>).x, undefined)
  })

  it('that change are a new version of the flow, and only then', () => {
    const hash = (): string => folder.read().compiled!.flow.hash
    const before = inFolder({ 'en/welcome.wav': 'a' }).read().compiled!.flow.hash
    assert.equal(hash(), before)
    folder.write('desk/audio/recorded.yaml', 'en: { welcome: Welcome. }\n')
    assert.equal(hash(), before)
    folder.write('desk/audio/en/welcome.wav', 'ab')
    assert.notEqual(hash(), before)
  })

  it('are still those of the version that is kept for calls under way', () => {
    const { text, compiled } = inFolder({ 'en/welcome.wav': 'a' }).read()
    const { texts, name, file, env, recordings } = JSON.parse(JSON.stringify(text)) as Required<NonNullable<typeof text>>
    const { '': hotline = '', ...beside } = texts
    const again = checkFlow(hotline, { name, file, env, beside: { names: Object.keys(beside), text: (one) => beside[one], called: (one) => one, recordings } })
    assert.equal(again.compiled?.flow.hash, compiled!.flow.hash)
  })
})

describe('a hotline with recordings', () => {
  const clock = new VirtualClock(0)
  const said: string[] = []
  const log = { info() {}, warn: (_: object, words: string) => void said.push(words), error() {} }
  const spoken: string[] = []
  const voice: VoiceProvider = {
    name: 'test', limits: { atOnce: 2, ms: 5000, quick: true, price: 'free' },
    identity: () => '1', available: async () => true,
    speak: async (text) => {
      spoken.push(text)
      return { samples: Int16Array.from({ length: 8000 }, (_, n) => 5000 * Math.sin(n)), rate: 8000 }
    },
  }
  const sound = recording({ hertz: 600 })
  const folder = new Folder({ 'en/welcome.wav': sound, 'de/welcome.wav': 'no sound at all' })
  after(() => rmSync(folder.path, { recursive: true, force: true }))

  it('is heard in the voice that was recorded, levelled and trimmed, and else in that of the machine', async () => {
    const { compiled, recordings } = folder.read()
    const voices = new Voices({ voices: [voice], folder: join(folder.path, 'prompts'), clock, log })
    voices.know(recordings)
    assert.deepEqual((await voices.prepare(compiled!.fixedPrompts)).missing, [])
    const heard = await voices.sound(compiled!.fixedPrompts.find((prompt) => prompt[0]!.text === 'Welcome.')!)
    assert.deepEqual(samplesOf(await readFile(heard.file)), (await takeOf(sound)).samples)
    assert.ok(!spoken.includes('Welcome.') && spoken.includes('Willkommen.') && spoken.includes('Yes?'), spoken.join(' | '))
    assert.match(said.join('\n'), /^the recording \S+audio\/de\/welcome.wav cannot be played: it is a text, not a sound; a voice speaks instead$/)
    voices.close()
  })

  it('leads the same conversations as without them', async () => {
    const tests = `- test: a person
  call:
    - hears: Welcome
    - hears: What is it about? For a person, press 1.
    - presses: 2
    - hears: Your code please
    - presses: 2600
    - hears: Your code is 2600, 2600. Thank you.
    - queued: desk
    - hangs-up
    - hung-up: gave-up
`
    const recorded = folder.read()
    rmSync(join(folder.path, 'desk/audio'), { recursive: true })
    const bare = folder.read()
    assert.notEqual(bare.compiled!.flow.hash, recorded.compiled!.flow.hash)
    for (const { compiled } of [recorded, bare]) {
      const { conversations, mistakes } = readTests(tests, 'tests.yaml', compiled!.flow)
      assert.deepEqual(mistakes, [])
      for (const conversation of conversations) assert.equal(await rehearse(compiled!, conversation), undefined)
    }
  })
})
