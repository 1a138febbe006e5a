import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readVoices } from '../../cli/voices-file.ts'

const kokoro = 'kokoro: { kind: openai-speech, url: http://127.0.0.1:8880/v1, model: kokoro, voices: { en: af_heart } }'

describe('voices.yaml', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-voices-file-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** What comes of a file: names of voices and orders, and what is wrong, with line and column. */
  async function read(text: string) {
    const file = join(folder, 'voices.yaml')
    writeFileSync(file, text)
    const { voices, order, last, mistakes } = await readVoices({ voices: file })
    for (const voice of voices) voice.close?.()
    const wrong = mistakes.map(({ message }) => message.slice(message.indexOf('voices.yaml:') + 'voices.yaml:'.length))
    return { names: voices.map(({ name }) => name), order, last, wrong }
  }

  it('need not be there: espeak-ng speaks', async () => {
    const { voices, order, mistakes } = await readVoices({ voices: undefined })
    assert.deepEqual([voices.map(({ name }) => name), order, mistakes], [['espeak-ng'], {}, []])
    for (const voice of voices) voice.close?.()
  })

  it('describes voices in their order, and espeak-ng stands behind them', async () => {
    const found = await read(`voices:\n  ${kokoro}\n  google: { kind: google }\norder:\n  de: [google]\n  otherwise: [kokoro, google]\n`)
    assert.deepEqual(found, {
      names: ['kokoro', 'google', 'espeak-ng'],
      order: { de: ['google'], otherwise: ['kokoro', 'google'] },
      last: 'espeak-ng',
      wrong: [],
    })
  })

  it('may describe espeak-ng, too, or leave it out on purpose', async () => {
    assert.deepEqual((await read('voices: { espeak-ng: { kind: espeak-ng, variant: f2 } }')).names, ['espeak-ng'])
    assert.deepEqual((await read(`voices:\n  ${kokoro}\n  espeak-ng: off\n`)).names, ['kokoro'])
  })

  const cases: [name: string, text: string, wrong: string[]][] = [
    ['no YAML', 'voices: [', ['1:10 yaml-syntax']],
    ['an unknown field', 'voice: {}', ['1:1 unknown-field: the file has no field "voice"; did you mean "voices"?']],
    ['a voice without a kind', 'voices:\n  kokoro: { url: http://x }', ['2:3 missing-field: the voice kokoro needs a kind; write kind: espeak-ng, google, openai-speech or command']],
    ['a kind that there is not', 'voices:\n  g: { kind: gogle }', ['2:14 bad-value: there is no kind of voice "gogle"; did you mean "google"?']],
    ['a field that a kind does not have', 'voices:\n  g: { kind: google, hots: http://x }', ['2:22 unknown-field: g has no field "hots"; did you mean "host"?']],
    ['a field that a kind needs', 'voices:\n  p: { kind: command, languages: [de] }', ['2:3 missing-field: p needs "run"; add run: ...']],
    ['a value that does not fit', 'voices:\n  g: { kind: google, timeout: 5 }', ['2:31 bad-value: "timeout" must be a time with its unit; write for instance 10s']],
    ['a name that flows could not write', 'voices:\n  My Voice: { kind: google }', ['2:3 bad-value: a voice is named with small letters']],
    ['an order of a voice that there is not', `voices:\n  ${kokoro}\norder:\n  en: [kokro]`, ['4:8 bad-value: there is no voice "kokro"; did you mean "kokoro"?']],
    ['an order that is no list', 'order:\n  en: google', ['2:7 bad-value: "en" must be a list of voices, the best one first; write [google]']],
    ['an order for no language', 'order:\n  english: [espeak-ng]', ['2:3 bad-value: is no language; write for instance en, or otherwise']],
    ['no voice at all', 'voices:\n  espeak-ng: off', ['2:3 bad-value: no voice is left to speak']],
  ]
  for (const [name, text, wrong] of cases) {
    it(`with ${name}: says where and what to write, and espeak-ng speaks alone`, async () => {
      const found = await read(text)
      assert.deepEqual(found.wrong.map((one, n) => one.slice(0, wrong[n]?.length)), wrong)
      assert.deepEqual([found.names, found.order], [['espeak-ng'], {}])
    })
  }

  it('that is named and not there is a mistake', async () => {
    const { mistakes } = await readVoices({ voices: join(folder, 'none.yaml') })
    assert.match(mistakes[0]!.message, /none\.yaml:1:1 unreadable: the file cannot be read/)
  })
})
